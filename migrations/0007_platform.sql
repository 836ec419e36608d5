-- area: platform
-- What a school sets, writes and hears: its settings and regulation, mail and its texts, notices, its look.

-- Only what differs from the default stands here; the journal keeps what it was before.
CREATE TABLE setting (
  institution {uuid} NOT NULL,
  key {text} NOT NULL,
  value {text} NOT NULL,
  version {int} NOT NULL,
  changed_at {time} NOT NULL,
  PRIMARY KEY (institution, key)
){strict};

-- One version of the exam regulation. A published one never changes again.
CREATE TABLE regulation (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  number {int} NOT NULL,
  title {text} NOT NULL,
  introduction {text} NOT NULL,
  state {text} NOT NULL,
  begins {date} NOT NULL,
  drafted_by {uuid},
  drafted_at {time} NOT NULL,
  published_by {uuid},
  published_at {time},
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  UNIQUE (institution, number)
){strict};

-- Framework, rule, enforcement and evidence of one article. `article` stays the same from version to version.
CREATE TABLE regulation_article (
  institution {uuid} NOT NULL,
  regulation {uuid} NOT NULL,
  article {uuid} NOT NULL,
  position {int} NOT NULL,
  heading {text} NOT NULL,
  framework {text} NOT NULL,
  rule {text} NOT NULL,
  enforcement {text} NOT NULL,
  evidence {text} NOT NULL,
  PRIMARY KEY (institution, regulation, article),
  FOREIGN KEY (institution, regulation) REFERENCES regulation (institution, id)
){strict};

-- The settings an article justifies, with the value it states.
CREATE TABLE regulation_setting (
  institution {uuid} NOT NULL,
  regulation {uuid} NOT NULL,
  article {uuid} NOT NULL,
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (institution, regulation, article, key),
  FOREIGN KEY (institution, regulation, article) REFERENCES regulation_article (institution, regulation, article)
){strict};

-- Mail that was dealt with, under the id of its outbox row. What it said is kept in a demo school only.
CREATE TABLE mail (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid},
  sender {text} NOT NULL,
  reply_to {text},
  recipient {text} NOT NULL,
  template {text} NOT NULL,
  language {text} NOT NULL,
  subject {text} NOT NULL,
  plain {text},
  html {text},
  calendar {text},
  state {text} NOT NULL,
  said {text},
  written_at {time} NOT NULL,
  settled_at {time} NOT NULL,
  PRIMARY KEY (institution, id)
){strict};
CREATE INDEX mail_by_time ON mail (institution, settled_at, id);

-- A school's own text of a mail, in the place of the house's.
CREATE TABLE mail_text (
  institution {uuid} NOT NULL,
  name {text} NOT NULL,
  language {text} NOT NULL,
  subject {text} NOT NULL,
  plain {text} NOT NULL,
  html {text},
  version {int} NOT NULL,
  changed_at {time} NOT NULL,
  fault {text},
  PRIMARY KEY (institution, name, language)
){strict};

-- What somebody should know. Texts are codes and arguments; the reader's language makes the sentence.
CREATE TABLE notice (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  code {text} NOT NULL,
  arguments {text} NOT NULL,
  place {text},
  made_at {time} NOT NULL,
  read_at {time},
  PRIMARY KEY (institution, id)
){strict};
CREATE INDEX notice_by_person ON notice (institution, person, made_at, id);
CREATE INDEX notice_unread ON notice (institution, person) WHERE read_at IS NULL;

-- A school's own colour and mark.
CREATE TABLE brand (
  institution {uuid} NOT NULL PRIMARY KEY,
  colour {text},
  colour_dark {text},
  logo {bytes},
  logo_type {text},
  version {int} NOT NULL,
  changed_at {time} NOT NULL
){strict};
