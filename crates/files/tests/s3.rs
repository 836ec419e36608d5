//! Blobs on S3-compatible storage. Needs a server with a bucket `regie` and the key `S3RVER`/`S3RVER`:
//! `REGIE_S3=http://127.0.0.1:4568 cargo test -p regie-files --features s3 --test s3 -- --ignored`

#![cfg(feature = "s3")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use regie_core::Random;
use regie_files::{Accept, Files, FilesError, Hash, Listed, S3Settings};

const ANY: Accept<'_> = Accept { most_bytes: 64 << 20, kinds: None };

struct Fixed;

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(42);
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is told where its server is")]
fn storage() -> Files {
    let endpoint = std::env::var("REGIE_S3").unwrap();
    let settings = S3Settings {
        endpoint: Some(endpoint),
        region: "eu-west-1".to_owned(),
        bucket: "regie".to_owned(),
        key_id: "S3RVER".to_owned(),
        secret: "S3RVER".to_owned(),
        allow_http: true,
    };
    Files::on_s3(&settings).unwrap()
}

#[tokio::test]
#[ignore = "needs a server"]
async fn blobs_go_in_come_back_are_listed_and_leave() {
    let files = storage();
    let small = files.put_bytes("%PDF-1.7 bewijs", ANY, &Fixed).await.unwrap();
    assert_eq!(files.put_bytes("%PDF-1.7 bewijs", ANY, &Fixed).await.unwrap(), small);
    assert_eq!(files.read(small.hash, 100).await.unwrap(), b"%PDF-1.7 bewijs");

    let part = Bytes::from((0..=255u8).cycle().take(300_001).collect::<Vec<_>>());
    let parts = stream::iter(0..70).map(|_| Ok::<_, std::io::Error>(part.clone()));
    let large = files.put(parts, ANY, &Fixed).await.unwrap();
    assert_eq!((large.size, large.hash), (21_000_070, Hash::of(&part.repeat(70))));
    assert_eq!(Hash::of(&files.read(large.hash, u64::MAX).await.unwrap()), large.hash);

    let listed: Vec<Listed> = files.list().try_collect().await.unwrap();
    let mut hashes: Vec<Hash> = listed.iter().map(|blob| blob.hash).collect();
    hashes.sort();
    let mut expected = vec![small.hash, large.hash];
    expected.sort();
    assert_eq!(hashes, expected);

    let put_at = listed.iter().map(|blob| blob.put_at).max().unwrap();
    assert!(!files.remove_unused(small.hash, put_at - SignedDuration::from_hours(1)).await.unwrap());
    for blob in [small.hash, large.hash] {
        assert!(files.remove_unused(blob, put_at + SignedDuration::from_hours(1)).await.unwrap());
        assert!(!files.exists(blob).await.unwrap());
        assert!(matches!(files.get(blob).await, Err(FilesError::Unknown(_))));
    }
    assert_eq!(files.sweep_incoming(Timestamp::MAX).await.unwrap(), 0, "nothing is left aside");
}
