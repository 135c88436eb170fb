import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { isMoney } from './audit-diff.ts';
import { ID_LINK, pathOfId } from './subject-path.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const OUR_ID = /^[a-z]{2}_[0-9a-z]{26}$/;
const LONG_CODE = /^[0-9a-f]{32,64}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[a-z]{2,4}_[0-9A-Za-z-]{12,}$/;
const CODE_WORD = /^[a-z0-9]+([_.][a-z0-9]+)*$/;

/** A value of a record: amounts, instants and ids as they are written everywhere, the rest as it is stored. */
export function AuditValue({ value }: { value: unknown }) {
  const t = useText();
  const format = useFormat();
  if (value === null || value === undefined) return <span className="text-quiet">{t('audit.values.nothing')}</span>;
  if (typeof value === 'boolean') return t(value ? 'audit.values.yes' : 'audit.values.no');
  if (typeof value === 'number') return format.count(value);
  if (isMoney(value)) return <MoneyText money={{ amountMinor: value.minor, currency: value.currency }} />;
  if (typeof value === 'string') return <TextValue text={value} />;
  if (Array.isArray(value)) return <ListValue values={value} />;
  return <code className="break-all">{JSON.stringify(value)}</code>;
}

function ListValue({ values }: { values: readonly unknown[] }) {
  const t = useText();
  if (values.length === 0) return <span className="text-quiet">{t('audit.values.nothing')}</span>;
  return (
    <span className="flex flex-wrap gap-x-2">
      {values.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a record never changes, so neither does the order
        <AuditValue key={at} value={value} />
      ))}
    </span>
  );
}

function TextValue({ text }: { text: string }) {
  const format = useFormat();
  if (INSTANT.test(text)) return <time dateTime={text}>{format.instant(text)}</time>;
  if (OUR_ID.test(text)) return <LinkedId id={text} />;
  if (LONG_CODE.test(text)) return <IdText id={text} />;
  if (text.length <= 40 && CODE_WORD.test(text)) return <code translate="no">{text}</code>;
  return <span className="break-words">{text}</span>;
}

function LinkedId({ id }: { id: string }) {
  const to = pathOfId(id);
  if (!to) return <IdText id={id} />;
  return (
    <Link {...to} className={ID_LINK}>
      <IdText id={id} />
    </Link>
  );
}
