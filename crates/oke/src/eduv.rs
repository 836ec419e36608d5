//! Edu-V Results API: what the public facts confirm, and no further.
//!
//! One operation, `POST /results`, delivers the latest state of the scores and results of one sitting to an
//! administration or dashboard. It is an extra for departments of adult secondary education and for learning
//! dashboards; the mandatory route to an mbo administration is flow 5 of OKE.
//!
//! **Where the public facts end.** Confirmed are the operation, its scope, its success status, the moment, the
//! definition of the assessment with its parts, the remark, and the general status codes. *Not* public are the names
//! of the attributes that list students and score scales, and nearly all of their contents. Nothing is guessed here:
//! [`Delivery::unconfirmed`] carries those parts as the sender's own JSON, merged into the message as it is, and
//! [`gaps`] names what is missing. Put the agreement's own OpenAPI document in its place once it is in hand.

mod receiver;
mod sender;

pub use receiver::{Received, Receiver, router};
pub use sender::{Outcome, Sender, TokenProvider};

use serde_json::{Map, Value, json};

/// The scope of the results service.
pub const SCOPE: &str = "eduv.result";

/// What the public texts leave open; a message is not complete without it.
#[must_use]
pub const fn gaps() -> &'static [&'static str] {
    &[
        "the name of the attribute that lists the students",
        "the name of the attribute that lists the score scales",
        "all attributes and words of a score scale",
        "scores, results, status, attempt and remarks of a student",
        "name and further attributes of an assessment part",
        "the error body of version 2",
    ]
}

/// The confirmed part of a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delivery {
    /// The moment of the sitting, in UTC.
    pub assessment_date_time: Option<jiff::Timestamp>,
    /// The test.
    pub definition: Assessment,
    /// A remark on the whole; never personal data.
    pub additional_info: Option<String>,
    /// Everything the public texts do not name, exactly as the sender writes it and the receiver finds it.
    pub unconfirmed: Map<String, Value>,
}

/// The test of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assessment {
    /// Its id; scores refer to it.
    pub id: String,
    /// Its name, shown in the gradebook.
    pub name: String,
    /// Its parts, by id in their order.
    pub parts: Vec<String>,
}

impl Delivery {
    /// The message.
    #[must_use]
    pub fn write(&self) -> Value {
        let mut message = self.unconfirmed.clone();
        if let Some(moment) = self.assessment_date_time {
            message.insert("assessmentDateTime".to_owned(), moment.to_string().into());
        }
        let mut definition = json!({ "id": self.definition.id, "name": self.definition.name });
        if let (false, Some(definition)) = (self.definition.parts.is_empty(), definition.as_object_mut()) {
            let parts: Vec<_> = self
                .definition
                .parts
                .iter()
                .enumerate()
                .map(|(index, id)| json!({ "id": id, "index": index }))
                .collect();
            definition.insert("parts".to_owned(), parts.into());
        }
        message.insert("assessmentDefinition".to_owned(), definition);
        if let Some(remark) = &self.additional_info {
            message.insert("additionalInfo".to_owned(), remark.clone().into());
        }
        Value::Object(message)
    }

    /// Reads a message.
    ///
    /// # Errors
    /// The status with which a receiver answers, and why.
    pub fn read(value: Value) -> Result<Self, Refused> {
        let wrong = |text: &str| Refused { status: "0011", message: text.to_owned() };
        let Value::Object(mut message) = value else { return Err(wrong("The body must be an object.")) };
        let moment = message.remove("assessmentDateTime");
        let moment = moment
            .as_ref()
            .and_then(Value::as_str)
            .filter(|text| text.ends_with(['Z', 'z']))
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| wrong("assessmentDateTime must be a moment in UTC, ending in Z."))?;
        let definition = message.remove("assessmentDefinition").unwrap_or_default();
        let text = |name: &str| definition.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(id), Some(name)) = (text("id"), text("name")) else {
            return Err(wrong("assessmentDefinition must carry id and name."));
        };
        let mut parts: Vec<(i64, String)> = definition
            .get("parts")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|part| {
                let id = part.get("id")?.as_str()?.to_owned();
                Some((part.get("index").and_then(Value::as_i64).unwrap_or(0), id))
            })
            .collect();
        parts.sort();
        let remark = match message.remove("additionalInfo") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => return Err(wrong("additionalInfo must be a text.")),
        };
        Ok(Self {
            assessment_date_time: Some(moment),
            definition: Assessment {
                id: id.to_owned(),
                name: name.to_owned(),
                parts: parts.into_iter().map(|(_, id)| id).collect(),
            },
            additional_info: remark,
            unconfirmed: message,
        })
    }
}

/// A refusal with one of the general Edu-V status codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The four-digit status.
    pub status: &'static str,
    /// What is wrong.
    pub message: String,
}

/// The HTTP status of an Edu-V status code.
#[must_use]
pub fn http_status(code: &str) -> u16 {
    match code {
        "0000" => 200,
        "0001" => 201,
        "0002" => 202,
        "0021" => 401,
        "0022" => 403,
        _ => 400,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_confirmed_travels_and_what_is_not_stays_as_it_is() {
        let mut unconfirmed = Map::new();
        unconfirmed.insert("agreedBetweenUs".to_owned(), json!([{ "eckId": "https://ketenid.example/x" }]));
        let delivery = Delivery {
            assessment_date_time: "2026-06-21T08:45:00Z".parse().ok(),
            definition: Assessment {
                id: "REK3F".to_owned(),
                name: "Rekenen 3F".to_owned(),
                parts: vec!["b".to_owned(), "a".to_owned()],
            },
            additional_info: Some("tweede gelegenheid".to_owned()),
            unconfirmed,
        };
        assert_eq!(Delivery::read(delivery.write()), Ok(delivery));
    }

    #[test]
    fn a_moment_in_another_zone_is_refused() {
        let message = json!({ "assessmentDateTime": "2026-06-21T10:45:00+02:00", "assessmentDefinition": { "id": "a", "name": "b" } });
        assert_eq!(Delivery::read(message).map_err(|refused| refused.status), Err("0011"));
    }
}
