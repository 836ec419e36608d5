//! The archive, with distrust.

use super::Listing;
use crate::import::Files;
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Caps on an archive.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Entries.
    pub entries: usize,
    /// Bytes of one unpacked file.
    pub file: u64,
    /// Bytes of all unpacked files together.
    pub total: u64,
    /// How many times larger a file may become by unpacking, when it becomes larger than a megabyte.
    pub ratio: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self { entries: 20_000, file: 256 << 20, total: 2 << 30, ratio: 200 }
    }
}

/// Why a package was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Not a zip.
    #[error("this is not a readable zip file: {0}")]
    Zip(String),
    /// Too large in some way.
    #[error("the package is refused: {0}")]
    Limit(String),
    /// A name that leads outside.
    #[error(
        "the package is refused: the name \u{201c}{0}\u{201d} leads out of it; pack the files again with plain relative names"
    )]
    Name(String),
    /// Writing failed.
    #[error("the package could not be written: {0}")]
    Write(String),
}

/// A zip read on demand.
pub struct Archive<R> {
    zip: RefCell<ZipArchive<R>>,
    /// Position in the archive by path.
    names: HashMap<String, usize>,
    limits: ArchiveLimits,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive and checks every entry by its header.
    ///
    /// # Errors
    /// When it is no zip, or any entry has an unsafe name, is a link, is encrypted, or passes a cap.
    pub fn open(reader: R, limits: ArchiveLimits) -> Result<Self, PackageError> {
        let mut zip = ZipArchive::new(reader).map_err(|e| PackageError::Zip(e.to_string()))?;
        if zip.len() > limits.entries {
            return Err(PackageError::Limit(format!(
                "it has {} files; at most {} are accepted",
                zip.len(),
                limits.entries
            )));
        }
        let mut names = HashMap::with_capacity(zip.len());
        let mut total: u64 = 0;
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|e| PackageError::Zip(e.to_string()))?;
            let name = entry.name().map_err(|e| PackageError::Zip(e.to_string()))?.into_owned();
            if entry.is_dir() {
                check_name(name.trim_end_matches('/'))?;
                continue;
            }
            check_name(&name)?;
            if entry.is_symlink() {
                return Err(PackageError::Limit(format!("{name} is a link to another file")));
            }
            if entry.encrypted() {
                return Err(PackageError::Limit(format!("{name} is encrypted; pack it without a password")));
            }
            let size = entry.size();
            total = total.saturating_add(size);
            let packed = entry.compressed_size().max(1);
            if size > limits.file || total > limits.total {
                return Err(PackageError::Limit(format!(
                    "it would unpack to more than is accepted, at {name}"
                )));
            }
            if size > 1 << 20 && size / packed > limits.ratio {
                return Err(PackageError::Limit(format!(
                    "{name} would unpack to {} times its size",
                    size / packed
                )));
            }
            if names.insert(name.clone(), at).is_some() {
                return Err(PackageError::Limit(format!("{name} is in it twice")));
            }
        }
        Ok(Self { zip: RefCell::new(zip), names, limits })
    }
}

fn check_name(name: &str) -> Result<(), PackageError> {
    let unsafe_part = |part: &str| part.is_empty() || part == "." || part == "..";
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || name.contains(['\\', '\0']) || drive || name.split('/').any(unsafe_part) {
        return Err(PackageError::Name(name.chars().take(80).collect()));
    }
    Ok(())
}

impl<R: Read + Seek> Files for Archive<R> {
    fn has(&self, path: &str) -> bool {
        self.names.contains_key(path)
    }

    fn open(&self, path: &str) -> Option<Vec<u8>> {
        let at = *self.names.get(path)?;
        let mut zip = self.zip.try_borrow_mut().ok()?;
        let entry = zip.by_index(at).ok()?;
        let announced = entry.size();
        let packed = entry.compressed_size().max(1);
        // The header may lie: never read past what was announced and checked.
        let most =
            announced.min(self.limits.file).min((packed.saturating_mul(self.limits.ratio)).max(1 << 20));
        let mut bytes = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).ok()?);
        entry.take(most + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= most).then_some(bytes)
    }
}

impl<R: Read + Seek> Listing for Archive<R> {
    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.names.keys().cloned().collect();
        paths.sort();
        paths
    }
}
