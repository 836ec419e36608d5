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

use serde_json::{Map, Value};

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
    /// Its parts in their order.
    pub parts: Vec<Part>,
    /// Everything else about it, as it came: the public texts name no more.
    pub unconfirmed: Map<String, Value>,
}

/// A part of a test. That it has a name and more is known; how those are called is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// Its id; scores of parts refer to it.
    pub id: String,
    /// Everything else about it, as it came.
    pub unconfirmed: Map<String, Value>,
}

impl Delivery {
    /// The message.
    #[must_use]
    pub fn write(&self) -> Value {
        let mut message = self.unconfirmed.clone();
        if let Some(moment) = self.assessment_date_time {
            message.insert("assessmentDateTime".to_owned(), moment.to_string().into());
        }
        let mut definition = self.definition.unconfirmed.clone();
        definition.insert("id".to_owned(), self.definition.id.clone().into());
        definition.insert("name".to_owned(), self.definition.name.clone().into());
        if !self.definition.parts.is_empty() {
            let parts = self.definition.parts.iter().enumerate().map(|(index, part)| {
                let mut written = part.unconfirmed.clone();
                written.insert("id".to_owned(), part.id.clone().into());
                written.insert("index".to_owned(), index.into());
                Value::Object(written)
            });
            definition.insert("parts".to_owned(), parts.collect());
        }
        let definition = Value::Object(definition);
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
        let Some(Value::Object(mut definition)) = message.remove("assessmentDefinition") else {
            return Err(wrong("assessmentDefinition must be an object."));
        };
        let mut text = |name: &str| match definition.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let (Some(id), Some(name)) = (text("id"), text("name")) else {
            return Err(wrong("assessmentDefinition must carry id and name."));
        };
        let mut parts = Vec::new();
        match definition.remove("parts") {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for part in list {
                    parts.push(
                        part_of(part).ok_or_else(|| wrong("Every part must be an object with an id."))?,
                    );
                }
            }
            Some(_) => return Err(wrong("parts must be a list.")),
        }
        // As they are numbered; those without a number stay where they are.
        parts.sort_by_key(|(index, _)| *index);
        let remark = match message.remove("additionalInfo") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => return Err(wrong("additionalInfo must be a text.")),
        };
        Ok(Self {
            assessment_date_time: Some(moment),
            definition: Assessment {
                id,
                name,
                parts: parts.into_iter().map(|(_, part)| part).collect(),
                unconfirmed: definition,
            },
            additional_info: remark,
            unconfirmed: message,
        })
    }
}

/// A part and its place.
fn part_of(value: Value) -> Option<(i64, Part)> {
    let Value::Object(mut part) = value else { return None };
    let Some(Value::String(id)) = part.remove("id") else { return None };
    let index = part.remove("index").and_then(|index| index.as_i64()).unwrap_or(0);
    Some((index, Part { id, unconfirmed: part }))
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
    use serde_json::json;

    #[test]
    fn what_is_confirmed_travels_and_what_is_not_stays_as_it_is() {
        let mut unconfirmed = Map::new();
        unconfirmed.insert("agreedBetweenUs".to_owned(), json!([{ "eckId": "https://ketenid.example/x" }]));
        let delivery = Delivery {
            assessment_date_time: "2026-06-21T08:45:00Z".parse().ok(),
            definition: Assessment {
                id: "REK3F".to_owned(),
                name: "Rekenen 3F".to_owned(),
                parts: vec![
                    Part {
                        id: "b".to_owned(),
                        unconfirmed: Map::from_iter([("title".to_owned(), json!("Meten"))]),
                    },
                    Part { id: "a".to_owned(), ..Part::default() },
                ],
                unconfirmed: Map::from_iter([("level".to_owned(), json!("3F"))]),
            },
            additional_info: Some("tweede gelegenheid".to_owned()),
            unconfirmed,
        };
        assert_eq!(Delivery::read(delivery.write()), Ok(delivery));
    }

    #[test]
    fn parts_come_in_their_order_and_must_have_an_id() {
        let message = |parts: Value| {
            json!({ "assessmentDateTime": "2026-06-21T08:45:00Z",
                "assessmentDefinition": { "id": "a", "name": "b", "parts": parts } })
        };
        let read =
            Delivery::read(message(json!([{ "id": "y", "index": 2 }, { "id": "x", "index": 1 }]))).unwrap();
        assert_eq!(read.definition.parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["x", "y"]);
        for wrong in [json!("x"), json!([{ "index": 1 }]), json!([1]), json!({ "id": "x" })] {
            assert_eq!(Delivery::read(message(wrong)).map_err(|refused| refused.status), Err("0011"));
        }
    }

    #[test]
    fn a_moment_in_another_zone_is_refused() {
        let message = json!({ "assessmentDateTime": "2026-06-21T10:45:00+02:00", "assessmentDefinition": { "id": "a", "name": "b" } });
        assert_eq!(Delivery::read(message).map_err(|refused| refused.status), Err("0011"));
    }
}
