//! Takes the browser's half into the binary: everything the manifest of `web-client/dist` names.
//! It never runs npm. Before `make assets` has run, the crate builds with nothing inside, and the
//! pages say what is missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

#[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn variable(name: &str) -> io::Result<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("cargo set no {name}")))
}

fn main() -> io::Result<()> {
    let client = variable("CARGO_MANIFEST_DIR")?.join("../../web-client").canonicalize()?;
    let folder = client.join("dist");
    let manifest = folder.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed={}", client.join("icons.txt").display());
    println!("cargo::rerun-if-changed=templates");
    let mut source = String::from("const ASSETS: &[Asset] = &[\n");
    if manifest.exists() {
        let names: BTreeMap<String, String> = serde_json::from_slice(&fs::read(&manifest)?)?;
        for (name, file) in names {
            entry(&mut source, &folder, &name, &file);
        }
    } else {
        println!("cargo::warning=web-client/dist is missing: pages will have no style. Run `make assets`.");
    }
    source.push_str("];\n");
    fs::write(variable("OUT_DIR")?.join("assets.rs"), source)
}

fn entry(source: &mut String, folder: &Path, name: &str, file: &str) {
    let bytes = folder.join(file).display().to_string();
    let brotli = folder.join(format!("{file}.br"));
    let brotli = if brotli.exists() {
        format!("Some(include_bytes!({:?}))", brotli.display().to_string())
    } else {
        "None".to_owned()
    };
    let _ = writeln!(
        source,
        "    Asset {{ name: {name:?}, file: {file:?}, bytes: include_bytes!({bytes:?}), brotli: {brotli} }},"
    );
}
