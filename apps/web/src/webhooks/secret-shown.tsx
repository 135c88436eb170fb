import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';

interface SecretShownProps {
  secret: string;
  /** When the one before stops signing, as text; null when there is none. */
  previousUntil: string | null;
  onClose: () => void;
}

/** The signing secret, once. Nothing closes it by accident: it cannot be shown again. */
export function SecretShown({ secret, previousUntil, onClose }: SecretShownProps) {
  const t = useText();
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={false}
      title={t('webhooks.secret.title')}
      description={t('webhooks.secret.lead')}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('webhooks.secret.done')}
        </Button>
      }
    >
      <Field label={t('webhooks.secret.label')}>
        {(control) => (
          <span className="flex items-center gap-2">
            <Input
              {...control}
              readOnly
              translate="no"
              spellCheck={false}
              className="font-mono text-xs!"
              value={secret}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton value={secret} label={t('webhooks.secret.copy')} />
          </span>
        )}
      </Field>
      {previousUntil && (
        <p className="mt-3 text-sm text-ink-2">{t('webhooks.secret.until', { when: previousUntil })}</p>
      )}
    </Dialog>
  );
}
