-- area: people
-- What other areas may read of people.

CREATE VIEW pub_person AS
  SELECT institution, id, kind, number, display_name, sort_name, mail, unit, state FROM person;

-- Names other systems have for a person.
CREATE VIEW pub_person_code AS SELECT institution, kind, code, person FROM person_code;

CREATE VIEW pub_unit AS SELECT institution, id, parent, code, name, active FROM unit;

CREATE VIEW pub_unit_tree AS SELECT institution, ancestor, unit, depth FROM unit_tree;

CREATE VIEW pub_group_member AS
  SELECT institution, learning_group, person, part, begins, ends FROM group_member;

CREATE VIEW pub_group AS SELECT institution, id, code, name, unit, begins, ends FROM learning_group;

CREATE VIEW pub_enrolment AS
  SELECT e.institution, e.id, e.person, e.offering, o.program, o.unit, e.begins, e.ends
  FROM program_enrolment e
  JOIN program_offering o ON o.institution = e.institution AND o.id = e.offering;

CREATE VIEW pub_role AS
  SELECT institution, id, person, role, scope_kind, scope, begins, ends, withdrawn_at FROM role_assignment;

CREATE VIEW pub_mandate AS
  SELECT institution, id, holder, action, scope_kind, scope, begins, ends, withdrawn_at FROM mandate;

CREATE VIEW pub_institution AS SELECT id, slug, name, kind, state, brin, home_organization FROM institution;

CREATE VIEW pub_grant AS
  SELECT institution, id, to_institution, role, scope_kind, scope, begins, ends, revoked_at FROM institution_grant;

-- Which institution granted something to which; what and until when stands with the one that granted.
CREATE VIEW pub_grant_place AS SELECT to_institution, at_institution FROM grant_place;

CREATE VIEW pub_room AS
  SELECT institution, id, campus, code, seats, device_seats, secure, accessible, opens, closes, active FROM room;

CREATE VIEW pub_campus AS SELECT institution, id, code, name, street, city, active FROM campus;

CREATE VIEW pub_program AS SELECT institution, id, code, crebo, name, level, active FROM program;

CREATE VIEW pub_offering AS
  SELECT institution, id, program, code, cohort, path, campus, unit, active FROM program_offering;

-- Days of school and whether only exams are taken: what planning must know of an enrolment.
CREATE VIEW pub_enrolment_days AS
  SELECT institution, id, person, offering, school_days, exam_only FROM program_enrolment;

-- Needs in force; dates say when.
CREATE VIEW pub_need AS
  SELECT institution, id, person, code, description, extra, amount, only_for, begins, ends
  FROM assigned_need WHERE withdrawn_at IS NULL;

CREATE VIEW pub_company AS SELECT institution, id, name, code, city, active FROM company;

CREATE VIEW pub_module AS SELECT institution, module, unit, begins FROM module_activation;
