import { useRouter, useSearch } from '@tanstack/react-router';
import { Eye, EyeOff, Stamp } from 'lucide-react';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useLanguage, useText } from '../lib/i18n.ts';
import { languageSetting } from '../lib/language.ts';
import { type SignInOutcome, signIn } from '../lib/session.ts';
import { paths, safeReturn } from '../paths.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';

const SENTENCE = { wrong: 'signIn.wrong', too_many: 'signIn.tooMany', unreachable: 'signIn.unreachable' } as const;

/** E-mail and password; what went wrong is said where the eyes are, and the focus goes to what must be changed. */
export function SignInPage() {
  const t = useText();
  const router = useRouter();
  const { from } = useSearch({ from: '/sign-in' });
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [visible, setVisible] = useState(false);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Exclude<SignInOutcome, 'signed_in'> | null>(null);

  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('shell.product')}`;
  }, [t]);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setAsked(true);
    setProblem(null);
    if (!email.trim() || !password) {
      focusOn(form.current, email.trim() ? 'password' : 'email');
      return;
    }
    setBusy(true);
    const outcome = await signIn(email.trim(), password);
    if (outcome !== 'signed_in') {
      setBusy(false);
      setProblem(outcome);
      focusOn(form.current, 'password');
      return;
    }
    const goal = safeReturn(from);
    await (goal ? router.navigate({ href: goal }) : router.navigate(paths.home()));
  };

  return (
    <main className="flex min-h-full flex-col items-center bg-paper px-4 pt-[16vh] pb-10">
      <div className="w-full max-w-[340px]">
        <div className="mb-6 flex items-center gap-2.5">
          <Stamp aria-hidden="true" size={20} />
          <span className="text-lg font-semibold">{t('shell.product')}</span>
        </div>
        <h1 className="text-xl">{t('signIn.title')}</h1>
        <p className="mt-0.5 mb-6 text-quiet">{t('signIn.lead')}</p>
        <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <Field label={t('signIn.email')} error={asked && !email.trim() ? t('signIn.emailMissing') : undefined}>
            {(control) => (
              <Input
                {...control}
                name="email"
                type="email"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('signIn.password')} error={asked && !password ? t('signIn.passwordMissing') : undefined}>
            {(control) => (
              <div className="relative">
                <Input
                  {...control}
                  name="password"
                  type={visible ? 'text' : 'password'}
                  autoComplete="current-password"
                  className="pr-9"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
                <IconButton
                  label={t(visible ? 'signIn.hidePassword' : 'signIn.showPassword')}
                  onClick={() => setVisible(!visible)}
                  className="absolute! top-[3px] right-[3px]"
                >
                  {visible ? <EyeOff aria-hidden="true" size={15} /> : <Eye aria-hidden="true" size={15} />}
                </IconButton>
              </div>
            )}
          </Field>
          <div role="alert">
            {problem && <p className="rounded-md bg-high-soft px-3 py-2 text-high">{t(SENTENCE[problem])}</p>}
          </div>
          <Button type="submit" tone="primary" size="lg" busy={busy}>
            {t(busy ? 'signIn.submitting' : 'signIn.submit')}
          </Button>
        </form>
        <div className="mt-6 flex items-center justify-between text-xs text-quiet">
          <span>{t('signIn.record')}</span>
          <OtherLanguage />
        </div>
      </div>
    </main>
  );
}

function OtherLanguage() {
  const t = useText();
  const other = useLanguage() === 'en' ? 'tr' : 'en';
  return (
    <button
      type="button"
      lang={other}
      onClick={() => languageSetting.set(other)}
      className="min-h-6 rounded-xs px-1 font-medium text-ink-2 hover:text-ink"
    >
      {t('shell.otherLanguageName')}
    </button>
  );
}

function focusOn(form: HTMLFormElement | null, name: 'email' | 'password'): void {
  form?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
}
