//! From the downloaded template to the placed mistakes, and every list back as it was written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use jiff::civil::{Date, DateTime, Time, date, time};
use proptest::prelude::*;
use regie_sheets::write::{CsvList, Head, Out, Words, XlsxList, template};
use regie_sheets::{
    Ask, Choice, Column, Decimal, Finding, Kind, Limits, Mapping, Remembered, Sheet, Value, read, read_row,
    repeated_headers, skip_example, suggest,
};
use std::io::{Cursor, Write};

const MADE_AT: DateTime = jiff::civil::datetime(2026, 11, 20, 9, 30, 0, 0);

fn words() -> Words {
    let word = str::to_owned;
    Words {
        yes: word("ja"),
        no: word("nee"),
        data: word("Gegevens"),
        explanation: word("Uitleg"),
        lists: word("Lijsten"),
        column: word("Kolom"),
        meaning: word("Betekenis"),
        required: word("Verplicht"),
        allowed: word("Wat erin mag"),
        example: word("Voorbeeld"),
        text: word("tekst"),
        whole: word("heel getal"),
        decimal: word("getal"),
        date: word("datum"),
        time: word("tijd"),
        about_example: word("De tweede rij is een voorbeeld."),
    }
}

fn column(key: &str, label: &str, kind: Kind, required: bool, example: &str) -> Column {
    Column {
        key: key.to_owned(),
        label: label.to_owned(),
        aliases: Vec::new(),
        kind,
        required,
        example: example.to_owned(),
        help: format!("Uitleg bij {label}."),
    }
}

/// One column of each kind.
fn columns() -> Vec<Column> {
    let path = vec![
        Choice::new("bol", "Beroepsopleidende leerweg", &[]),
        Choice::new("bbl", "Beroepsbegeleidende leerweg", &[]),
    ];
    let grade = Kind::Decimal { least: Decimal::new(1, 0), most: Decimal::new(10, 0), places: 1 };
    vec![
        column("studentNumber", "Studentnummer", Kind::Text { most_chars: 200 }, true, "0301234"),
        column("cohort", "Cohort", Kind::Whole { least: 2000, most: 2100 }, true, "2026"),
        column("grade", "Cijfer", grade, false, "7,5"),
        column("minor", "Minderjarig", Kind::YesNo, false, "nee"),
        column("birthDate", "Geboortedatum", Kind::date(), true, "20-11-2008"),
        column("start", "Begintijd", Kind::Time, false, "09:30"),
        column("path", "Leerweg", Kind::Code(path), true, "bol"),
    ]
}

type Rows = Vec<Vec<Option<Value>>>;

fn typed(sheet: &Sheet) -> (Rows, Vec<Finding>) {
    let columns = columns();
    let mapping = Mapping::accept(&suggest(sheet, &columns, &Remembered::new()));
    assert_eq!(mapping.check(sheet, &columns), []);
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for row in &sheet.rows {
        match read_row(sheet, row, &columns, &mapping) {
            Ok(values) => rows.push(values),
            Err(wrong) => findings.extend(wrong),
        }
    }
    (rows, findings)
}

fn heads() -> Vec<Head> {
    columns().iter().map(|column| Head::new(&column.label)).collect()
}

fn as_xlsx(rows: &Rows) -> Vec<u8> {
    let words = words();
    let mut list = XlsxList::new("Studenten: 2026/27", &heads(), &words, MADE_AT).unwrap();
    for row in rows {
        let cells: Vec<Out<'_>> = row.iter().map(|value| value.as_ref().into()).collect();
        list.row(&cells).unwrap();
    }
    list.finish(Cursor::new(Vec::new())).unwrap().into_inner()
}

fn as_csv(rows: &Rows) -> Vec<u8> {
    let words = words();
    let mut list = CsvList::new(Vec::new(), &heads(), &words).unwrap();
    for row in rows {
        let cells: Vec<Out<'_>> = row.iter().map(|value| value.as_ref().into()).collect();
        list.row(&cells).unwrap();
    }
    list.finish().unwrap()
}

fn student(number: usize) -> Vec<Option<Value>> {
    vec![
        Some(Value::Text(format!("0{:06}", 300_000 + number))),
        Some(Value::Whole(2026)),
        Some(Value::Decimal(Decimal::new(10 + i64::try_from(number % 91).unwrap(), 1))),
        Some(Value::YesNo(number.is_multiple_of(5))),
        Some(Value::Date(
            date(2008, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(number % 700).unwrap())),
        )),
        Some(Value::Time(time(9, 30, 0, 0))),
        Some(Value::Code(if number.is_multiple_of(3) { "bbl" } else { "bol" }.to_owned())),
    ]
}

