-- What must never happen, said where nothing can pass by: checks, append-only tables, balance, maker-checker, grants.
-- Error texts name the rule; the code that maps them to sentences is in the stores.

-- ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE person ADD CONSTRAINT person_email_lower CHECK (email = lower(email));
ALTER TABLE person_role ADD CONSTRAINT person_role_known CHECK (role IN ('viewer', 'ops', 'finance', 'approver', 'admin'));
ALTER TABLE audit_event
  ADD CONSTRAINT audit_outcome_known CHECK (outcome IN ('done', 'refused')),
  ADD CONSTRAINT audit_refusal_named CHECK ((outcome = 'refused') = (refusal_code IS NOT NULL)),
  ADD CONSTRAINT audit_actor_known CHECK (actor_kind IN ('person', 'machine', 'job', 'cli', 'anonymous'));
ALTER TABLE party ADD CONSTRAINT party_kind_known CHECK (kind IN ('merchant', 'customer'));
ALTER TABLE ledger_account
  ADD CONSTRAINT ledger_account_side CHECK (normal_side IN ('debit', 'credit')),
  ADD CONSTRAINT ledger_account_party_fk FOREIGN KEY (party_id) REFERENCES party (id);
ALTER TABLE posting
  ADD CONSTRAINT posting_side CHECK (side IN ('debit', 'credit')),
  ADD CONSTRAINT posting_positive CHECK (amount_minor > 0),
  ADD CONSTRAINT posting_account_fk FOREIGN KEY (account_id) REFERENCES ledger_account (id);
ALTER TABLE account_balance ADD CONSTRAINT account_balance_account_fk FOREIGN KEY (account_id) REFERENCES ledger_account (id);
ALTER TABLE payout
  ADD CONSTRAINT payout_kind_known CHECK (kind IN ('payout', 'withdrawal')),
  ADD CONSTRAINT payout_status_known CHECK (status IN
    ('queued', 'sending', 'unconfirmed', 'in_transit', 'paid', 'failed', 'returned', 'held', 'canceled')),
  ADD CONSTRAINT payout_amount_positive CHECK (amount_minor > 0),
  ADD CONSTRAINT payout_rail_known CHECK (rail IN ('instant', 'sepa', 'ach', 'wire', 'card_push', 'local')),
  ADD CONSTRAINT payout_party_fk FOREIGN KEY (party_id) REFERENCES party (id);
ALTER TABLE attempt
  ADD CONSTRAINT attempt_status_known CHECK (status IN
    ('ready', 'sending', 'unknown', 'accepted', 'paid', 'rejected', 'not_sent', 'absent', 'returned', 'canceled')),
  ADD CONSTRAINT attempt_payout_fk FOREIGN KEY (payout_id) REFERENCES payout (id);
ALTER TABLE payout_event ADD CONSTRAINT payout_event_payout_fk FOREIGN KEY (payout_id) REFERENCES payout (id);
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_file_fk FOREIGN KEY (file_id) REFERENCES settlement_file (id);
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_source_known CHECK (source IN ('provider', 'bank'));
ALTER TABLE recon_break
  ADD CONSTRAINT recon_break_status_known CHECK (status IN ('open', 'assigned', 'resolved')),
  ADD CONSTRAINT recon_break_risk_known CHECK (risk IN ('LOW', 'MED', 'HIGH')),
  ADD CONSTRAINT recon_break_resolution CHECK ((status = 'resolved') = (resolution IS NOT NULL)),
  ADD CONSTRAINT recon_break_resolution_known CHECK (resolution IN ('cleared', 'retried', 'overridden', 'written_off', 'accepted'));
ALTER TABLE recon_run ADD CONSTRAINT recon_run_status_known CHECK (status IN ('running', 'done', 'failed'));
ALTER TABLE recon_match_line ADD CONSTRAINT recon_match_line_fk FOREIGN KEY (line_id) REFERENCES settlement_line (id);

