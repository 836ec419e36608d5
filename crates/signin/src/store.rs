//! The SQL of signing in. Most of it stands above schools.

use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Role;
use regie_core::id::{AccountId, InstitutionId, PersonId, RoleAssignmentId, SignInId};
use regie_core::institution::State;
use regie_db::{global_statements, row, statements};
use uuid::Uuid;

row! {
    pub(crate) struct Account {
        pub id: AccountId,
        pub mail: String,
        pub password: Option<String>,
        pub failures: i64,
        pub locked_until: Option<Timestamp>,
    }

    pub(crate) struct Place {
        pub at_institution: InstitutionId,
        pub at_person: PersonId,
    }

    pub(crate) struct Browser {
        pub id: SignInId,
        pub account: AccountId,
        pub mail: String,
        pub at_institution: InstitutionId,
        pub at_person: PersonId,
        pub at_role: Option<RoleAssignmentId>,
        pub begun_at: Timestamp,
        pub seen_at: Timestamp,
        pub ends_at: Timestamp,
        pub idle_minutes: i64,
        pub strong: bool,
        pub bound: bool,
        pub agent: String,
    }

    pub(crate) struct OneTime {
        pub account: Option<AccountId>,
        pub at_institution: Option<InstitutionId>,
        pub at_person: Option<PersonId>,
        pub failures: i64,
        pub ends_at: Timestamp,
    }

    pub(crate) struct Factor {
        pub secret: Vec<u8>,
        pub confirmed_at: Option<Timestamp>,
        pub last_step: i64,
    }

    /// A role somebody may act in.
    pub(crate) struct HatRow {
        pub id: RoleAssignmentId,
        pub role: Role,
        pub scope_kind: String,
        pub scope: Option<Uuid>,
        pub scope_name: Option<String>,
        pub institution_name: String,
        pub institution_state: State,
    }

    pub(crate) struct Named {
        pub display_name: String,
        pub mail: Option<String>,
        pub state: String,
        pub institution_name: String,
    }
}

