-- area: planning
-- What other areas may read of periods, entitlements and registrations.

CREATE VIEW pub_exam_period AS
  SELECT institution, id, code, name, begins, ends, state, frozen_at FROM exam_period;

CREATE VIEW pub_entitlement AS
  SELECT institution, id, person, enrolment, test, source, code, attempts_used, attempts_left, due, state
  FROM entitlement;

CREATE VIEW pub_session AS
  SELECT institution, id, period, test, instrument_version, campus, room, starts_at, ends_at, minutes, own_room,
    state, seats, taken, sequence
  FROM exam_session;

CREATE VIEW pub_session_staff AS SELECT institution, session, person, part FROM session_staff;

CREATE VIEW pub_booking AS
  SELECT institution, id, session, registration, person, state, starts_at, ends_at, extra_minutes FROM booking;

CREATE VIEW pub_registration AS
  SELECT institution, id, period, person, test, entitlement, campus, unit, state, channel, late, priority
  FROM registration;