-- At most one attempt of a payout is open: a second send while one may still move money is impossible.
CREATE UNIQUE INDEX attempt_one_open ON attempt (payout_id) WHERE status IN ('ready', 'sending', 'unknown', 'accepted');
-- A merchant's own reference names one payout.
CREATE UNIQUE INDEX payout_reference_once ON payout (party_id, merchant_reference) WHERE merchant_reference IS NOT NULL;
-- What the stuck queue reads.
CREATE INDEX payout_stuck ON payout (stuck_at, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX payout_expected ON payout (expected_by, id) WHERE status IN
  ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held');
CREATE INDEX attempt_next_check ON attempt (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX recon_break_open ON recon_break (kind, period_on) WHERE status <> 'resolved';

-- ── append-only ───────────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_event', 'journal_entry', 'posting', 'payout_event', 'settlement_line',
                           'settlement_statement', 'override_decision', 'override_policy', 'evidence_file'] LOOP
    EXECUTE format('CREATE TRIGGER %I_append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t, t);
    EXECUTE format('CREATE TRIGGER %I_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t, t);
  END LOOP;
END $$;

-- Payouts, attempts, overrides and breaks change, but are never deleted.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['payout', 'attempt', 'override_request', 'recon_break', 'ledger_account', 'provider_event'] LOOP
    EXECUTE format('CREATE TRIGGER %I_no_delete BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t, t);
    EXECUTE format('CREATE TRIGGER %I_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t, t);
  END LOOP;
END $$;

-- A provider key is minted once and never changes.
CREATE FUNCTION attempt_key_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.provider_key <> OLD.provider_key OR NEW.payout_id <> OLD.payout_id OR NEW.no <> OLD.no THEN
    RAISE EXCEPTION 'the identity of an attempt never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_key_is_final BEFORE UPDATE ON attempt FOR EACH ROW EXECUTE FUNCTION attempt_key_is_final();

-- What was asked for stays what was asked for: amount, currency and owner of a payout never change.
CREATE FUNCTION payout_money_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency OR NEW.party_id <> OLD.party_id THEN
    RAISE EXCEPTION 'amount, currency and owner of a payout never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_money_is_final BEFORE UPDATE ON payout FOR EACH ROW EXECUTE FUNCTION payout_money_is_final();

-- ── the ledger balances ───────────────────────────────────────────────────────────────────────────────────────

-- Checked at commit, once per posting row; the entry's rows are few and found by index.
CREATE FUNCTION journal_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry uuid := CASE WHEN TG_TABLE_NAME = 'posting' THEN (to_jsonb(NEW) ->> 'entry_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM posting WHERE entry_id = entry) THEN
    RAISE EXCEPTION 'journal entry % has no postings', entry USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
  END IF;
  IF EXISTS (
    SELECT 1 FROM posting WHERE entry_id = entry GROUP BY currency
    HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0
  ) THEN
    RAISE EXCEPTION 'journal entry % does not balance', entry USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_entry_balances();
CREATE CONSTRAINT TRIGGER journal_entry_balances AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_entry_balances();

-- A posting is in its account's currency.
CREATE FUNCTION posting_currency_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND currency = NEW.currency) THEN
    RAISE EXCEPTION 'posting in % on an account of another currency', NEW.currency USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_currency_agrees BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION posting_currency_agrees();

-- A wallet is never overdrawn, whoever writes the balance.
CREATE FUNCTION balance_not_overdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance_minor < 0 AND NOT (SELECT may_overdraw FROM ledger_account WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'account % would be overdrawn', NEW.account_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_not_overdrawn';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER balance_not_overdrawn BEFORE INSERT OR UPDATE ON account_balance
  FOR EACH ROW EXECUTE FUNCTION balance_not_overdrawn();

-- ── overrides: maker is never checker ─────────────────────────────────────────────────────────────────────────

ALTER TABLE override_request
  ADD CONSTRAINT override_kind_known CHECK (kind IN
    ('mark_payout_paid', 'cancel_payout', 'force_retry', 'release_hold', 'correct_destination', 'force_match_break',
     'write_off_break', 'adjust_ledger', 'accept_drift')),
  ADD CONSTRAINT override_status_known CHECK (status IN
    ('requested', 'approved', 'executed', 'rejected', 'withdrawn', 'expired', 'stale')),
  ADD CONSTRAINT override_approvals_positive CHECK (approvals_required >= 1),
  ADD CONSTRAINT override_maker_fk FOREIGN KEY (maker_id) REFERENCES person (id),
  ADD CONSTRAINT override_policy_fk FOREIGN KEY (policy_version) REFERENCES override_policy (version);
ALTER TABLE override_decision
  ADD CONSTRAINT maker_is_never_checker CHECK (checker_id <> maker_id),
  ADD CONSTRAINT decision_known CHECK (decision IN ('approve', 'reject')),
  ADD CONSTRAINT rejection_has_reason CHECK (decision <> 'reject' OR length(trim(reason)) >= 3),
  -- The maker in the decision is the maker of the request: the check above cannot be passed by naming another.
  ADD CONSTRAINT decision_of_request FOREIGN KEY (override_id, maker_id) REFERENCES override_request (id, maker_id),
  ADD CONSTRAINT checker_fk FOREIGN KEY (checker_id) REFERENCES person (id);

-- The content of a request is final, its end states are final, and it executes only with enough distinct approvals of
-- exactly its content.
CREATE FUNCTION override_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given int;
BEGIN
  IF (OLD.kind, OLD.subject_kind, OLD.subject_id, OLD.subject_version, OLD.subject_snapshot, OLD.input, OLD.amount_minor, OLD.currency,
      OLD.reason, OLD.evidence, OLD.maker_id, OLD.policy_version, OLD.approvals_required, OLD.approver_roles, OLD.nonce,
      OLD.content_hash, OLD.created_at, OLD.expires_at)
     IS DISTINCT FROM
     (NEW.kind, NEW.subject_kind, NEW.subject_id, NEW.subject_version, NEW.subject_snapshot, NEW.input, NEW.amount_minor, NEW.currency,
      NEW.reason, NEW.evidence, NEW.maker_id, NEW.policy_version, NEW.approvals_required, NEW.approver_roles, NEW.nonce,
      NEW.content_hash, NEW.created_at, NEW.expires_at) THEN
    RAISE EXCEPTION 'the content of an override never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('executed', 'rejected', 'withdrawn', 'expired', 'stale') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'an override that is % stays so', OLD.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status IN ('approved', 'executed') THEN
    SELECT count(DISTINCT checker_id) INTO given FROM override_decision
      WHERE override_id = NEW.id AND decision = 'approve' AND content_hash = NEW.content_hash AND checker_id <> NEW.maker_id;
    IF given < NEW.approvals_required THEN
      RAISE EXCEPTION 'override has % of % approvals', given, NEW.approvals_required
        USING ERRCODE = 'check_violation', CONSTRAINT = 'override_needs_approvals';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_rules BEFORE UPDATE ON override_request FOR EACH ROW EXECUTE FUNCTION override_rules();

CREATE FUNCTION override_starts_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'requested' THEN
    RAISE EXCEPTION 'an override begins as requested' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_starts_requested BEFORE INSERT ON override_request FOR EACH ROW EXECUTE FUNCTION override_starts_requested();

-- One open override per subject and kind.
CREATE UNIQUE INDEX override_one_open ON override_request (subject_kind, subject_id, kind) WHERE status IN ('requested', 'approved');

-- ── first data that every installation has ────────────────────────────────────────────────────────────────────

INSERT INTO control_switch (name, "on", reason, changed_by) VALUES ('payouts', true, 'Installed.', 'system');

-- ── grants: the application appends and reads, and never rewrites history ─────────────────────────────────────

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'countersign_app') THEN
    CREATE ROLE countersign_app NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object THEN NULL;
  WHEN unique_violation THEN NULL;
END $$;
GRANT countersign_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO countersign_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO countersign_app;
REVOKE ALL ON _prisma_migrations FROM countersign_app;
REVOKE UPDATE, DELETE ON
  audit_event, journal_entry, posting, payout_event, settlement_line, settlement_statement, override_decision,
  override_policy, evidence_file FROM countersign_app;
REVOKE DELETE ON payout, attempt, override_request, recon_break, ledger_account, provider_event, account_balance, party,
  recon_run, settlement_file, person FROM countersign_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO countersign_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO countersign_app;
