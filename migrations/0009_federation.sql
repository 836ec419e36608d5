-- area: signin
-- Who else signs people in for a school, whom they signed in, and keys that people carry.
-- above tenants: identity_provider, federated_account, federation_step, logout_seen, passkey

CREATE TABLE identity_provider (
  id {uuid} NOT NULL PRIMARY KEY,
  at_institution {uuid} NOT NULL,
  name {text} NOT NULL,
  issuer {text} NOT NULL,
  client {text} NOT NULL,
  secret {bytes},
  mapping {text} NOT NULL,
  active {bool} NOT NULL,
  changed_at {time} NOT NULL
){strict};
CREATE INDEX identity_provider_by_institution ON identity_provider (at_institution, name);

CREATE TABLE federated_account (
  provider {uuid} NOT NULL REFERENCES identity_provider (id),
  subject {text} NOT NULL,
  account {uuid} NOT NULL REFERENCES account (id),
  linked_by {text} NOT NULL,
  linked_at {time} NOT NULL,
  PRIMARY KEY (provider, subject)
){strict};
CREATE INDEX federated_account_by_account ON federated_account (account);

-- On the way to a provider and back: one row per browser that left.
CREATE TABLE federation_step (
  token {bytes} NOT NULL PRIMARY KEY,
  provider {uuid} NOT NULL REFERENCES identity_provider (id),
  back {text} NOT NULL,
  ends_at {time} NOT NULL,
  used_at {time}
){strict};
CREATE INDEX federation_step_by_end ON federation_step (ends_at);

-- Messages by which a provider ended a sign-in; each counts once.
CREATE TABLE logout_seen (
  provider {uuid} NOT NULL REFERENCES identity_provider (id),
  message {text} NOT NULL,
  ends_at {time} NOT NULL,
  PRIMARY KEY (provider, message)
){strict};

CREATE TABLE passkey (
  credential {bytes} NOT NULL PRIMARY KEY,
  account {uuid} NOT NULL REFERENCES account (id),
  public_key {bytes} NOT NULL,
  algorithm {int} NOT NULL,
  uses {int} NOT NULL,
  name {text} NOT NULL,
  created_at {time} NOT NULL,
  used_at {time}
){strict};
CREATE INDEX passkey_by_account ON passkey (account);
