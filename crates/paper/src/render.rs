//! From data to a PDF that is PDF/A-2a and PDF/UA-1 at once.

use crate::document::{Content, Frame, Logo};
use crate::world::{HOUSE, Sight};
use jiff::Zoned;
use serde::Serialize;
use serde_json::{Map, Value};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use unicode_normalization::UnicodeNormalization;

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Letters no font of the house has; a replacement sign stands in their place. Tell someone.
    pub replaced: Vec<char>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PaperError {
    #[error("row {row} of the list has {cells} cells, but the list has {columns} columns")]
    Row { row: usize, cells: usize, columns: usize },
    #[error("a list needs at least one column")]
    NoColumns,
    #[error("a document needs a title")]
    NoTitle,
    #[error("the logo cannot be used: {0}; upload it again as PNG or SVG")]
    Logo(String),
    #[error("the document cannot be made: {0}")]
    Template(String),
}

/// Renders one document. Equal input gives equal bytes.
pub fn render(frame: &Frame, content: &Content) -> Result<Rendered, PaperError> {
    check(frame, content)?;
    let mut replaced = Vec::new();
    let mut data = frame_data(frame);
    let (template, inside) = match content {
        Content::List(list) => ("list.typ", json(list)?),
        Content::Letter(letter) => ("letter.typ", json(letter)?),
        Content::Form(form) => ("form.typ", json(form)?),
    };
    data.extend(inside);
    let mut data = Value::Object(data);
    printable(&mut data, &mut replaced);
    let sight = Sight::new(template, data.to_string(), frame.logo.as_ref())
        .ok_or_else(|| PaperError::Template(template.to_owned()))?;
    let (pdf, pages) = compile(&sight, frame)?;
    replaced.sort_unstable();
    replaced.dedup();
    Ok(Rendered { pdf, pages, replaced })
}

fn check(frame: &Frame, content: &Content) -> Result<(), PaperError> {
    if frame.title.trim().is_empty() {
        return Err(PaperError::NoTitle);
    }
    if let Content::List(list) = content {
        if list.columns.is_empty() {
            return Err(PaperError::NoColumns);
        }
        let columns = list.columns.len();
        if let Some(index) = list.rows.iter().position(|row| row.len() != columns) {
            let cells = list.rows.get(index).map_or(0, Vec::len);
            return Err(PaperError::Row { row: index + 1, cells, columns });
        }
    }
    Ok(())
}

fn json<T: Serialize>(content: &T) -> Result<Map<String, Value>, PaperError> {
    match serde_json::to_value(content) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(PaperError::Template("the data is not an object".to_owned())),
        Err(error) => Err(PaperError::Template(error.to_string())),
    }
}

fn frame_data(frame: &Frame) -> Map<String, Value> {
    let made = frame.made_at.strftime("%d-%m-%Y %H:%M").to_string();
    let mut data = Map::new();
    let mut put = |key: &str, value: &str| data.insert(key.to_owned(), Value::String(value.to_owned()));
    put("language", frame.language.code());
    put("school", &frame.school);
    put("title", frame.title.trim());
    put("made", &made);
    put("covered", &HOUSE.covered);
    if let Some(session) = &frame.session {
        put("session", session);
    }
    if let Some(logo) = &frame.logo {
        put("logo", logo.file_name());
    }
    data
}

/// A letter without a picture may not stand in an archived document, so it is replaced before it can stop one.
fn printable(value: &mut Value, replaced: &mut Vec<char>) {
    match value {
        Value::String(text) => {
            // A letter and its mark become one sign, which the fonts know as one glyph.
            *text = text.nfc().collect();
            let lacking =
                |sign: char| !matches!(sign, '\n' | '\t') && (sign.is_control() || HOUSE.lacks(sign));
            if text.chars().any(lacking) {
                *text = text
                    .chars()
                    .map(|sign| {
                        if !lacking(sign) {
                            return sign;
                        }
                        replaced.push(sign);
                        '?'
                    })
                    .collect();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| printable(value, replaced)),
        Value::Object(fields) => fields.values_mut().for_each(|value| printable(value, replaced)),
        _ => {}
    }
}

pub(crate) fn compile(sight: &Sight, frame: &Frame) -> Result<(Vec<u8>, usize), PaperError> {
    // The compiler remembers earlier work; without this a server that prints all day remembers all of it.
    const REMEMBERED_RUNS: usize = 4;
    let template = |errors: &[SourceDiagnostic]| fault(sight, frame.logo.as_ref(), errors);
    let document =
        typst::compile::<PagedDocument>(sight).output.map_err(|errors| template(errors.as_slice()))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| PaperError::Template(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(frame.ident.clone()),
        creator: Smart::Custom(Some("Regie".to_owned())),
        timestamp: moment(&frame.made_at),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| template(errors.as_slice()))?;
    typst::comemo::evict(REMEMBERED_RUNS);
    Ok((pdf, document.pages().len()))
}

fn moment(at: &Zoned) -> Option<Timestamp> {
    let part = |part: i8| u8::try_from(part).unwrap_or(0);
    let local = Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )?;
    Timestamp::new_local(local, at.offset().seconds() / 60)
}

fn fault(sight: &Sight, logo: Option<&Logo>, errors: &[SourceDiagnostic]) -> PaperError {
    let mut said = Vec::new();
    for error in errors {
        let message = error.message.to_string();
        // Of all files a template reads, only the logo comes from a school.
        if logo.is_some() && (message.contains("image") || message.contains("SVG")) {
            return PaperError::Logo(message);
        }
        let line = error.span.id().and_then(|id| {
            let source = sight.source(id).ok()?;
            let range = sight.range(error.span)?;
            let line = source.lines().byte_to_line(range.start)? + 1;
            Some(format!("{}:{line}: ", id.get().vpath().get_without_slash()))
        });
        said.push(format!("{}{message}", line.unwrap_or_default()));
    }
    PaperError::Template(said.join("; "))
}
