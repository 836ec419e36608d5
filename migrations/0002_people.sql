-- area: people
-- Organisation, people, programmes, groups, needs, and who acts in which role.

-- Schools and the organisations above them. The tenant itself, so it stands above tenants.
-- above tenants: institution
CREATE TABLE institution (
  id {uuid} NOT NULL PRIMARY KEY,
  slug {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  brin {text},
  home_organization {text},
  changed_at {time} NOT NULL
){strict};

CREATE TABLE unit (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  parent {uuid},
  code {text} NOT NULL,
  name {text} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  FOREIGN KEY (institution, parent) REFERENCES unit (institution, id)
){strict};

-- Every unit under every one above it, itself included: "in this unit or below" is one look-up.
CREATE TABLE unit_tree (
  institution {uuid} NOT NULL,
  ancestor {uuid} NOT NULL,
  unit {uuid} NOT NULL,
  depth {int} NOT NULL,
  PRIMARY KEY (institution, ancestor, unit),
  FOREIGN KEY (institution, ancestor) REFERENCES unit (institution, id),
  FOREIGN KEY (institution, unit) REFERENCES unit (institution, id)
){strict};

CREATE TABLE campus (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  street {text},
  city {text},
  active {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code)
){strict};

CREATE TABLE room (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  campus {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text},
  seats {int} NOT NULL,
  device_seats {int} NOT NULL,
  secure {bool} NOT NULL,
  accessible {bool} NOT NULL,
  opens {text} NOT NULL,
  closes {text} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, campus, code),
  CHECK (seats >= 0 AND device_seats >= 0 AND device_seats <= seats),
  FOREIGN KEY (institution, campus) REFERENCES campus (institution, id)
){strict};

CREATE TABLE company (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  name {text} NOT NULL,
  code {text},
  city {text},
  mail {text},
  phone {text},
  active {bool} NOT NULL,
  search {text} NOT NULL,
  PRIMARY KEY (institution, id)
){strict};

CREATE TABLE person (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind {text} NOT NULL,
  number {text},
  given_name {text} NOT NULL,
  prefix {text},
  family_name {text} NOT NULL,
  display_name {text} NOT NULL,
  id_check {text} NOT NULL,
  id_check_name {text},
  mail {text},
  phone {text},
  born {date},
  unit {uuid},
  company {uuid},
  state {text} NOT NULL,
  merged_into {uuid},
  search {text} NOT NULL,
  sort_name {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, kind, number),
  FOREIGN KEY (institution, unit) REFERENCES unit (institution, id),
  FOREIGN KEY (institution, company) REFERENCES company (institution, id),
  FOREIGN KEY (institution, merged_into) REFERENCES person (institution, id)
){strict};
CREATE INDEX person_by_name ON person (institution, state, sort_name, id);
CREATE INDEX person_by_unit ON person (institution, unit);

-- Names other systems have for a person: accountId, eckId, studentNumber, SIS id.
CREATE TABLE person_code (
  institution {uuid} NOT NULL,
  kind {text} NOT NULL,
  code {text} NOT NULL,
  person {uuid} NOT NULL,
  PRIMARY KEY (institution, kind, code),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id)
){strict};
CREATE INDEX person_code_by_person ON person_code (institution, person);

CREATE TABLE program (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  level {int} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  CHECK (level >= 1 AND level <= 4)
){strict};

CREATE TABLE program_offering (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  program {uuid} NOT NULL,
  code {text} NOT NULL,
  cohort {int} NOT NULL,
  path {text} NOT NULL,
  campus {uuid},
  unit {uuid} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  FOREIGN KEY (institution, program) REFERENCES program (institution, id),
  FOREIGN KEY (institution, campus) REFERENCES campus (institution, id),
  FOREIGN KEY (institution, unit) REFERENCES unit (institution, id)
){strict};

