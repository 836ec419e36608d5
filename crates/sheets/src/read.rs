//! From bytes to rows: what kind of file is this, and which sheet of it?

use crate::finding::{Finding, Place};
use crate::limit::{Gathering, Limits};
use crate::sheet::{Cell, Format, Row, Sheet};
use crate::{archive, csv, ods, xlsx};

/// What to read of a file.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `None` takes the first sheet that holds something.
    pub sheet: Option<String>,
    /// The row the headers stand in, counted from 1; `None` takes the first filled row.
    pub header_row: Option<u32>,
    pub limits: Limits,
}

/// Reads one sheet. Never trusts the file's name; every refusal says what to do about it.
pub fn read(bytes: &[u8], ask: &Ask) -> Result<Sheet, Finding> {
    let limits = &ask.limits;
    if bytes.is_empty() {
        return Err(Finding::new("sheet-file-empty"));
    }
    if bytes.len() > limits.file_bytes {
        return Err(Finding::new("sheet-file-too-large").with("most", limits.file_bytes >> 20));
    }
    match bytes {
        [b'P', b'K', 3 | 5, ..] => match archive::check(bytes, limits)? {
            archive::Holds::Xlsx => xlsx::read(bytes, ask),
            archive::Holds::Ods => ods::read(bytes, ask),
        },
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(archive::old_office(bytes)),
        [b'%', b'P', b'D', b'F', ..] => Err(Finding::new("sheet-kind-unknown")),
        _ => csv::read(bytes, ask),
    }
}

/// A workbook's sheets as a reader finds them, the choice among them being the same for all.
pub(crate) struct Book {
    pub(crate) format: Format,
    pub(crate) names: Vec<String>,
    pub(crate) epoch_1904: bool,
}

impl Book {
    /// The asked sheet, or the first that holds something.
    pub(crate) fn choose<'a>(
        self,
        ask: &'a Ask,
        mut rows_of: impl FnMut(&str, &mut Gathering<'a>) -> Result<(), Finding>,
    ) -> Result<Sheet, Finding> {
        let wanted: Vec<String> = match &ask.sheet {
            Some(name) => self.names.iter().filter(|known| *known == name).cloned().collect(),
            None => self.names.clone(),
        };
        if let (Some(name), true) = (&ask.sheet, wanted.is_empty()) {
            return Err(Finding::new("sheet-not-found")
                .with("name", crate::finding::clip(name))
                .with("names", self.names.join(", ")));
        }
        for name in wanted {
            let mut gathering = Gathering::new(&ask.limits);
            rows_of(&name, &mut gathering).map_err(|finding| on_sheet(finding, &name))?;
            if !gathering.rows.is_empty() {
                return sheet(self, Some(name), gathering.rows, ask.header_row);
            }
        }
        Err(Finding::new("sheet-file-empty"))
    }
}

/// Splits the headers off and notes what stands outside them.
pub(crate) fn sheet(
    book: Book,
    name: Option<String>,
    mut rows: Vec<Row>,
    header_row: Option<u32>,
) -> Result<Sheet, Finding> {
    if let Some(wanted) = header_row {
        // A title and a date above the table are no headers and no data.
        rows.retain(|row| row.number >= wanted);
        if rows.first().is_some_and(|row| row.number != wanted) {
            let place = Place { sheet: name, row: Some(wanted), ..Place::default() };
            return Err(Finding::new("sheet-header-row-empty").at(place));
        }
    }
    if rows.is_empty() {
        return Err(Finding::new("sheet-file-empty"));
    }
    let first = rows.remove(0);
    let headers: Vec<String> = first.cells.iter().map(header).collect();
    let mut read = Sheet {
        format: book.format,
        names: book.names,
        name,
        header_row: first.number,
        headers,
        rows,
        notes: Vec::new(),
        epoch_1904: book.epoch_1904,
    };
    read.notes = outside_headers(&read);
    Ok(read)
}

fn on_sheet(finding: Finding, name: &str) -> Finding {
    let place = Place { sheet: Some(name.to_owned()), ..finding.place.clone() };
    finding.at(place)
}

fn header(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Filled cells under no header would be lost without a word; the first of each column is named.
fn outside_headers(sheet: &Sheet) -> Vec<Finding> {
    let mut noted: Vec<usize> = Vec::new();
    let mut notes = Vec::new();
    for row in &sheet.rows {
        for (index, cell) in row.cells.iter().enumerate() {
            let headless = sheet.headers.get(index).is_none_or(String::is_empty);
            if headless && !cell.is_empty() && !noted.contains(&index) {
                noted.push(index);
                let column = u32::try_from(index).unwrap_or(u32::MAX);
                notes.push(Finding::new("sheet-column-without-header").at(sheet.place(row, column)));
            }
        }
    }
    notes
}
