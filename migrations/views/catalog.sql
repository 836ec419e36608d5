-- area: catalog
-- What other areas may read of exam plans, tests and instruments. No content: only what planning and marking need.

CREATE VIEW pub_test AS
  SELECT t.institution, t.id, t.code, t.name, t.minutes, t.kind, t.subject, t.reference_level, t.platform,
    p.name AS platform_name, p.permitted_from AS platform_from, p.permitted_until AS platform_until,
    t.needs_device, t.supplier, t.active, t.search
  FROM exam_test t LEFT JOIN delivery_platform p ON p.institution = t.institution AND p.id = t.platform;

-- The needs a test can be taken with, by their codes.
CREATE VIEW pub_test_need AS SELECT institution, test, code FROM exam_test_need;

-- Days within which a central exam may be planned, both included. A test without a row has no window.
CREATE VIEW pub_central_window AS SELECT institution, id, test, name, opens, closes FROM central_window;

-- Editions that were frozen; of a qualification and cohort the highest edition holds.
CREATE VIEW pub_exam_plan AS
  SELECT institution, id, crebo, cohort, edition, name, level, state FROM exam_plan WHERE state <> 'draft';

CREATE VIEW pub_exam_unit AS
  SELECT u.institution, u.id, u.plan, u.parent, u.code, u.name, u.kind, u.position, u.weight, u.pass_rule, u.attempts
  FROM exam_unit u JOIN exam_plan p ON p.institution = u.institution AND p.id = u.plan AND p.state <> 'draft';

-- A line: in this plan this unit is examined with this test. `state` is 'frozen' for the edition that holds and
-- 'replaced' for one before it. No attempts means no limit.
CREATE VIEW pub_plan_line AS
  SELECT l.institution, l.plan, p.crebo, p.cohort, p.edition, p.state, l.unit, u.code AS unit_code,
    u.name AS unit_name, u.kind AS unit_kind, l.test, l.position, l.weight, coalesce(l.attempts, u.attempts) AS attempts
  FROM unit_test l
  JOIN exam_unit u ON u.institution = l.institution AND u.id = l.unit
  JOIN exam_plan p ON p.institution = l.institution AND p.id = l.plan AND p.state <> 'draft';

-- Before registering for `of_test` (for every test of `of_unit` when it is empty). `kind` is 'unit-passed' (needs_unit),
-- 'test-passed' or 'test-taken' (needs_test), 'year' (year of study from which) or 'agreement' (who must agree).
CREATE VIEW pub_prerequisite AS
  SELECT r.institution, r.id, r.plan, r.of_unit, r.of_test, r.kind, r.needs_unit, r.needs_test, r.year, r.who
  FROM prerequisite r JOIN exam_plan p ON p.institution = r.institution AND p.id = r.plan AND p.state <> 'draft';

-- The versions that may be planned: approved by the committee, and neither suspended nor retired since. The caller
-- compares the dates (both included, empty means open). `delivered_hash` is what the platform says it holds: publish
-- nothing while it differs from `hash`; empty means that nobody compared.
CREATE VIEW pub_plannable_version AS
  SELECT v.institution, v.id, i.test, v.instrument, i.code AS instrument_code, i.name AS instrument_name, v.number,
    v.state, v.minutes, v.valid_from, v.valid_until, v.hash, v.delivered_hash, v.version
  FROM instrument_version v JOIN exam_instrument i ON i.institution = v.institution AND i.id = v.instrument
  WHERE v.state IN ('approved', 'active');

-- Every version with its state: why one cannot be chosen, or what a running session is using.
CREATE VIEW pub_instrument_version AS
  SELECT v.institution, v.id, i.test, v.instrument, i.code AS instrument_code, i.name AS instrument_name, v.number,
    v.state, v.valid_from, v.valid_until, v.hash, v.suspended_why
  FROM instrument_version v JOIN exam_instrument i ON i.institution = v.institution AND i.id = v.instrument;

CREATE VIEW pub_form_variant AS
  SELECT institution, id, instrument_version, code, name, withdrawn_at FROM form_variant;

CREATE VIEW pub_permitted_aid AS SELECT institution, instrument_version, position, name FROM permitted_aid;

CREATE VIEW pub_delivery_condition AS
  SELECT institution, instrument_version, kind, condition FROM delivery_condition;

CREATE VIEW pub_supplier AS SELECT institution, id, code, name, certified_until, active FROM supplier;

CREATE VIEW pub_decision AS
  SELECT institution, id, year, number, body, kind, outcome, subject_kind, subject, title, decided_on FROM decision;

-- Documents of versions that may be planned: for whom, and from when they may be opened.
CREATE VIEW pub_document AS
  SELECT d.institution, d.id, d.instrument_version, d.variant_code, d.name, d.purpose, d.audience, d.release_moment,
    d.release_days, d.file, d.media_type, d.size
  FROM instrument_document d
  JOIN instrument_version v ON v.institution = d.institution AND v.id = d.instrument_version
    AND v.state IN ('approved', 'active', 'suspended');
