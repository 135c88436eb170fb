import { createContext, type ReactNode, use, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useText } from '../lib/i18n.ts';

/** The place in the top bar that a page's title goes to; null until the bar is there. */
export const TitlePlace = createContext<HTMLElement | null>(null);

interface PageTitleProps {
  title: string;
  /** The quiet words after it: a count, a day, a state. */
  detail?: ReactNode;
}

/** What a page is called: its <h1> in the top bar, and the name of its tab. Every page renders one. */
export function PageTitle({ title, detail }: PageTitleProps) {
  const t = useText();
  const place = use(TitlePlace);
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  if (!place) return null;
  return createPortal(
    <>
      <h1 className="truncate text-md">{title}</h1>
      {detail && <span className="truncate text-sm text-quiet">{detail}</span>}
    </>,
    place,
  );
}
