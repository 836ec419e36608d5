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

/// All that is shown of a person: enough to find the message, nothing to know the person by.
const SHOWN_OF_PERSON: &[&str] =
    &["personId", "affiliations", "activeEnrollment", "consumerKey", "consumers"];

/// The value with everything personal or secret covered.
#[must_use]
pub fn mask(value: &Value) -> Value {
    masked(value, false, &mut Vec::new())
}

/// The answer to a request, covered, and with every personal text of that request covered too: a partner may repeat
/// in a refusal what it was sent.
pub(super) fn mask_answer(answer: &Value, request: Option<&Value>) -> Value {
    let mut covered = Vec::new();
    if let Some(request) = request {
        masked(request, false, &mut covered);
    }
    // Longer texts first, so that no part of one stays behind.
    covered.sort_by_key(|text: &String| std::cmp::Reverse(text.len()));
    let mut answer = mask(answer);
    if !covered.is_empty() {
        blot(&mut answer, &covered);
    }
    answer
}

/// Covers these texts wherever they stand.
fn blot(value: &mut Value, covered: &[String]) {
    match value {
        Value::String(text) => {
            for secret in covered.iter().filter(|secret| secret.len() > 2) {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), "***");
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| blot(value, covered)),
        Value::Object(object) => object.values_mut().for_each(|value| blot(value, covered)),
        _ => {}
    }
}

fn masked(value: &Value, is_person: bool, covered: &mut Vec<String>) -> Value {
    match value {
        Value::Object(object) => {
            let is_person = is_person
                || ["givenName", "surname", "displayName"].iter().any(|name| object.contains_key(*name));
            let shown = object.iter().map(|(name, value)| {
                let is_covered = PERSONAL.contains(&name.as_str())
                    || (is_person && !SHOWN_OF_PERSON.contains(&name.as_str()));
                let value = if is_covered && !value.is_null() {
                    texts(value, covered);
                    "***".into()
                } else {
                    masked(value, is_person || name == "person", covered)
                };
                (name.clone(), value)
            });
            Value::Object(shown.collect())
        }
        Value::Array(list) => {
            Value::Array(list.iter().map(|value| masked(value, is_person, covered)).collect())
        }
        other => other.clone(),
    }
}

/// Every text in a covered value.
fn texts(value: &Value, covered: &mut Vec<String>) {
    match value {
        Value::String(text) => covered.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| texts(value, covered)),
        Value::Object(object) => object.values().for_each(|value| texts(value, covered)),
        _ => {}
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

    #[test]
    fn what_nobody_foresaw_about_a_person_is_covered_too() {
        let masked =
            mask(&json!({ "person": { "personId": "p", "bsn": "999999990", "x-own": { "hobby": "dammen" },
            "consumers": [{ "consumerKey": "x-other", "nickname": "Jantje" }] } }));
        assert_eq!(masked["person"]["consumers"][0]["consumerKey"], "x-other");
        for secret in ["999999990", "dammen", "Jantje"] {
            assert!(!masked.to_string().contains(secret), "{secret} in {masked}");
        }
    }

    #[test]
    fn a_refusal_does_not_give_away_what_was_sent() {
        let request = json!({ "person": { "personId": "p", "givenName": "Chaima", "surname": "El Amrani" } });
        let answer = json!({ "status": "400", "detail": "surname El Amrani is not in our books" });
        assert_eq!(mask_answer(&answer, Some(&request))["detail"], "surname *** is not in our books");
    }
}
