//! What a file is, told by its first bytes. The name and the browser's word are never believed.

/// Enough for every signature, and for telling text from bytes.
pub(crate) const LOOK: usize = 8 << 10;

/// The media type of a file that begins like this; `application/octet-stream` when nothing is recognised.
///
/// What a browser would run (HTML, SVG and other XML) gets its own type, so that a list of allowed kinds can leave it out.
pub fn sniff(start: &[u8]) -> &'static str {
    let start = start.get(..LOOK).unwrap_or(start);
    if let Some(kind) = infer::get(start) {
        return kind.mime_type();
    }
    let Some(text) = as_text(start) else { return "application/octet-stream" };
    let opening = text.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}');
    let lower = opening.get(..opening.floor_char_boundary(1_024)).unwrap_or(opening).to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.contains("<script") {
        return "text/html";
    }
    if lower.contains("<svg") {
        return "image/svg+xml";
    }
    if lower.starts_with("<?xml") || lower.starts_with("<!") {
        return "text/xml";
    }
    "text/plain"
}

/// UTF-8 without control characters; the last character may be cut off.
fn as_text(start: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let plain = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t' | '\u{c}');
    (!text.is_empty() && text.chars().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_are_told_by_content() {
        for (start, kind) in [
            (b"%PDF-1.7\n".as_slice(), "application/pdf"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"PK\x03\x04\x14\0\0\0", "application/zip"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
            (b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable"),
            ("Geachte commissie,\r\n\té".as_bytes(), "text/plain"),
            (b"  <!DOCTYPE html><p>", "text/html"),
            (b"hallo <SCRIPT>alert(1)</SCRIPT>", "text/html"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'>", "image/svg+xml"),
            (b"\xef\xbb\xbf<svg>", "image/svg+xml"),
            (b"\x01\x02\x03", "application/octet-stream"),
            (b"tekst met \0 erin", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(sniff(start), kind, "{:?}", String::from_utf8_lossy(start));
        }
        let cut = "é".repeat(LOOK);
        assert_eq!(sniff(&cut.as_bytes()[1 - 1..LOOK + 1]), "text/plain");
        assert_eq!(sniff(&cut.as_bytes()[..LOOK - 1]), "text/plain", "a character may be cut at the end");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(sniff(&bytes).contains('/'));
        }
    }
}
