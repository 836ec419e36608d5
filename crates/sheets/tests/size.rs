//! A whole school in one file. Run with `--nocapture` to see the times of this machine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use jiff::civil::datetime;
use regie_sheets::write::{CsvList, Head, Out, Words, XlsxList};
use regie_sheets::{Ask, read};
use std::io::Cursor;
use std::time::Instant;

const ROWS: usize = 12_000;
const COLUMNS: usize = 25;

fn words() -> Words {
    let word = || "woord".to_owned();
    Words {
        yes: "ja".to_owned(),
        no: "nee".to_owned(),
        data: word(),
        explanation: word(),
        lists: word(),
        column: word(),
        meaning: word(),
        required: word(),
        allowed: word(),
        example: word(),
        text: word(),
        whole: word(),
        decimal: word(),
        date: word(),
        time: word(),
        about_example: word(),
    }
}

#[test]
fn twelve_thousand_rows_of_twenty_five_columns_are_written_and_read() {
    let words = words();
    let heads: Vec<Head> = (0..COLUMNS).map(|column| Head::new(&format!("Kolom {column}"))).collect();
    let cells = |row: usize| -> Vec<String> {
        (0..COLUMNS).map(|column| format!("waarde {row} in kolom {column}")).collect()
    };

    let started = Instant::now();
    let mut xlsx = XlsxList::new("Groot", &heads, &words, datetime(2026, 11, 20, 9, 0, 0, 0)).unwrap();
    let mut csv = CsvList::new(Vec::new(), &heads, &words).unwrap();
    for row in 0..ROWS {
        let texts = cells(row);
        let out: Vec<Out<'_>> = texts.iter().map(|text| Out::Text(text)).collect();
        xlsx.row(&out).unwrap();
        csv.row(&out).unwrap();
    }
    let xlsx = xlsx.finish(Cursor::new(Vec::new())).unwrap().into_inner();
    let csv = csv.finish().unwrap();
    println!("written: {:?} (xlsx {} kB, csv {} kB)", started.elapsed(), xlsx.len() >> 10, csv.len() >> 10);

    for (kind, file) in [("xlsx", &xlsx), ("csv", &csv)] {
        let started = Instant::now();
        let sheet = read(file, &Ask::default()).unwrap();
        println!("{kind} read: {:?}", started.elapsed());
        assert_eq!((sheet.rows.len(), sheet.headers.len()), (ROWS, COLUMNS));
        assert_eq!(sheet.rows[ROWS - 1].number, u32::try_from(ROWS).unwrap() + 1);
    }
}

/// `cargo test --release -p regie-sheets --test size -- --ignored --nocapture`: what a list of ten times the rows costs in memory.
#[test]
#[ignore = "a measurement"]
fn memory_of_a_list_does_not_grow_with_its_rows() {
    let words = words();
    let heads: Vec<Head> = (0..COLUMNS).map(|column| Head::new(&format!("Kolom {column}"))).collect();
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let mut peaks = Vec::new();
    for rows in [ROWS, ROWS * 10] {
        let mut list = XlsxList::new("Groot", &heads, &words, datetime(2026, 11, 20, 9, 0, 0, 0)).unwrap();
        let mut csv = CsvList::new(std::io::sink(), &heads, &words).unwrap();
        for row in 0..rows {
            let texts: Vec<String> = (0..COLUMNS).map(|column| format!("waarde {row} in {column}")).collect();
            let out: Vec<Out<'_>> = texts.iter().map(|text| Out::Text(text)).collect();
            list.row(&out).unwrap();
            csv.row(&out).unwrap();
        }
        csv.finish().unwrap();
        list.finish(tempfile::tempfile().unwrap()).unwrap();
        peaks.push(peak());
    }
    println!("peak memory in kB after {ROWS} and {} rows: {peaks:?}", ROWS * 10);
    assert!(peaks[1] < peaks[0] * 2, "{peaks:?}");
}
