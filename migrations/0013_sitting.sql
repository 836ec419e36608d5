-- area: planning
-- Sittings with their room, time and staff, and the seats in them.

-- Whoever plans or books somebody or something takes its row first, persons before rooms, each in the order of their
-- ids: so two who want the same at the same moment go one after the other, and neither waits for the other for ever.
CREATE TABLE agenda (
  institution {uuid} NOT NULL,
  subject {uuid} NOT NULL,
  taken {int} NOT NULL,
  PRIMARY KEY (institution, subject)
){strict};

CREATE TABLE exam_session (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  period {uuid} NOT NULL,
  test {uuid} NOT NULL,
  instrument_version {uuid},
  campus {uuid} NOT NULL,
  room {uuid} NOT NULL,
  starts_at {time} NOT NULL,
  -- Until when the room is booked: the longest extra time ends before it.
  ends_at {time} NOT NULL,
  -- Of the test, without anybody's extra time.
  minutes {int} NOT NULL,
  -- For who needs a room apart.
  own_room {bool} NOT NULL,
  state {text} NOT NULL,
  seats {int} NOT NULL,
  taken {int} NOT NULL,
  published_at {time},
  -- Of its calendar entry; rises with every change that people are told.
  sequence {int} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  CHECK (ends_at > starts_at),
  CHECK (seats >= 1 AND taken >= 0 AND taken <= seats),
  FOREIGN KEY (institution, period) REFERENCES exam_period (institution, id)
){strict};
CREATE INDEX exam_session_by_period ON exam_session (institution, period, starts_at);
CREATE INDEX exam_session_by_room ON exam_session (institution, room, starts_at);

CREATE TABLE session_staff (
  institution {uuid} NOT NULL,
  session {uuid} NOT NULL,
  person {uuid} NOT NULL,
  part {text} NOT NULL,
  PRIMARY KEY (institution, session, person),
  FOREIGN KEY (institution, session) REFERENCES exam_session (institution, id)
){strict};
CREATE INDEX session_staff_by_person ON session_staff (institution, person);

CREATE TABLE booking (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  session {uuid} NOT NULL,
  registration {uuid} NOT NULL,
  person {uuid} NOT NULL,
  state {text} NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  -- One's own: with one's own extra time.
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  extra_minutes {int} NOT NULL,
  reason {text},
  version {int} NOT NULL,
  PRIMARY KEY (institution, id),
  FOREIGN KEY (institution, session) REFERENCES exam_session (institution, id),
  FOREIGN KEY (institution, registration) REFERENCES registration (institution, id)
){strict};
CREATE UNIQUE INDEX booking_confirmed ON booking (institution, registration) WHERE state = 'confirmed';
CREATE INDEX booking_by_session ON booking (institution, session, state);
CREATE INDEX booking_by_person ON booking (institution, person, starts_at);
