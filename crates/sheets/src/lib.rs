//! Spreadsheets in and out: the edge between schools' files and Regie.
//!
//! **In.** [`read()`] takes the bytes of an xlsx, ods or CSV file, tells the kind by content, and gives a [`Sheet`]: headers
//! and rows whose every cell knows its [`Place`] (sheet, row, column letters, header, line). [`Limits`] caps size, rows,
//! columns, cells, text and what a zip may unpack to. [`suggest`] maps headers to the program's [`Column`]s by name, alias,
//! likeness and by what the school chose before. [`read_row`] gives typed [`Value`]s, or every [`Finding`] of that row.
//!
//! **Out.** [`write::template`] makes the workbook to fill in; [`write::XlsxList`] and [`write::CsvList`] write lists of any length in
//! constant memory, with texts that a spreadsheet would run as formula made harmless.
//!
//! A finding is a rule code and arguments, never a rendered sentence; the sentences stand in `locales/*/sheets.ftl` and
//! [`CODES`] lists every code.
//!
//! ```
//! use regie_sheets::{Ask, Column, Decimal, Kind, Mapping, Remembered, Value, read, read_row, suggest};
//! let columns = [Column {
//!     key: "grade".into(), label: "Cijfer".into(), aliases: vec![], required: true,
//!     kind: Kind::Decimal { least: Decimal::new(1, 0), most: Decimal::new(10, 0), places: 1 },
//!     example: "7,5".into(), help: "Het eindcijfer.".into(),
//! }];
//! let sheet = read("Cijfer\n7,5\nelf\n".as_bytes(), &Ask::default()).unwrap();
//! let mapping = Mapping::accept(&suggest(&sheet, &columns, &Remembered::new()));
//! assert_eq!(read_row(&sheet, &sheet.rows[0], &columns, &mapping).unwrap(), [Some(Value::Decimal(Decimal::new(75, 1)))]);
//! let wrong = read_row(&sheet, &sheet.rows[1], &columns, &mapping).unwrap_err();
//! assert_eq!((wrong[0].code, wrong[0].place.row), ("sheet-decimal-unreadable", Some(3)));
//! ```
//!
//! Not read, each refused by name: the binary formats `.xls` and `.xlsb`, and workbooks with a password. Hidden sheets are passed
//! over. The crate opens no files, knows no clock and keeps nothing.

mod archive;
mod code;
mod column;
mod csv;
mod example;
mod finding;
mod fold;
mod limit;
mod mapping;
mod ods;
mod parse;
mod read;
mod sheet;
pub mod write;
mod xlsx;

pub use code::{CODES, Code};
pub use column::{Choice, Column, Decimal, Kind, Value};
pub use example::skip_example;
pub use finding::{Arg, Finding, Place, letters};
pub use fold::fold;
pub use limit::Limits;
pub use mapping::{Mapping, Remembered, Suggestion, Why, repeated_headers, suggest};
pub use parse::read_row;
pub use read::{Ask, read};
pub use sheet::{Cell, Format, Row, Sheet};
