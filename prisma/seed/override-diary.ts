import { toId } from '../../apps/api/src/core/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../../apps/api/src/core/time.ts';
import { approveOverride } from '../../apps/api/src/overrides/approve-override.ts';
import { executeOverride } from '../../apps/api/src/overrides/execute-override.ts';
import { expireOverride } from '../../apps/api/src/overrides/expire-override.ts';
import type { OverrideKind, OverrideStatus } from '../../apps/api/src/overrides/override.ts';
import { rejectOverride } from '../../apps/api/src/overrides/reject-override.ts';
import { requestOverride } from '../../apps/api/src/overrides/request-override.ts';
import { uploadEvidence } from '../../apps/api/src/overrides/upload-evidence.ts';
import { withdrawOverride } from '../../apps/api/src/overrides/withdraw-override.ts';
import { holdPayout } from '../../apps/api/src/payouts/hold-payout.ts';
import type { BadDay } from './bad-day.ts';
import type { DiaryDesk, Step } from './diary.ts';
import { type DemoEvidence, pdfEvidence, pngEvidence, textEvidence } from './evidence-files.ts';
import { type DemoPerson, PEOPLE } from './people.ts';

/** What an override was asked for, and what it goes by from then on. */
interface Asked {
  payoutUuid: string;
  overrideId: string;
  overrideUuid: string;
  contentHash: string;
}

/** Something that was done about an override, after it was asked for. */
interface Deed {
  /** How long before now, ms. */
  ago: number;
  /** What the override is by then; checked, so that the diary tells the truth. */
  leaves: OverrideStatus;
  done(desk: DiaryDesk, at: Date, asked: Asked): Promise<unknown>;
}

interface OverrideTale {
  /** Name of the payout's story. */
  about: string;
  kind: OverrideKind;
  by: DemoPerson;
  ago: number;
  reason: string;
  evidence?: readonly DemoEvidence[];
  deeds?: readonly Deed[];
}

const CLOSER = { kind: 'job', id: 'override.expire', label: 'override.expire' } as const;
const hours = (count: number) => count * HOUR_MS;
const minutes = (count: number) => count * MINUTE_MS;

const approved = (by: DemoPerson, ago: number, leaves: OverrideStatus = 'approved'): Deed => ({
  ago,
  leaves,
  done: (desk, at, { overrideId, contentHash }) => desk.act(by, at, approveOverride, { overrideId, contentHash }),
});
const rejected = (by: DemoPerson, ago: number, reason: string): Deed => ({
  ago,
  leaves: 'rejected',
  done: (desk, at, { overrideId }) => desk.act(by, at, rejectOverride, { overrideId, reason }),
});
const withdrawn = (by: DemoPerson, ago: number): Deed => ({
  ago,
  leaves: 'withdrawn',
  done: (desk, at, { overrideId }) => desk.act(by, at, withdrawOverride, { overrideId }),
});
const executed = (by: DemoPerson, ago: number): Deed => ({
  ago,
  leaves: 'executed',
  done: (desk, at, { overrideId }) => desk.act(by, at, executeOverride, { overrideId }),
});
/** The background job came by and closed what nobody can execute any more. */
const closed = (ago: number, leaves: 'expired' | 'stale'): Deed => ({
  ago,
  leaves,
  done: (desk, at, { overrideUuid }) => desk.act(CLOSER, at, expireOverride, { overrideId: overrideUuid }),
});
/** Somebody else stopped the payout meanwhile. */
const held = (by: DemoPerson, ago: number, reason: string): Deed => ({
  ago,
  leaves: 'requested',
  async done(desk, at, { payoutUuid }) {
    const version = await versionOf(desk, payoutUuid);
    await desk.act(by, at, holdPayout, { payoutId: toId('payout', payoutUuid), version, reason });
  },
});

