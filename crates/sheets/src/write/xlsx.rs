//! Workbooks of one list.

use super::{Head, Out, Words, WriteError, is_risky};
use jiff::civil::{Date, DateTime, Time};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{Seek, Write};

/// A list written row by row; the rows wait in a temporary file, not in memory.
pub struct XlsxList<'w> {
    workbook: Workbook,
    formats: Formats,
    words: &'w Words,
    columns: u16,
    next: u32,
}

impl<'w> XlsxList<'w> {
    /// `made_at` stands in the file's properties, so that the same list at the same moment is the same file.
    pub fn new(title: &str, heads: &[Head], words: &'w Words, made_at: DateTime) -> Result<Self, WriteError> {
        let mut workbook = Workbook::new();
        let formats = Formats::new();
        workbook.set_properties(&properties(title, made_at)?);
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(WriteError::Xlsx)?;
        sheet.set_name(sheet_name(title)).map_err(WriteError::Xlsx)?;
        head_row(sheet, heads, &formats)?;
        let columns = u16::try_from(heads.len()).unwrap_or(u16::MAX);
        Ok(Self { workbook, formats, words, columns, next: 1 })
    }

    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        const LAST_ROW: u32 = 1_048_575;
        if self.next > LAST_ROW {
            return Err(WriteError::TooManyRows);
        }
        let sheet = self.workbook.worksheet_from_index(0).map_err(WriteError::Xlsx)?;
        for (column, cell) in (0u16..).zip(cells) {
            put(sheet, self.next, column, cell, &self.formats, self.words)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Writes the file and hands the writer back.
    pub fn finish<W: Write + Seek + Send>(mut self, mut to: W) -> Result<W, WriteError> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(WriteError::Xlsx)?;
        if self.columns > 0 {
            sheet.autofilter(0, 0, self.next - 1, self.columns - 1).map_err(WriteError::Xlsx)?;
        }
        self.workbook.save_to_writer(&mut to).map_err(WriteError::Xlsx)?;
        Ok(to)
    }
}

pub(super) struct Formats {
    pub(super) head: Format,
    pub(super) wrapped: Format,
    pub(super) example: Format,
    /// Kept as text for ever, also when a user edits the cell: no student number loses its zeros.
    pub(super) text: Format,
    risky: Format,
    pub(super) date: Format,
    pub(super) time: Format,
    moment: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            head: Format::new().set_bold().set_text_wrap(),
            wrapped: Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top),
            example: Format::new().set_italic().set_num_format("@"),
            risky: text.clone().set_quote_prefix(),
            text,
            date: Format::new().set_num_format("dd-mm-yyyy"),
            time: Format::new().set_num_format("hh:mm"),
            moment: Format::new().set_num_format("dd-mm-yyyy hh:mm:ss"),
        }
    }
}

pub(super) fn properties(title: &str, made_at: DateTime) -> Result<DocProperties, WriteError> {
    let made_at = excel_day(made_at.date())
        .and_then(|day| {
            let time = made_at.time();
            day.and_hms(unsigned(time.hour()).into(), unsigned(time.minute()), f64::from(time.second()))
        })
        .map_err(WriteError::Xlsx)?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&made_at))
}

pub(super) fn head_row(sheet: &mut Worksheet, heads: &[Head], formats: &Formats) -> Result<(), WriteError> {
    for (column, head) in (0u16..).zip(heads) {
        let fitting = u16::try_from(head.label.chars().count()).unwrap_or(60).clamp(8, 60) + 2;
        let width = head.width.unwrap_or(fitting);
        sheet.set_column_width(column, f64::from(width)).map_err(WriteError::Xlsx)?;
    }
    for (column, head) in (0u16..).zip(heads) {
        sheet.write_string_with_format(0, column, &head.label, &formats.head).map_err(WriteError::Xlsx)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(WriteError::Xlsx)?;
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Out<'_>,
    formats: &Formats,
    words: &Words,
) -> Result<(), WriteError> {
    // Beyond this a float no longer holds every whole number, and an id would change silently.
    const EXACT: u64 = 1_000_000_000_000_000;
    let written = match cell {
        Out::Empty => return Ok(()),
        Out::Text(text) => {
            let format = if is_risky(text) { &formats.risky } else { &formats.text };
            sheet.write_string_with_format(row, column, *text, format)
        }
        Out::Whole(number) if number.unsigned_abs() >= EXACT => {
            sheet.write_string_with_format(row, column, number.to_string(), &formats.text)
        }
        Out::Whole(number) => sheet.write_number(row, column, *number as f64),
        Out::Decimal(number) => sheet.write_number(row, column, number.to_f64()),
        Out::YesNo(yes) => sheet.write_string(row, column, if *yes { &words.yes } else { &words.no }),
        Out::Date(date) if date.year() < 1900 => {
            sheet.write_string_with_format(row, column, date.to_string(), &formats.text)
        }
        Out::Date(date) => excel_day(*date)
            .and_then(|day| sheet.write_datetime_with_format(row, column, &day, &formats.date)),
        Out::Time(time) => sheet.write_number_with_format(row, column, day_part(*time), &formats.time),
        Out::Moment(moment) => {
            excel_day(moment.date()).and_then(|day| day.and_hms(0, 0, 0.0)).and_then(|day| {
                let serial = day.to_excel() + day_part(moment.time());
                sheet.write_number_with_format(row, column, serial, &formats.moment)
            })
        }
    };
    match written {
        Ok(_) => Ok(()),
        Err(XlsxError::MaxStringLengthExceeded) => Err(WriteError::TextTooLong { row: row + 1 }),
        Err(error) => Err(WriteError::Xlsx(error)),
    }
}

/// What Excel allows as the name of a sheet: no `[]:*?/\`, no apostrophe around it, at most 31 characters.
pub(super) fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .map(|sign| {
            if matches!(sign, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || sign.is_control() {
                ' '
            } else {
                sign
            }
        })
        .collect();
    let name: String = name.trim_matches(['\'', ' ']).chars().take(31).collect();
    let name = name.trim_matches(['\'', ' ']);
    if name.is_empty() { "1".to_owned() } else { name.to_owned() }
}

fn excel_day(date: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        u16::try_from(date.year()).unwrap_or(0),
        unsigned(date.month()),
        unsigned(date.day()),
    )
}

fn day_part(time: Time) -> f64 {
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    f64::from(seconds) / 86_400.0
}

fn unsigned(part: i8) -> u8 {
    u8::try_from(part).unwrap_or(0)
}
