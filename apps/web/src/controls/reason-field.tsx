import { useText } from '../lib/i18n.ts';
import { Field, Textarea } from '../ui/field.tsx';
import { SHORTEST_REASON } from './use-control-command.ts';

interface ReasonFieldProps {
  label?: string;
  value: string;
  onValue: (value: string) => void;
  /** Whether the person has tried to go on: only then is a short reason a fault. */
  asked: boolean;
}

/** Why something is stopped or released. */
export function ReasonField({ label, value, onValue, asked }: ReasonFieldProps) {
  const t = useText();
  const short = asked && value.trim().length < SHORTEST_REASON;
  return (
    <Field
      label={label ?? t('controls.reason')}
      hint={t('controls.reasonHint')}
      error={short ? t('controls.reasonShort') : undefined}
    >
      {(control) => (
        <Textarea {...control} maxLength={500} value={value} onChange={(event) => onValue(event.target.value)} />
      )}
    </Field>
  );
}
