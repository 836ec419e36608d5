//! Looking things up in the object tree without falling over what is missing.

use lopdf::{Dictionary, Document, Object, ObjectId};

pub(super) struct Pdf<'a> {
    pub(super) document: &'a Document,
    nothing: Dictionary,
}

impl<'a> Pdf<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, nothing: Dictionary::new() }
    }

    /// What a reference stands for; the object itself when it is none.
    pub(super) fn real<'b>(&'b self, object: &'b Object) -> &'b Object {
        self.document.dereference(object).map_or(object, |(_, real)| real)
    }

    pub(super) fn get<'b>(&'b self, dictionary: &'b Dictionary, key: &str) -> Option<&'b Object> {
        match self.real(dictionary.get(key.as_bytes()).ok()?) {
            Object::Null => None,
            found => Some(found),
        }
    }

    pub(super) fn dictionary<'b>(&'b self, dictionary: &'b Dictionary, key: &str) -> Option<&'b Dictionary> {
        self.get(dictionary, key).and_then(as_dictionary)
    }

    pub(super) fn array<'b>(&'b self, dictionary: &'b Dictionary, key: &str) -> &'b [Object] {
        self.get(dictionary, key).and_then(|found| found.as_array().ok()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn name<'b>(&'b self, dictionary: &'b Dictionary, key: &str) -> Option<&'b str> {
        let name = self.get(dictionary, key)?.as_name().ok()?;
        std::str::from_utf8(name).ok()
    }

    pub(super) fn integer(&self, dictionary: &Dictionary, key: &str) -> Option<i64> {
        self.get(dictionary, key)?.as_i64().ok()
    }

    pub(super) fn is_true(&self, dictionary: &Dictionary, key: &str) -> bool {
        matches!(self.get(dictionary, key), Some(Object::Boolean(true)))
    }

    /// A text string: UTF-16 with its mark, or else one byte a letter.
    pub(super) fn text(&self, dictionary: &Dictionary, key: &str) -> Option<String> {
        let bytes = self.get(dictionary, key)?.as_str().ok()?;
        Some(match bytes {
            [0xfe, 0xff, wide @ ..] => {
                let units: Vec<u16> = wide
                    .chunks_exact(2)
                    .map(|pair| {
                        u16::from_be_bytes([
                            pair.first().copied().unwrap_or(0),
                            pair.get(1).copied().unwrap_or(0),
                        ])
                    })
                    .collect();
                String::from_utf16_lossy(&units)
            }
            [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8_lossy(text).into_owned(),
            narrow => narrow.iter().map(|byte| char::from(*byte)).collect(),
        })
    }

    pub(super) fn catalog(&self) -> &Dictionary {
        self.document.catalog().unwrap_or(&self.nothing)
    }

    pub(super) fn pages(&self) -> Vec<(String, ObjectId, &Dictionary)> {
        let pages = self.document.get_pages().into_iter();
        pages
            .filter_map(|(number, id)| {
                Some((format!("page {number}"), id, self.document.get_dictionary(id).ok()?))
            })
            .collect()
    }

    /// A value a page may inherit from the tree above it.
    pub(super) fn inherited<'b>(&'b self, page: &'b Dictionary, key: &str) -> Option<&'b Object> {
        const DEEPEST: usize = 64;
        let mut node = page;
        for _ in 0..DEEPEST {
            if let Some(found) = self.get(node, key) {
                return Some(found);
            }
            node = self.dictionary(node, "Parent")?;
        }
        None
    }
}

/// A dictionary, or the one in front of a stream.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// Streams are read up to here; our documents have none near it.
pub(super) const MOST_UNPACKED: usize = 64 << 20;

pub(super) fn stream_bytes(object: &Object) -> Option<Vec<u8>> {
    object.as_stream().ok()?.get_plain_content_with_limit(MOST_UNPACKED).ok()
}

pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(number) => Some(*number as f64),
        Object::Real(number) => Some(f64::from(*number)),
        _ => None,
    }
}
