-- The payout desk: notes, snooze, holds, stuck policy as data, bulk runs, saved views, notifications, presence, webhooks out.

-- AlterTable
ALTER TABLE "payout" ADD COLUMN "snoozed_until" TIMESTAMPTZ(3),
  ADD COLUMN "snoozed_by" TEXT,
  ADD COLUMN "stuck_policy_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "attempt" ADD COLUMN "next_retry_at" TIMESTAMPTZ(3),
  ADD COLUMN "automatic" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "payout_note" (
    "id" UUID NOT NULL,
    "payout_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "author_label" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "mentions" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payout_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stuck_policy" (
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "note" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stuck_policy_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "hold" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_by" TEXT NOT NULL,
    "placed_by_id" UUID NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "released_by" TEXT,
    "released_at" TIMESTAMPTZ(3),
    "release_reason" TEXT,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_run" (
    "id" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "asked" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "parent_id" UUID,
    "created_by" UUID NOT NULL,
    "created_label" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "item_count" INTEGER NOT NULL,
    "runnable_count" INTEGER NOT NULL,
    "sums" JSONB NOT NULL,
    "done_count" INTEGER NOT NULL DEFAULT 0,
    "skipped_count" INTEGER NOT NULL DEFAULT 0,
    "failed_count" INTEGER NOT NULL DEFAULT 0,
    "canceled_count" INTEGER NOT NULL DEFAULT 0,
    "leased_by" TEXT,
    "leased_until" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "bulk_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "payout_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "planned" TEXT NOT NULL,
    "planned_code" TEXT,
    "outcome" TEXT,
    "outcome_code" TEXT,
    "at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "search" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "by_label" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "presence" (
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "presence_pkey" PRIMARY KEY ("subject_kind","subject_id","person_id")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "types" TEXT[],
    "secret_sealed" TEXT NOT NULL,
    "previous_secret_sealed" TEXT,
    "previous_secret_until" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL,
    "status_reason" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_message" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "payout_id" UUID,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "replay_of" UUID,
    "status" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "given_up_why" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_try" (
    "delivery_id" UUID NOT NULL,
    "no" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "took_ms" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "request_headers" JSONB NOT NULL,
    "status_code" INTEGER,
    "error" TEXT,
    "response" TEXT,

    CONSTRAINT "webhook_try_pkey" PRIMARY KEY ("delivery_id","no")
);

-- CreateIndex
CREATE INDEX "payout_note_payout_id_at_idx" ON "payout_note"("payout_id", "at");

-- CreateIndex
CREATE INDEX "hold_placed_at_id_idx" ON "hold"("placed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "bulk_run_created_at_id_idx" ON "bulk_run"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "bulk_run_parent_id_idx" ON "bulk_run"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_item_run_id_payout_id_key" ON "bulk_item"("run_id", "payout_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_slug_key" ON "saved_view"("slug");

-- CreateIndex
CREATE INDEX "saved_view_owner_id_idx" ON "saved_view"("owner_id");

-- CreateIndex
CREATE INDEX "notification_person_id_at_id_idx" ON "notification"("person_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "presence_seen_at_idx" ON "presence"("seen_at");

-- CreateIndex
CREATE INDEX "webhook_message_payout_id_idx" ON "webhook_message"("payout_id");

-- CreateIndex
CREATE INDEX "webhook_message_created_at_id_idx" ON "webhook_message"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_delivery_endpoint_id_created_at_id_idx" ON "webhook_delivery"("endpoint_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_delivery_message_id_idx" ON "webhook_delivery"("message_id");

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "bulk_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
