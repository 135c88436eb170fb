import { useRef } from 'react';

type Mutate<V> = (variables: V, options: { onSettled: () => void }) => void;

/**
 * A mutation that is sent once a press: until it is answered, further presses do nothing. `isPending` says the same a
 * moment later, and in that moment a double click or a held Enter would send it again, only to be refused as in flight.
 */
export function useSinglePress<V>(mutate: Mutate<V>): (variables: V) => void {
  const sent = useRef(false);
  return (variables) => {
    if (sent.current) return;
    sent.current = true;
    mutate(variables, {
      onSettled: () => {
        sent.current = false;
      },
    });
  };
}
