import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { HeldThing, Merchant } from './controls-wire.ts';
import { heldName } from './held-name.ts';
import { MerchantChoice } from './merchant-choice.tsx';
import { ReasonField } from './reason-field.tsx';
import { ScopeChoice } from './scope-choice.tsx';
import { StopPreview, StopsNow } from './stop-preview.tsx';
import { refreshControls, SHORTEST_REASON } from './use-control-command.ts';

const RAILS = ['instant', 'sepa', 'ach', 'wire', 'card_push', 'local'] as const satisfies readonly Rail[];
const PROVIDERS = ['stripe'] as const;

/** Stops a merchant, a rail or a provider: what, how much that stops now, and why. */
export function PlaceHoldDialog({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [idempotencyKey] = useState(mintCommandKey);
  const [scope, setScope] = useState<HeldThing['scope']>('merchant');
  const [merchant, setMerchant] = useState<Merchant | null>(null);
  const [rail, setRail] = useState<Rail>('instant');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const target =
    scope === 'merchant'
      ? merchant && { scope, value: merchant.id }
      : scope === 'rail'
        ? { scope, value: rail }
        : { scope, value: PROVIDERS[0] };
  const what = target && heldName(t, { ...target, name: merchant?.name ?? null });

  const place = useMutation(
    trpc.controls.placeHold.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: text()('controls.holds.done', { what: what ?? '' }) });
        onClose();
      },
      onSettled: refreshControls,
    }),
  );
  const press = useSinglePress(place.mutate);
  const lost = place.error !== null && readFailure(place.error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (!target || reason.trim().length < SHORTEST_REASON) return;
    const input = { ...target, reason: reason.trim() };
    press(lost && place.variables ? place.variables : { idempotencyKey, input });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!place.isPending}
      title={t('controls.holds.dialogTitle')}
      description={t('controls.holds.dialogLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={place.isPending} onClick={submit}>
            <span className="max-w-72 truncate">
              {what ? t('controls.holds.confirm', { what }) : t('controls.holds.dialogTitle')}
            </span>
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ScopeChoice chosen={scope} onChoose={setScope} />
        {scope === 'merchant' && (
          <MerchantChoice
            chosen={merchant}
            onChoose={setMerchant}
            error={asked && !merchant ? t('controls.holds.merchantMissing') : undefined}
          />
        )}
        {scope === 'rail' && (
          <Field label={t('controls.holds.rail')}>
            {(control) => (
              <Select {...control} value={rail} onChange={(event) => setRail(event.target.value as Rail)}>
                {RAILS.map((name) => (
                  <option key={name} value={name}>
                    {t(`payouts.rails.${name}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {scope === 'provider' && (
          <Field label={t('controls.holds.provider')}>
            {(control) => (
              <Select {...control} defaultValue={PROVIDERS[0]}>
                {PROVIDERS.map((name) => (
                  <option key={name} value={name}>
                    {heldName(t, { scope: 'provider', value: name, name: null })}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {target && (
          <StopPreview key={target.value} asked={{ of: 'scope', scope: target }}>
            {(preview) => <StopsNow preview={preview} />}
          </StopPreview>
        )}
        <ReasonField value={reason} onValue={setReason} asked={asked} />
      </div>
      <CommandFailure error={place.error} />
    </Dialog>
  );
}