#[test]
fn a_template_is_filled_in_and_read_back_and_its_example_is_skipped() {
    let columns = columns();
    let file = template("Studenten", &columns, &words(), MADE_AT).unwrap();
    let mut sheet = read(&file, &Ask::default()).unwrap();
    assert_eq!(sheet.name.as_deref(), Some("Gegevens"));
    assert_eq!(sheet.names, ["Gegevens", "Uitleg"], "the lists sheet is hidden");
    assert_eq!(sheet.headers, columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>());
    assert_eq!(typed(&sheet).1, [], "the example row itself is right in every column");
    let mapping = Mapping::accept(&suggest(&sheet, &columns, &Remembered::new()));
    assert_eq!(skip_example(&mut sheet, &columns, &mapping).unwrap().code, "sheet-example-skipped");
    assert_eq!(sheet.rows, []);
    assert_eq!(skip_example(&mut sheet, &columns, &mapping), None);

    let explained = read(&file, &Ask { sheet: Some("Uitleg".to_owned()), ..Ask::default() }).unwrap();
    assert_eq!(explained.headers, ["Kolom", "Verplicht", "Betekenis", "Wat erin mag", "Voorbeeld"]);
    assert!(explained.rows.len() > columns.len());
    let missing = read(&file, &Ask { sheet: Some("Blad9".to_owned()), ..Ask::default() }).unwrap_err();
    assert_eq!(missing.code, "sheet-not-found");
}

