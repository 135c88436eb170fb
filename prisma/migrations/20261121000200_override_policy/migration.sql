-- The first override policy, which every installation has, and the rules that say who may fill which seat of an approval.
-- Adding a version is an INSERT of a new row; a version that exists is never edited (the table is append-only).

INSERT INTO override_policy (version, rules, created_by) VALUES (1, $policy${
  "limits": {
    "about_1_000": {
      "AED": "350000", "AUD": "150000", "BGN": "180000", "BHD": "400000", "BRL": "500000", "CAD": "140000",
      "CHF": "90000", "CLP": "1000000", "CNY": "700000", "COP": "400000000", "CZK": "2200000", "DKK": "700000",
      "EGP": "5000000", "EUR": "100000", "GBP": "80000", "GEL": "270000", "HKD": "800000", "HUF": "35000000",
      "IDR": "1600000000", "ILS": "350000", "INR": "8500000", "IQD": "1300000000", "ISK": "130000",
      "JOD": "700000", "JPY": "150000", "KRW": "1400000", "KWD": "300000", "KZT": "50000000", "LBP": "9000000000",
      "MAD": "900000", "MGA": "450000000", "MXN": "1800000", "MYR": "420000", "NOK": "1000000", "NZD": "170000",
      "OMR": "400000", "PHP": "5700000", "PKR": "28000000", "PLN": "400000", "QAR": "360000", "RON": "450000",
      "RSD": "10000000", "SAR": "370000", "SEK": "1000000", "SGD": "130000", "THB": "3300000", "TND": "3000000",
      "TRY": "4000000", "TWD": "3200000", "UAH": "4200000", "USD": "100000", "VND": "25000000", "ZAR": "1800000"
    },
    "about_50_000": {
      "AED": "17500000", "AUD": "7500000", "BGN": "9000000", "BHD": "20000000", "BRL": "25000000",
      "CAD": "7000000", "CHF": "4500000", "CLP": "50000000", "CNY": "35000000", "COP": "20000000000",
      "CZK": "110000000", "DKK": "35000000", "EGP": "250000000", "EUR": "5000000", "GBP": "4000000",
      "GEL": "13500000", "HKD": "40000000", "HUF": "1750000000", "IDR": "80000000000", "ILS": "17500000",
      "INR": "425000000", "IQD": "65000000000", "ISK": "6500000", "JOD": "35000000", "JPY": "7500000",
      "KRW": "70000000", "KWD": "15000000", "KZT": "2500000000", "LBP": "450000000000", "MAD": "45000000",
      "MGA": "22500000000", "MXN": "90000000", "MYR": "21000000", "NOK": "50000000", "NZD": "8500000",
      "OMR": "20000000", "PHP": "285000000", "PKR": "1400000000", "PLN": "20000000", "QAR": "18000000",
      "RON": "22500000", "RSD": "500000000", "SAR": "18500000", "SEK": "50000000", "SGD": "6500000",
      "THB": "165000000", "TND": "150000000", "TRY": "200000000", "TWD": "160000000", "UAH": "210000000",
      "USD": "5000000", "VND": "1250000000", "ZAR": "90000000"
    }
  },
  "rules": [
    {"kinds": ["mark_payout_paid", "cancel_payout", "force_retry", "release_hold"], "below": "about_1_000", "seats": [["approver", "finance"]], "expiresInMs": 86400000},
    {"kinds": ["mark_payout_paid", "cancel_payout", "force_retry", "release_hold"], "below": "about_50_000", "seats": [["approver"]], "expiresInMs": 86400000},
    {"kinds": ["mark_payout_paid", "cancel_payout", "force_retry", "release_hold"], "below": null, "seats": [["finance"], ["approver", "finance"]], "expiresInMs": 86400000}
  ],
  "evidenceRequired": ["mark_payout_paid"]
}$policy$, 'system');

-- ── seats: "two people, one of them finance", said where nothing can pass by ──────────────────────────────────

-- Whether each set of roles in `a` can be given a set of its own in `b` that shares a role with it (Hall's condition: any
-- k of them together find at least k). The same question as `allSeated` in apps/api/src/overrides/seats.ts. `a` is short.
CREATE FUNCTION roles_matched(a jsonb, b jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  reachable bigint;
BEGIN
  FOR chosen IN 1 .. (1 << jsonb_array_length(a)) - 1 LOOP
    SELECT count(*) INTO reachable FROM jsonb_array_elements(b) AS other (roles)
    WHERE EXISTS (
      SELECT 1 FROM jsonb_array_elements(a) WITH ORDINALITY AS one (roles, no), jsonb_array_elements_text(one.roles) AS role
      WHERE chosen & (1 << (one.no - 1)::int) <> 0 AND other.roles ? role
    );
    IF reachable < bit_count(chosen::bit(32)) THEN
      RETURN false;
    END IF;
  END LOOP;
  RETURN true;
END $$;

-- Approved and executed only when every seat is filled by another person's approval of exactly this content.
CREATE FUNCTION override_seats_filled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  given jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(to_jsonb(checker_roles)), '[]') INTO given FROM override_decision
    WHERE override_id = NEW.id AND decision = 'approve' AND content_hash = NEW.content_hash AND checker_id <> NEW.maker_id;
  IF jsonb_array_length(NEW.approver_roles) <> NEW.approvals_required OR NOT roles_matched(NEW.approver_roles, given) THEN
    RAISE EXCEPTION 'the approvals of the override do not fill its seats'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'override_seats_filled';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_seats_filled BEFORE UPDATE ON override_request FOR EACH ROW
  WHEN (NEW.status IN ('approved', 'executed')) EXECUTE FUNCTION override_seats_filled();

-- A checker signs with roles that they hold, and never what their own retry led to.
CREATE FUNCTION override_decision_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT unnest(NEW.checker_roles) EXCEPT SELECT role FROM person_role WHERE person_id = NEW.checker_id) THEN
    RAISE EXCEPTION 'the checker does not hold these roles'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_holds_roles';
  END IF;
  IF NEW.decision = 'approve' AND EXISTS (
    SELECT 1 FROM override_request o JOIN payout p ON o.subject_kind = 'payout' AND p.id = o.subject_id
    WHERE o.id = NEW.override_id AND p.last_retried_by = NEW.checker_id::text
  ) THEN
    RAISE EXCEPTION 'who last retried the payout may not approve its override'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_is_not_last_retrier';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_decision_rules BEFORE INSERT ON override_decision
  FOR EACH ROW EXECUTE FUNCTION override_decision_rules();

ALTER TABLE override_request
  ADD CONSTRAINT override_executed_at CHECK ((status = 'executed') = (executed_at IS NOT NULL)),
  ADD CONSTRAINT override_executed_in_time CHECK (executed_at < expires_at);
