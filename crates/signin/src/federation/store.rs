use jiff::Timestamp;
use regie_core::id::{AccountId, IdentityProviderId, InstitutionId, PersonId};
use regie_db::{global_statements, row, statements};

row! {
    pub(super) struct Kept {
        pub id: IdentityProviderId,
        pub at_institution: InstitutionId,
        pub name: String,
        pub issuer: String,
        pub client: String,
        pub secret: Option<Vec<u8>>,
        pub mapping: String,
        pub active: bool,
    }

    /// By which provider somebody comes in, and how that was known.
    pub struct Linked {
        pub provider: IdentityProviderId,
        pub name: String,
        pub linked_by: String,
        pub linked_at: Timestamp,
    }

    pub(super) struct Waiting {
        pub provider: IdentityProviderId,
        pub subject: String,
        pub ends_at: Timestamp,
    }

    pub(super) struct Step {
        pub provider: IdentityProviderId,
        pub back: String,
        pub ends_at: Timestamp,
    }
}

global_statements! {
    pub(super) fn insert(
        id: IdentityProviderId, at_institution: InstitutionId, name: &str, issuer: &str, client: &str,
        secret: Option<&[u8]>, mapping: &str, now: Timestamp,
    ) = "INSERT INTO identity_provider (id, at_institution, name, issuer, client, secret, mapping, active, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, {true}, $8)";

    pub(super) fn end(id: IdentityProviderId, at_institution: InstitutionId, now: Timestamp) =
        "UPDATE identity_provider SET active = {false}, changed_at = $3
         WHERE id = $1 AND at_institution = $2 AND active";

    pub(super) fn by_id(id: IdentityProviderId) -> Kept =
        "SELECT id, at_institution, name, issuer, client, secret, mapping, active FROM identity_provider
         WHERE id = $1";

    pub(super) fn by_institution(at_institution: InstitutionId) -> Kept =
        "SELECT id, at_institution, name, issuer, client, secret, mapping, active FROM identity_provider
         WHERE at_institution = $1 ORDER BY name, id";

    pub(super) fn active() -> Kept =
        "SELECT id, at_institution, name, issuer, client, secret, mapping, active FROM identity_provider
         WHERE active ORDER BY name, id";

    pub(super) fn of_account(account: AccountId) -> Kept =
        "SELECT p.id, p.at_institution, p.name, p.issuer, p.client, p.secret, p.mapping, p.active
         FROM identity_provider p JOIN federated_account f ON f.provider = p.id
         WHERE f.account = $1 AND p.active ORDER BY p.name, p.id";

    pub(super) fn sealed() -> (IdentityProviderId, Vec<u8>) =
        "SELECT id, secret FROM identity_provider WHERE secret IS NOT NULL";

    pub(super) fn set_secret(id: IdentityProviderId, old: &[u8], new: &[u8]) =
        "UPDATE identity_provider SET secret = $3 WHERE id = $1 AND secret = $2";

    pub(super) fn leave(token: &[u8], provider: IdentityProviderId, back: &str, ends_at: Timestamp) =
        "INSERT INTO federation_step (token, provider, back, ends_at) VALUES ($1, $2, $3, $4)";

    pub(super) fn forget_steps(now: Timestamp) = "DELETE FROM federation_step WHERE ends_at <= $1";

    pub(super) fn step(token: &[u8]) -> Step =
        "SELECT provider, back, ends_at FROM federation_step WHERE token = $1 AND used_at IS NULL";

    pub(super) fn use_step(token: &[u8], at: Timestamp) =
        "UPDATE federation_step SET used_at = $2 WHERE token = $1 AND used_at IS NULL AND ends_at > $2";

    pub(super) fn linked(provider: IdentityProviderId, subject: &str) -> (AccountId,) =
        "SELECT f.account FROM federated_account f JOIN account a ON a.id = f.account AND a.closed_at IS NULL
         WHERE f.provider = $1 AND f.subject = $2";

    pub(super) fn link(
        provider: IdentityProviderId, subject: &str, account: AccountId, linked_by: &str, at: Timestamp,
    ) = "INSERT INTO federated_account (provider, subject, account, linked_by, linked_at)
         VALUES ($1, $2, $3, $4, $5)";

    pub(super) fn links(account: AccountId, at_institution: InstitutionId) -> Linked =
        "SELECT f.provider, p.name, f.linked_by, f.linked_at FROM federated_account f
         JOIN identity_provider p ON p.id = f.provider AND p.at_institution = $2
         WHERE f.account = $1 ORDER BY p.name, f.subject";

    pub(super) fn unlink(provider: IdentityProviderId, account: AccountId, at_institution: InstitutionId) =
        "DELETE FROM federated_account WHERE provider = $1 AND account = $2
           AND EXISTS (SELECT 1 FROM identity_provider p WHERE p.id = $1 AND p.at_institution = $3)";

    /// The code stays the same as long as it lasts.
    pub(super) fn wait(provider: IdentityProviderId, subject: &str, code: &str, ends_at: Timestamp) =
        "INSERT INTO federation_unknown (provider, subject, code, ends_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (provider, subject) DO UPDATE SET ends_at = excluded.ends_at";

    pub(super) fn code_of(provider: IdentityProviderId, subject: &str) -> (String,) =
        "SELECT code FROM federation_unknown WHERE provider = $1 AND subject = $2";

    pub(super) fn waiting(code: &str, at_institution: InstitutionId) -> Waiting =
        "SELECT u.provider, u.subject, u.ends_at FROM federation_unknown u
         JOIN identity_provider p ON p.id = u.provider AND p.at_institution = $2 AND p.active
         WHERE u.code = $1";

    pub(super) fn waited(provider: IdentityProviderId, subject: &str) =
        "DELETE FROM federation_unknown WHERE provider = $1 AND subject = $2";

    pub(super) fn forget_waiting(now: Timestamp) = "DELETE FROM federation_unknown WHERE ends_at <= $1";

    pub(super) fn note_logout(provider: IdentityProviderId, message: &str, ends_at: Timestamp) =
        "INSERT INTO logout_seen (provider, message, ends_at) VALUES ($1, $2, $3)";

    pub(super) fn forget_logouts(now: Timestamp) = "DELETE FROM logout_seen WHERE ends_at <= $1";
}

statements! {
    pub(super) fn by_code(kind: &str, code: &str) -> (PersonId,) =
        "SELECT c.person FROM pub_person_code c
         JOIN pub_person p ON p.institution = $1 AND p.id = c.person AND p.state = 'active'
         WHERE c.institution = $1 AND c.kind = $2 AND c.code = $3";

    pub(super) fn by_number(number: &str) -> (PersonId,) =
        "SELECT id FROM pub_person WHERE institution = $1 AND number = $2 AND state = 'active' ORDER BY id";

    pub(super) fn by_mail(mail: &str) -> (PersonId,) =
        "SELECT id FROM pub_person WHERE institution = $1 AND lower(mail) = $2 AND state = 'active' ORDER BY id";
}