CREATE TABLE program_enrolment (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  offering {uuid} NOT NULL,
  begins {date} NOT NULL,
  ends {date},
  school_days {text},
  exam_only {bool} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, person, offering, begins),
  CHECK (ends IS NULL OR ends >= begins),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id),
  FOREIGN KEY (institution, offering) REFERENCES program_offering (institution, id)
){strict};
CREATE INDEX program_enrolment_by_offering ON program_enrolment (institution, offering);

-- A class or learning group. ("group" is a word of SQL.)
CREATE TABLE learning_group (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  unit {uuid} NOT NULL,
  begins {date} NOT NULL,
  ends {date},
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code, begins),
  CHECK (ends IS NULL OR ends >= begins),
  FOREIGN KEY (institution, unit) REFERENCES unit (institution, id)
){strict};

CREATE TABLE group_member (
  institution {uuid} NOT NULL,
  learning_group {uuid} NOT NULL,
  person {uuid} NOT NULL,
  part {text} NOT NULL,
  begins {date} NOT NULL,
  ends {date},
  PRIMARY KEY (institution, learning_group, person, begins),
  CHECK (ends IS NULL OR ends >= begins),
  FOREIGN KEY (institution, learning_group) REFERENCES learning_group (institution, id),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id)
){strict};
CREATE INDEX group_member_by_person ON group_member (institution, person, part);

CREATE TABLE assigned_need (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  code {text} NOT NULL,
  description {text} NOT NULL,
  extra {text} NOT NULL,
  amount {int} NOT NULL,
  only_for {text},
  begins {date} NOT NULL,
  ends {date},
  withdrawn_at {time},
  PRIMARY KEY (institution, id),
  CHECK (amount >= 0),
  CHECK (ends IS NULL OR ends >= begins),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id)
){strict};
CREATE INDEX assigned_need_by_person ON assigned_need (institution, person);
CREATE INDEX assigned_need_by_end ON assigned_need (institution, ends);

-- One dated role of one person in one scope.
CREATE TABLE role_assignment (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  role {text} NOT NULL,
  scope_kind {text} NOT NULL,
  scope {uuid},
  begins {date} NOT NULL,
  ends {date},
  withdrawn_at {time},
  PRIMARY KEY (institution, id),
  CHECK (ends IS NULL OR ends >= begins),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id)
){strict};
CREATE INDEX role_assignment_by_person ON role_assignment (institution, person);

-- A task of the committee, done by somebody else for a while. The committee stays responsible.
CREATE TABLE mandate (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  holder {uuid} NOT NULL,
  action {text} NOT NULL,
  scope_kind {text} NOT NULL,
  scope {uuid},
  begins {date} NOT NULL,
  ends {date} NOT NULL,
  reason {text} NOT NULL,
  withdrawn_at {time},
  PRIMARY KEY (institution, id),
  CHECK (ends >= begins),
  FOREIGN KEY (institution, holder) REFERENCES person (institution, id)
){strict};
CREATE INDEX mandate_by_holder ON mandate (institution, holder);

-- Another organisation may act here: dated, revocable, and only in one role.
CREATE TABLE institution_grant (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  to_institution {uuid} NOT NULL,
  role {text} NOT NULL,
  scope_kind {text} NOT NULL,
  scope {uuid},
  begins {date} NOT NULL,
  ends {date} NOT NULL,
  reason {text} NOT NULL,
  revoked_at {time},
  PRIMARY KEY (institution, id),
  CHECK (ends >= begins),
  FOREIGN KEY (to_institution) REFERENCES institution (id)
){strict};

-- Which modules are on for which units; a school may start with two teams.
CREATE TABLE module_activation (
  institution {uuid} NOT NULL,
  module {text} NOT NULL,
  unit {uuid} NOT NULL,
  begins {date} NOT NULL,
  PRIMARY KEY (institution, module, unit),
  FOREIGN KEY (institution, unit) REFERENCES unit (institution, id)
){strict};
