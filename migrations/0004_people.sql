-- area: people
-- What two people may edit has a version; what people look for has words to find it by.

ALTER TABLE unit ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE campus ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE room ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE company ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE program ADD COLUMN crebo {text};
ALTER TABLE program ADD COLUMN search {text} NOT NULL DEFAULT '';
ALTER TABLE program ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE program_offering ADD COLUMN search {text} NOT NULL DEFAULT '';
ALTER TABLE program_offering ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE program_enrolment ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE learning_group ADD COLUMN search {text} NOT NULL DEFAULT '';
ALTER TABLE learning_group ADD COLUMN version {int} NOT NULL DEFAULT 1;

CREATE INDEX program_offering_by_program ON program_offering (institution, program);
CREATE INDEX person_by_company ON person (institution, company);
CREATE INDEX company_by_name ON company (institution, name, id);
CREATE UNIQUE INDEX company_by_code ON company (institution, code);
