//! Blobs on a real disk.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use regie_core::Random;
use regie_files::{Accept, Files, FilesError, Hash, Listed};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use tempfile::TempDir;

const ANY: Accept<'_> = Accept { most_bytes: 64 << 20, kinds: None };

/// Counts instead of guessing, so that a test can be repeated.
struct Counter(AtomicU8);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

fn random() -> Counter {
    Counter(AtomicU8::new(0))
}

fn disk() -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::on_disk(&folder.path().join("blobs")).unwrap();
    (folder, files)
}

fn on_disk(folder: &TempDir) -> Vec<PathBuf> {
    let mut folders = vec![folder.path().to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

async fn listed(files: &Files) -> Vec<Listed> {
    files.list().try_collect().await.unwrap()
}

#[tokio::test]
async fn a_blob_is_stored_under_its_hash_and_the_same_bytes_once() {
    let (folder, files) = disk();
    let blob = files.put_bytes("%PDF-1.7 bewijs", ANY, &random()).await.unwrap();
    assert_eq!(blob.hash, Hash::of(b"%PDF-1.7 bewijs"));
    assert_eq!((blob.size, blob.kind), (15, "application/pdf"));
    assert_eq!(files.put_bytes("%PDF-1.7 bewijs", ANY, &random()).await.unwrap(), blob);
    assert_eq!(on_disk(&folder).len(), 1);
    assert!(files.exists(blob.hash).await.unwrap());
    assert_eq!(files.read(blob.hash, 15).await.unwrap(), b"%PDF-1.7 bewijs");
    assert!(matches!(files.read(blob.hash, 14).await, Err(FilesError::LargerThanAsked { .. })));
    let other = Hash::of(b"anders");
    assert!(!files.exists(other).await.unwrap());
    assert!(matches!(files.get(other).await, Err(FilesError::Unknown(hash)) if hash == other));
}

#[tokio::test]
async fn a_large_blob_streams_through_and_comes_back_whole() {
    let (folder, files) = disk();
    let part = Bytes::from((0..=255u8).cycle().take(300_001).collect::<Vec<_>>());
    let parts = stream::iter(0..100).map(|_| Ok::<_, std::io::Error>(part.clone()));
    let blob = files.put(parts, ANY, &random()).await.unwrap();
    assert_eq!(blob.size, 30_000_100);
    let whole = part.repeat(100);
    assert_eq!(blob.hash, Hash::of(&whole));
    assert!(files.read(blob.hash, u64::MAX).await.unwrap() == whole);
    assert_eq!(on_disk(&folder).len(), 1, "nothing is left aside");
}

#[tokio::test]
async fn what_is_refused_or_breaks_off_leaves_nothing() {
    let (folder, files) = disk();
    let random = random();
    let pictures = Accept { most_bytes: 8 << 20, kinds: Some(&["image/png", "image/jpeg"]) };
    assert!(matches!(files.put_bytes("", ANY, &random).await, Err(FilesError::Empty)));
    let refused = files.put_bytes("<html>", pictures, &random).await.unwrap_err();
    assert!(matches!(refused, FilesError::Kind { found: "text/html", .. }), "{refused}");
    let small = Accept { most_bytes: 5, kinds: None };
    assert!(matches!(files.put_bytes("zes zes", small, &random).await, Err(FilesError::TooLarge { .. })));
    files.put_bytes("vijf!", small, &random).await.unwrap();
    assert_eq!(on_disk(&folder).len(), 1);

    let part = || Bytes::from(vec![7u8; 1 << 20]);
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(part()));
    let eight = Accept { most_bytes: 8 << 20, kinds: None };
    assert!(matches!(files.put(endless, eight, &random).await, Err(FilesError::TooLarge { .. })));
    let wrong_kind = stream::repeat_with(|| Ok::<_, std::io::Error>(part())).take(6);
    assert!(matches!(files.put(wrong_kind, pictures, &random).await, Err(FilesError::Kind { .. })));
    for after in [2, 12] {
        let broken = stream::iter(0..after)
            .map(|_| Ok(part()))
            .chain(stream::once(async { Err(std::io::Error::other("line lost")) }));
        assert!(matches!(files.put(broken, ANY, &random).await, Err(FilesError::Upload(_))));
    }
    assert_eq!(on_disk(&folder).len(), 1, "{:?}", on_disk(&folder));
}

#[tokio::test]
async fn a_damaged_blob_is_named_and_mended_by_the_next_upload() {
    let (folder, files) = disk();
    let blob = files.put_bytes("het echte bewijs", ANY, &random()).await.unwrap();
    let path = on_disk(&folder).remove(0);
    std::fs::write(&path, "het valse bewijs").unwrap();
    assert!(matches!(files.read(blob.hash, 100).await, Err(FilesError::Damaged(hash)) if hash == blob.hash));
    files.put_bytes("het echte bewijs", ANY, &random()).await.unwrap();
    assert_eq!(files.read(blob.hash, 100).await.unwrap(), b"het echte bewijs");
}

#[tokio::test]
async fn the_sweeper_sees_every_blob_and_spares_what_was_put_again() {
    let (folder, files) = disk();
    let random = random();
    let mut hashes = Vec::new();
    for number in 0..20 {
        hashes.push(files.put_bytes(format!("bewijs {number}"), ANY, &random).await.unwrap().hash);
    }
    std::fs::write(folder.path().join("blobs/sha256/leesmij.txt"), "van iemand anders").unwrap();
    let found = listed(&files).await;
    let mut seen: Vec<Hash> = found.iter().map(|blob| blob.hash).collect();
    seen.sort();
    hashes.sort();
    assert_eq!(seen, hashes);

    // An hour ago by the file's own time, as if it had lain there.
    let age = |hash: &Hash| {
        let name = hash.to_string();
        let (first, rest) = name.split_at(2);
        let path = folder.path().join("blobs/sha256").join(first).join(rest);
        let file = std::fs::File::options().append(true).open(path).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        file.set_modified(modified - std::time::Duration::from_secs(3_600)).unwrap();
    };
    let newest = found.iter().map(|blob| blob.put_at).max().unwrap();
    let grace: Timestamp = newest - jiff::SignedDuration::from_mins(30);
    age(&hashes[0]);
    age(&hashes[1]);
    let again = format!(
        "bewijs {}",
        (0..20).find(|n| Hash::of(format!("bewijs {n}").as_bytes()) == hashes[1]).unwrap()
    );
    files.put_bytes(again, ANY, &random).await.unwrap();
    assert!(files.remove_unused(hashes[0], grace).await.unwrap());
    assert!(!files.remove_unused(hashes[1], grace).await.unwrap(), "put again since");
    assert!(!files.remove_unused(hashes[2], grace).await.unwrap(), "too young");
    assert!(files.remove_unused(hashes[0], grace).await.unwrap(), "gone already");
    assert_eq!(listed(&files).await.len(), 19);
}

#[tokio::test]
async fn an_upload_a_crash_left_behind_is_cleared_after_the_grace() {
    let (folder, files) = disk();
    let left = folder.path().join("blobs/incoming/0123");
    std::fs::create_dir_all(left.parent().unwrap()).unwrap();
    std::fs::write(&left, "half").unwrap();
    let written = Timestamp::try_from(std::fs::metadata(&left).unwrap().modified().unwrap()).unwrap();
    assert_eq!(files.sweep_incoming(written - jiff::SignedDuration::from_secs(60)).await.unwrap(), 0);
    assert_eq!(files.sweep_incoming(written + jiff::SignedDuration::from_secs(60)).await.unwrap(), 1);
    assert!(!left.exists());
    assert_eq!(listed(&files).await, []);
}

#[tokio::test]
async fn many_uploads_of_the_same_bytes_at_once_all_succeed() {
    let (folder, files) = disk();
    let random = random();
    let puts = (0..32).map(|number| files.put_bytes(format!("bewijs {}", number % 3), ANY, &random));
    let blobs = futures_util::future::join_all(puts).await;
    assert!(blobs.iter().all(Result::is_ok), "{blobs:?}");
    assert_eq!(on_disk(&folder).len(), 3, "{:?}", on_disk(&folder));
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bestand");
    std::fs::write(&file, "x").unwrap();
    let refused = Files::on_disk(&file).err().unwrap();
    assert!(matches!(refused, FilesError::Folder { .. }), "{refused}");
}
