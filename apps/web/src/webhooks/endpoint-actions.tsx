import { lazy, Suspense, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { useEnable, useSendTest } from './use-webhook-command.ts';
import type { Endpoint } from './webhook-wire.ts';

const EndpointDialog = lazy(() => import('./endpoint-dialog.tsx').then((file) => ({ default: file.EndpointDialog })));
const RotateSecretDialog = lazy(() =>
  import('./rotate-secret-dialog.tsx').then((file) => ({ default: file.RotateSecretDialog })),
);
const DisableEndpointDialog = lazy(() =>
  import('./disable-endpoint-dialog.tsx').then((file) => ({ default: file.DisableEndpointDialog })),
);
const ReplayUndeliveredDialog = lazy(() =>
  import('./replay-undelivered-dialog.tsx').then((file) => ({ default: file.ReplayUndeliveredDialog })),
);

type Asking = 'edit' | 'rotate' | 'disable' | 'replay';

/** What can be done with an endpoint. What cannot stays in its place and says why. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { can, id } = endpoint;
  const test = useSendTest(id);
  const enable = useEnable(endpoint);
  const close = (): void => setAsking(null);
  return (
    <div className="flex flex-wrap gap-2">
      <Button busy={test.busy} whyNot={whyNot(t, can.test)} onClick={test.run}>
        {t('webhooks.acts.test')}
      </Button>
      <Button whyNot={whyNot(t, can.replay)} onClick={() => setAsking('replay')}>
        {t('webhooks.acts.replayAll')}
      </Button>
      <Button whyNot={whyNot(t, can.change)} onClick={() => setAsking('edit')}>
        {t('webhooks.acts.edit')}
      </Button>
      <Button whyNot={whyNot(t, can.rotate)} onClick={() => setAsking('rotate')}>
        {t('webhooks.acts.rotate')}
      </Button>
      {endpoint.status === 'disabled' ? (
        <Button busy={enable.busy} whyNot={whyNot(t, can.enable)} onClick={enable.run}>
          {t('webhooks.acts.enable')}
        </Button>
      ) : (
        <Button tone="danger" whyNot={whyNot(t, can.disable)} onClick={() => setAsking('disable')}>
          {t('webhooks.acts.disable')}
        </Button>
      )}
      <Suspense>
        {asking === 'edit' && <EndpointDialog endpoint={endpoint} onClose={close} />}
        {asking === 'rotate' && <RotateSecretDialog endpoint={endpoint} onClose={close} />}
        {asking === 'disable' && <DisableEndpointDialog endpointId={id} onClose={close} />}
        {asking === 'replay' && <ReplayUndeliveredDialog endpointId={id} onClose={close} />}
      </Suspense>
    </div>
  );
}
