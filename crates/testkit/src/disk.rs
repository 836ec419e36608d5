//! A disk whose power can be cut: an ext4 file system in a file, on a loop device. Cutting drops everything that was not
//! flushed, journal and data, as a power cut would; what is flushed is there after mounting again. Needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

/// FS_IOC_SHUTDOWN, and "without flushing anything first".
const SHUTDOWN: libc::c_ulong = 0x8004_587D;
const NOTHING_FLUSHED: u32 = 2;

pub struct Disk {
    dir: tempfile::TempDir,
}

/// Runs a program that must succeed.
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

impl Disk {
    /// A fresh disk; the error says why this machine cannot make one.
    pub fn new(megabytes: u32) -> Result<Self, String> {
        let disk = Self { dir: tempfile::Builder::new().prefix("regie-disk-").tempdir().unwrap() };
        std::fs::create_dir(disk.path()).unwrap();
        std::fs::File::create(disk.image()).unwrap().set_len(u64::from(megabytes) << 20).unwrap();
        must("mkfs.ext4", &["-q", "-F", disk.image().to_str().unwrap()])?;
        disk.mount()?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.dir.path().join("image")
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("disk")
    }

    fn mount(&self) -> Result<(), String> {
        // The kernel would write by itself every five seconds; here only a flush counts.
        let options = "loop,commit=3000";
        must("mount", &["-o", options, self.image().to_str().unwrap(), self.path().to_str().unwrap()])?;
        must("chmod", &["755", self.dir.path().to_str().unwrap()])?;
        must("chmod", &["777", self.path().to_str().unwrap()])
    }

    /// The power goes, and comes back. Everything that has files open here must be dead by now or will be failing.
    pub fn cut(&self, dying: impl FnOnce()) {
        let root = std::fs::File::open(self.path()).unwrap();
        shut_down(&root);
        dying();
        drop(root);
        let mut tries = 0;
        while let Err(why) = must("umount", &[self.path().to_str().unwrap()]) {
            tries += 1;
            assert!(tries < 200, "{why}");
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        self.mount().unwrap();
    }

    /// What is here now survives the next cut. Another process does it: opening and closing the file of an SQLite
    /// database takes away every lock its own process has on it, also those of connections that are still closing,
    /// and what another process writes next may then land in a log that is thrown away.
    pub fn flush(&self) {
        must("sync", &["-f", self.path().to_str().unwrap()]).unwrap();
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

#[allow(unsafe_code)] // there is no safe way to ask the kernel for this
fn shut_down(root: &std::fs::File) {
    use std::os::fd::AsRawFd;
    let flags = NOTHING_FLUSHED;
    // SAFETY: the descriptor is open, and this request reads one u32, which lives until the call ends.
    let done = unsafe { libc::ioctl(root.as_raw_fd(), SHUTDOWN, &raw const flags) };
    assert_eq!(done, 0, "the file system could not be shut down: {}", std::io::Error::last_os_error());
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = must("umount", &["-l", self.path().to_str().unwrap()]);
    }
}

impl AsRef<Path> for Disk {
    fn as_ref(&self) -> &Path {
        self.dir.path()
    }
}
