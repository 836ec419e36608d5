//! Excel workbooks, cell by cell: never the dense range, which two far-apart cells make as large as memory.

use crate::finding::Finding;
use crate::limit::Gathering;
use crate::read::{Ask, Book};
use crate::sheet::{Cell, Format, Sheet};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) fn read(bytes: &[u8], ask: &Ask) -> Result<Sheet, Finding> {
    // A parser of other people's files may meet bytes its makers never saw; a panic there is a damaged file here.
    catch_unwind(AssertUnwindSafe(|| read_book(bytes, ask)))
        .unwrap_or_else(|_| Err(Finding::new("sheet-damaged")))
}

fn read_book(bytes: &[u8], ask: &Ask) -> Result<Sheet, Finding> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(refusal)?;
    let names = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let epoch_1904 = book.has_1904_epoch();
    Book { format: Format::Xlsx, names, epoch_1904 }.choose(ask, |name, gathering| {
        let mut cells = book.worksheet_cells_reader(name).map_err(refusal)?;
        while let Some(cell) = cells.next_cell().map_err(refusal)? {
            let (row, column) = cell.get_position();
            put(gathering, row, column, cell.get_value())?;
        }
        Ok(())
    })
}

fn put(gathering: &mut Gathering<'_>, row: u32, column: u32, value: &DataRef<'_>) -> Result<(), Finding> {
    let cell = match value {
        DataRef::Empty => return Ok(()),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.as_str().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Bool(yes) => Cell::YesNo(*yes),
        DataRef::DateTime(moment) => Cell::Moment(moment.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.as_str().into()),
        DataRef::Error(fault) => Cell::Fault(fault.to_string().into()),
    };
    gathering.put(row, None, column, cell)
}

fn refusal(error: XlsxError) -> Finding {
    match error {
        XlsxError::Password => Finding::new("sheet-encrypted"),
        _ => Finding::new("sheet-damaged"),
    }
}
