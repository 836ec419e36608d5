//! The zip around a workbook, measured before anything is parsed.

use crate::finding::Finding;
use crate::limit::Limits;
use std::io::{Cursor, Read};

pub(crate) enum Holds {
    Xlsx,
    Ods,
}

/// Unpacks every part once into nothing and counts: the sizes a zip declares about itself can lie.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<Holds, Finding> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Finding::new("sheet-damaged"))?;
    if zip.len() > limits.parts {
        return Err(Finding::new("sheet-archive-suspect"));
    }
    let mut unpacked: u64 = 0;
    let mut block = vec![0u8; 64 << 10];
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                Finding::new("sheet-encrypted")
            }
            _ => Finding::new("sheet-damaged"),
        })?;
        loop {
            match part.read(&mut block) {
                Ok(0) => break,
                Ok(count) => unpacked += u64::try_from(count).unwrap_or(u64::MAX),
                Err(_) => return Err(Finding::new("sheet-damaged")),
            }
            if unpacked > limits.unpacked_bytes {
                return Err(Finding::new("sheet-unpacks-too-large").with("most", limits.unpacked_bytes >> 20));
            }
        }
    }
    // A small file may have any ratio: it cannot hurt.
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if unpacked > 8 << 20 && unpacked / packed.max(1) > limits.ratio {
        return Err(Finding::new("sheet-archive-suspect"));
    }
    let holds = |name: &str| zip.index_for_name(name).is_some();
    if holds("xl/workbook.bin") {
        return Err(Finding::new("sheet-kind-unknown"));
    }
    match (holds("[Content_Types].xml"), holds("content.xml")) {
        (true, _) => Ok(Holds::Xlsx),
        (false, true) => Ok(Holds::Ods),
        (false, false) => Err(Finding::new("sheet-kind-unknown")),
    }
}

/// The container of Office before 2007: an old workbook, or a new one locked with a password.
pub(crate) fn old_office(bytes: &[u8]) -> Finding {
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match bytes.windows(locked.len()).any(|window| window == locked.as_slice()) {
        true => Finding::new("sheet-encrypted"),
        false => Finding::new("sheet-kind-old"),
    }
}