/** Overrides in every state there is. The open ones are in time for most of a day, so that nothing closes them soon. */
const TALES: readonly OverrideTale[] = [
  {
    about: 'Souk Al Mubarak',
    kind: 'cancel_payout',
    by: PEOPLE.ops2,
    ago: hours(46),
    reason: 'The merchant voided the invoice by e-mail; nothing has left us, so the money goes back to the wallet.',
    evidence: [
      textEvidence(
        'invoice-voided.eml',
        [
          'From: accounts@souk-al-mubarak.example',
          'To: payouts@countersign.example',
          'Subject: Invoice SAM-2291 is void',
          '',
          'Please do not pay invoice SAM-2291 (KWD 1,180.000). We will send a corrected one next week.',
        ],
        'message/rfc822',
      ),
    ],
    deeds: [approved(PEOPLE.approver, hours(44.5)), executed(PEOPLE.ops2, hours(44))],
  },
  {
    about: 'Rialto Glass',
    kind: 'cancel_payout',
    by: PEOPLE.finance,
    ago: hours(42),
    reason: 'The bank sent it back: give it back to the wallet until Rialto Glass sends a new account.',
    deeds: [closed(hours(18) - minutes(3), 'expired')],
  },
  {
    about: 'Hanse Optik',
    kind: 'force_retry',
    by: PEOPLE.ops,
    ago: hours(30),
    reason: 'Hanse Optik says on the phone that the account is open; send it once more.',
    deeds: [
      rejected(
        PEOPLE.approver2,
        hours(28),
        'A closed account refuses it again. Ask for a letter of their bank, or correct the destination.',
      ),
    ],
  },
  {
    about: 'Copper Kettle',
    kind: 'cancel_payout',
    by: PEOPLE.ops2,
    ago: hours(26),
    reason: 'The bank could not process it; cancel it and let the merchant ask again.',
    deeds: [withdrawn(PEOPLE.ops2, hours(25.3))],
  },
  {
    about: 'Bosphorus Freight',
    kind: 'mark_payout_paid',
    by: PEOPLE.ops2,
    ago: hours(8),
    reason: 'The beneficiary’s bank confirms USD 88,000.00 with our reference; the provider has not answered since.',
    evidence: [
      pdfEvidence('credit-advice-88000.pdf', [
        'CREDIT ADVICE',
        'Beneficiary: Bosphorus Freight',
        'Amount: USD 88,000.00',
        'Ordering party: Countersign Marketplace GmbH',
        'Status: credited to account TR** on value date',
      ]),
      textEvidence('call-note.txt', [
        'Call with Bosphorus Freight, treasury.',
        'They see USD 88,000.00 on the account since the afternoon; the reference is ours.',
      ]),
    ],
    deeds: [approved(PEOPLE.finance, hours(6), 'requested')],
  },
  {
    about: 'Anka Yazılım',
    kind: 'cancel_payout',
    by: PEOPLE.finance,
    ago: hours(7),
    reason: 'Asked for twice by the nightly batch; the second one is to be cancelled.',
    deeds: [
      held(PEOPLE.ops, hours(6.2), 'Looks like a duplicate of this morning’s payout: waiting for finance.'),
      closed(hours(6.2) - minutes(4), 'stale'),
    ],
  },
  {
    about: 'Tokyo Lantern',
    kind: 'force_retry',
    by: PEOPLE.ops,
    ago: hours(5),
    reason: 'Sumida Bank confirmed that the account was reopened this morning; the merchant asks us to send it again.',
    evidence: [pngEvidence('sumida-confirmation.png')],
    deeds: [approved(PEOPLE.approver, hours(3.2))],
  },
  {
    about: 'Gülçiçek Gıda',
    kind: 'release_hold',
    by: PEOPLE.ops,
    ago: minutes(95),
    reason: 'Gülçiçek Gıda confirmed the new bank details by phone, on the number that we had before.',
    evidence: [
      textEvidence('geri-arama-notu.txt', [
        'Geri arama: Gülçiçek Gıda, muhasebe.',
        'Yeni banka bilgileri kayıtlı telefon numarasından doğrulandı.',
      ]),
    ],
  },
  {
    about: 'Granit Mimarlık',
    kind: 'mark_payout_paid',
    by: PEOPLE.ops,
    ago: minutes(14),
    reason: 'The bank confirmed the credit by phone and statement; no answer from the provider after five checks.',
    evidence: [
      pdfEvidence('statement-extract.pdf', [
        'ACCOUNT STATEMENT (extract)',
        'Credit: TRY 46,900.00',
        'Ordering party: Countersign Marketplace GmbH',
        'Description: merchant payout',
      ]),
    ],
  },
];

/** The tales as steps: each is asked for by its maker, and decided by others. */
export function overrideSteps({ now, named }: BadDay): Step[] {
  const before = (ago: number) => new Date(now.getTime() - ago);
  return TALES.flatMap((tale): Step[] => {
    const story = named.get(tale.about);
    if (!story) throw new Error(`There is no story of ${tale.about}.`);
    const evidence: string[] = [];
    const uploads = (tale.evidence ?? []).map(
      (file): Step => ({
        at: before(tale.ago + MINUTE_MS),
        async run(desk, at) {
          evidence.push((await desk.act(tale.by, at, uploadEvidence, file)).sha256);
        },
      }),
    );
    let asked: Asked | null = null;
    const request: Step = {
      at: before(tale.ago),
      async run(desk, at) {
        asked = await ask(desk, at, tale, { payoutUuid: story.payout.id, evidence });
      },
    };
    const deeds = (tale.deeds ?? []).map(
      ({ ago, leaves, done }): Step => ({
        at: before(ago),
        async run(desk, at) {
          if (!asked) throw new Error(`${tale.about}: done before it was asked for.`);
          await done(desk, at, asked);
          const status = await statusOf(desk, asked);
          if (status !== leaves) throw new Error(`${tale.about}: the override is ${status}, not ${leaves}.`);
        },
      }),
    );
    return [...uploads, request, ...deeds];
  });
}

async function ask(
  desk: DiaryDesk,
  at: Date,
  { by, kind, reason }: OverrideTale,
  { payoutUuid, evidence }: { payoutUuid: string; evidence: string[] },
): Promise<Asked> {
  const version = await versionOf(desk, payoutUuid);
  const payoutId = toId('payout', payoutUuid);
  const { overrideId, contentHash } = await desk.act(by, at, requestOverride, {
    payoutId,
    version,
    kind,
    reason,
    evidence,
  });
  const { rows } = await desk.read.query<{ id: string }>('SELECT id FROM override_request WHERE content_hash = $1', [
    contentHash,
  ]);
  return { payoutUuid, overrideId, overrideUuid: rows[0]?.id ?? '', contentHash };
}

async function versionOf(desk: DiaryDesk, payoutUuid: string): Promise<number> {
  const { rows } = await desk.read.query<{ version: number }>('SELECT version FROM payout WHERE id = $1', [payoutUuid]);
  return rows[0]?.version ?? 0;
}

async function statusOf(desk: DiaryDesk, { overrideUuid }: Asked): Promise<OverrideStatus | undefined> {
  const { rows } = await desk.read.query<{ status: OverrideStatus }>(
    'SELECT status FROM override_request WHERE id = $1',
    [overrideUuid],
  );
  return rows[0]?.status;
}
