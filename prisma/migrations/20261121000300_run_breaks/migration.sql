-- Which breaks a run saw, and what it did with each: the report of a day stays what it was when later runs go on.

-- CreateTable
CREATE TABLE "recon_run_break" (
    "run_id" UUID NOT NULL,
    "break_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "risk" TEXT NOT NULL,

    CONSTRAINT "recon_run_break_pkey" PRIMARY KEY ("run_id","break_id")
);

-- CreateIndex
CREATE INDEX "recon_run_break_break_id_idx" ON "recon_run_break"("break_id");

ALTER TABLE recon_run_break
  ADD CONSTRAINT recon_run_break_run_fk FOREIGN KEY (run_id) REFERENCES recon_run (id),
  ADD CONSTRAINT recon_run_break_break_fk FOREIGN KEY (break_id) REFERENCES recon_break (id),
  ADD CONSTRAINT recon_run_break_outcome_known CHECK (outcome IN ('created', 'carried', 'reopened', 'settled', 'cleared')),
  ADD CONSTRAINT recon_run_break_risk_known CHECK (risk IN ('LOW', 'MED', 'HIGH'));

CREATE TRIGGER recon_run_break_append_only BEFORE UPDATE OR DELETE ON recon_run_break
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recon_run_break_no_truncate BEFORE TRUNCATE ON recon_run_break
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON recon_run_break FROM countersign_app;
