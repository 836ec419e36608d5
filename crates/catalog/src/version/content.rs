use super::Whole;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

codes! {
    /// What comes out of it.
    pub enum Result { Grade = "grade", Letter = "letter", Done = "done" }

    /// Under what it is taken.
    pub enum Condition {
        Place = "place",
        Time = "time",
        Supervision = "supervision",
        Staffing = "staffing",
        Room = "room",
        Material = "material",
    }
}

/// What of a version is no row of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Content {
    pub minutes: u32,
    /// Whether needs may lengthen it.
    pub extra_time: bool,
    /// The code of a [`Result`].
    pub result: String,
    pub max_score: Option<u32>,
    /// The lowest score that passes.
    pub cut_score: Option<u32>,
    /// For which cohorts, in words.
    pub cohorts: String,
    /// What is examined, at which level, with which weight.
    pub blueprint: String,
    /// How it is scored or judged.
    pub scheme: String,
}

impl Content {
    pub fn result(&self) -> Option<Result> {
        Result::from_code(&self.result)
    }
}

/// A score and its grade in tenths, for one variant or (without a code) for all that have no table of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversionRow {
    pub variant: String,
    pub score: u32,
    pub grade: u32,
}

/// The canonical bytes: everything that counts in one order and one spelling. Names are part of it, ids are not: the
/// same content has the same hash wherever it stands.
pub(super) fn canonical(whole: &Whole) -> Vec<u8> {
    let mut variants: Vec<_> = whole.variants.iter().map(|it| json!([it.code, it.name])).collect();
    variants.sort_by_key(ToString::to_string);
    let mut documents: Vec<_> = whole
        .documents
        .iter()
        .map(|it| {
            json!([
                it.variant_code,
                it.purpose.code(),
                it.name,
                it.audience.code(),
                it.release_moment.code(),
                it.release_days,
                it.file,
                it.size,
            ])
        })
        .collect();
    documents.sort_by_key(ToString::to_string);
    let mut conversion = whole.conversion.clone();
    conversion.sort();
    let conditions: Vec<_> = whole.conditions.iter().map(|(kind, text)| json!([kind.code(), text])).collect();
    let version = &whole.version;
    json!([
        "instrument-version/1",
        version.instrument_code,
        version.number,
        whole.content,
        conditions,
        whole.aids,
        conversion,
        variants,
        documents,
    ])
    .to_string()
    .into_bytes()
}

pub(crate) fn hash_of(whole: &Whole) -> String {
    hex::encode(Sha256::digest(canonical(whole)))
}