#[test]
fn the_template_offers_drop_down_lists_for_codes() {
    let file = template("Studenten", &columns(), &words(), MADE_AT).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    let data = part("xl/worksheets/sheet1.xml");
    assert!(data.contains("'Lijsten'!$A$1:$A$2"), "yes or no");
    assert!(data.contains("'Lijsten'!$B$1:$B$2"), "learning path");
    assert!(part("xl/workbook.xml").contains(r#"name="Lijsten" sheetId="3" state="hidden""#));
}

#[test]
fn planted_mistakes_are_all_found_in_their_places_in_every_file_kind() {
    let lines = [
        "Studentnummer;Cohort;Cijfer;Minderjarig;Geboortedatum;Begintijd;Leerweg",
        "0301234;2026;7,5;nee;20-11-2008;09:30;bol",
        ";1999;11;misschien;20-11-08;25:00;brl",
        "0301235;2026;7,55;ja;31-02-2008;9.30;Beroepsbegeleidende leerweg",
    ];
    let expected = [
        ("A3", "sheet-value-missing"),
        ("B3", "sheet-whole-out-of-range"),
        ("C3", "sheet-decimal-out-of-range"),
        ("D3", "sheet-yes-no-unreadable"),
        ("E3", "sheet-date-short-year"),
        ("F3", "sheet-time-unreadable"),
        ("G3", "sheet-code-unknown"),
        ("C4", "sheet-decimal-too-fine"),
        ("E4", "sheet-date-unreadable"),
    ];
    let csv = lines.join("\r\n");
    let tabbed = csv.replace(';', "\t");
    for bytes in [csv.clone().into_bytes(), tabbed.into_bytes(), text_workbook(&lines)] {
        let (rows, findings) = typed(&read(&bytes, &Ask::default()).unwrap());
        assert_eq!(rows.len(), 1);
        let placed: Vec<(String, &str)> = findings
            .iter()
            .map(|finding| {
                let place = &finding.place;
                (format!("{}{}", place.letters().unwrap(), place.row.unwrap()), finding.code)
            })
            .collect();
        let expected: Vec<(String, &str)> =
            expected.iter().map(|(place, code)| ((*place).to_owned(), *code)).collect();
        assert_eq!(placed, expected);
        assert_eq!(findings[4].place.header.as_deref(), Some("Geboortedatum"));
    }
}

/// What someone pastes into a workbook: text in every cell.
fn text_workbook(lines: &[&str]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0u32..).zip(lines) {
        for (column, text) in (0u16..).zip(line.split(';')) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_same_list_at_the_same_moment_is_the_same_file() {
    let rows: Rows = (0..20).map(student).collect();
    assert_eq!(as_xlsx(&rows), as_xlsx(&rows));
    assert_eq!(as_csv(&rows), as_csv(&rows));
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back_whole() {
    let nasty =
        ["=1+1", "+31612345678", "-5", "@SUM(A1)", "'=1", "'", "a;b", "\"q\"", "=cmd|' /C calc'!A0", "\t=1"];
    let mut rows = Rows::new();
    for text in nasty {
        let mut row = student(1);
        row[0] = Some(Value::Text(text.trim().to_owned()));
        rows.push(row);
    }
    let csv = as_csv(&rows);
    for line in String::from_utf8(csv.clone()).unwrap().lines().skip(1) {
        let field = line.trim_start_matches('"');
        assert!(!field.starts_with(['=', '+', '-', '@', '\t']), "{line}");
    }
    assert_eq!(typed(&read(&csv, &Ask::default()).unwrap()), (rows.clone(), vec![]));
    let xlsx = as_xlsx(&rows);
    assert_eq!(typed(&read(&xlsx, &Ask::default()).unwrap()), (rows, vec![]));
    let mut zip = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
    let sheet = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>"), "no cell is a formula");
}

#[test]
fn every_cap_is_kept() {
    let rows: Rows = (0..200).map(student).collect();
    let (xlsx, csv) = (as_xlsx(&rows), as_csv(&rows));
    let code = |bytes: &[u8], limits: Limits| {
        read(bytes, &Ask { sheet: None, header_row: None, limits }).unwrap_err().code
    };
    let all = Limits::default();
    for bytes in [&xlsx, &csv] {
        assert!(read(bytes, &Ask::default()).is_ok());
        assert_eq!(code(bytes, Limits { file_bytes: 500, ..all }), "sheet-file-too-large");
        assert_eq!(code(bytes, Limits { rows: 199, ..all }), "sheet-too-many-rows");
        assert!(
            read(bytes, &Ask { sheet: None, header_row: None, limits: Limits { rows: 200, ..all } }).is_ok()
        );
        assert_eq!(code(bytes, Limits { columns: 6, ..all }), "sheet-too-many-columns");
        assert_eq!(code(bytes, Limits { cells: 1000, ..all }), "sheet-too-many-cells");
        assert_eq!(code(bytes, Limits { text_bytes: 1000, ..all }), "sheet-too-much-text");
        let short =
            read(bytes, &Ask { sheet: None, header_row: None, limits: Limits { cell_chars: 4, ..all } })
                .unwrap();
        assert!(short.rows[0].cells[0] == regie_sheets::Cell::TooLong(7));
    }
    assert_eq!(code(&xlsx, Limits { unpacked_bytes: 10_000, ..all }), "sheet-unpacks-too-large");
    assert_eq!(code(&xlsx, Limits { parts: 3, ..all }), "sheet-archive-suspect");
    assert_eq!(code(b"", all), "sheet-file-empty");
}

#[test]
fn a_zip_bomb_is_stopped_while_it_is_counted() {
    let bomb = |megabytes: usize| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for part in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
            zip.start_file(part, options).unwrap();
            let block = vec![b' '; 1 << 20];
            for _ in 0..megabytes {
                zip.write_all(&block).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    };
    assert_eq!(read(&bomb(40), &Ask::default()).unwrap_err().code, "sheet-unpacks-too-large");
    assert_eq!(read(&bomb(10), &Ask::default()).unwrap_err().code, "sheet-archive-suspect");
}

#[test]
fn two_cells_far_apart_do_not_fill_the_memory_between_them() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "kop").unwrap();
    sheet.write_string(1_048_575, 16_383, "ver weg").unwrap();
    let file = workbook.save_to_buffer().unwrap();
    assert_eq!(read(&file, &Ask::default()).unwrap_err().code, "sheet-too-many-columns");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "kop").unwrap();
    sheet.write_string(1_048_575, 0, "ver weg").unwrap();
    let read = read(&workbook.save_to_buffer().unwrap(), &Ask::default()).unwrap();
    assert_eq!((read.rows.len(), read.rows[0].number), (1, 1_048_576));
}

#[test]
fn old_and_locked_workbooks_are_named_as_such() {
    let mut old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    old.resize(2048, 0);
    assert_eq!(read(&old, &Ask::default()).unwrap_err().code, "sheet-kind-old");
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&old, &Ask::default()).unwrap_err().code, "sheet-encrypted");
    let cut = &as_xlsx(&vec![student(1)])[..900];
    assert_eq!(read(cut, &Ask::default()).unwrap_err().code, "sheet-damaged");
}

#[test]
fn numbers_typed_into_a_text_column_keep_their_digits() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "Studentnummer").unwrap();
    sheet.write_number(1, 0, 301_234.0).unwrap();
    sheet.write_number(2, 0, 1_234_567_890_123_456_789.0).unwrap();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd-mm");
    sheet.write_number_with_format(3, 0, 46_346.0, &day).unwrap();
    sheet.write_formula(4, 0, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let sheet = read(&workbook.save_to_buffer().unwrap(), &Ask::default()).unwrap();
    let columns = &columns()[..1];
    let mapping = Mapping::accept(&suggest(&sheet, columns, &Remembered::new()));
    let said: Vec<Result<_, _>> = sheet
        .rows
        .iter()
        .map(|row| read_row(&sheet, row, columns, &mapping).map_err(|findings| findings[0].code))
        .collect();
    assert_eq!(said[0], Ok(vec![Some(Value::Text("301234".to_owned()))]));
    assert_eq!(said[1], Err("sheet-text-rounded"));
    assert_eq!(said[2], Err("sheet-text-became-date"));
    assert_eq!(said[3], Err("sheet-formula-fault"));
}

