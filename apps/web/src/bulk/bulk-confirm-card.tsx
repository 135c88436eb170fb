import { Link } from '@tanstack/react-router';
import { Snowflake } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { refusalText, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { BulkDetail } from './bulk-wire.ts';
import { doesText, readTyped, sumsText } from './bulk-words.ts';
import { useConfirmBulk, useMoveBulk } from './use-bulk-command.ts';

/** The decision: the number typed where much is at stake, and a button that is the act itself. */
export function BulkConfirmCard({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { run, can } = detail;
  const [text, setText] = useState('');
  const typed = readTyped(text);
  const count = run.runnableCount;
  const confirm = useConfirmBulk(detail, detail.needsTyping ? typed : null);
  const discard = useMoveBulk(detail, 'discard');

  const left = new Date(detail.expiresAt).getTime() - now.getTime();
  const refusal = can.confirm ?? (left <= 0 ? ({ code: 'preview_expired' } as const) : null);
  const untyped = detail.needsTyping && typed !== count;
  const stopped = refusal
    ? whyNot(t, refusal)
    : untyped
      ? { short: t('bulk.preview.typeShort'), sentence: refusalText(t, { code: 'count_not_confirmed' }) }
      : null;
  const does = doesText(t, run.act, count, detail.assignee);
  const amounts = sumsText(run.sums, format.money);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!stopped && !confirm.busy) confirm.press();
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <h2 className="flex items-center gap-2">
        <Snowflake aria-hidden="true" size={15} className="shrink-0" />
        {t('bulk.status.previewed')}
      </h2>
      <p className="text-ink-2">{t('bulk.preview.lead')}</p>
      {detail.needsTyping && !refusal && (
        <Field label={t('bulk.preview.type', { count })} hint={t('bulk.preview.typeHint')}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      <Button type="submit" tone="primary" size="lg" className="w-full" busy={confirm.busy} whyNot={stopped}>
        {stopped || amounts === '' ? does : `${does} · ${amounts}`}
      </Button>
      {refusal && <p className="text-xs text-quiet">{refusalText(t, refusal)}</p>}
      {refusal?.code === 'not_the_owner' && (
        <p className="text-xs text-quiet">{t('bulk.preview.notYours', { name: run.createdBy.name })}</p>
      )}
      <div className="flex items-center justify-between gap-2">
        {refusal?.code === 'preview_expired' ? (
          <Link {...paths.payouts()} className="underline decoration-line-strong underline-offset-2">
            {t('bulk.preview.selectAgain')}
          </Link>
        ) : (
          <span className="text-xs text-quiet">
            {left > 0 && t('bulk.preview.validFor', { length: format.duration(left) })}
          </span>
        )}
        <Button tone="ghost" busy={discard.busy} whyNot={discard.whyNot} onClick={discard.press}>
          {t('bulk.preview.discard')}
        </Button>
      </div>
      <CommandFailure error={confirm.error ?? discard.error} />
    </form>
  );
}
