//! Lists as files, and the columns of sheets in the reader's words.

use crate::error::Error;
use crate::part::Export;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::DateTime;
use regie_people::import::{Argument, Fault, Kind};
use regie_sheets::write::{CsvList, Head, Out, Words, WriteError, XlsxList};
use regie_sheets::{Arg, Column, Finding, Value, letters};
use regie_texts::Texts;
use serde::Deserialize;
use std::io::Cursor;

/// What a list can be taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Xlsx,
    Csv,
}

impl Format {
    pub const fn code(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A list on its way into a file.
pub struct Table {
    /// Names the sheet and the file.
    pub title: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Option<Value>>>,
}

/// A text in a cell; empty ones stay out.
pub fn cell(text: impl Into<String>) -> Option<Value> {
    Some(text.into()).filter(|text| !text.is_empty()).map(Value::Text)
}

impl Table {
    /// The file, as an answer.
    pub async fn download(self, texts: Texts, format: Format, made_at: DateTime) -> Result<Response, Error> {
        let name = format!("{} {}.{}", self.title, made_at.date(), format.code());
        let written = tokio::task::spawn_blocking(move || self.written(&words(texts), format, made_at));
        let bytes = written.await.map_err(Error::internal)?.map_err(Error::internal)?;
        Ok(file(bytes, &name, format.media()))
    }

    fn written(&self, words: &Words, format: Format, made_at: DateTime) -> Result<Vec<u8>, WriteError> {
        let heads: Vec<Head> = self.heads.iter().map(|label| Head::new(label)).collect();
        let rows =
            self.rows.iter().map(|row| row.iter().map(|value| Out::from(value.as_ref())).collect::<Vec<_>>());
        match format {
            Format::Xlsx => {
                let mut list = XlsxList::new(&self.title, &heads, words, made_at)?;
                for row in rows {
                    list.row(&row)?;
                }
                Ok(list.finish(Cursor::new(Vec::new()))?.into_inner())
            }
            Format::Csv => {
                let mut list = CsvList::new(Vec::new(), &heads, words)?;
                for row in rows {
                    list.row(&row)?;
                }
                list.finish()
            }
        }
    }
}

/// The files a list can be taken away in, each under its own address.
pub fn exports(texts: Texts, href: impl Fn(Format) -> String) -> Vec<Export> {
    [(Format::Xlsx, "export-xlsx", "file-spreadsheet"), (Format::Csv, "export-csv", "file-text")]
        .map(|(format, key, icon)| Export { label: texts.t(key).to_string(), href: href(format), icon })
        .into()
}

/// Bytes to keep, under a name.
pub fn file(bytes: Vec<u8>, name: &str, media: &'static str) -> Response {
    let mut response = bytes.into_response();
    let plain: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "-. _".contains(sign) { sign } else { '_' })
        .collect();
    let full = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let kept = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    response
}

/// The columns of a kind of sheet, as its readers call them.
pub fn columns(texts: Texts, kind: Kind) -> Vec<Column> {
    kind.columns()
        .iter()
        .map(|column| {
            let label = texts.of("column", column.key).to_string();
            let word = |code: &str| family(column.key).map(|family| texts.of(family, code).to_string());
            Column::of(column, label, texts.of("column-help", column.key).to_string(), word)
        })
        .collect()
}

/// The family of words for the codes in a column.
pub fn family(key: &str) -> Option<&'static str> {
    Some(match key {
        "part" => "part",
        "need" => "need",
        "role" => "role",
        _ => return None,
    })
}

/// The empty workbook to fill in.
pub fn template(texts: Texts, kind: Kind, made_at: DateTime) -> Result<Response, Error> {
    let title = texts.of("import-kind", kind.code()).to_string();
    let bytes = regie_sheets::write::template(&title, &columns(texts, kind), &words(texts), made_at);
    Ok(file(bytes.map_err(Error::internal)?, &format!("{title}.xlsx"), Format::Xlsx.media()))
}

/// The empty workbook of columns that are no kind of import.
pub fn template_of<'a>(
    texts: Texts,
    title: &str,
    name: &str,
    columns: impl Iterator<Item = (&'a regie_core::column::Column, String, String)>,
    made_at: DateTime,
) -> Result<Response, Error> {
    let columns: Vec<Column> =
        columns.map(|(column, label, help)| Column::of(column, label, help, |_| None)).collect();
    let bytes = regie_sheets::write::template(title, &columns, &words(texts), made_at);
    Ok(file(bytes.map_err(Error::internal)?, name, Format::Xlsx.media()))
}