fn a_text() -> impl Strategy<Value = String> {
    "[ -~éëïöüçŁ€ĳ\n;,'\"=+@-]{1,30}".prop_filter_map("blank", |text| {
        let text = text.trim().to_owned();
        (!text.is_empty()).then_some(text)
    })
}

fn a_row() -> impl Strategy<Value = Vec<Option<Value>>> {
    let day = (0i64..70_000)
        .prop_map(|days| Date::constant(1905, 1, 1).saturating_add(jiff::Span::new().days(days)));
    let moment = (0i8..24, 0i8..60, 0i8..60)
        .prop_map(|(hour, minute, second)| Time::constant(hour, minute, second, 0));
    (
        a_text(),
        2000i64..2100,
        proptest::option::of(10i64..100),
        proptest::option::of(any::<bool>()),
        day,
        proptest::option::of(moment),
        prop_oneof![Just("bol"), Just("bbl")],
    )
        .prop_map(|(text, cohort, grade, minor, birth, start, path)| {
            vec![
                Some(Value::Text(text)),
                Some(Value::Whole(cohort)),
                grade.map(|tenths| Value::Decimal(Decimal::new(tenths, 1))),
                minor.map(Value::YesNo),
                Some(Value::Date(birth)),
                start.map(Value::Time),
                Some(Value::Code(path.to_owned())),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(rows in proptest::collection::vec(a_row(), 1..12)) {
        prop_assert_eq!(typed(&read(&as_csv(&rows), &Ask::default()).unwrap()), (rows.clone(), vec![]));
        prop_assert_eq!(typed(&read(&as_xlsx(&rows), &Ask::default()).unwrap()), (rows, vec![]));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), kind in 0usize..4) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe"];
        let bytes: Vec<u8> = heads[kind].iter().copied().chain(bytes).collect();
        if let Ok(sheet) = read(&bytes, &Ask::default()) {
            exercise(&sheet);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "([a-zA-Z0-9é;,\t\"'\r\n. /:-]|\\PC){0,300}") {
        if let Ok(sheet) = read(text.as_bytes(), &Ask::default()) {
            exercise(&sheet);
        }
    }

    #[test]
    fn a_damaged_workbook_never_panics(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut file = as_xlsx(&vec![student(1), student(2)]);
        for (place, byte) in places {
            let index = place.index(file.len());
            file[index] = byte;
        }
        if let Ok(sheet) = read(&file, &Ask::default()) {
            exercise(&sheet);
        }
    }

    #[test]
    fn damaged_parts_inside_a_sound_zip_never_panic(
        part in 0usize..64,
        places in proptest::collection::vec((any::<prop::sample::Index>(), "[<>&;/=\"A-Z0-9 ]"), 1..6),
    ) {
        let file = rewritten(&as_xlsx(&vec![student(1), student(2)]), part, |text| {
            for (place, sign) in &places {
                let index = place.index(text.len());
                text[index] = sign.as_bytes()[0];
            }
        });
        if let Ok(sheet) = read(&file, &Ask::default()) {
            exercise(&sheet);
        }
    }
}

/// The same archive with the bytes of one part changed and every checksum right.
fn rewritten(file: &[u8], part: usize, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = part % from.len();
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        if index == chosen {
            change(&mut bytes);
        }
        let name = entry.name().unwrap().into_owned();
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// Everything a caller does with a sheet it could read.
fn exercise(sheet: &Sheet) {
    let columns = columns();
    let suggestions = suggest(sheet, &columns, &Remembered::new());
    assert_eq!(suggestions.len(), sheet.headers.len());
    repeated_headers(sheet);
    // Each typed reader meets each column of the file.
    for shift in 0..columns.len() {
        let pairs = columns.iter().enumerate().map(|(index, column)| {
            (column.key.clone(), u32::try_from((index + shift) % columns.len()).unwrap())
        });
        let mapping = Mapping::from_pairs(pairs);
        mapping.check(sheet, &columns);
        mapping.to_remember(sheet);
        for row in &sheet.rows {
            if let Err(findings) = read_row(sheet, row, &columns, &mapping) {
                assert!(findings.iter().all(|finding| finding.place.row == Some(row.number)));
            }
        }
    }
}
