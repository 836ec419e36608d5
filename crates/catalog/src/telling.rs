//! Messages behind somebody's bell, as `notice.tell` reads them.

use regie_core::Role;
use regie_core::id::{Id, PersonId};
use regie_db::Outgoing;
use serde_json::{Value, json};

pub(crate) fn to_role<I: Id>(role: Role, code: &str, arguments: Value, place: &str, subject: I) -> Outgoing {
    let telling = json!({ "role": role, "code": code, "arguments": arguments, "place": place });
    Outgoing::new("notice.tell", 1, subject, telling)
}

pub(crate) fn to_person<I: Id>(
    person: PersonId,
    code: &str,
    arguments: Value,
    place: &str,
    subject: I,
) -> Outgoing {
    let telling = json!({ "people": [person], "code": code, "arguments": arguments, "place": place });
    Outgoing::new("notice.tell", 1, subject, telling)
}
