-- area: db
-- The ground under every area: what happened (journal), what must still leave (outbox), what was already asked (request).

CREATE TABLE journal (
  stamp {stamp},
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  recorded_at {time} NOT NULL,
  occurred_at {time} NOT NULL,
  account {uuid},
  person {uuid},
  client {uuid},
  role {text},
  mandate {uuid},
  source {text} NOT NULL,
  device {uuid},
  device_sequence {int},
  action {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject {uuid} NOT NULL,
  reason {text},
  payload {text},
  salt {bytes},
  erased_at {time},
  UNIQUE (institution, id)
){strict};
CREATE INDEX journal_by_stamp ON journal (institution, stamp, id);
CREATE INDEX journal_by_subject ON journal (institution, subject, recorded_at);

CREATE TABLE journal_head (
  institution {uuid} NOT NULL PRIMARY KEY,
  seq {int} NOT NULL,
  chain {bytes} NOT NULL,
  stamp {int} NOT NULL,
  entry {uuid} NOT NULL
){strict};

-- One row seals up to a thousand lines: `seq` is the first line's, the blobs hold one value per line.
CREATE TABLE journal_seal (
  institution {uuid} NOT NULL,
  seq {int} NOT NULL,
  lines {int} NOT NULL,
  entries {bytes} NOT NULL,
  commitments {bytes} NOT NULL,
  chains {bytes} NOT NULL,
  PRIMARY KEY (institution, seq)
){strict};

CREATE TABLE journal_checkpoint (
  institution {uuid} NOT NULL,
  seq {int} NOT NULL,
  chain {bytes} NOT NULL,
  made_at {time} NOT NULL,
  public_key {bytes} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (institution, seq)
){strict};

CREATE TABLE request (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  account {uuid},
  command {text} NOT NULL,
  answer {text} NOT NULL,
  recorded_at {time} NOT NULL,
  PRIMARY KEY (institution, id)
){strict};
CREATE INDEX request_by_age ON request (recorded_at);

CREATE TABLE outbox (
  position {serial},
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  subject_kind {text} NOT NULL,
  subject {uuid} NOT NULL,
  event {text} NOT NULL,
  version {int} NOT NULL,
  payload {text} NOT NULL,
  recorded_at {time} NOT NULL,
  due_at {time} NOT NULL,
  attempts {int} NOT NULL DEFAULT 0,
  lease {uuid},
  leased_until {time},
  dead_at {time},
  error {text},
  UNIQUE (institution, id)
){strict};
CREATE INDEX outbox_by_due ON outbox (institution, due_at, position);
CREATE INDEX outbox_by_lease ON outbox (institution, lease) WHERE lease IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (institution, position) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_by_subject ON outbox (institution, subject, position);

CREATE TABLE consumed (
  institution {uuid} NOT NULL,
  consumer {text} NOT NULL,
  outbox {uuid} NOT NULL,
  recorded_at {time} NOT NULL,
  PRIMARY KEY (institution, consumer, outbox)
){strict};
CREATE INDEX consumed_by_age ON consumed (recorded_at);

CREATE TABLE lease (
  name {text} NOT NULL PRIMARY KEY,
  holder {uuid} NOT NULL,
  until {time} NOT NULL,
  fence {int} NOT NULL
){strict};
-- above tenants: lease
