//! Text with delimiters, as schools' systems and Excel write it. The reader is our own, because a message must name
//! the row a spreadsheet shows, the line an editor shows and the line on which an unclosed quote opened.

use crate::finding::{Finding, Place};
use crate::limit::Gathering;
use crate::read::{self, Ask, Book};
use crate::sheet::{Cell, Format, Sheet};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

const DELIMITERS: [char; 3] = [';', ',', '\t'];

pub(crate) fn read(bytes: &[u8], ask: &Ask) -> Result<Sheet, Finding> {
    let (text, encoding) = decode(bytes)?;
    let (text, first_line, named) = separator_line(&text);
    let delimiter = named.unwrap_or_else(|| sniff(text));
    let mut gathering = Gathering::new(&ask.limits);
    let mut records = Records::new(text, delimiter, first_line);
    let mut row = first_line - 1;
    while let Some(record) = records.next_record() {
        for (column, field) in record.fields.into_iter().enumerate() {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            gathering
                .put(row, Some(record.line), column, Cell::Text(unguarded(&field).into()))
                .map_err(|finding| finding.at(Place { line: Some(record.line), ..Place::default() }))?;
        }
        row += 1;
    }
    if let Some(line) = records.unclosed {
        let place = Place { line: Some(line), ..Place::default() };
        return Err(Finding::new("sheet-quote-unclosed").at(place));
    }
    let format = Format::Csv { delimiter, encoding: encoding.name() };
    read::sheet(Book { format, names: Vec::new(), epoch_1904: false }, None, gathering.rows, ask.header_row)
}

/// Takes away the apostrophe that our own export puts before a text a spreadsheet would run as a formula.
fn unguarded(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if crate::write::is_risky(rest) => rest,
        _ => field,
    }
}

/// A byte order mark decides, then valid UTF-8, and else what Excel on a Dutch Windows writes.
fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static Encoding), Finding> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let (text, broken) = encoding.decode_without_bom_handling(rest);
        if broken {
            return Err(Finding::new("sheet-encoding-broken").with("encoding", encoding.name()));
        }
        debug_assert!([UTF_8, UTF_16LE, UTF_16BE].contains(&encoding));
        return Ok((text, encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text_only(Cow::Borrowed(text), UTF_8);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    text_only(text, WINDOWS_1252)
}

/// Pictures and programs decode as Windows-1252 too; a zero byte gives them away.
fn text_only<'a>(
    text: Cow<'a, str>,
    encoding: &'static Encoding,
) -> Result<(Cow<'a, str>, &'static Encoding), Finding> {
    if text.contains('\0') || text.trim_start().starts_with("<!") || text.trim_start().starts_with("<html") {
        return Err(Finding::new("sheet-kind-unknown"));
    }
    Ok((text, encoding))
}

/// Excel's own first line `sep=;` names the delimiter and is no data.
fn separator_line(text: &str) -> (&str, u32, Option<char>) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = line.trim_end_matches('\r').strip_prefix("sep=").and_then(|sign| sign.chars().next());
    match named {
        Some(sign) if DELIMITERS.contains(&sign) => (rest, 2, Some(sign)),
        _ => (text, 1, None),
    }
}

/// The delimiter under which most of the first records have as many fields as the header.
fn sniff(text: &str) -> char {
    const LOOK: usize = 30;
    let score = |delimiter: char| {
        let mut records = Records::new(text, delimiter, 1);
        let mut counts = Vec::new();
        while let Some(record) = records.next_record() {
            if record.fields.iter().any(|field| !field.trim().is_empty()) {
                counts.push(record.fields.len());
            }
            if counts.len() == LOOK {
                break;
            }
        }
        let Some(&header) = counts.first() else { return (0, 0) };
        if header < 2 {
            return (0, 0);
        }
        let alike = counts.iter().filter(|count| **count == header).count();
        (alike * 100 / counts.len(), header)
    };
    let mut best = (';', (0, 0));
    for delimiter in DELIMITERS {
        let scored = score(delimiter);
        if scored > best.1 {
            best = (delimiter, scored);
        }
    }
    best.0
}

struct Record {
    /// Where it begins, counted from 1.
    line: u32,
    fields: Vec<String>,
}

