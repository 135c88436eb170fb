import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';

/** What a route shows instead of itself: the server's failure in its words, or the page's own. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const t = useText();
  const router = useRouter();
  const fromServer = error instanceof Error && error.name === 'TRPCClientError';
  if (fromServer) {
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    );
  }
  const { reference } = readFailure(error);
  return (
    <div role="alert" className="mx-auto flex max-w-[56ch] flex-col items-start gap-2 px-6 py-16">
      <h2 className="text-md">{t('common.failure.crashedTitle')}</h2>
      <p className="text-ink-2">{t('common.failure.crashed')}</p>
      <code className="text-quiet">{reference ?? (error instanceof Error ? error.message : String(error))}</code>
      <Button className="mt-2" onClick={() => window.location.reload()}>
        {t('common.failure.reload')}
      </Button>
    </div>
  );
}

/** The same where it stands alone, without the shell around it. */
export function LoneCrashPage(props: ErrorComponentProps) {
  return (
    <main className="h-full bg-paper">
      <CrashPage {...props} />
    </main>
  );
}
