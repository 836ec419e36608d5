//! Documents: their type, size and hash are not exchanged, so whoever takes one in looks for itself.

use sha2::{Digest, Sha256};

/// The largest document taken in unless settings say otherwise: 25 MiB.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// What the first bytes say a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
    /// A ZIP archive, as office documents are.
    Zip,
    /// Plain text in UTF-8, CSV included.
    Text,
}

impl Kind {
    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Zip => "application/zip",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// A document that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// What it is.
    pub kind: Kind,
    /// Its SHA-256 in hexadecimal.
    pub hash: String,
}

/// Looks at a document before it is kept.
///
/// # Errors
/// Why it is not taken in, as a sentence.
pub fn inspect(bytes: &[u8], largest: usize) -> Result<Inspected, String> {
    if bytes.is_empty() {
        return Err("The document is empty; send it again.".to_owned());
    }
    if bytes.len() > largest {
        return Err(format!("The document is larger than {largest} bytes; send a smaller one."));
    }
    let kind = sniff(bytes).ok_or("The document is no PDF, PNG, JPEG, office document or plain text.")?;
    let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Inspected { kind, hash })
}

fn sniff(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Kind::Pdf),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Kind::Png),
        [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
        [b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        _ => is_text(bytes).then_some(Kind::Text),
    }
}

/// Text, and not markup that a browser would run.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_markup = text.trim_start().starts_with('<');
    !is_markup && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_judged_by_their_first_bytes() {
        assert_eq!(inspect(b"%PDF-1.7 ...", 100).map(|seen| seen.kind), Ok(Kind::Pdf));
        assert_eq!(inspect("naam;score\nAnna;7".as_bytes(), 100).map(|seen| seen.kind), Ok(Kind::Text));
        assert!(inspect(b"MZ\x90\x00\x03", 100).is_err());
        assert!(inspect(b"<html><script>", 100).is_err());
        assert!(inspect(b"", 100).is_err());
        assert!(inspect(b"%PDF-1.7 much too long", 10).is_err());
    }
}