global_statements! {
    pub(crate) fn add_account(id: AccountId, mail: &str, password: Option<&str>, created_at: Timestamp) =
        "INSERT INTO account (id, mail, password, created_at) VALUES ($1, $2, $3, $4)";

    pub(crate) fn account_by_mail(mail: &str) -> Account =
        "SELECT id, mail, password, failures, locked_until FROM account WHERE mail = $1 AND closed_at IS NULL";

    pub(crate) fn account_by_id(id: AccountId) -> Account =
        "SELECT id, mail, password, failures, locked_until FROM account WHERE id = $1 AND closed_at IS NULL";

    pub(crate) fn count_browsers(now: Timestamp) -> (i64,) =
        "SELECT count(*) FROM sign_in WHERE ended_at IS NULL AND ends_at > $1";

    pub(crate) fn set_failures(id: AccountId, failures: i64, locked_until: Option<Timestamp>) =
        "UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1";

    pub(crate) fn set_password(id: AccountId, password: &str) =
        "UPDATE account SET password = $2, failures = 0, locked_until = NULL WHERE id = $1";

    pub(crate) fn add_place(account: AccountId, at_institution: InstitutionId, at_person: PersonId) =
        "INSERT INTO account_person (account, at_institution, at_person) VALUES ($1, $2, $3)";

    /// The institutions that ever granted something to this one.
    pub(crate) fn granting(to: InstitutionId) -> (InstitutionId,) =
        "SELECT DISTINCT at_institution FROM pub_grant_place WHERE to_institution = $1 ORDER BY at_institution";

    pub(crate) fn institution(id: InstitutionId) -> (State, String) =
        "SELECT state, name FROM pub_institution WHERE id = $1";

    pub(crate) fn places(account: AccountId) -> Place =
        "SELECT at_institution, at_person FROM account_person WHERE account = $1
         ORDER BY at_institution, at_person";

    pub(crate) fn account_of(at_institution: InstitutionId, at_person: PersonId) -> Account =
        "SELECT a.id, a.mail, a.password, a.failures, a.locked_until FROM account a
         JOIN account_person p ON p.account = a.id
         WHERE p.at_institution = $1 AND p.at_person = $2 AND a.closed_at IS NULL";

    pub(crate) fn add_browser(
        id: SignInId, token: &[u8], account: AccountId, at_institution: InstitutionId, at_person: PersonId,
        at_role: Option<RoleAssignmentId>, now: Timestamp, ends_at: Timestamp, idle_minutes: i64, strong: bool,
        bound: bool, agent: &str,
    ) = "INSERT INTO sign_in (id, token, account, at_institution, at_person, at_role, begun_at, seen_at, ends_at,
            idle_minutes, strong, bound, agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12)";

    pub(crate) fn browser(token: &[u8]) -> Browser =
        "SELECT s.id, s.account, a.mail, s.at_institution, s.at_person, s.at_role, s.begun_at, s.seen_at, s.ends_at,
            s.idle_minutes, s.strong, s.bound, s.agent
         FROM sign_in s JOIN account a ON a.id = s.account AND a.closed_at IS NULL
         WHERE s.token = $1 AND s.ended_at IS NULL";

    pub(crate) fn browsers(account: AccountId) -> Browser =
        "SELECT s.id, s.account, a.mail, s.at_institution, s.at_person, s.at_role, s.begun_at, s.seen_at, s.ends_at,
            s.idle_minutes, s.strong, s.bound, s.agent
         FROM sign_in s JOIN account a ON a.id = s.account
         WHERE s.account = $1 AND s.ended_at IS NULL ORDER BY s.seen_at DESC, s.id";

    pub(crate) fn seen(id: SignInId, at: Timestamp) =
        "UPDATE sign_in SET seen_at = $2 WHERE id = $1";

    pub(crate) fn wear(id: SignInId, at_institution: InstitutionId, at_person: PersonId, at_role: RoleAssignmentId) =
        "UPDATE sign_in SET at_institution = $2, at_person = $3, at_role = $4 WHERE id = $1 AND ended_at IS NULL";

    pub(crate) fn end_browser(id: SignInId, account: AccountId, at: Timestamp) =
        "UPDATE sign_in SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL";

    pub(crate) fn end_all(account: AccountId, at: Timestamp) =
        "UPDATE sign_in SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL";

    pub(crate) fn end_others(account: AccountId, id: SignInId, at: Timestamp) =
        "UPDATE sign_in SET ended_at = $3 WHERE account = $1 AND id <> $2 AND ended_at IS NULL";

    /// Links of this kind that were mailed and not used.
    pub(crate) fn end_links(account: AccountId, purpose: &str, at: Timestamp) =
        "UPDATE one_time SET used_at = $3 WHERE account = $1 AND purpose = $2 AND used_at IS NULL";

    pub(crate) fn add_one_time(
        token: &[u8], purpose: &str, account: Option<AccountId>, at_institution: Option<InstitutionId>,
        at_person: Option<PersonId>, ends_at: Timestamp,
    ) = "INSERT INTO one_time (token, purpose, account, at_institution, at_person, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6)";

    pub(crate) fn one_time(token: &[u8], purpose: &str) -> OneTime =
        "SELECT account, at_institution, at_person, failures, ends_at FROM one_time
         WHERE token = $1 AND purpose = $2 AND used_at IS NULL";

    pub(crate) fn use_one_time(token: &[u8], at: Timestamp) =
        "UPDATE one_time SET used_at = $2 WHERE token = $1 AND used_at IS NULL AND ends_at > $2";

    pub(crate) fn fail_one_time(token: &[u8]) =
        "UPDATE one_time SET failures = failures + 1 WHERE token = $1";

    pub(crate) fn factor(account: AccountId) -> Factor =
        "SELECT secret, confirmed_at, last_step FROM second_factor WHERE account = $1";

    pub(crate) fn put_factor(account: AccountId, secret: &[u8]) =
        "INSERT INTO second_factor (account, secret) VALUES ($1, $2)
         ON CONFLICT (account) DO UPDATE SET secret = $2, last_step = 0
         WHERE second_factor.confirmed_at IS NULL";

    pub(crate) fn factor_secrets() -> (AccountId, Vec<u8>) = "SELECT account, secret FROM second_factor";

    pub(crate) fn set_factor_secret(account: AccountId, old: &[u8], new: &[u8]) =
        "UPDATE second_factor SET secret = $3 WHERE account = $1 AND secret = $2";

    pub(crate) fn factors(account: AccountId) -> (i64,) =
        "SELECT (SELECT count(*) FROM second_factor WHERE account = $1 AND confirmed_at IS NOT NULL)
            + (SELECT count(*) FROM passkey WHERE account = $1) AS factors";

    pub(crate) fn drop_passkeys(account: AccountId) = "DELETE FROM passkey WHERE account = $1";

    pub(crate) fn drop_factor(account: AccountId) = "DELETE FROM second_factor WHERE account = $1";

    /// Proved with a key bound to one device, which knew who held it.
    pub(crate) fn bind(id: SignInId) = "UPDATE sign_in SET strong = {true}, bound = {true} WHERE id = $1";

    pub(crate) fn bound_keys(account: AccountId) -> (i64,) =
        "SELECT count(*) FROM passkey WHERE account = $1 AND bound = {true}";

    pub(crate) fn strengthen(id: SignInId) = "UPDATE sign_in SET strong = {true} WHERE id = $1";

    pub(crate) fn confirm_factor(account: AccountId, at: Timestamp, step: i64) =
        "UPDATE second_factor SET confirmed_at = $2, last_step = $3 WHERE account = $1 AND confirmed_at IS NULL";

    /// A code works once: the step must move on.
    pub(crate) fn spend_step(account: AccountId, step: i64) =
        "UPDATE second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2";

    pub(crate) fn add_recovery(account: AccountId, code: &[u8]) =
        "INSERT INTO recovery_code (account, code) VALUES ($1, $2)";

    pub(crate) fn drop_recovery(account: AccountId) =
        "DELETE FROM recovery_code WHERE account = $1";

    pub(crate) fn spend_recovery(account: AccountId, code: &[u8], at: Timestamp) =
        "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at IS NULL";
}

