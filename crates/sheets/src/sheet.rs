//! One row model for every file kind.

use crate::finding::{Finding, Place};

/// A read sheet: its headers, the rows under them, and what was noticed on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub format: Format,
    /// Every sheet in the file, in its order; empty for CSV.
    pub names: Vec<String>,
    /// The one that was read; `None` for CSV.
    pub name: Option<String>,
    /// The row the headers stand in, counted from 1.
    pub header_row: u32,
    /// One for each column from A on; an unnamed column has an empty text.
    pub headers: Vec<String>,
    /// Rows with at least one filled cell.
    pub rows: Vec<Row>,
    /// Things that do not stop the reading, such as cells to the right of the last header.
    pub notes: Vec<Finding>,
    /// Old Apple workbooks count their days from 1904.
    pub(crate) epoch_1904: bool,
}

/// The kind of file, told by its content and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Ods,
    Csv { delimiter: char, encoding: &'static str },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counted from 1, as the spreadsheet shows it.
    pub number: u32,
    /// Of a CSV file.
    pub line: Option<u32>,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(Box<str>),
    Number(f64),
    YesNo(bool),
    /// A number that the file shows as date or time: days since the workbook's epoch.
    Moment(f64),
    /// What a formula answered instead of a value, such as `#N/A`.
    Fault(Box<str>),
    /// Longer than is allowed; the number of characters.
    TooLong(u32),
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.chars().all(is_blank),
            _ => false,
        }
    }
}

impl Sheet {
    /// Where a cell of a row stands.
    pub fn place(&self, row: &Row, column: u32) -> Place {
        let header = usize::try_from(column).ok().and_then(|index| self.headers.get(index)).cloned();
        Place {
            sheet: self.name.clone(),
            row: Some(row.number),
            column: Some(column),
            header: header.filter(|text| !text.is_empty()),
            line: row.line,
        }
    }

    /// Where a row stands, for what concerns all of it.
    pub fn place_of_row(&self, row: &Row) -> Place {
        Place { sheet: self.name.clone(), row: Some(row.number), line: row.line, ..Place::default() }
    }
}

/// Blank to the eye: white space, the no-break spaces that web pages leave behind, and invisible marks.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}
