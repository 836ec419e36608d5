//! The documents there are, as data. What they look like stands in `templates/`.

use jiff::Zoned;
use serde::Serialize;

/// What every document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub language: Language,
    pub school: String,
    pub logo: Option<Logo>,
    pub title: String,
    /// Said on each page of a document that belongs to an exam session.
    pub session: Option<String>,
    /// In the zone of the school; on the page and in the file's properties.
    pub made_at: Zoned,
    /// Names the document for ever, such as its id. The same in, the same bytes out.
    pub ident: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Nl,
    En,
}

/// The school's logo, drawn at the top of each page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logo {
    Svg(Vec<u8>),
    Png(Vec<u8>),
}

/// What stands inside the frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    List(List),
    Letter(Letter),
    Form(Form),
}

/// Rows under headers, such as a list of participants.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct List {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    pub columns: Vec<ListColumn>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<String>>,
    /// On its side, for many columns.
    pub wide: bool,
    /// Who signs under the list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<Signer>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListColumn {
    pub label: String,
    /// Of the width, in proportion to the other columns.
    pub share: u16,
    /// Numbers stand to the right.
    pub number: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Letter {
    /// Name and address, a line each.
    pub recipient: Vec<String>,
    pub place: String,
    /// Written out, such as `20 november 2026`.
    pub date: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub closing: String,
    /// Name, function and body, a line each.
    pub sender: Vec<String>,
    pub enclosures: Vec<String>,
}

/// A form to fill in and sign.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Form {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    /// The headers above what is already known.
    #[serde(rename = "facts-head")]
    pub facts_head: [String; 2],
    pub facts: Vec<[String; 2]>,
    pub sections: Vec<Section>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    pub signers: Vec<Signer>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Section {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub choices: Vec<Choice>,
    /// Labels of lines to write on.
    pub lines: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub label: String,
    pub ticked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    pub role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl ListColumn {
    pub fn new(label: &str, share: u16) -> Self {
        Self { label: label.to_owned(), share, number: false }
    }
}

impl Language {
    pub const fn code(self) -> &'static str {
        match self {
            Language::Nl => "nl",
            Language::En => "en",
        }
    }
}

impl Logo {
    pub(crate) const fn file_name(&self) -> &'static str {
        match self {
            Logo::Svg(_) => "logo.svg",
            Logo::Png(_) => "logo.png",
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Logo::Svg(bytes) | Logo::Png(bytes) => bytes,
        }
    }
}
