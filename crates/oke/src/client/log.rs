//! What was sent and received, complete but for secrets and personal data.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// One request and its answer.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// When it was sent.
    pub at: Timestamp,
    /// To whom.
    pub partner: String,
    /// GET, PUT, PATCH; POST for tokens.
    pub method: &'static str,
    /// Where, with its query.
    pub path: String,
    /// Which try this was, from 1.
    pub attempt: u32,
    /// The answer's status; nothing if there was no answer.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// What was sent, masked.
    pub request: Option<Value>,
    /// What came back, masked.
    pub answer: Option<Value>,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// Takes entries in.
pub trait Log: Send + Sync {
    /// Keeps or forwards an entry.
    fn record(&self, entry: Entry);
}

/// A log that keeps the last entries in memory.
#[derive(Debug)]
pub struct Ring {
    entries: Mutex<VecDeque<Entry>>,
    most: usize,
}

impl Ring {
    /// A log of at most this many entries.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { entries: Mutex::default(), most }
    }

    /// What is kept now, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Log for Ring {
    fn record(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most {
            entries.pop_front();
        }
        entries.push_back(entry);
    }
}

/// Attributes that tell who someone is, what someone needs, or what someone did.
const PERSONAL: &[&str] = &[
    "givenName",
    "surnamePrefix",
    "surname",
    "displayName",
    "initials",
    "dateOfBirth",
    "cityOfBirth",
    "countryOfBirth",
    "nationality",
    "dateOfNationality",
    "mail",
    "secondaryMail",
    "telephoneNumber",
    "mobileNumber",
    "photoSocial",
    "photoOfficial",
    "gender",
    "titlePrefix",
    "titleSuffix",
    "address",
    "ICEName",
    "ICEPhoneNumber",
    "ICERelation",
    "preferredName",
    "idCheckName",
    "assignedNeeds",
    "personalNeeds",
    "additionalTimeInMin",
    "extraTimeInMin",
    "irregularities",
    "comment",
    "score",
    "rawScore",
    "pass",
    "assessorCode",
    "coordinatorCode",
    "documentName",
    "access_token",
    "client_secret",
    "eckId",
    "userId",
];

/// The value with everything personal or secret covered.
#[must_use]
pub fn mask(value: &Value) -> Value {
    masked(value, false)
}

fn masked(value: &Value, is_person: bool) -> Value {
    match value {
        Value::Object(object) => {
            let is_person = is_person || object.contains_key("givenName") || object.contains_key("surname");
            Value::Object(
                object
                    .iter()
                    .map(|(name, value)| {
                        let covered = PERSONAL.contains(&name.as_str())
                            || (is_person && matches!(name.as_str(), "primaryCode" | "otherCodes"));
                        let value =
                            if covered && !value.is_null() { "***".into() } else { masked(value, is_person) };
                        (name.clone(), value)
                    })
                    .collect(),
            )
        }
        Value::Array(list) => Value::Array(list.iter().map(|value| masked(value, is_person)).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_log_tells_what_happened_but_not_to_whom() {
        let masked = mask(&json!({
            "associationId": "a", "state": "associated",
            "person": { "personId": "p", "givenName": "Anna", "mail": "anna@roc.example",
                "otherCodes": [{ "codeType": "eckid", "code": "geheim" }] },
            "result": { "score": "7", "state": "completed" },
        }));
        assert_eq!(masked["person"]["personId"], "p");
        assert_eq!(masked["result"]["state"], "completed");
        let text = masked.to_string();
        for secret in ["Anna", "anna@", "geheim", "\"7\""] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
