//! What goes wrong at signing in. The sentences never tell whether an account exists.

use regie_access::{Refusal, db_code, db_standing};
use regie_core::{Standing, Told};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Wrong mail, wrong password, closed account: one answer for all.
    #[error("mail or password is not right")]
    Wrong,
    #[error("too many failures; locked for {minutes} minutes")]
    Locked { minutes: i64 },
    #[error("the code is not right")]
    CodeWrong,
    /// The link or the second step was used, has expired, or never was.
    #[error("this link no longer works")]
    LinkExpired,
    #[error("the password has fewer than {0} characters")]
    PasswordShort(usize),
    #[error("the password has more than {0} characters")]
    PasswordLong(usize),
    #[error("the password is easy to guess")]
    PasswordWeak,
    #[error("the present password is not right")]
    PasswordPresent,
    #[error("the new password is the present one")]
    PasswordSame,
    /// Only a provider signs this account in.
    #[error("this account has no password here")]
    PasswordElsewhere,
    /// The role asks for a passkey that stays in one device, and this account has one.
    #[error("only the passkey of this account will do")]
    PasskeyNeeded,
    #[error("the account has no role today")]
    NoRole,
    /// Suspended, or closed for good: nobody of it is let in.
    #[error("{name} is closed")]
    InstitutionClosed { name: String, for_good: bool },
    #[error("this mail address has an account already")]
    MailTaken,
    #[error("this person has an account already")]
    PersonTaken,
    #[error("this role is not yours today")]
    NotYourHat,
    #[error("a client needs a name of 1 to 80 characters")]
    ClientName,
    #[error("a client cannot act as {0}")]
    ClientRole(&'static str),
    #[error("a client needs at least one scope")]
    ClientScopes,
    /// Unknown, of another school, or revoked.
    #[error("this client does not exist")]
    ClientUnknown,
    #[error("this passkey could not be believed")]
    PasskeyWrong,
    #[error("an account has {0} passkeys at most")]
    PasskeysFull(usize),
    #[error("a reason is needed")]
    ReasonMissing,
    /// A field of a sign-in provider that cannot be right.
    #[error("{0} of the provider is not right")]
    ProviderField(&'static str),
    #[error("this provider does not exist")]
    ProviderUnknown,
    /// The provider does not answer.
    #[error("the provider cannot be reached: {0}")]
    FederationAway(String),
    /// What came back cannot be believed; the word says which check failed.
    #[error("the provider's answer was refused: {0}")]
    FederationFailed(&'static str),
    /// The organisation that vouches is not this school.
    #[error("another organisation vouches for this person")]
    ForeignHome,
    #[error("the claim {0} is missing")]
    ClaimMissing(String),
    /// With the code by which an administrator can link them.
    #[error("nobody of this school is named by these claims")]
    PersonUnknown(String),
    #[error("nobody waits under this code")]
    CodeUnknown,
    #[error("this is linked already")]
    AlreadyLinked,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::Db(error) => db_standing(error),
            Error::NotYourHat | Error::NoRole | Error::InstitutionClosed { .. } => Standing::Refused,
            Error::ClientUnknown | Error::ProviderUnknown => Standing::NotFound,
            Error::FederationAway(_) => Standing::Unavailable,
            Error::MailTaken | Error::PersonTaken | Error::AlreadyLinked => Standing::Conflict,
            _ => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::Wrong => "sign-in-wrong",
            Error::Locked { .. } => "sign-in-locked",
            Error::CodeWrong => "code-wrong",
            Error::LinkExpired => "link-expired",
            Error::PasswordShort(_) => "password-short",
            Error::PasswordLong(_) => "password-long",
            Error::PasswordWeak => "password-weak",
            Error::PasswordPresent => "password-present",
            Error::PasswordSame => "password-same",
            Error::PasswordElsewhere => "password-elsewhere",
            Error::PasskeyNeeded => "passkey-needed",
            Error::NoRole => "no-role",
            Error::InstitutionClosed { for_good: false, .. } => "institution-suspended",
            Error::InstitutionClosed { .. } => "institution-closed",
            Error::MailTaken => "mail-taken",
            Error::PersonTaken => "person-has-account",
            Error::NotYourHat => "not-your-hat",
            Error::ClientName => "client-name",
            Error::ClientRole(_) => "client-role",
            Error::ClientScopes => "client-scopes",
            Error::ClientUnknown | Error::ProviderUnknown => "not-found",
            Error::PasskeyWrong => "passkey-wrong",
            Error::PasskeysFull(_) => "passkeys-full",
            Error::ReasonMissing => "reason-missing",
            Error::ProviderField(_) => "provider-field",
            Error::FederationAway(_) => "federation-away",
            Error::FederationFailed(_) => "federation-failed",
            Error::ForeignHome => "foreign-home",
            Error::ClaimMissing(_) => "claim-missing",
            Error::PersonUnknown(_) => "person-unknown",
            Error::CodeUnknown => "link-code-unknown",
            Error::AlreadyLinked => "already-linked",
            Error::Refused(refusal) => refusal.code(),
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::InstitutionClosed { name, .. } => vec![("name", name.clone())],
            Error::Locked { minutes } => vec![("minutes", minutes.to_string())],
            Error::PasswordShort(n) | Error::PasswordLong(n) => vec![("length", n.to_string())],
            Error::ClientRole(role) => vec![("role", (*role).into())],
            Error::ClientUnknown => vec![("kind", "apiClient".into())],
            Error::PasskeysFull(most) => vec![("most", most.to_string())],
            Error::ProviderUnknown => vec![("kind", "identityProvider".into())],
            Error::FederationFailed(why) => vec![("check", (*why).into())],
            Error::PersonUnknown(code) => vec![("code", code.clone())],
            Error::ClaimMissing(claim) => vec![("claim", claim.clone())],
            Error::Refused(refusal) => refusal.arguments(),
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<regie_core::Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Error::CodeWrong | Error::CodeUnknown | Error::AlreadyLinked => "code",
            Error::PasswordShort(_) | Error::PasswordLong(_) | Error::PasswordWeak | Error::PasswordSame => {
                "password"
            }
            Error::PasswordPresent => "present",
            Error::MailTaken => "mail",
            Error::ClientName => "name",
            Error::ProviderField(field) => field,
            Error::ReasonMissing => "reason",
            Error::ClientRole(_) => "role",
            Error::ClientScopes => "scopes",
            _ => return None,
        })
    }
}
