-- area: planning
-- Who may sit what, who wants to, and in which period: entitlements, registrations and the demand they make.

CREATE TABLE exam_period (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  begins {date} NOT NULL,
  ends {date} NOT NULL,
  state {text} NOT NULL,
  -- The settings as they were when it was opened: a running period keeps its own.
  rules {text},
  student_opens {time},
  student_closes {time},
  teacher_opens {time},
  teacher_closes {time},
  central_opens {time},
  central_closes {time},
  frozen_at {time},
  -- Moved by every registration, so that closing and registering wait for each other.
  registered {int} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, code),
  CHECK (ends >= begins),
  CHECK ((state = 'draft') = (rules IS NULL)),
  CHECK ((student_opens IS NULL) = (student_closes IS NULL)),
  CHECK (student_closes IS NULL OR student_closes > student_opens),
  CHECK ((teacher_opens IS NULL) = (teacher_closes IS NULL)),
  CHECK (teacher_closes IS NULL OR teacher_closes > teacher_opens),
  CHECK ((central_opens IS NULL) = (central_closes IS NULL)),
  CHECK (central_closes IS NULL OR central_closes > central_opens)
){strict};

-- The right of one student to attempts at one test, under one enrolment. Comes from the student system.
CREATE TABLE entitlement (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  enrolment {uuid} NOT NULL,
  test {uuid} NOT NULL,
  -- Which system gave it, and its name there.
  source {text} NOT NULL,
  code {text} NOT NULL,
  attempts_used {int} NOT NULL,
  -- Beyond the first; empty is no limit.
  attempts_left {int},
  -- By when it should be sat: decides between two of them.
  due {date},
  state {text} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, source, code),
  CHECK (attempts_used >= 0 AND (attempts_left IS NULL OR attempts_left >= 0))
){strict};
CREATE INDEX entitlement_by_person ON entitlement (institution, person, test);
CREATE UNIQUE INDEX entitlement_valid ON entitlement (institution, enrolment, test) WHERE state = 'valid';

-- What somebody reached before: a unit or test passed or taken, here or elsewhere.
CREATE TABLE achievement (
  institution {uuid} NOT NULL,
  person {uuid} NOT NULL,
  kind {text} NOT NULL,
  -- The unit or the test.
  subject {uuid} NOT NULL,
  passed {bool} NOT NULL,
  source {text} NOT NULL,
  noted_at {time} NOT NULL,
  PRIMARY KEY (institution, person, kind, subject)
){strict};

-- What the committee decided: exempt from a test, or excluded from exams for a while.
CREATE TABLE ruling (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  kind {text} NOT NULL,
  -- Empty: every test.
  test {uuid},
  begins {date} NOT NULL,
  ends {date},
  reason {text} NOT NULL,
  withdrawn_at {time},
  PRIMARY KEY (institution, id),
  CHECK (ends IS NULL OR ends >= begins),
  CHECK (kind <> 'exemption' OR test IS NOT NULL),
  CHECK (kind <> 'exclusion' OR ends IS NOT NULL)
){strict};
CREATE INDEX ruling_by_person ON ruling (institution, person);

-- The wish to sit this test in this period.
CREATE TABLE registration (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  period {uuid} NOT NULL,
  person {uuid} NOT NULL,
  test {uuid} NOT NULL,
  entitlement {uuid} NOT NULL,
  campus {uuid},
  unit {uuid} NOT NULL,
  state {text} NOT NULL,
  channel {text} NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  late {bool} NOT NULL,
  reason {text},
  -- Lost its seat through no fault of the student.
  priority {bool} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  FOREIGN KEY (institution, period) REFERENCES exam_period (institution, id),
  FOREIGN KEY (institution, entitlement) REFERENCES entitlement (institution, id)
){strict};
-- One active wish per student, test and period, whoever asks at the same moment.
CREATE UNIQUE INDEX registration_active ON registration (institution, period, person, test)
  WHERE state IN ('requested', 'registered', 'frozen', 'booked');
CREATE INDEX registration_by_person ON registration (institution, person);
CREATE INDEX registration_by_test ON registration (institution, period, test, state);
CREATE INDEX registration_by_entitlement ON registration (institution, entitlement);

-- Demand as it was when the period was closed; what came or went afterwards is the difference.
CREATE TABLE frozen_demand (
  institution {uuid} NOT NULL,
  period {uuid} NOT NULL,
  campus {uuid},
  test {uuid} NOT NULL,
  total {int} NOT NULL,
  needs {int} NOT NULL,
  UNIQUE (institution, period, campus, test),
  FOREIGN KEY (institution, period) REFERENCES exam_period (institution, id)
){strict};
