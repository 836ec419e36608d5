-- area: signin
-- Keys that stay in one device and know who holds them, and people whom a provider knows and we do not.
-- above tenants: federation_unknown

ALTER TABLE passkey ADD COLUMN bound {bool} NOT NULL DEFAULT {false};
ALTER TABLE sign_in ADD COLUMN bound {bool} NOT NULL DEFAULT {false};

-- Who came in through a provider and was not found: told a code, by which an administrator can link them by hand.
CREATE TABLE federation_unknown (
  provider {uuid} NOT NULL REFERENCES identity_provider (id),
  subject {text} NOT NULL,
  code {text} NOT NULL UNIQUE,
  ends_at {time} NOT NULL,
  PRIMARY KEY (provider, subject)
){strict};
CREATE INDEX federation_unknown_by_end ON federation_unknown (ends_at);
