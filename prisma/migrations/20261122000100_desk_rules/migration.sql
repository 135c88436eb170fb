-- What must never happen on the desk, said where nothing can pass by.

ALTER TABLE payout ADD CONSTRAINT payout_snooze_named CHECK ((snoozed_until IS NULL) = (snoozed_by IS NULL));
-- What detect_stuck_finance_jobs reads of the retries that were scheduled.
CREATE INDEX attempt_next_retry ON attempt (next_retry_at) WHERE next_retry_at IS NOT NULL;
ALTER TABLE payout_note
  ADD CONSTRAINT payout_note_payout_fk FOREIGN KEY (payout_id) REFERENCES payout (id),
  ADD CONSTRAINT payout_note_author_fk FOREIGN KEY (author_id) REFERENCES person (id),
  ADD CONSTRAINT payout_note_says_something CHECK (length(trim(body)) BETWEEN 1 AND 4000);
ALTER TABLE hold
  ADD CONSTRAINT hold_scope_known CHECK (scope IN ('merchant', 'rail', 'provider')),
  ADD CONSTRAINT hold_reason_given CHECK (length(trim(reason)) >= 3),
  ADD CONSTRAINT hold_placed_by_fk FOREIGN KEY (placed_by_id) REFERENCES person (id),
  ADD CONSTRAINT hold_release_whole CHECK ((released_at IS NULL) = (released_by IS NULL) AND (released_at IS NULL) = (release_reason IS NULL));
-- One hold at a time for one merchant, rail or provider.
CREATE UNIQUE INDEX hold_one_open ON hold (scope, value) WHERE released_at IS NULL;

ALTER TABLE bulk_run
  ADD CONSTRAINT bulk_run_status_known CHECK (status IN ('previewed', 'running', 'paused', 'canceling', 'done', 'canceled', 'discarded')),
  ADD CONSTRAINT bulk_run_created_by_fk FOREIGN KEY (created_by) REFERENCES person (id),
  ADD CONSTRAINT bulk_run_parent_fk FOREIGN KEY (parent_id) REFERENCES bulk_run (id),
  ADD CONSTRAINT bulk_run_confirmed CHECK ((status IN ('previewed', 'discarded')) = (confirmed_at IS NULL)),
  ADD CONSTRAINT bulk_run_finished CHECK ((status IN ('done', 'canceled', 'discarded')) = (finished_at IS NOT NULL)),
  ADD CONSTRAINT bulk_run_size CHECK (item_count BETWEEN 1 AND 10000 AND runnable_count BETWEEN 0 AND item_count
    AND done_count + skipped_count + failed_count + canceled_count <= item_count);
-- The runs that a worker should be at.
CREATE INDEX bulk_run_active ON bulk_run (leased_until) WHERE status IN ('running', 'canceling');
ALTER TABLE bulk_item
  ADD CONSTRAINT bulk_item_payout_fk FOREIGN KEY (payout_id) REFERENCES payout (id),
  ADD CONSTRAINT bulk_item_outcome_known CHECK (outcome IN ('done', 'skipped', 'failed', 'canceled')),
  ADD CONSTRAINT bulk_item_outcome_at CHECK ((outcome IS NULL) = (at IS NULL));
CREATE INDEX bulk_item_open ON bulk_item (run_id, position) WHERE outcome IS NULL;

-- The frozen list is what runs: its rows never change but for their outcome, and an outcome is final.
CREATE FUNCTION bulk_item_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.run_id, OLD.position, OLD.payout_id, OLD.version, OLD.amount_minor, OLD.currency, OLD.planned, OLD.planned_code)
     IS DISTINCT FROM
     (NEW.run_id, NEW.position, NEW.payout_id, NEW.version, NEW.amount_minor, NEW.currency, NEW.planned, NEW.planned_code)
     OR OLD.outcome IS NOT NULL THEN
    RAISE EXCEPTION 'what a preview froze never changes, and an outcome is final' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- Nor does what a person confirmed turn into another act.
CREATE FUNCTION bulk_run_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.act, OLD.input, OLD.asked, OLD.parent_id, OLD.created_by, OLD.created_at, OLD.item_count, OLD.runnable_count, OLD.sums)
     IS DISTINCT FROM
     (NEW.act, NEW.input, NEW.asked, NEW.parent_id, NEW.created_by, NEW.created_at, NEW.item_count, NEW.runnable_count, NEW.sums)
     OR OLD.status IN ('done', 'canceled', 'discarded') THEN
    RAISE EXCEPTION 'what a preview froze never changes, and a run that has ended is over' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bulk_run_is_frozen BEFORE UPDATE ON bulk_run FOR EACH ROW EXECUTE FUNCTION bulk_run_is_frozen();
CREATE TRIGGER bulk_item_is_frozen BEFORE UPDATE ON bulk_item FOR EACH ROW EXECUTE FUNCTION bulk_item_is_frozen();

ALTER TABLE saved_view
  ADD CONSTRAINT saved_view_scope_known CHECK (scope IN ('private', 'team')),
  ADD CONSTRAINT saved_view_owner_fk FOREIGN KEY (owner_id) REFERENCES person (id),
  ADD CONSTRAINT saved_view_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80);
