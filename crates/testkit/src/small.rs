//! A disk that is soon full: a tmpfs of a few megabytes. Needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

pub struct SmallDisk {
    dir: tempfile::TempDir,
}

fn must(program: &str, arguments: &[&str]) -> Result<(), String> {
    let out =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    let said = String::from_utf8_lossy(&out.stderr);
    if out.status.success() {
        Ok(())
    } else {
        Err(format!("{program} {}: {}", arguments.join(" "), said.trim()))
    }
}

impl SmallDisk {
    pub fn new(megabytes: u32) -> Result<Self, String> {
        let disk = Self { dir: tempfile::Builder::new().prefix("regie-small-").tempdir().unwrap() };
        std::fs::create_dir(disk.path()).unwrap();
        let size = format!("size={megabytes}m,mode=777");
        must("mount", &["-t", "tmpfs", "-o", &size, "none", disk.path().to_str().unwrap()])?;
        must("chmod", &["755", disk.dir.path().to_str().unwrap()])?;
        Ok(disk)
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("disk")
    }

    /// Somebody freed space.
    pub fn grow(&self, megabytes: u32) {
        let size = format!("remount,size={megabytes}m");
        must("mount", &["-o", &size, self.path().to_str().unwrap()]).unwrap();
    }

    /// Somebody else's file takes all but so many megabytes.
    pub fn fill_but(&self, megabytes: u32) {
        let out = Command::new("df").args(["--output=avail", "-m"]).arg(self.path()).output().unwrap();
        let free: u32 =
            String::from_utf8_lossy(&out.stdout).split_whitespace().last().unwrap().parse().unwrap();
        let size = (free.saturating_sub(megabytes) << 20) as usize;
        std::fs::write(self.path().join("ballast"), vec![1u8; size]).unwrap();
    }

    /// And takes it away.
    pub fn free_up(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = must("umount", &["-l", self.path().to_str().unwrap()]);
    }
}

/// Gives a folder to the user that PostgreSQL runs as.
pub fn for_postgres(folder: &Path) {
    if crate::postgres::is_root() {
        must("chown", &["postgres", folder.to_str().unwrap()]).unwrap();
        must("chmod", &["755", folder.to_str().unwrap()]).unwrap();
    }
}
