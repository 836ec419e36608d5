//! Making items from typed data: what an item editor stores, checks and turns into QTI 3.0.
//!
//! Texts are fragments of XHTML. Places inside a running text are written `[[1]]`, `[[2]]` and so on.

mod build;
mod check;
mod rules;

pub use build::build;
pub use check::{Issue, Problem, check};

use serde::{Deserialize, Serialize};

/// An item in the making.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Draft {
    /// Its identifier.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Its language, as `nl`.
    pub language: String,
    /// What it consists of, in order.
    pub blocks: Vec<Block>,
}

/// A piece of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Block {
    /// Text, images, tables.
    Text(String),
    /// Something to answer.
    Question(Question),
    /// Something to listen to or watch.
    Media(Media),
}

/// Something to answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// What is asked.
    pub prompt: String,
    /// The most that can be earned.
    pub points: f64,
    /// Whether part of the answer earns part of the points.
    #[serde(default)]
    pub partial: bool,
    /// How it is asked.
    pub ask: Ask,
}

/// How something is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Ask {
    /// Choose from a list.
    Choice {
        /// The list.
        choices: Vec<Choice>,
        /// Whether several may be chosen.
        multiple: bool,
        /// Whether each candidate gets another order.
        shuffle: bool,
    },
    /// Fill in words or numbers in a text.
    TextEntry {
        /// The text with its places.
        text: String,
        /// What is right at each place.
        gaps: Vec<TextGap>,
    },
    /// Choose from lists inside a text.
    InlineChoice {
        /// The text with its places.
        text: String,
        /// The list at each place.
        lists: Vec<Vec<Choice>>,
        /// Whether each candidate gets another order.
        shuffle: bool,
    },
    /// Write a text; a person marks it.
    ExtendedText {
        /// Lines to show.
        lines: u32,
        /// What a marker needs to know; never shown to candidates.
        marking: String,
    },
    /// Connect rows and columns.
    Match {
        /// The rows.
        rows: Vec<String>,
        /// The columns.
        columns: Vec<String>,
        /// Right pairs: row and column, from 0.
        pairs: Vec<(usize, usize)>,
        /// Whether each candidate gets another order.
        shuffle: bool,
    },
    /// Put words in the gaps of a text.
    GapMatch {
        /// The text with its places.
        text: String,
        /// The words.
        words: Vec<String>,
        /// The right word at each place, from 0.
        right: Vec<usize>,
        /// Whether each candidate gets another order.
        shuffle: bool,
    },
    /// Put in order.
    Order {
        /// The things, in the right order.
        things: Vec<String>,
    },
    /// Choose words of a text, which are its places.
    Hottext {
        /// The text with its places.
        text: String,
        /// The words at the places, and whether they are right.
        words: Vec<Choice>,
        /// Whether several may be chosen.
        multiple: bool,
    },
    /// Hand in a file; a person marks it.
    Upload {
        /// Accepted types, as `application/pdf`; none accepts all.
        types: Vec<String>,
        /// What a marker needs to know.
        marking: String,
    },
    /// Choose areas of an image.
    Hotspot {
        /// The image.
        image: Image,
        /// Its areas.
        areas: Vec<Area>,
        /// Whether several may be chosen.
        multiple: bool,
    },
    /// Make pairs.
    Associate {
        /// What can be paired.
        things: Vec<String>,
        /// Right pairs, from 0.
        pairs: Vec<(usize, usize)>,
        /// Whether each candidate gets another order.
        shuffle: bool,
    },
    /// Place labels on an image.
    GraphicGapMatch {
        /// The image.
        image: Image,
        /// Its areas; whether they are right says nothing here.
        areas: Vec<Area>,
        /// The labels.
        labels: Vec<String>,
        /// Right pairs: label and area, from 0.
        pairs: Vec<(usize, usize)>,
    },
    /// Choose a number on a scale.
    Slider {
        /// Lowest.
        low: f64,
        /// Highest.
        high: f64,
        /// Step.
        step: f64,
        /// The right number.
        right: f64,
        /// How far off still counts.
        tolerance: f64,
    },
}

/// Something that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// Whether it is right.
    pub right: bool,
    /// Keeps its place when the rest is shuffled.
    pub fixed: bool,
}

/// What is right at a place in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TextGap {
    /// Words.
    Words {
        /// All that count as right.
        accepted: Vec<String>,
        /// Whether capitals matter.
        case_sensitive: bool,
    },
    /// A number.
    Number {
        /// The right number.
        right: f64,
        /// How far off still counts.
        tolerance: f64,
    },
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Image {
    /// The file in the package.
    pub file: String,
    /// What it shows, for who cannot see it.
    pub alternative: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// An area of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Area {
    /// `rect`, `circle`, `ellipse` or `poly`.
    pub shape: String,
    /// Its coordinates.
    pub coords: String,
    /// What it is called, for who cannot see it.
    pub label: String,
    /// Whether it is right.
    pub right: bool,
}

/// Something to listen to or watch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Media {
    /// The file in the package.
    pub file: String,
    /// Its type, as `audio/mpeg` or `video/mp4`.
    pub kind: String,
    /// What it is called.
    pub label: String,
    /// How often it may be played; 0 is without limit.
    pub plays: u32,
}

/// Plain text as a fragment.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::xml::escape_into(&mut out, text, false);
    out
}
