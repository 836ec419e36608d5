-- area: catalog
-- What is examined and with what: exam plans, tests, instruments with their versions, and who decided that they may be used.

CREATE TABLE supplier (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  mail {text},
  -- The last day of its certificate.
  certified_until {date},
  active {bool} NOT NULL,
  search {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code)
){strict};

-- The register of platforms on which the school lets exams be taken.
CREATE TABLE delivery_platform (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  needs_device {bool} NOT NULL,
  secure {bool} NOT NULL,
  permitted_from {date},
  permitted_until {date},
  grounds {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  CHECK (permitted_until IS NULL OR permitted_until >= permitted_from)
){strict};

-- A deliverable test; exchange calls it a component. `test` is too common a word to look for.
CREATE TABLE exam_test (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  minutes {int} NOT NULL,
  kind {text} NOT NULL,
  -- What a need that is granted for one subject alone names: rekenen, Nederlands …
  subject {text},
  reference_level {text},
  platform {uuid},
  needs_device {bool} NOT NULL,
  supplier {uuid},
  active {bool} NOT NULL,
  search {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  CHECK (minutes >= 1 AND minutes <= 6000),
  FOREIGN KEY (institution, platform) REFERENCES delivery_platform (institution, id),
  FOREIGN KEY (institution, supplier) REFERENCES supplier (institution, id)
){strict};

-- The needs a test can be taken with: text to speech, large print …
CREATE TABLE exam_test_need (
  institution {uuid} NOT NULL,
  test {uuid} NOT NULL,
  code {text} NOT NULL,
  PRIMARY KEY (institution, test, code),
  FOREIGN KEY (institution, test) REFERENCES exam_test (institution, id)
){strict};

-- When a central exam may be taken; both days included.
CREATE TABLE central_window (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  test {uuid} NOT NULL,
  name {text} NOT NULL,
  opens {date} NOT NULL,
  closes {date} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, test, opens),
  CHECK (closes >= opens),
  FOREIGN KEY (institution, test) REFERENCES exam_test (institution, id)
){strict};

-- One edition of the plan of one qualification and cohort. A frozen one never changes again; a next edition may follow.
CREATE TABLE exam_plan (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  crebo {text} NOT NULL,
  cohort {int} NOT NULL,
  edition {int} NOT NULL,
  name {text} NOT NULL,
  level {int} NOT NULL,
  state {text} NOT NULL,
  made_by {uuid},
  frozen_by {uuid},
  frozen_at {time},
  -- Of what stood in it when it was frozen.
  hash {text},
  search {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, crebo, cohort, edition),
  CHECK (level >= 1 AND level <= 4),
  CHECK ((state = 'draft') = (hash IS NULL))
){strict};

-- A part that gets a final grade, or a work process below one.
CREATE TABLE exam_unit (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  plan {uuid} NOT NULL,
  parent {uuid},
  code {text} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  position {int} NOT NULL,
  weight {int} NOT NULL,
  -- As data: how the unit is judged and what is enough.
  pass_rule {text} NOT NULL,
  attempts {int},
  PRIMARY KEY (institution, id),
  UNIQUE (institution, plan, code),
  CHECK (weight >= 0 AND weight <= 1000),
  CHECK (attempts IS NULL OR attempts >= 1),
  FOREIGN KEY (institution, plan) REFERENCES exam_plan (institution, id),
  FOREIGN KEY (institution, parent) REFERENCES exam_unit (institution, id)
){strict};

-- Which test examines which unit, and how much it counts there.
CREATE TABLE unit_test (
  institution {uuid} NOT NULL,
  unit {uuid} NOT NULL,
  test {uuid} NOT NULL,
  plan {uuid} NOT NULL,
  position {int} NOT NULL,
  weight {int} NOT NULL,
  -- In one school year; those of the unit when empty.
  attempts {int},
  -- The lowest grade, in tenths, without which the unit cannot be passed.
  least {int},
  PRIMARY KEY (institution, unit, test),
  CHECK (weight >= 0 AND weight <= 1000),
  CHECK (attempts IS NULL OR attempts >= 1),
  CHECK (least IS NULL OR (least >= 10 AND least <= 100)),
  FOREIGN KEY (institution, unit) REFERENCES exam_unit (institution, id),
  FOREIGN KEY (institution, test) REFERENCES exam_test (institution, id),
  FOREIGN KEY (institution, plan) REFERENCES exam_plan (institution, id)
){strict};
CREATE INDEX unit_test_by_plan ON unit_test (institution, plan, position);
CREATE INDEX unit_test_by_test ON unit_test (institution, test);

-- What must be there before somebody may register: another unit or test, a year of study, somebody's word.
CREATE TABLE prerequisite (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  plan {uuid} NOT NULL,
  -- For all tests of this unit, or for one of them.
  of_unit {uuid} NOT NULL,
  of_test {uuid},
  kind {text} NOT NULL,
  needs_unit {uuid},
  needs_test {uuid},
  year {int},
  who {text},
  PRIMARY KEY (institution, id),
  CHECK ((kind IN ('unit-passed')) = (needs_unit IS NOT NULL)),
  CHECK ((kind IN ('test-passed', 'test-taken')) = (needs_test IS NOT NULL)),
  CHECK ((kind = 'year') = (year IS NOT NULL)),
  CHECK ((kind = 'agreement') = (who IS NOT NULL)),
  FOREIGN KEY (institution, plan) REFERENCES exam_plan (institution, id),
  FOREIGN KEY (institution, of_unit) REFERENCES exam_unit (institution, id),
  FOREIGN KEY (institution, needs_unit) REFERENCES exam_unit (institution, id),
  FOREIGN KEY (institution, of_test) REFERENCES exam_test (institution, id),
  FOREIGN KEY (institution, needs_test) REFERENCES exam_test (institution, id)
){strict};
CREATE INDEX prerequisite_by_plan ON prerequisite (institution, plan);

-- The board lets a school make instruments of its own. Committee and board both say yes before anything is approved.
CREATE TABLE construction_consent (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  title {text} NOT NULL,
  grounds {text} NOT NULL,
  state {text} NOT NULL,
  begins {date} NOT NULL,
  ends {date} NOT NULL,
  asked_by {uuid},
  asked_at {time} NOT NULL,
  answered_by {uuid},
  answered_at {time},
  answer {text},
  decision {uuid},
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  CHECK (ends >= begins)
){strict};

CREATE TABLE exam_instrument (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  test {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  route {text} NOT NULL,
  supplier {uuid},
  consent {uuid},
  active {bool} NOT NULL,
  search {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  FOREIGN KEY (institution, test) REFERENCES exam_test (institution, id),
  FOREIGN KEY (institution, supplier) REFERENCES supplier (institution, id),
  FOREIGN KEY (institution, consent) REFERENCES construction_consent (institution, id)
){strict};
CREATE INDEX exam_instrument_by_test ON exam_instrument (institution, test);

-- One content state. `content` and what hangs below it change in a draft only; `hash` is of all of it.
CREATE TABLE instrument_version (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  instrument {uuid} NOT NULL,
  number {int} NOT NULL,
  state {text} NOT NULL,
  -- What of it is no row of its own, as data: duration, extra time, kind of result, cut score, cohorts, scheme.
  content {text} NOT NULL,
  minutes {int} NOT NULL,
  valid_from {date},
  valid_until {date},
  corrects {uuid},
  made_by {uuid},
  made_at {time} NOT NULL,
  submitted_by {uuid},
  submitted_at {time},
  hash {text},
  -- What the delivery platform says it holds; empty while it did not say.
  delivered_hash {text},
  delivered_at {time},
  suspended_why {text},
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, instrument, number),
  CHECK (valid_until IS NULL OR valid_until >= valid_from),
  CHECK ((state = 'draft') = (hash IS NULL)),
  FOREIGN KEY (institution, instrument) REFERENCES exam_instrument (institution, id),
  FOREIGN KEY (institution, corrects) REFERENCES instrument_version (institution, id)
){strict};
CREATE INDEX instrument_version_by_state ON instrument_version (institution, state);

-- Parallel forms of equal purpose. One that leaked is withdrawn; the others stay usable.
CREATE TABLE form_variant (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  withdrawn_at {time},
  withdrawn_why {text},
  PRIMARY KEY (institution, id),
  UNIQUE (institution, instrument_version, code),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};

-- Place, time, supervision, staff, room: under which conditions it is taken.
CREATE TABLE delivery_condition (
  institution {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  kind {text} NOT NULL,
  condition {text} NOT NULL,
  PRIMARY KEY (institution, instrument_version, kind),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};

CREATE TABLE permitted_aid (
  institution {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  position {int} NOT NULL,
  name {text} NOT NULL,
  PRIMARY KEY (institution, instrument_version, position),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};

-- Score to grade (in tenths), for one variant or, without one, for all that have no table of their own.
CREATE TABLE conversion (
  institution {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  variant_code {text} NOT NULL,
  score {int} NOT NULL,
  grade {int} NOT NULL,
  PRIMARY KEY (institution, instrument_version, variant_code, score),
  CHECK (score >= 0 AND grade >= 10 AND grade <= 100),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};

-- Who may open it from when. `file` is the hash of its bytes.
CREATE TABLE instrument_document (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  variant_code {text} NOT NULL,
  name {text} NOT NULL,
  purpose {text} NOT NULL,
  audience {text} NOT NULL,
  release_moment {text} NOT NULL,
  release_days {int} NOT NULL,
  file {text} NOT NULL,
  media_type {text} NOT NULL,
  size {int} NOT NULL,
  PRIMARY KEY (institution, id),
  CHECK (release_days >= 0 AND release_days <= 400),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};
CREATE INDEX instrument_document_by_version ON instrument_document (institution, instrument_version);

-- The committee's treatment of one submitted version.
CREATE TABLE approval (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  instrument_version {uuid} NOT NULL,
  -- What was judged.
  hash {text} NOT NULL,
  state {text} NOT NULL,
  meeting {date} NOT NULL,
  -- Members that must have voted, as the setting was when it was opened.
  quorum {int} NOT NULL,
  opened_by {uuid},
  opened_at {time} NOT NULL,
  decided_by {uuid},
  decided_at {time},
  findings {text},
  decision {uuid},
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  CHECK (quorum >= 1),
  FOREIGN KEY (institution, instrument_version) REFERENCES instrument_version (institution, id)
){strict};
CREATE UNIQUE INDEX approval_open ON approval (institution, instrument_version) WHERE state = 'open';

CREATE TABLE approval_check (
  institution {uuid} NOT NULL,
  approval {uuid} NOT NULL,
  code {text} NOT NULL,
  answer {text} NOT NULL,
  remark {text},
  PRIMARY KEY (institution, approval, code),
  FOREIGN KEY (institution, approval) REFERENCES approval (institution, id)
){strict};

CREATE TABLE approval_vote (
  institution {uuid} NOT NULL,
  approval {uuid} NOT NULL,
  person {uuid} NOT NULL,
  vote {text} NOT NULL,
  remark {text},
  cast_at {time} NOT NULL,
  PRIMARY KEY (institution, approval, person),
  FOREIGN KEY (institution, approval) REFERENCES approval (institution, id)
){strict};

-- The register of decisions, numbered per year. A line is written once.
CREATE TABLE decision (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  year {int} NOT NULL,
  number {int} NOT NULL,
  body {text} NOT NULL,
  kind {text} NOT NULL,
  outcome {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject {uuid} NOT NULL,
  title {text} NOT NULL,
  grounds {text},
  decided_on {date} NOT NULL,
  recorded_by {uuid},
  PRIMARY KEY (institution, id),
  UNIQUE (institution, year, number)
){strict};
CREATE INDEX decision_by_subject ON decision (institution, subject);

-- The last number given in a year.
CREATE TABLE decision_number (
  institution {uuid} NOT NULL,
  year {int} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (institution, year)
){strict};