statements! {
    pub(crate) fn hats(person: PersonId, today: Date) -> HatRow =
        "SELECT r.id, r.role, r.scope_kind, r.scope,
            (SELECT u.name FROM pub_unit u WHERE u.institution = $1 AND u.id = r.scope) AS scope_name,
            i.name AS institution_name, i.state AS institution_state
         FROM pub_role r JOIN pub_person p ON p.institution = $1 AND p.id = r.person AND p.state = 'active'
         JOIN pub_institution i ON i.id = $1
         WHERE r.institution = $1 AND r.person = $2 AND r.withdrawn_at IS NULL
           AND r.begins <= $3 AND (r.ends IS NULL OR r.ends >= $3)
         ORDER BY r.role, r.id";

    /// What this institution granted to another, and holds today.
    pub(crate) fn granted(to: InstitutionId, today: Date) -> HatRow =
        "SELECT g.id, g.role, g.scope_kind, g.scope,
            (SELECT u.name FROM pub_unit u WHERE u.institution = $1 AND u.id = g.scope) AS scope_name,
            i.name AS institution_name, i.state AS institution_state
         FROM pub_grant g JOIN pub_institution i ON i.id = $1
         WHERE g.institution = $1 AND g.to_institution = $2 AND g.revoked_at IS NULL
           AND g.begins <= $3 AND g.ends >= $3
         ORDER BY g.role, g.id";

    pub(crate) fn person(id: PersonId) -> Named =
        "SELECT display_name, mail, state,
            coalesce((SELECT i.name FROM pub_institution i WHERE i.id = $1), '') AS institution_name
         FROM pub_person WHERE institution = $1 AND id = $2";

}

// An account may stand in several schools: where it is known it stays as it is, second factor included. Where it is
// not, its second step is made anew: the old one is sealed under a key that stays.
regie_db::travels! {
    account: "id IN (SELECT account FROM account_person WHERE at_institution = $1)", same "mail";
    account_person: "at_institution = $1", keep;
}

regie_db::stays! {
    sign_in: "a browser is signed in at one installation";
    one_time: "a link leads to the installation that sent it";
    second_factor: "it is sealed under the installation's own key";
    recovery_code: "it stands in for a second factor, which stays";
    passkey: "it answers to the address of one installation";
    identity_provider: "its secret is sealed, and it knows one address to come back to";
    federated_account: "it belongs to a provider, which stays";
    federation_unknown: "it belongs to a provider, which stays";
    federation_step: "a browser is on its way to one installation";
    logout_seen: "it belongs to a provider, which stays";
}
