//! CSV as Dutch Excel opens it by double click: UTF-8 with its mark, semicolons, decimal commas.

use super::{Head, Out, Words, WriteError, is_risky};
use std::fmt::Write as _;
use std::io::Write;

/// A list written row by row into any writer.
pub struct CsvList<'w, W: Write> {
    to: W,
    words: &'w Words,
    line: String,
}

impl<'w, W: Write> CsvList<'w, W> {
    pub fn new(mut to: W, heads: &[Head], words: &'w Words) -> Result<Self, WriteError> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut list = Self { to, words, line: String::new() };
        let labels: Vec<Out<'_>> = heads.iter().map(|head| Out::Text(&head.label)).collect();
        list.row(&labels)?;
        Ok(list)
    }

    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        self.line.clear();
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.line.push(';');
            }
            push(&mut self.line, cell, self.words);
        }
        // A lone empty cell would be an empty line, which is no row.
        if self.line.is_empty() {
            self.line.push_str("\"\"");
        }
        self.line.push_str("\r\n");
        self.to.write_all(self.line.as_bytes())?;
        Ok(())
    }

    /// Hands the writer back, flushed.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.to.flush()?;
        Ok(self.to)
    }
}

fn push(line: &mut String, cell: &Out<'_>, words: &Words) {
    // Writing into a string cannot fail.
    let _ = match cell {
        Out::Empty => Ok(()),
        Out::Text(text) => {
            push_text(line, text);
            Ok(())
        }
        Out::Whole(number) => write!(line, "{number}"),
        Out::Decimal(number) => write!(line, "{}", number.with_comma()),
        Out::YesNo(yes) => {
            push_text(line, if *yes { &words.yes } else { &words.no });
            Ok(())
        }
        Out::Date(date) => write!(line, "{:02}-{:02}-{:04}", date.day(), date.month(), date.year()),
        Out::Time(time) => write!(line, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()),
        Out::Moment(moment) => write!(
            line,
            "{:02}-{:02}-{:04} {:02}:{:02}:{:02}",
            moment.day(),
            moment.month(),
            moment.year(),
            moment.hour(),
            moment.minute(),
            moment.second()
        ),
    };
}

fn push_text(line: &mut String, text: &str) {
    let guard = is_risky(text);
    let quote = guard || text.contains([';', ',', '"', '\n', '\r', '\t', '\'']) || text.trim() != text;
    if quote {
        line.push('"');
    }
    if guard {
        line.push('\'');
    }
    for sign in text.chars() {
        if sign == '"' {
            line.push('"');
        }
        line.push(sign);
    }
    if quote {
        line.push('"');
    }
}
