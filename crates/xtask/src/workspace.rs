//! What the checks look at: the crates cargo knows of, and the files git knows of.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Workspace {
    pub root: PathBuf,
    pub crates: Vec<Crate>,
    /// Relative to the root, sorted: tracked files and new ones that are not ignored.
    pub files: Vec<String>,
}

/// A crate of ours, named after its folder under `crates/`.
#[derive(Debug, Clone, Default)]
pub struct Crate {
    pub name: String,
    /// Other crates of ours, by folder.
    pub uses: Vec<Use>,
    /// Other people's crates.
    pub outside: Vec<Use>,
}

#[derive(Debug, Clone)]
pub struct Use {
    pub name: String,
    /// A dev-dependency: tests and examples only.
    pub in_tests: bool,
    /// Whatever version happens to be newest.
    pub any_version: bool,
}

impl Workspace {
    pub fn open() -> Result<Self, String> {
        let metadata =
            run(Command::new("cargo").args(["metadata", "--format-version", "1", "--no-deps", "--offline"]))
                .or_else(|_| {
                    run(Command::new("cargo").args(["metadata", "--format-version", "1", "--no-deps"]))
                })?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).map_err(|e| format!("cargo metadata is not readable: {e}"))?;
        let root = PathBuf::from(&metadata.workspace_root);
        let listed = run(Command::new("git").arg("-C").arg(&root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))
        .map_err(|e| format!("the checks ask git which files there are, and git says: {e}"))?;
        let mut files: Vec<String> =
            listed.split('\0').filter(|f| !f.is_empty() && root.join(f).is_file()).map(Into::into).collect();
        files.sort();
        files.dedup();
        Ok(Self { crates: crates(&metadata), root, files })
    }

    pub fn read(&self, file: &str) -> Result<String, String> {
        std::fs::read_to_string(self.root.join(file)).map_err(|e| format!("{file} cannot be read: {e}"))
    }

    pub fn files_ending<'a>(&'a self, ends: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        self.files.iter().map(String::as_str).filter(move |f| ends.iter().any(|e| f.ends_with(e)))
    }

    /// The crate a file stands in.
    pub fn crate_of(file: &str) -> Option<&str> {
        file.strip_prefix("crates/")?.split('/').next()
    }
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

fn crates(metadata: &Metadata) -> Vec<Crate> {
    let folder = |path: &str| Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned());
    metadata
        .packages
        .iter()
        .filter_map(|package| {
            let name = folder(Path::new(&package.manifest_path).parent()?.to_str()?)?;
            let mut this = Crate { name, ..Crate::default() };
            for dependency in &package.dependencies {
                let in_tests = dependency.kind.as_deref() == Some("dev");
                let any_version = dependency.req == "*";
                match dependency.path.as_deref().and_then(folder) {
                    Some(name) => this.uses.push(Use { name, in_tests, any_version }),
                    None => this.outside.push(Use { name: dependency.name.clone(), in_tests, any_version }),
                }
            }
            Some(this)
        })
        .collect()
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    path: Option<String>,
}

/// A workspace of planted files in a folder of its own.
#[cfg(test)]
pub fn planted(files: &[(&str, &str)]) -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut files: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    files.sort();
    let workspace = Workspace { root: folder.path().to_owned(), crates: Vec::new(), files };
    (folder, workspace)
}
