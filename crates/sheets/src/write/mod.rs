//! Lists and templates as files. A list is written row by row with the same memory at any length.

mod csv;
mod template;
mod xlsx;

pub use csv::CsvList;
pub use template::template;
pub use xlsx::XlsxList;

use crate::column::{Decimal, Value};
use jiff::civil::{Date, DateTime, Time};

/// The words a file needs, in the language of the one who downloads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub yes: String,
    pub no: String,
    /// The names of the template's sheets.
    pub data: String,
    pub explanation: String,
    pub lists: String,
    /// The headers of the explanation sheet.
    pub column: String,
    pub meaning: String,
    pub required: String,
    pub allowed: String,
    pub example: String,
    /// What is allowed in a cell of each kind.
    pub text: String,
    pub whole: String,
    pub decimal: String,
    pub date: String,
    pub time: String,
    /// Said above the explanation: the example row is skipped when it is left in.
    pub about_example: String,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub label: String,
    /// In characters; `None` fits the label.
    pub width: Option<u16>,
}

/// One cell of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Out<'a> {
    Empty,
    Text(&'a str),
    Whole(i64),
    Decimal(Decimal),
    YesNo(bool),
    Date(Date),
    Time(Time),
    /// Local time; the zone has been applied before.
    Moment(DateTime),
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("a workbook holds at most 1,048,575 rows; export this list as CSV or narrow the filter")]
    TooManyRows,
    #[error(
        "row {row} holds a text longer than the 32,767 characters a workbook cell can keep; export as CSV"
    )]
    TextTooLong { row: u32 },
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[source] rust_xlsxwriter::XlsxError),
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
}

impl Head {
    pub fn new(label: &str) -> Self {
        Self { label: label.to_owned(), width: None }
    }
}

impl<'a> From<Option<&'a Value>> for Out<'a> {
    fn from(value: Option<&'a Value>) -> Self {
        match value {
            None => Out::Empty,
            Some(Value::Text(text) | Value::Code(text)) => Out::Text(text),
            Some(Value::Whole(number)) => Out::Whole(*number),
            Some(Value::Decimal(number)) => Out::Decimal(*number),
            Some(Value::YesNo(yes)) => Out::YesNo(*yes),
            Some(Value::Date(date)) => Out::Date(*date),
            Some(Value::Time(time)) => Out::Time(*time),
        }
    }
}

/// A text a spreadsheet would run as a formula. Apostrophes in front count along, so that guarding can be undone:
/// what the guard adds, the reader takes away.
pub(crate) fn is_risky(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '|', '%'])
}
