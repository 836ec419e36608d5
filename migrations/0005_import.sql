-- area: people
-- Sheets on their way in: what was handed in, which column is what, and what each row would do. Nothing of the school
-- changes before an import is carried out; the rows are forgotten some time after.

CREATE TABLE import (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind {text} NOT NULL,
  file_name {text} NOT NULL,
  file {text} NOT NULL,
  sheet {text},
  header_row {int} NOT NULL,
  headers {text} NOT NULL,
  mapping {text} NOT NULL,
  state {text} NOT NULL,
  -- Which attempt at judging the rows are from: an older one writes nothing more.
  run {int} NOT NULL,
  staged {bool} NOT NULL,
  total {int} NOT NULL,
  done {int} NOT NULL,
  new_rows {int} NOT NULL,
  changed_rows {int} NOT NULL,
  same_rows {int} NOT NULL,
  refused_rows {int} NOT NULL,
  fault {text},
  person {uuid},
  role {text},
  scope_kind {text} NOT NULL,
  scope {uuid},
  begun_at {time} NOT NULL,
  settled_at {time},
  forgotten {bool} NOT NULL,
  PRIMARY KEY (institution, id)
){strict};
CREATE INDEX import_by_age ON import (institution, begun_at);

CREATE TABLE import_row (
  institution {uuid} NOT NULL,
  import {uuid} NOT NULL,
  number {int} NOT NULL,
  -- The id of what this row adds, if it adds something.
  fresh {uuid} NOT NULL,
  cells {text} NOT NULL,
  found {text} NOT NULL,
  outcome {text},
  subject {uuid},
  label {text} NOT NULL,
  search {text} NOT NULL,
  faults {text} NOT NULL,
  changes {text} NOT NULL,
  PRIMARY KEY (institution, import, number),
  FOREIGN KEY (institution, import) REFERENCES import (institution, id)
){strict};
CREATE INDEX import_row_by_outcome ON import_row (institution, import, outcome, number);
CREATE INDEX import_row_by_subject ON import_row (institution, subject);

-- Which column a header was the last time; without a key it was left out.
CREATE TABLE import_header (
  institution {uuid} NOT NULL,
  kind {text} NOT NULL,
  header {text} NOT NULL,
  key {text},
  PRIMARY KEY (institution, kind, header)
){strict};

-- Who was merged into somebody: their histories are read as one.
CREATE INDEX person_by_merger ON person (institution, merged_into) WHERE merged_into IS NOT NULL;