ALTER TABLE notification ADD CONSTRAINT notification_person_fk FOREIGN KEY (person_id) REFERENCES person (id);
CREATE INDEX notification_unread ON notification (person_id) WHERE read_at IS NULL;
ALTER TABLE presence ADD CONSTRAINT presence_person_fk FOREIGN KEY (person_id) REFERENCES person (id);

ALTER TABLE webhook_endpoint
  ADD CONSTRAINT webhook_endpoint_status_known CHECK (status IN ('enabled', 'disabled')),
  ADD CONSTRAINT webhook_endpoint_follows_something CHECK (cardinality(types) > 0),
  ADD CONSTRAINT webhook_endpoint_previous_whole CHECK ((previous_secret_sealed IS NULL) = (previous_secret_until IS NULL));
ALTER TABLE webhook_message ADD CONSTRAINT webhook_message_payout_fk FOREIGN KEY (payout_id) REFERENCES payout (id);
ALTER TABLE webhook_delivery
  ADD CONSTRAINT webhook_delivery_endpoint_fk FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint (id),
  ADD CONSTRAINT webhook_delivery_message_fk FOREIGN KEY (message_id) REFERENCES webhook_message (id),
  ADD CONSTRAINT webhook_delivery_status_known CHECK (status IN ('pending', 'delivered', 'given_up')),
  ADD CONSTRAINT webhook_delivery_replay_fk FOREIGN KEY (replay_of) REFERENCES webhook_delivery (id),
  ADD CONSTRAINT webhook_delivery_delivered CHECK ((status = 'delivered') = (delivered_at IS NOT NULL)),
  ADD CONSTRAINT webhook_delivery_pending_due CHECK ((status = 'pending') = (next_try_at IS NOT NULL)),
  ADD CONSTRAINT webhook_delivery_given_up_why CHECK ((status = 'given_up') = (given_up_why IS NOT NULL));
-- A message goes to an endpoint once, unless a person replays it.
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (endpoint_id, message_id) WHERE replay_of IS NULL;
CREATE INDEX webhook_delivery_pending ON webhook_delivery (next_try_at) WHERE status = 'pending';
-- What has not arrived is rare among what has: found, counted and listed without walking through the rest.
CREATE INDEX webhook_delivery_undelivered ON webhook_delivery (endpoint_id, created_at DESC, id DESC) WHERE status <> 'delivered';
ALTER TABLE webhook_try ADD CONSTRAINT webhook_try_delivery_fk FOREIGN KEY (delivery_id) REFERENCES webhook_delivery (id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['payout_note', 'stuck_policy', 'webhook_message', 'webhook_try'] LOOP
    EXECUTE format('CREATE TRIGGER %I_append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t, t);
    EXECUTE format('CREATE TRIGGER %I_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t, t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['hold', 'bulk_run', 'bulk_item', 'webhook_endpoint', 'webhook_delivery'] LOOP
    EXECUTE format('CREATE TRIGGER %I_no_delete BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t, t);
    EXECUTE format('CREATE TRIGGER %I_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t, t);
  END LOOP;
END $$;
REVOKE UPDATE, DELETE ON payout_note, stuck_policy, webhook_message, webhook_try FROM countersign_app;
REVOKE DELETE ON hold, bulk_run, bulk_item, webhook_endpoint, webhook_delivery FROM countersign_app;

-- The stuck policy that a new installation begins with: the one of apps/api/src/payouts/stuck-policy.ts.
INSERT INTO stuck_policy (version, rules, note, created_by) VALUES (1, '{"limits":{"instant":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"minutes":10},"stuck":{"minutes":30}}},"card_push":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"minutes":30},"stuck":{"minutes":120}}},"local":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"minutes":240},"stuck":{"minutes":1440}}},"sepa":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"businessDays":1},"stuck":{"businessDays":2}}},"wire":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"businessDays":1},"stuck":{"businessDays":2}}},"ach":{"queued":{"expected":{"minutes":2},"stuck":{"minutes":15}},"sending":{"expected":{"minutes":2},"stuck":{"minutes":15}},"unconfirmed":{"expected":{"minutes":5},"stuck":{"minutes":15}},"failed":{"expected":{"minutes":240},"stuck":{"minutes":480}},"returned":{"expected":{"minutes":240},"stuck":{"minutes":1440}},"held":{"expected":{"minutes":1440},"stuck":{"minutes":2880}},"in_transit":{"expected":{"businessDays":2},"stuck":{"businessDays":4}}}},"calendars":{"t2":["2026-01-01","2026-04-03","2026-04-06","2026-05-01","2026-12-25","2026-12-26","2027-01-01","2027-03-26","2027-03-29","2027-05-01","2027-12-25","2027-12-26","2028-01-01","2028-04-14","2028-04-17","2028-05-01","2028-12-25","2028-12-26"],"fed":["2026-01-01","2026-01-19","2026-02-16","2026-05-25","2026-06-19","2026-09-07","2026-10-12","2026-11-11","2026-11-26","2026-12-25","2027-01-01","2027-01-18","2027-02-15","2027-05-31","2027-07-05","2027-09-06","2027-10-11","2027-11-11","2027-11-25","2028-01-17","2028-02-21","2028-05-29","2028-06-19","2028-07-04","2028-09-04","2028-10-09","2028-11-23","2028-12-25"]},"railCalendar":{"sepa":"t2","ach":"fed","wire":"fed"}}', 'Installed.', 'system');
