//! Lists the text files, so that a new file in `locales/` needs no line of code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

#[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn variable(name: &str) -> io::Result<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("cargo set no {name}")))
}

fn main() -> io::Result<()> {
    let locales = variable("CARGO_MANIFEST_DIR")?.join("../../locales").canonicalize()?;
    println!("cargo::rerun-if-changed={}", locales.display());
    let mut source = String::new();
    for language in ["nl", "en"] {
        let files = texts(&locales.join(language))?;
        let _ = writeln!(source, "const {}: &[(&str, &str)] = &[", language.to_uppercase());
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(source, "    ({name:?}, include_str!({:?})),", file.display().to_string());
        }
        source.push_str("];\n");
    }
    fs::write(variable("OUT_DIR")?.join("files.rs"), source)
}

fn texts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ftl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
