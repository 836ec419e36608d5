//! Values that the house knows by a code, and times of the day: how they look in messages and in the document.

use jiff::civil::Time;
use regie_core::Role;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// An enum of the house that has codes.
pub(crate) trait Codes: Copy + 'static {
    /// Its name in the document.
    const NAME: &'static str;
    fn all() -> Vec<Self>;
    fn code(self) -> &'static str;
}

macro_rules! codes {
    ($($type:path = $name:literal),+ $(,)?) => { $(
        impl Codes for $type {
            const NAME: &'static str = $name;
            fn all() -> Vec<Self> { <$type>::ALL.to_vec() }
            fn code(self) -> &'static str { <$type>::code(self) }
        }
    )+ };
}

codes! {
    Role = "Role",
    regie_people::person::Kind = "PersonKind",
    regie_people::person::State = "PersonState",
    regie_people::person::IdCheck = "IdCheck",
    regie_people::institution::Kind = "InstitutionKind",
    regie_people::institution::State = "InstitutionState",
    regie_people::offering::Path = "LearningPath",
    regie_people::group::Part = "GroupPart",
    regie_people::need::Kind = "NeedKind",
    regie_people::need::State = "NeedState",
    regie_access::Action = "Action",
    regie_signin::client::ApiScope = "ApiScope",
    regie_core::period::Channel = "RegistrationChannel",
    regie_core::period::State = "PeriodState",
    regie_planning::registration::State = "RegistrationState",
    regie_planning::registration::Decision = "RegistrationDecision",
    regie_planning::session::Part = "SessionPart",
    regie_planning::session::State = "SessionState",
    regie_planning::ruling::What = "AchievementKind",
}

/// One of them, as its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coded<T>(pub T);

impl<T: Codes> Serialize for Coded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de, T: Codes> Deserialize<'de> for Coded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        T::all().into_iter().find(|value| value.code() == text).map(Coded).ok_or_else(|| {
            let known: Vec<&str> = T::all().into_iter().map(Codes::code).collect();
            serde::de::Error::custom(format!("`{text}` is not one of {}", known.join(", ")))
        })
    }
}

impl<T: Codes> JsonSchema for Coded<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes: Vec<&str> = T::all().into_iter().map(Codes::code).collect();
        json_schema!({ "type": "string", "enum": codes })
    }
}

/// A time of the day: `08:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock(pub Time);

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%H:%M"))
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let sound = text.len() == 5 && text.is_ascii();
        Time::strptime("%H:%M", &*text).ok().filter(|_| sound).map(Clock).ok_or_else(|| {
            serde::de::Error::custom(format!("`{text}` is not a time of the day such as 08:30"))
        })
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> Cow<'static, str> {
        "TimeOfDay".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["08:30"] })
    }
}
