-- area: people
-- An organisation finds the schools that granted it something, and an institution may be edited by one at a time.
-- above tenants: grant_place

CREATE TABLE grant_place (
  at_grant {uuid} NOT NULL PRIMARY KEY,
  to_institution {uuid} NOT NULL,
  at_institution {uuid} NOT NULL
){strict};
CREATE INDEX grant_place_by_holder ON grant_place (to_institution, at_institution);
INSERT INTO grant_place (at_grant, to_institution, at_institution)
  SELECT id, to_institution, institution FROM institution_grant;

ALTER TABLE institution ADD COLUMN version {int} NOT NULL DEFAULT 1;
