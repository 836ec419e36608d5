//! Typed readers: what one cell says as a value of its column, or what is wrong with it.

mod date;
mod number;

use crate::column::{Choice, Column, Decimal, Kind, Value};
use crate::finding::{Finding, clip};
use crate::fold::fold;
use crate::mapping::Mapping;
use crate::sheet::{Cell, Row, Sheet, is_blank};
use jiff::civil::Date;

/// The day a workbook's serial 0 stands for: one day early, because Excel believes in 29 February 1900.
pub(crate) const EPOCH_1900: Date = Date::constant(1899, 12, 30);
pub(crate) const EPOCH_1904: Date = Date::constant(1904, 1, 1);

/// The values of one row in the order of the columns, or everything that is wrong in it.
pub fn read_row(
    sheet: &Sheet,
    row: &Row,
    columns: &[Column],
    mapping: &Mapping,
) -> Result<Vec<Option<Value>>, Vec<Finding>> {
    let mut values = Vec::with_capacity(columns.len());
    let mut findings = Vec::new();
    for column in columns {
        let Some(index) = mapping.column_of(&column.key) else {
            values.push(None);
            continue;
        };
        let cell = usize::try_from(index).ok().and_then(|index| row.cells.get(index)).unwrap_or(&Cell::Empty);
        match read_cell(cell, column, sheet.epoch_1904) {
            Ok(value) => values.push(value),
            Err(finding) => findings.push(finding.at(sheet.place(row, index))),
        }
    }
    if findings.is_empty() { Ok(values) } else { Err(findings) }
}

fn read_cell(cell: &Cell, column: &Column, epoch_1904: bool) -> Result<Option<Value>, Finding> {
    if cell.is_empty() {
        return match column.required {
            true => Err(Finding::new("sheet-value-missing")),
            false => Ok(None),
        };
    }
    match cell {
        Cell::Fault(fault) => return Err(Finding::new("sheet-formula-fault").with("value", &**fault)),
        Cell::TooLong(chars) => return Err(Finding::new("sheet-cell-too-long").with("chars", *chars)),
        _ => {}
    }
    let epoch = if epoch_1904 { EPOCH_1904 } else { EPOCH_1900 };
    match &column.kind {
        Kind::Text { most_chars } => text(cell, *most_chars).map(Value::Text),
        Kind::Whole { least, most } => number::whole(cell, *least, *most).map(Value::Whole),
        Kind::Decimal { least, most, places } => {
            number::decimal(cell, *least, *most, *places).map(Value::Decimal)
        }
        Kind::YesNo => yes_no(cell).map(Value::YesNo),
        Kind::Date { first, last } => date::date(cell, epoch, *first, *last).map(Value::Date),
        Kind::Time => date::time(cell).map(Value::Time),
        Kind::Code(choices) => code(cell, choices).map(Value::Code),
    }
    .map(Some)
}

fn text(cell: &Cell, most_chars: usize) -> Result<String, Finding> {
    let text = match cell {
        // From here on Excel has already rounded what was typed.
        Cell::Number(number) if number.fract() == 0.0 && number.abs() >= 1e15 => {
            return Err(Finding::new("sheet-text-rounded").with("value", shown(cell)));
        }
        // `1-2` typed as a group's name has become a day.
        Cell::Moment(_) => return Err(Finding::new("sheet-text-became-date")),
        _ => shown(cell),
    };
    if let Some(sign) = text.chars().find(|sign| sign.is_control() && !matches!(sign, '\n' | '\t')) {
        return Err(Finding::new("sheet-text-control").with("sign", format!("U+{:04X}", u32::from(sign))));
    }
    let chars = text.chars().count();
    if chars > most_chars {
        return Err(Finding::new("sheet-text-too-long")
            .with("value", clip(&text))
            .with("chars", chars)
            .with("most", most_chars));
    }
    Ok(text)
}

fn yes_no(cell: &Cell) -> Result<bool, Finding> {
    if let Cell::YesNo(yes) = cell {
        return Ok(*yes);
    }
    match fold(&shown(cell)).as_str() {
        "ja" | "j" | "yes" | "y" | "true" | "waar" | "1" | "x" => Ok(true),
        "nee" | "n" | "no" | "false" | "onwaar" | "0" => Ok(false),
        _ => Err(Finding::new("sheet-yes-no-unreadable").with("value", clip(&shown(cell)))),
    }
}

fn code(cell: &Cell, choices: &[Choice]) -> Result<String, Finding> {
    const NAMED: usize = 12;
    let said = shown(cell);
    if let Some(choice) = choices.iter().find(|choice| choice.code == said) {
        return Ok(choice.code.clone());
    }
    let folded = fold(&said);
    let mut found: Vec<&str> =
        choices.iter().filter(|choice| choice.named(&folded)).map(|choice| choice.code.as_str()).collect();
    found.dedup();
    match found.as_slice() {
        [code] if !folded.is_empty() => Ok((*code).to_owned()),
        [_, _, ..] => Err(Finding::new("sheet-code-ambiguous")
            .with("value", clip(&said))
            .with("allowed", found.join(", "))),
        _ => {
            let mut allowed: Vec<&str> =
                choices.iter().take(NAMED).map(|choice| choice.code.as_str()).collect();
            if choices.len() > NAMED {
                allowed.push("…");
            }
            Err(Finding::new("sheet-code-unknown")
                .with("value", clip(&said))
                .with("allowed", allowed.join(", ")))
        }
    }
}

/// A cell as the user sees it, near enough to recognise it in a message.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Fault(text) => text.trim_matches(is_blank).to_owned(),
        Cell::Number(number) => number::shown(*number),
        Cell::YesNo(true) => "ja".to_owned(),
        Cell::YesNo(false) => "nee".to_owned(),
        Cell::Moment(serial) => date::shown(*serial),
        Cell::Empty | Cell::TooLong(_) => String::new(),
    }
}

/// A decimal for a message; the text decides nothing about it but its place.
fn said(number: Decimal) -> String {
    number.with_comma()
}
