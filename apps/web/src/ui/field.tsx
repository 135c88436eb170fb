import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  /** Gets what wires the control to its label, hint and error. */
  children: (control: ControlProps) => ReactNode;
}

export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A labelled control with its hint and its error, tied together for screen readers. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const t = useText();
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint && hintId, error && errorId].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="ml-1.5 font-normal text-quiet">{t('common.optional')}</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={hintId} className="text-xs text-quiet">
          {hint}
        </p>
      )}
      {error && (
        <p id={errorId} role="alert" className="text-xs text-high">
          {error}
        </p>
      )}
    </div>
  );
}

const CONTROL =
  'w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink aria-invalid:border-high-mark focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-quiet';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(CONTROL, 'h-[34px]', className)} />;
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} rows={rows} className={cx(CONTROL, 'resize-y py-1.5', className)} />;
}

/** The browser's own select: it is the one that every keyboard, screen reader and phone knows. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...rest} className={cx(CONTROL, 'h-[34px] pr-7', className)}>
      {children}
    </select>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  return (
    <label className={cx('inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm', className)}>
      <input {...rest} type="checkbox" className="size-4 accent-(--ink)" />
      {label}
    </label>
  );
}
