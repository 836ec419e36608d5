//! The template's example row, left in by someone in a hurry.

use crate::column::Column;
use crate::finding::Finding;
use crate::fold::fold;
use crate::mapping::Mapping;
use crate::sheet::{Cell, Sheet};

/// Takes the example row out of the first rows, so that no invented student is imported; the finding says so.
pub fn skip_example(sheet: &mut Sheet, columns: &[Column], mapping: &Mapping) -> Option<Finding> {
    const LOOK: usize = 3;
    let cells: Vec<(usize, String)> = columns
        .iter()
        .filter(|column| !column.example.is_empty())
        .filter_map(|column| {
            let index = usize::try_from(mapping.column_of(&column.key)?).ok()?;
            Some((index, fold(&column.example)))
        })
        .collect();
    if cells.is_empty() {
        return None;
    }
    let position = sheet.rows.iter().take(LOOK).position(|row| {
        cells.iter().all(|(index, example)| match row.cells.get(*index) {
            Some(Cell::Text(text)) => fold(text) == *example,
            _ => false,
        })
    })?;
    let row = sheet.rows.remove(position);
    Some(Finding::new("sheet-example-skipped").at(sheet.place_of_row(&row)))
}
