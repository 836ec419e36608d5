-- area: db

CREATE VIEW pub_journal AS
  SELECT institution, id, recorded_at, occurred_at, person, role, action, subject_kind, subject FROM journal;
