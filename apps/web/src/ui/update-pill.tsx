import { ArrowUp } from 'lucide-react';

interface UpdatePillProps {
  /** What has changed, and what pressing does: `7 new · Show`. Null while nothing has. */
  words: string | null;
  onShow: () => void;
}

/** Floats over a list whose rows hold still: what has changed since it was shown. Nothing moves until it is asked to. */
export function UpdatePill({ words, onShow }: UpdatePillProps) {
  return (
    <div role="status" className="pointer-events-none absolute top-9 left-0 z-20 flex w-full justify-center">
      {words && (
        <button
          type="button"
          onClick={onShow}
          className="rising pointer-events-auto inline-flex h-7 items-center gap-1.5 rounded-full bg-ink px-3 text-xs font-medium text-on-ink shadow-float"
        >
          <ArrowUp aria-hidden="true" size={12} />
          {words}
        </button>
      )}
    </div>
  );
}
