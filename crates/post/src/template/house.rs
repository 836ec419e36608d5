//! The house's own mail texts, from `texts/`: first line the subject, an empty line, then the text.

use super::{HouseText, Template};

macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        [$(
            ($name, "nl", include_str!(concat!("../../texts/nl/", $name, ".txt"))),
            ($name, "en", include_str!(concat!("../../texts/en/", $name, ".txt"))),
        )*]
    };
}

const SAMPLES: &str = include_str!("../../texts/samples.json");

pub(super) fn texts() -> Vec<HouseText> {
    let samples: serde_json::Value = serde_json::from_str(SAMPLES).unwrap_or_default();
    let texts = texts![
        "dead-letter",
        "invitation",
        "need-expiring",
        "password-changed",
        "password-reset",
        "seat-canceled",
        "second-factor-changed",
        "session-booked",
    ];
    texts
        .into_iter()
        .map(|(name, language, source)| {
            let (subject, text) = source.split_once('\n').unwrap_or((source, ""));
            HouseText {
                name: name.to_owned(),
                language: language.to_owned(),
                template: Template { subject: subject.to_owned(), text: text.trim().to_owned(), html: None },
                sample: samples.get(name).cloned().unwrap_or_default(),
            }
        })
        .collect()
}
