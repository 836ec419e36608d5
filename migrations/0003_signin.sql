-- area: signin
-- Accounts stand above schools; a person stands inside one. Columns that point into a school are called at_*.
-- above tenants: account, account_person, sign_in, one_time, second_factor, recovery_code

CREATE TABLE account (
  id {uuid} NOT NULL PRIMARY KEY,
  mail {text} NOT NULL UNIQUE,
  password {text},
  failures {int} NOT NULL DEFAULT 0,
  locked_until {time},
  language {text},
  closed_at {time},
  created_at {time} NOT NULL
){strict};

CREATE TABLE account_person (
  account {uuid} NOT NULL REFERENCES account (id),
  at_institution {uuid} NOT NULL,
  at_person {uuid} NOT NULL,
  PRIMARY KEY (account, at_institution, at_person)
){strict};
CREATE UNIQUE INDEX account_person_by_person ON account_person (at_institution, at_person);

-- A signed-in browser. The token itself is only in the browser; here stands its hash.
CREATE TABLE sign_in (
  id {uuid} NOT NULL PRIMARY KEY,
  token {bytes} NOT NULL UNIQUE,
  account {uuid} NOT NULL REFERENCES account (id),
  at_institution {uuid} NOT NULL,
  at_person {uuid} NOT NULL,
  at_role {uuid},
  begun_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  idle_minutes {int} NOT NULL,
  strong {bool} NOT NULL,
  agent {text} NOT NULL,
  ended_at {time}
){strict};
CREATE INDEX sign_in_by_account ON sign_in (account, begun_at);

-- Links and half-way states that work once: second step, password reset, invitation.
CREATE TABLE one_time (
  token {bytes} NOT NULL PRIMARY KEY,
  purpose {text} NOT NULL,
  account {uuid} REFERENCES account (id),
  at_institution {uuid},
  at_person {uuid},
  failures {int} NOT NULL DEFAULT 0,
  ends_at {time} NOT NULL,
  used_at {time}
){strict};

CREATE TABLE second_factor (
  account {uuid} NOT NULL PRIMARY KEY REFERENCES account (id),
  secret {bytes} NOT NULL,
  confirmed_at {time},
  last_step {int} NOT NULL DEFAULT 0
){strict};

CREATE TABLE recovery_code (
  account {uuid} NOT NULL REFERENCES account (id),
  code {bytes} NOT NULL,
  used_at {time},
  PRIMARY KEY (account, code)
){strict};
