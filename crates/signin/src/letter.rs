//! Mail to somebody whose account changed: who did not do it themselves should hear of it.

use regie_core::id::PersonId;
use regie_db::Outgoing;
use serde_json::json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Password,
    FactorAdded,
    FactorRemoved,
    RecoveryUsed,
}

/// Accounts that only a provider signs in have an address that no mail reaches.
pub(crate) const NO_MAIL: &str = "@federated.invalid";

/// `None` when there is nowhere to send it.
pub(crate) fn letter(to: &str, person: PersonId, change: Change) -> Option<Outgoing> {
    if to.ends_with(NO_MAIL) {
        return None;
    }
    let payload = match change {
        Change::Password => json!({ "template": "password-changed", "to": to }),
        Change::FactorAdded => factor(to, "added"),
        Change::FactorRemoved => factor(to, "removed"),
        Change::RecoveryUsed => factor(to, "used"),
    };
    Some(Outgoing::new("mail.send", 1, person, payload))
}

fn factor(to: &str, change: &str) -> serde_json::Value {
    json!({ "template": "second-factor-changed", "to": to, "data": { "change": change } })
}
