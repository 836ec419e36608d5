//! LibreOffice workbooks. Read here, cell by cell, because the library at hand unfolds "this cell a million times"
//! into memory before anyone can object.

use crate::finding::Finding;
use crate::limit::Gathering;
use crate::read::{Ask, Book};
use crate::sheet::{Cell, Format, Sheet};
use jiff::civil;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Cursor, Read};

pub(crate) fn read(bytes: &[u8], ask: &Ask) -> Result<Sheet, Finding> {
    let damaged = |_| Finding::new("sheet-damaged");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if let Ok(mut manifest) = zip.by_name("META-INF/manifest.xml") {
        let mut text = Vec::new();
        manifest.read_to_end(&mut text).map_err(|_| Finding::new("sheet-damaged"))?;
        if text.windows(15).any(|window| window == b"encryption-data") {
            return Err(Finding::new("sheet-encrypted"));
        }
    }
    let mut content = Vec::new();
    zip.by_name("content.xml")
        .map_err(damaged)?
        .read_to_end(&mut content)
        .map_err(|_| Finding::new("sheet-damaged"))?;
    let names = names(&content)?;
    Book { format: Format::Ods, names, epoch_1904: false }
        .choose(ask, |name, gathering| Content::new(&content).sheet(name, gathering))
}

fn names(content: &[u8]) -> Result<Vec<String>, Finding> {
    let mut content = Content::new(content);
    let mut names = Vec::new();
    while let Some(event) = content.next()? {
        if let Event::Start(start) | Event::Empty(start) = &event
            && start.name().as_ref() == "table:table"
        {
            names.push(attribute(start, "table:name")?.unwrap_or_default());
        }
    }
    Ok(names)
}

struct Content<'a> {
    xml: Reader<BufReader<&'a [u8]>>,
    buffer: Vec<u8>,
}

impl<'a> Content<'a> {
    fn new(content: &'a [u8]) -> Self {
        Self { xml: Reader::from_reader(BufReader::new(content)), buffer: Vec::new() }
    }

    fn next(&mut self) -> Result<Option<Event<'static>>, Finding> {
        self.buffer.clear();
        match self.xml.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event.into_owned())),
            Err(_) => Err(Finding::new("sheet-damaged")),
        }
    }

    fn sheet(&mut self, name: &str, gathering: &mut Gathering<'_>) -> Result<(), Finding> {
        let mut inside = false;
        let mut row: u32 = 0;
        while let Some(event) = self.next()? {
            match &event {
                Event::Start(start) if start.name().as_ref() == "table:table" => {
                    inside = attribute(start, "table:name")?.as_deref() == Some(name);
                }
                Event::End(end) if end.name().as_ref() == "table:table" && inside => return Ok(()),
                Event::Empty(start) if inside && start.name().as_ref() == "table:table-row" => {
                    row = row.saturating_add(repeated(start, "table:number-rows-repeated")?);
                }
                Event::Start(start) if inside && start.name().as_ref() == "table:table-row" => {
                    let times = repeated(start, "table:number-rows-repeated")?;
                    let cells = self.row(gathering)?;
                    for _ in 0..if cells.is_empty() { 0 } else { times } {
                        for (column, cell) in &cells {
                            gathering.put(row, None, *column, cell.clone())?;
                        }
                        row = row.saturating_add(1);
                    }
                    if cells.is_empty() {
                        row = row.saturating_add(times);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The filled cells of one row.
    fn row(&mut self, gathering: &Gathering<'_>) -> Result<Vec<(u32, Cell)>, Finding> {
        let mut cells = Vec::new();
        let mut column: u32 = 0;
        while let Some(event) = self.next()? {
            let (start, whole) = match &event {
                Event::End(end) if end.name().as_ref() == "table:table-row" => break,
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                _ => continue,
            };
            if !matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell") {
                continue;
            }
            let times = repeated(start, "table:number-columns-repeated")?;
            let cell = self.cell(start, whole)?;
            if !cell.is_empty() {
                // One past the cap is enough to be refused.
                for step in 0..times.min(gathering.columns().saturating_add(1)) {
                    cells.push((column.saturating_add(step), cell.clone()));
                }
            }
            column = column.saturating_add(times);
        }
        Ok(cells)
    }

    fn cell(&mut self, start: &BytesStart<'_>, whole: bool) -> Result<Cell, Finding> {
        let kind = attribute(start, "office:value-type")?;
        let value = attribute(start, "office:value")?;
        let date = attribute(start, "office:date-value")?;
        let time = attribute(start, "office:time-value")?;
        let yes = attribute(start, "office:boolean-value")?;
        let text = if whole { String::new() } else { self.text()? };
        let number = || value.as_deref().and_then(|value| value.parse::<f64>().ok()).map(Cell::Number);
        let read = match kind.as_deref() {
            Some("float" | "percentage" | "currency") => number(),
            Some("boolean") => yes.map(|yes| Cell::YesNo(yes == "true")),
            Some("date") => date.as_deref().and_then(days).map(Cell::Moment),
            Some("time") => time.as_deref().and_then(day_part).map(Cell::Moment),
            _ => None,
        };
        Ok(match read {
            Some(cell) => cell,
            None if text.is_empty() => Cell::Empty,
            None if text.starts_with("Err:") || text.starts_with("#N/") => Cell::Fault(text.into()),
            None => Cell::Text(text.into()),
        })
    }

    /// The paragraphs of a cell, without the notes pinned on it.
    fn text(&mut self) -> Result<String, Finding> {
        let mut text = String::new();
        let mut notes: u32 = 0;
        let mut paragraphs: u32 = 0;
        let mut inside = false;
        while let Some(event) = self.next()? {
            match &event {
                Event::End(end) => match end.name().as_ref() {
                    "table:table-cell" | "table:covered-table-cell" => break,
                    "office:annotation" => notes = notes.saturating_sub(1),
                    "text:p" => inside = false,
                    _ => {}
                },
                Event::Start(start) if start.name().as_ref() == "office:annotation" => notes += 1,
                Event::Start(start) if notes == 0 && start.name().as_ref() == "text:p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    inside = true;
                }
                Event::Empty(start) if inside && notes == 0 => match start.name().as_ref() {
                    "text:s" => text.push(' '),
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                },
                Event::Text(part) if inside && notes == 0 => text.push_str(part),
                Event::GeneralRef(part) if inside && notes == 0 => text.push_str(&character(part)?),
                _ => {}
            }
        }
        Ok(text)
    }
}

fn character(name: &str) -> Result<String, Finding> {
    quick_xml::escape::unescape(&format!("&{name};"))
        .map(|text| text.into_owned())
        .map_err(|_| Finding::new("sheet-damaged"))
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Finding> {
    let damaged = || Finding::new("sheet-damaged");
    match start.try_get_attribute(name).map_err(|_| damaged())? {
        None => Ok(None),
        Some(found) => quick_xml::escape::unescape(&found.value)
            .map(|text| Some(text.into_owned()))
            .map_err(|_| damaged()),
    }
}

fn repeated(start: &BytesStart<'_>, name: &str) -> Result<u32, Finding> {
    match attribute(start, name)? {
        None => Ok(1),
        Some(times) => times.parse().map_err(|_| Finding::new("sheet-damaged")),
    }
}

/// `2026-11-20` or `2026-11-20T09:30:00` as days since the workbook epoch.
fn days(text: &str) -> Option<f64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time.parse::<civil::Time>().ok()?),
        None => (text, civil::Time::midnight()),
    };
    let since = date.parse::<civil::Date>().ok()?.since(crate::parse::EPOCH_1900).ok()?.get_days();
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    Some(f64::from(since) + f64::from(seconds) / 86_400.0)
}