/// RFC 4180, forgiving: a quote inside an unquoted field is a quote, text after a closing quote is kept,
/// and lines may end in LF, CR LF or CR.
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    line: u32,
    /// The line of an opening quote that never closed.
    unclosed: Option<u32>,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char, line: u32) -> Self {
        Self { rest: text.chars().peekable(), delimiter, line, unclosed: None }
    }

    fn next_record(&mut self) -> Option<Record> {
        self.rest.peek()?;
        let line = self.line;
        let mut fields = Vec::new();
        let mut field = String::new();
        if self.rest.next_if_eq(&'"').is_some() {
            self.quoted(&mut field);
        }
        loop {
            match self.rest.next() {
                None => break,
                Some(sign) if sign == self.delimiter => {
                    fields.push(std::mem::take(&mut field));
                    if self.rest.next_if_eq(&'"').is_some() {
                        self.quoted(&mut field);
                    }
                }
                Some('\r') => {
                    self.rest.next_if_eq(&'\n');
                    self.line = self.line.saturating_add(1);
                    break;
                }
                Some('\n') => {
                    self.line = self.line.saturating_add(1);
                    break;
                }
                Some(sign) => field.push(sign),
            }
        }
        fields.push(field);
        Some(Record { line, fields })
    }

    fn quoted(&mut self, field: &mut String) {
        let opened = self.line;
        loop {
            match self.rest.next() {
                None => {
                    self.unclosed = Some(opened);
                    return;
                }
                Some('"') if self.rest.next_if_eq(&'"').is_some() => field.push('"'),
                Some('"') => return,
                Some('\r') => {
                    self.rest.next_if_eq(&'\n');
                    self.line = self.line.saturating_add(1);
                    field.push('\n');
                }
                Some(sign) => {
                    if sign == '\n' {
                        self.line = self.line.saturating_add(1);
                    }
                    field.push(sign);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Row;

    fn sheet(bytes: &[u8]) -> Sheet {
        read(bytes, &Ask::default()).unwrap()
    }

    fn texts(row: &Row) -> Vec<&str> {
        row.cells.iter().map(|cell| if let Cell::Text(text) = cell { &**text } else { "" }).collect()
    }

    #[test]
    fn the_delimiter_is_seen_although_names_hold_commas() {
        let read = sheet(b"Naam;Cijfer\nJansen, P;7,5\nBakker, A;8,0\n");
        assert_eq!(read.headers, ["Naam", "Cijfer"]);
        assert_eq!(texts(&read.rows[0]), ["Jansen, P", "7,5"]);
        assert_eq!(sheet(b"a,b\n1,2\n").headers, ["a", "b"]);
        assert_eq!(sheet(b"a\tb\n1,5\t2\n").headers, ["a", "b"]);
        assert_eq!(sheet(b"alleen\neen\nkolom\n").headers, ["alleen"]);
        assert_eq!(sheet(b"sep=,\na,b;c\n1,2\n").headers, ["a", "b;c"]);
    }

    #[test]
    fn the_encoding_is_seen() {
        let of = |bytes: &[u8]| match sheet(bytes).format {
            Format::Csv { encoding, .. } => encoding,
            other => panic!("{other:?}"),
        };
        assert_eq!(of("a;b\né;2".as_bytes()), "UTF-8");
        assert_eq!(of(b"\xef\xbb\xbfa;b\n1;2"), "UTF-8");
        assert_eq!(of(b"a;b\nRen\xe9;2"), "windows-1252");
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("a;b\né;2".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(of(&wide), "UTF-16LE");
        assert_eq!(texts(&sheet(b"a;b\nRen\xe9 \x80;2").rows[0]), ["René €", "2"]);
        assert_eq!(sheet(b"\xef\xbb\xbfa;b\n1;2").headers, ["a", "b"]);
    }

    #[test]
    fn rows_and_lines_are_both_known_when_a_cell_holds_a_line_end() {
        let read = sheet(b"naam;noot\r\nA;\"twee\r\nregels \"\"x\"\"\"\r\n\r\nB;z\r\n");
        assert_eq!(texts(&read.rows[0]), ["A", "twee\nregels \"x\""]);
        assert_eq!((read.rows[0].number, read.rows[0].line), (2, Some(2)));
        assert_eq!((read.rows[1].number, read.rows[1].line), (4, Some(5)));
    }

    #[test]
    fn the_headers_may_stand_lower_than_the_title_of_the_list() {
        let bytes = b"Overzicht per 20-11;\n;\nNaam;Cijfer\nA;7\n";
        let at = |header_row| read(bytes, &Ask { header_row, ..Ask::default() });
        let sheet = at(Some(3)).unwrap();
        assert_eq!(
            (sheet.headers.as_slice(), sheet.header_row),
            (["Naam", "Cijfer"].map(String::from).as_slice(), 3)
        );
        assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [4]);
        assert_eq!(at(Some(2)).unwrap_err().code, "sheet-header-row-empty");
        assert_eq!(at(None).unwrap().headers, ["Overzicht per 20-11"]);
    }

    #[test]
    fn an_unclosed_quote_is_placed_where_it_opened() {
        let finding = read(b"a;b\n1;2\n3;\"vier\n5;6\n7;8\n", &Ask::default()).unwrap_err();
        assert_eq!((finding.code, finding.place.line), ("sheet-quote-unclosed", Some(3)));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), b"<html><table>", b"<!DOCTYPE html>"] {
            assert_eq!(read(bytes, &Ask::default()).unwrap_err().code, "sheet-kind-unknown");
        }
    }
}
