-- What lets the queue be searched, sorted by every column and counted at any size. Why these and no others:
-- docs/decisions/011-one-index-an-order.md.

-- ── words, as people type them ────────────────────────────────────────────────────────────────────────────────

-- Lower case, without marks, Turkish letters and their Latin neighbours as one. apps/api/src/core/fold-text.ts says the same.
CREATE FUNCTION fold_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(translate(lower(translate(normalize(given, NFKD),
  U&'\0300\0301\0302\0303\0304\0306\0307\0308\030A\030B\030C\0326\0327\0328', '')),
  U&'\0131\00F8\0142\0111\00F0\03C2\0307', U&'iold\0064\03C3'), U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe');

-- The folded words of a text, as they are and with no dictionary between. Cut, so that no word can be too long for an index.
CREATE FUNCTION search_words(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(regexp_split_to_array(left(fold_text(given), 500), '[^[:alnum:]]+'), ''));

-- The words that a payout is found by, beside its merchant's name.
CREATE FUNCTION payout_words(destination jsonb, merchant_reference text, descriptor text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_words(coalesce(destination ->> 'holder', '') || ' ' || coalesce(merchant_reference, '') || ' ' || coalesce(descriptor, ''));

-- The amount in thousandths of the major unit: one order across currencies. The digits are those of
-- apps/api/src/core/currency.ts; a test compares them.
CREATE FUNCTION payout_thousandths(amount_minor bigint, currency char(3)) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN amount_minor::numeric * CASE WHEN currency IN ('CLP', 'ISK', 'JPY', 'KRW', 'VND') THEN 1000
  WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'OMR', 'TND') THEN 1 ELSE 10 END;

GRANT EXECUTE ON FUNCTION fold_text, search_words, payout_words, payout_thousandths TO countersign_app;

-- ── every order of the list, among all payouts ────────────────────────────────────────────────────────────────

-- One direction throughout, so that one row comparison is the place in the list and the index serves both ways.
DROP INDEX "payout_status_created_at_id_idx";
CREATE INDEX "payout_status_created_at_id_idx" ON "payout"("status", "created_at", "id");
DROP INDEX "payout_party_id_created_at_idx";
CREATE INDEX "payout_party_id_created_at_id_idx" ON "payout"("party_id", "created_at", "id");
CREATE INDEX "payout_status_at_id_idx" ON "payout"("status_at", "id");
CREATE INDEX "payout_rail_created_at_id_idx" ON "payout"("rail", "created_at", "id");
CREATE INDEX "payout_provider_created_at_id_idx" ON "payout"("provider", "created_at", "id");
CREATE INDEX "payout_currency_created_at_id_idx" ON "payout"("currency", "created_at", "id");
CREATE INDEX payout_amount ON payout (payout_thousandths(amount_minor, currency), id);
CREATE INDEX payout_payee ON payout (fold_text(destination ->> 'holder'), id);
-- Also finds a pasted reference, whatever its case.
CREATE INDEX payout_reference ON payout (fold_text(merchant_reference), id);
CREATE INDEX payout_code ON payout (failure_code, created_at, id) WHERE failure_code IS NOT NULL;
CREATE INDEX payout_owner ON payout (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX party_name ON party (fold_text(name), id);

-- Who is late or stuck is found by the deadline alone, whatever else is said of them.
CREATE INDEX payout_deadline ON payout (expected_by, id) WHERE expected_by IS NOT NULL;
DROP INDEX payout_stuck;
CREATE INDEX payout_stuck ON payout (stuck_at, id) WHERE stuck_at IS NOT NULL;

-- ── and among the open ones, which the desk looks at all day: few, so these stay small ────────────────────────

CREATE INDEX payout_open_created ON payout (created_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_since ON payout (status_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_amount ON payout (payout_thousandths(amount_minor, currency), id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_payee ON payout (fold_text(destination ->> 'holder'), id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_party ON payout (party_id, created_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_rail ON payout (rail, created_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_provider ON payout (provider, created_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_currency ON payout (currency, created_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_code ON payout (failure_code, created_at, id) WHERE failure_code IS NOT NULL AND status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_reference ON payout (fold_text(merchant_reference), id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_open_owner ON payout (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL AND status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
-- High value is a limit per currency.
CREATE INDEX payout_open_high ON payout (currency, amount_minor) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_snoozed ON payout (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- ── search ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Kept beside the payout, so that looking at a row again costs nothing.
ALTER TABLE payout ADD COLUMN words tsvector GENERATED ALWAYS AS (payout_words(destination, merchant_reference, descriptor)) STORED;
CREATE INDEX payout_words ON payout USING gin (words);
CREATE INDEX party_words ON party USING gin (search_words(name));
CREATE INDEX payout_provider_id ON payout (lower(provider_payout_id)) WHERE provider_payout_id IS NOT NULL;
CREATE INDEX attempt_provider_id ON attempt (lower(provider_payout_id)) WHERE provider_payout_id IS NOT NULL;