/// `PT09H30M00S` as part of a day.
fn day_part(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut number = String::new();
    for sign in text.strip_prefix("PT")?.chars() {
        let worth = match sign {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => {
                number.push(if sign == ',' { '.' } else { sign });
                continue;
            }
        };
        seconds += number.parse::<f64>().ok()? * worth;
        number.clear();
    }
    Some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Limits;
    use crate::sheet::Row;
    use std::io::Write;

    fn workbook(tables: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("content.xml", options).unwrap();
        let xml = format!(
            r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">
            <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
        );
        zip.write_all(xml.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn values_are_read_by_their_kind_and_repeats_are_unfolded() {
        let read = crate::read::read(
            &workbook(
                r#"<table:table table:name="Leeg"><table:table-row table:number-rows-repeated="1048576"/></table:table>
                <table:table table:name="Blad 1">
                <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
                <table:table-row><table:table-cell office:value-type="string"><text:p>Naam &amp; zo</text:p></table:table-cell>
                  <table:table-cell><text:p>Datum</text:p></table:table-cell><table:table-cell><text:p>Tijd</text:p></table:table-cell></table:table-row>
                <table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>noot</text:p></office:annotation><text:p>Aïcha<text:s/>B</text:p><text:p>x</text:p></table:table-cell>
                  <table:table-cell office:value-type="date" office:date-value="2026-11-20"><text:p>20-11-26</text:p></table:table-cell>
                  <table:table-cell office:value-type="time" office:time-value="PT09H30M00S"><text:p>9:30</text:p></table:table-cell></table:table-row>
                <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7.5"><text:p>7,5</text:p></table:table-cell></table:table-row>
                <table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
                </table:table>"#,
            ),
            &Ask::default(),
        )
        .unwrap();
        assert_eq!(read.name.as_deref(), Some("Blad 1"));
        assert_eq!(
            (read.header_row, read.headers.as_slice()),
            (3, ["Naam & zo", "Datum", "Tijd"].map(String::from).as_slice())
        );
        assert_eq!(
            read.rows[0],
            Row {
                number: 4,
                line: None,
                cells: vec![
                    Cell::Text("Aïcha B\nx".into()),
                    Cell::Moment(46_346.0),
                    Cell::Moment(9.5 / 24.0)
                ]
            }
        );
        assert_eq!(read.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [4, 5, 6]);
        assert_eq!(read.rows[2].cells, [Cell::Number(7.5), Cell::Number(7.5)]);
    }

    #[test]
    fn a_cell_repeated_a_billion_times_is_refused_and_not_unfolded() {
        let cell = r#"<table:table-cell table:number-columns-repeated="4000000000"><text:p>x</text:p></table:table-cell>"#;
        let columns = workbook(&format!(
            r#"<table:table table:name="B"><table:table-row>{cell}</table:table-row></table:table>"#
        ));
        assert_eq!(read(&columns, &Ask::default()).unwrap_err().code, "sheet-too-many-columns");
        let rows = workbook(
            r#"<table:table table:name="B"><table:table-row table:number-rows-repeated="4000000000"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#,
        );
        let finding = read(
            &rows,
            &Ask { sheet: None, header_row: None, limits: Limits { rows: 100, ..Limits::default() } },
        );
        assert_eq!(finding.unwrap_err().code, "sheet-too-many-rows");
    }
}
