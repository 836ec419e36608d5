-- area: planning
-- What other areas may read of periods, entitlements and registrations.

CREATE VIEW pub_exam_period AS
  SELECT institution, id, code, name, begins, ends, state, frozen_at FROM exam_period;

CREATE VIEW pub_entitlement AS
  SELECT institution, id, person, enrolment, test, source, code, attempts_used, attempts_left, due, state
  FROM entitlement;

CREATE VIEW pub_registration AS
  SELECT institution, id, period, person, test, entitlement, campus, unit, state, channel, late, priority
  FROM registration;