fn words(texts: Texts) -> Words {
    let word = |key: &'static str| texts.t(key).to_string();
    Words {
        yes: word("sheet-word-yes"),
        no: word("sheet-word-no"),
        data: word("sheet-word-data"),
        explanation: word("sheet-word-explanation"),
        lists: word("sheet-word-lists"),
        column: word("sheet-word-column"),
        meaning: word("sheet-word-meaning"),
        required: word("sheet-word-required"),
        allowed: word("sheet-word-allowed"),
        example: word("sheet-word-example"),
        text: word("sheet-word-text"),
        whole: word("sheet-word-whole"),
        decimal: word("sheet-word-decimal"),
        date: word("sheet-word-date"),
        time: word("sheet-word-time"),
        about_example: word("sheet-word-about-example"),
    }
}

/// What is wrong with a file, with its place in front when it has one.
pub fn finding(texts: Texts, finding: &Finding) -> String {
    let mut text = texts.stored(finding.code);
    for (name, value) in &finding.args {
        text = match value {
            Arg::Text(value) => text.with(name, value.clone()),
            Arg::Number(value) => text.with(name, *value),
        };
    }
    let place = &finding.place;
    match (place.row, place.letters()) {
        (Some(row), Some(letters)) => {
            let place = texts
                .t("sheet-place-cell")
                .with("sheet", place.sheet.clone().unwrap_or_else(|| "none".into()))
                .with("row", row)
                .with("letters", letters)
                .with("header", place.header.clone().unwrap_or_else(|| "none".into()));
            format!("{}: {text}", capital(&place.to_string()))
        }
        (Some(row), None) => {
            format!("{}: {text}", capital(&texts.t("sheet-place-row").with("row", row).to_string()))
        }
        _ => text.to_string(),
    }
}

/// Why a row is refused: its column, then the sentence.
pub fn fault(texts: Texts, fault: &Fault, headers: &[String]) -> String {
    let mut text = texts.stored(&fault.code);
    for (name, value) in &fault.arguments {
        text = match value {
            Argument::Text(value) => text.with(static_name(name), regie_texts::word(texts, name, value)),
            Argument::Number(value) => text.with(static_name(name), *value),
        };
    }
    let Some(column) = fault.column else { return text.to_string() };
    let header = usize::try_from(column).ok().and_then(|index| headers.get(index));
    let place = texts
        .t("import-place-column")
        .with("letters", letters(column))
        .with("header", header.filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| "none".into()));
    format!("{place}: {text}")
}

/// Stored arguments come back as the names the texts know; an unknown one fills nothing.
fn static_name(name: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "value", "row", "known", "most", "least", "chars", "places", "first", "last", "allowed", "sign",
        "field", "kind", "role", "action", "state", "encoding", "name", "names", "letters", "column", "from",
        "to",
    ];
    KNOWN.iter().find(|known| **known == name).copied().unwrap_or("value")
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use regie_core::column::Shape;
    use regie_core::name::folded;
    use regie_texts::Language;

    #[test]
    fn every_kind_of_sheet_has_its_words_and_takes_back_what_its_template_offers() {
        for language in Language::ALL {
            let texts = Texts::new(*language);
            for kind in Kind::ALL {
                assert!(texts.of("import-kind", kind.code()).exists(), "{}", kind.code());
                assert!(texts.of("import-key", kind.code()).exists(), "{}", kind.code());
                for column in kind.columns() {
                    assert!(texts.of("column", column.key).exists(), "{}", column.key);
                    assert!(texts.of("column-help", column.key).exists(), "{}", column.key);
                    let Shape::Code(choices) = column.shape else { continue };
                    let family = family(column.key).unwrap();
                    for choice in choices {
                        let word = folded(&texts.of(family, choice.code).to_string());
                        let known = choice.aliases.iter().any(|alias| folded(alias) == word);
                        assert!(
                            known || folded(choice.code) == word,
                            "{word} is not read back as {}",
                            choice.code
                        );
                    }
                }
            }
        }
    }
}
