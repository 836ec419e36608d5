//! The workbook a school downloads, fills and sends back.

use super::xlsx::{Formats, head_row, properties, sheet_name};
use super::{Head, Words, WriteError};
use crate::column::{Choice, Column, Kind};
use crate::finding::letters;
use jiff::civil::DateTime;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Formula, Workbook, Worksheet,
};

/// How many rows get drop-down lists and cell formats.
const PREPARED: u32 = 20_000;

/// Headers with an example row, an explanation of each column, and drop-down lists for what has few answers.
pub fn template(
    title: &str,
    columns: &[Column],
    words: &Words,
    made_at: DateTime,
) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let formats = Formats::new();
    workbook.set_properties(&properties(title, made_at)?);
    let lists = sheet_name(&words.lists);
    let data = workbook.add_worksheet();
    data.set_name(sheet_name(&words.data)).map_err(WriteError::Xlsx)?;
    let heads: Vec<Head> = columns.iter().map(|column| Head::new(&column.label)).collect();
    head_row(data, &heads, &formats)?;
    let mut list: u16 = 0;
    for (index, column) in (0u16..).zip(columns) {
        data.write_string_with_format(1, index, &column.example, &formats.example)
            .map_err(WriteError::Xlsx)?;
        prepare(data, index, column, &formats)?;
        let count = match &column.kind {
            Kind::YesNo => 2,
            Kind::Code(choices) if !choices.is_empty() => choices.len(),
            _ => continue,
        };
        // A list inside the rule may hold 255 characters; one on a sheet may hold anything.
        let letters = letters(u32::from(list));
        let source = format!("='{}'!${letters}$1:${letters}${count}", lists.replace('\'', "''"));
        let rule = DataValidation::new()
            .allow_list_formula(Formula::new(source))
            .set_error_style(DataValidationErrorStyle::Warning);
        data.add_data_validation(1, index, PREPARED, index, &rule).map_err(WriteError::Xlsx)?;
        list += 1;
    }
    explain(workbook.add_worksheet(), columns, words, &formats)?;
    fill_lists(workbook.add_worksheet(), &lists, columns, words)?;
    workbook.save_to_buffer().map_err(WriteError::Xlsx)
}

fn prepare(data: &mut Worksheet, index: u16, column: &Column, formats: &Formats) -> Result<(), WriteError> {
    match &column.kind {
        Kind::Text { .. } | Kind::Code(_) => data.set_column_format(index, &formats.text),
        Kind::Date { .. } => data.set_column_format(index, &formats.date),
        Kind::Time => data.set_column_format(index, &formats.time),
        Kind::Whole { least, most } => {
            let (Ok(least), Ok(most)) = (i32::try_from(*least), i32::try_from(*most)) else { return Ok(()) };
            let rule = DataValidation::new()
                .allow_whole_number(DataValidationRule::Between(least, most))
                .set_error_style(DataValidationErrorStyle::Warning);
            data.add_data_validation(1, index, PREPARED, index, &rule)
        }
        Kind::Decimal { least, most, .. } => {
            let rule = DataValidation::new()
                .allow_decimal_number(DataValidationRule::Between(least.to_f64(), most.to_f64()))
                .set_error_style(DataValidationErrorStyle::Warning);
            data.add_data_validation(1, index, PREPARED, index, &rule)
        }
        Kind::YesNo => return Ok(()),
    }
    .map(|_| ())
    .map_err(WriteError::Xlsx)
}

fn explain(
    sheet: &mut Worksheet,
    columns: &[Column],
    words: &Words,
    formats: &Formats,
) -> Result<(), WriteError> {
    sheet.set_name(sheet_name(&words.explanation)).map_err(WriteError::Xlsx)?;
    let heads = [&words.column, &words.required, &words.meaning, &words.allowed, &words.example];
    let widths = [24, 11, 60, 50, 24];
    let heads: Vec<Head> = heads
        .into_iter()
        .zip(widths)
        .map(|(label, width)| Head { label: label.clone(), width: Some(width) })
        .collect();
    head_row(sheet, &heads, formats)?;
    let mut row = 1;
    for column in columns {
        let required = if column.required { &words.yes } else { &words.no };
        let cells = [&column.label, required, &column.help, &allowed(column, words), &column.example];
        for (index, text) in (0u16..).zip(cells) {
            sheet
                .write_string_with_format(row, index, cut(text), &formats.wrapped)
                .map_err(WriteError::Xlsx)?;
        }
        row += 1;
    }
    sheet
        .write_string_with_format(row + 1, 0, &words.about_example, &formats.wrapped)
        .map_err(WriteError::Xlsx)?;
    Ok(())
}

fn allowed(column: &Column, words: &Words) -> String {
    match &column.kind {
        Kind::Text { most_chars } => format!("{} (≤ {most_chars})", words.text),
        Kind::Whole { least, most } => format!("{}: {least} – {most}", words.whole),
        Kind::Decimal { least, most, .. } => {
            format!("{}: {} – {}", words.decimal, least.with_comma(), most.with_comma())
        }
        Kind::YesNo => format!("{} / {}", words.yes, words.no),
        Kind::Date { .. } => words.date.clone(),
        Kind::Time => words.time.clone(),
        Kind::Code(choices) => choices
            .iter()
            .map(|choice| format!("{} = {}", choice.code, choice.label))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn fill_lists(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[Column],
    words: &Words,
) -> Result<(), WriteError> {
    sheet.set_name(name).map_err(WriteError::Xlsx)?;
    sheet.set_hidden(true);
    let yes_no = [Choice::new(&words.yes, &words.yes, &[]), Choice::new(&words.no, &words.no, &[])];
    let lists = columns.iter().filter_map(|column| match &column.kind {
        Kind::YesNo => Some(yes_no.as_slice()),
        Kind::Code(choices) if !choices.is_empty() => Some(choices.as_slice()),
        _ => None,
    });
    for (index, choices) in (0u16..).zip(lists) {
        for (row, choice) in (0u32..).zip(choices) {
            sheet.write_string(row, index, &choice.code).map_err(WriteError::Xlsx)?;
        }
    }
    Ok(())
}

/// A list of thousands of codes stands on the lists sheet; the explanation shows how it begins.
fn cut(text: &str) -> String {
    const MOST: usize = 2_000;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}
