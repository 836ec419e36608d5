-- area: signin
-- Programs that ask on behalf of a school, and what they show to be let in. Secrets and tokens stand here as hashes.
-- above tenants: api_client, api_token

CREATE TABLE api_client (
  id {uuid} NOT NULL PRIMARY KEY,
  at_institution {uuid} NOT NULL,
  name {text} NOT NULL,
  role {text} NOT NULL,
  scopes {text} NOT NULL,
  secret {bytes} NOT NULL,
  old_secret {bytes},
  old_ends_at {time},
  owner {uuid},
  created_at {time} NOT NULL,
  rotated_at {time} NOT NULL,
  used_at {time},
  revoked_at {time}
){strict};
CREATE INDEX api_client_by_institution ON api_client (at_institution, name);

CREATE TABLE api_token (
  token {bytes} NOT NULL PRIMARY KEY,
  client {uuid} NOT NULL REFERENCES api_client (id),
  scopes {text} NOT NULL,
  ends_at {time} NOT NULL
){strict};
CREATE INDEX api_token_by_client ON api_token (client, ends_at);
