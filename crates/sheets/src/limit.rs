//! How large a file may be, so that no upload can exhaust the machine.

use crate::finding::Finding;
use crate::sheet::{Cell, Row, is_blank};

/// The caps on one file. The defaults hold four times the largest school's student list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes: usize,
    /// Together, unpacked from a zipped workbook.
    pub unpacked_bytes: u64,
    /// Unpacked over packed; a workbook of one repeated value reaches about 60.
    pub ratio: u64,
    /// Files inside a zipped workbook.
    pub parts: usize,
    pub rows: usize,
    pub columns: u32,
    /// Filled cells together.
    pub cells: usize,
    pub cell_chars: usize,
    /// Text of all cells together: one long text can be shared by a million cells.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            unpacked_bytes: 96 << 20,
            ratio: 200,
            parts: 1_000,
            rows: 50_000,
            columns: 256,
            cells: 2_000_000,
            cell_chars: 4_000,
            text_bytes: 128 << 20,
        }
    }
}

/// Gathers cells into rows and stops at the first cap.
pub(crate) struct Gathering<'a> {
    limits: &'a Limits,
    pub(crate) rows: Vec<Row>,
    cells: usize,
    text_bytes: usize,
}

impl<'a> Gathering<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, rows: Vec::new(), cells: 0, text_bytes: 0 }
    }

    pub(crate) fn columns(&self) -> u32 {
        self.limits.columns
    }

    /// Row and column count from 0 here. Cells come row by row; one for an earlier row means a damaged file.
    pub(crate) fn put(
        &mut self,
        row: u32,
        line: Option<u32>,
        column: u32,
        cell: Cell,
    ) -> Result<(), Finding> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= self.limits.columns {
            return Err(Finding::new("sheet-too-many-columns").with("most", self.limits.columns));
        }
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(Finding::new("sheet-too-many-cells").with("most", self.limits.cells));
        }
        let cell = self.measured(cell)?;
        let number = row.saturating_add(1);
        match self.rows.last() {
            Some(last) if last.number == number => {}
            Some(last) if last.number > number => return Err(Finding::new("sheet-damaged")),
            _ => {
                if self.rows.len() > self.limits.rows {
                    return Err(Finding::new("sheet-too-many-rows").with("most", self.limits.rows));
                }
                self.rows.push(Row { number, line, cells: Vec::new() });
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if let Some(last) = self.rows.last_mut() {
            if last.cells.len() <= column {
                last.cells.resize(column + 1, Cell::Empty);
            }
            if let Some(slot) = last.cells.get_mut(column) {
                *slot = cell;
            }
        }
        Ok(())
    }

    fn measured(&mut self, cell: Cell) -> Result<Cell, Finding> {
        let Cell::Text(text) = cell else { return Ok(cell) };
        let trimmed = text.trim_matches(is_blank);
        let chars = trimmed.chars().count();
        if chars > self.limits.cell_chars {
            return Ok(Cell::TooLong(u32::try_from(chars).unwrap_or(u32::MAX)));
        }
        self.text_bytes += trimmed.len();
        if self.text_bytes > self.limits.text_bytes {
            return Err(Finding::new("sheet-too-much-text").with("most", self.limits.text_bytes >> 20));
        }
        Ok(if trimmed.len() == text.len() { Cell::Text(text) } else { Cell::Text(trimmed.into()) })
    }
}
