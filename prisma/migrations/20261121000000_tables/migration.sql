-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person_role" (
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "granted_by" TEXT,

    CONSTRAINT "person_role_pkey" PRIMARY KEY ("person_id","role")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" UUID NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_label" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "subject_kind" TEXT,
    "subject_id" TEXT,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "refusal_code" TEXT,
    "request_id" TEXT,
    "ip" TEXT,
    "session_id" TEXT,
    "idempotency_key" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "job_run" (
    "id" BIGSERIAL NOT NULL,
    "task" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "job_attempt" INTEGER NOT NULL,
    "payload" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "summary" JSONB,
    "log" TEXT,
    "error" TEXT,

    CONSTRAINT "job_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "worker_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("worker_id")
);

-- CreateTable
CREATE TABLE "control_switch" (
    "name" TEXT NOT NULL,
    "on" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "control_switch_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "party" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "party_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "normal_side" TEXT NOT NULL,
    "may_overdraw" BOOLEAN NOT NULL,
    "party_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_balance" (
    "account_id" BIGINT NOT NULL,
    "balance_minor" BIGINT NOT NULL,
    "posting_count" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_balance_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "journal_entry" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "payout_id" UUID,
    "override_id" UUID,
    "reverses_id" UUID,
    "description" TEXT NOT NULL,
    "effective_on" DATE NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posting" (
    "id" BIGSERIAL NOT NULL,
    "entry_id" UUID NOT NULL,
    "account_id" BIGINT NOT NULL,
    "side" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,

    CONSTRAINT "posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "party_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "rail" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "destination" JSONB NOT NULL,
    "merchant_reference" TEXT,
    "descriptor" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "status_at" TIMESTAMPTZ(3) NOT NULL,
    "expected_by" TIMESTAMPTZ(3),
    "stuck_at" TIMESTAMPTZ(3),
    "paid_at" TIMESTAMPTZ(3),
    "failure_code" TEXT,
    "provider_payout_id" TEXT,
    "hold_reason" TEXT,
    "assignee_id" UUID,
    "requested_by" TEXT NOT NULL,
    "last_retried_by" TEXT,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout_event" (
    "id" BIGSERIAL NOT NULL,
    "payout_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "from_status" TEXT,
    "to_status" TEXT,
    "attempt_id" UUID,
    "actor_label" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "payout_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "payout_id" UUID NOT NULL,
    "no" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "code" TEXT,
    "message" TEXT,
    "provider_payout_id" TEXT,
    "previous_id" UUID,
    "requested_by" TEXT NOT NULL,
    "proof" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "first_sent_at" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),
    "send_count" INTEGER NOT NULL DEFAULT 0,
    "check_count" INTEGER NOT NULL DEFAULT 0,
    "answered_at" TIMESTAMPTZ(3),
    "last_asked_at" TIMESTAMPTZ(3),
    "last_answer" JSONB,
    "next_check_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_event" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "provider_payout_id" TEXT,
    "payout_id" UUID,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "raw" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "times_received" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "provider_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_file" (
    "id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "line_count" INTEGER NOT NULL,
    "period_from" DATE,
    "period_to" DATE,
    "imported_by" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "times_received" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "settlement_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_statement" (
    "id" BIGSERIAL NOT NULL,
    "file_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "opening_minor" BIGINT,
    "closing_minor" BIGINT,
    "entries" INTEGER NOT NULL,
    "credits_minor" BIGINT NOT NULL,
    "debits_minor" BIGINT NOT NULL,

    CONSTRAINT "settlement_statement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_line" (
    "id" BIGSERIAL NOT NULL,
    "file_id" UUID NOT NULL,
    "line_no" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "fee_minor" BIGINT NOT NULL,
    "net_minor" BIGINT NOT NULL,
    "provider_ref" TEXT,
    "our_ref" TEXT,
    "end_to_end_id" TEXT,
    "counterparty" TEXT,
    "description" TEXT,
    "value_on" DATE,
    "booked_on" DATE,
    "raw" TEXT NOT NULL,

    CONSTRAINT "settlement_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recon_run" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "period_on" DATE NOT NULL,
    "status" TEXT NOT NULL,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "policy_version" INTEGER NOT NULL,
    "sources" JSONB NOT NULL,
    "counts" JSONB NOT NULL,
    "totals" JSONB NOT NULL,
    "risk" TEXT,
    "error" TEXT,

    CONSTRAINT "recon_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recon_match" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "period_on" DATE NOT NULL,
    "run_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "agreed" JSONB NOT NULL,
    "payout_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recon_match_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recon_match_line" (
    "line_id" BIGINT NOT NULL,
    "pair" TEXT NOT NULL,
    "match_id" BIGINT NOT NULL,

    CONSTRAINT "recon_match_line_pkey" PRIMARY KEY ("line_id","pair")
);

-- CreateTable
CREATE TABLE "recon_break" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "period_on" DATE NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "resolution" TEXT,
    "risk" TEXT NOT NULL,
    "risk_fired" JSONB NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "action_detail" JSONB NOT NULL,
    "amount_minor" BIGINT,
    "currency" CHAR(3),
    "payout_id" UUID,
    "ours" JSONB,
    "provider" JSONB,
    "bank" JSONB,
    "why" JSONB NOT NULL,
    "first_run_id" UUID NOT NULL,
    "last_run_id" UUID NOT NULL,
    "cleared_run_id" UUID,
    "seen_runs" INTEGER NOT NULL DEFAULT 1,
    "reopened" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "assignee_id" UUID,
    "escalated_at" TIMESTAMPTZ(3),
    "note" TEXT,
    "resolved_by" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "override_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "recon_break_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "override_policy" (
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "override_policy_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "override_request" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "subject_version" INTEGER NOT NULL,
    "subject_snapshot" JSONB NOT NULL,
    "input" JSONB NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "maker_id" UUID NOT NULL,
    "maker_label" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "approvals_required" INTEGER NOT NULL,
    "approver_roles" JSONB NOT NULL,
    "nonce" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "status_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "executed_at" TIMESTAMPTZ(3),
    "execution_error" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "override_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "override_decision" (
    "id" UUID NOT NULL,
    "override_id" UUID NOT NULL,
    "maker_id" UUID NOT NULL,
    "checker_id" UUID NOT NULL,
    "checker_label" TEXT NOT NULL,
    "checker_roles" TEXT[],
    "decision" TEXT NOT NULL,
    "reason" TEXT,
    "content_hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "override_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_file" (
    "sha256" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "uploaded_by" TEXT NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evidence_file_pkey" PRIMARY KEY ("sha256")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_person_id_idx" ON "session"("person_id");

-- CreateIndex
CREATE INDEX "account_person_id_idx" ON "account"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_id_account_id_key" ON "account"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_id_key" ON "audit_event"("id");

-- CreateIndex
CREATE INDEX "audit_event_subject_kind_subject_id_seq_idx" ON "audit_event"("subject_kind", "subject_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_seq_idx" ON "audit_event"("actor_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_act_seq_idx" ON "audit_event"("act", "seq");

-- CreateIndex
CREATE INDEX "job_run_task_id_idx" ON "job_run"("task", "id");

-- CreateIndex
CREATE UNIQUE INDEX "party_reference_key" ON "party"("reference");

-- CreateIndex
CREATE INDEX "ledger_account_party_id_idx" ON "ledger_account"("party_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_account_code_currency_key" ON "ledger_account"("code", "currency");

-- CreateIndex
CREATE INDEX "journal_entry_payout_id_idx" ON "journal_entry"("payout_id");

-- CreateIndex
CREATE INDEX "journal_entry_posted_at_idx" ON "journal_entry"("posted_at");

-- CreateIndex
CREATE INDEX "posting_entry_id_idx" ON "posting"("entry_id");

-- CreateIndex
CREATE INDEX "posting_account_id_id_idx" ON "posting"("account_id", "id");

-- CreateIndex
CREATE INDEX "payout_status_created_at_id_idx" ON "payout"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payout_created_at_id_idx" ON "payout"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payout_party_id_created_at_idx" ON "payout"("party_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "payout_provider_payout_id_idx" ON "payout"("provider_payout_id");

-- CreateIndex
CREATE INDEX "payout_merchant_reference_idx" ON "payout"("merchant_reference");

-- CreateIndex
CREATE INDEX "payout_event_payout_id_id_idx" ON "payout_event"("payout_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_provider_key_key" ON "attempt"("provider_key");

-- CreateIndex
CREATE INDEX "attempt_provider_payout_id_idx" ON "attempt"("provider_payout_id");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_payout_id_no_key" ON "attempt"("payout_id", "no");

-- CreateIndex
CREATE INDEX "provider_event_payout_id_idx" ON "provider_event"("payout_id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_event_provider_provider_event_id_key" ON "provider_event"("provider", "provider_event_id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_file_sha256_key" ON "settlement_file"("sha256");

-- CreateIndex
CREATE INDEX "settlement_statement_file_id_idx" ON "settlement_statement"("file_id");

-- CreateIndex
CREATE INDEX "settlement_line_file_id_line_no_idx" ON "settlement_line"("file_id", "line_no");

-- CreateIndex
CREATE INDEX "settlement_line_source_booked_on_idx" ON "settlement_line"("source", "booked_on");

-- CreateIndex
CREATE INDEX "settlement_line_provider_ref_idx" ON "settlement_line"("provider_ref");

-- CreateIndex
CREATE INDEX "recon_run_kind_period_on_started_at_idx" ON "recon_run"("kind", "period_on", "started_at");

-- CreateIndex
CREATE INDEX "recon_match_payout_id_idx" ON "recon_match"("payout_id");

-- CreateIndex
CREATE INDEX "recon_match_run_id_idx" ON "recon_match"("run_id");

-- CreateIndex
CREATE INDEX "recon_match_line_match_id_idx" ON "recon_match_line"("match_id");

-- CreateIndex
CREATE INDEX "recon_break_status_kind_period_on_idx" ON "recon_break"("status", "kind", "period_on");

-- CreateIndex
CREATE INDEX "recon_break_payout_id_idx" ON "recon_break"("payout_id");

-- CreateIndex
CREATE INDEX "recon_break_last_run_id_idx" ON "recon_break"("last_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "recon_break_kind_fingerprint_period_on_key" ON "recon_break"("kind", "fingerprint", "period_on");

-- CreateIndex
CREATE INDEX "override_request_status_created_at_idx" ON "override_request"("status", "created_at");

-- CreateIndex
CREATE INDEX "override_request_subject_kind_subject_id_idx" ON "override_request"("subject_kind", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "override_request_id_maker_id_key" ON "override_request"("id", "maker_id");

-- CreateIndex
CREATE UNIQUE INDEX "override_decision_override_id_checker_id_key" ON "override_decision"("override_id", "checker_id");

-- AddForeignKey
ALTER TABLE "person_role" ADD CONSTRAINT "person_role_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posting" ADD CONSTRAINT "posting_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "journal_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_statement" ADD CONSTRAINT "settlement_statement_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "settlement_file"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recon_match_line" ADD CONSTRAINT "recon_match_line_match_id_fkey" FOREIGN KEY ("match_id") REFERENCES "recon_match"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
