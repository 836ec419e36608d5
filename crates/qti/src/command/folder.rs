//! Folders on disk, read like packages.

use crate::import::Files;
use crate::package::Listing;
use std::path::{Path, PathBuf};

/// How far up a package is looked for around a file.
const LEVELS: usize = 6;
/// Files listed of one folder.
const MOST: usize = 20_000;
/// Bytes of one file.
const LONGEST: u64 = 256 << 20;

/// The folder a document belongs to: that of the package it lies unpacked in, or else its own.
pub(super) struct Folder {
    root: PathBuf,
    name: String,
    packed: bool,
}

impl Folder {
    /// The folder of a file.
    pub(super) fn around(file: &str) -> Self {
        let path = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
        let own = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let root = path.ancestors().skip(1).take(LEVELS).find(|f| f.join("imsmanifest.xml").is_file());
        let packed = root.is_some();
        let root = root.map_or(own, Path::to_path_buf);
        let inside = path.strip_prefix(&root).unwrap_or(&path);
        let name = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        Self { root, name, packed }
    }

    /// The document, as seen from the folder.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let known = std::fs::metadata(path).ok()?;
    (known.is_file() && known.len() <= LONGEST).then(|| std::fs::read(path).ok())?
}

impl Files for Folder {
    fn is_package(&self) -> bool {
        self.packed
    }

    fn open(&self, path: &str) -> Option<Vec<u8>> {
        read(&self.root.join(path))
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }
}

/// One document and what it refers to, as a package.
pub(super) struct Only(pub(super) Folder);

impl Files for Only {
    fn is_package(&self) -> bool {
        self.0.packed
    }

    fn open(&self, path: &str) -> Option<Vec<u8>> {
        if path == "imsmanifest.xml" { None } else { self.0.open(path) }
    }

    fn has(&self, path: &str) -> bool {
        path != "imsmanifest.xml" && self.0.has(path)
    }
}

impl Listing for Only {
    fn paths(&self) -> Vec<String> {
        vec![self.0.name.clone()]
    }
}

/// A package that lies unpacked in a folder.
pub(super) struct Unpacked {
    root: PathBuf,
    paths: Vec<String>,
}

impl Unpacked {
    /// Looks through a folder; links are not followed.
    pub(super) fn open(root: &Path) -> Result<Self, String> {
        let mut paths = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let here = root.join(&folder);
            let entries = std::fs::read_dir(&here).map_err(|e| format!("{}: {e}", here.display()))?;
            for entry in entries.flatten() {
                let name = format!("{folder}{}", entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(format!("{name}/")),
                    Ok(kind) if kind.is_file() => paths.push(name),
                    _ => {}
                }
            }
            if paths.len() > MOST {
                return Err(format!("{} holds more than {MOST} files", root.display()));
            }
        }
        paths.sort();
        Ok(Self { root: root.to_path_buf(), paths })
    }
}

impl Files for Unpacked {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        if self.has(path) { read(&self.root.join(path)) } else { None }
    }

    fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|p| p.as_str().cmp(path)).is_ok()
    }
}

impl Listing for Unpacked {
    fn paths(&self) -> Vec<String> {
        self.paths.clone()
    }
}
