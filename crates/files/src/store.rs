//! Blobs in an object store.

use crate::hash::Hash;
use crate::kind::{self, sniff};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use regie_core::Random;
use sha2::Digest;
use std::sync::Arc;

/// Up to here a blob waits in memory for its name; a larger one is written aside and renamed.
const IN_MEMORY: usize = 4 << 20;
/// S3 wants parts of at least 5 MiB.
const PART: usize = 8 << 20;

/// Blobs by the hash of their content.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

/// What an upload may be.
#[derive(Debug, Clone, Copy)]
pub struct Accept<'a> {
    pub most_bytes: u64,
    /// Media types as [`sniff`] gives them; `None` accepts every kind.
    pub kinds: Option<&'a [&'a str]>,
}

/// A stored blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    pub hash: Hash,
    pub size: u64,
    /// The media type, told by content.
    pub kind: &'static str,
}

/// A blob as the sweeper sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub hash: Hash,
    pub size: u64,
    /// When it was last put.
    pub put_at: Timestamp,
}

/// Where the blobs lie on S3-compatible storage.
#[cfg(feature = "s3")]
#[derive(Clone)]
pub struct S3Settings {
    /// `None` for Amazon's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub key_id: String,
    pub secret: String,
    /// Only for a server on the same machine or network.
    pub allow_http: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("this file is larger than the {} MB that are accepted here", most_bytes >> 20)]
    TooLarge { most_bytes: u64 },
    #[error("this file is empty")]
    Empty,
    #[error("this is a file of the kind {found}; accepted here: {allowed}")]
    Kind { found: &'static str, allowed: String },
    #[error("the upload broke off: {0}")]
    Upload(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("there is no file {0}")]
    Unknown(Hash),
    #[error("the file {0} has been damaged in storage: restore it from the backup")]
    Damaged(Hash),
    #[error("the file {hash} is larger than the {most_bytes} bytes that were asked for")]
    LargerThanAsked { hash: Hash, most_bytes: u64 },
    #[error("the file storage does not work: {0}; see whether the disk is full or the storage is away")]
    Storage(#[source] object_store::Error),
    #[error("the folder {folder} cannot hold files: {source}")]
    Folder { folder: std::path::PathBuf, source: std::io::Error },
}

impl Files {
    /// On the disk, in a folder that is made when it is not there.
    pub fn on_disk(folder: &std::path::Path) -> Result<Self, FilesError> {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|source| FilesError::Folder { folder: folder.to_owned(), source })?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(FilesError::Storage)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// On S3-compatible storage.
    #[cfg(feature = "s3")]
    pub fn on_s3(settings: &S3Settings) -> Result<Self, FilesError> {
        let mut builder = object_store::aws::AmazonS3Builder::new()
            .with_region(&settings.region)
            .with_bucket_name(&settings.bucket)
            .with_access_key_id(&settings.key_id)
            .with_secret_access_key(&settings.secret)
            .with_allow_http(settings.allow_http);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
        }
        Ok(Self { store: Arc::new(builder.build().map_err(FilesError::Storage)?) })
    }

    /// Stores what the stream gives. Nothing is kept of a stream that is refused or breaks off.
    ///
    /// A blob that is already there is written again: that renews its time, and mends it should it be damaged.
    pub async fn put<E>(
        &self,
        source: impl Stream<Item = Result<Bytes, E>> + Send,
        accept: Accept<'_>,
        random: &dyn Random,
    ) -> Result<Blob, FilesError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut source = std::pin::pin!(source);
        let mut incoming = Incoming::new(accept);
        while let Some(bytes) = source.next().await {
            incoming.take(&bytes.map_err(|error| FilesError::Upload(error.into()))?)?;
            if incoming.held.len() > IN_MEMORY {
                return self.put_large(source, incoming, random).await;
            }
        }
        let (held, blob) = incoming.finish()?;
        self.store.put(&place(&blob.hash), PutPayload::from(held)).await.map_err(FilesError::Storage)?;
        Ok(blob)
    }

    /// The same for bytes already in memory.
    pub async fn put_bytes(
        &self,
        bytes: impl Into<Bytes>,
        accept: Accept<'_>,
        random: &dyn Random,
    ) -> Result<Blob, FilesError> {
        let one = stream::once(std::future::ready(Ok::<_, std::io::Error>(bytes.into())));
        self.put(one, accept, random).await
    }

    async fn put_large<E>(
        &self,
        mut source: std::pin::Pin<&mut (impl Stream<Item = Result<Bytes, E>> + Send)>,
        mut incoming: Incoming<'_>,
        random: &dyn Random,
    ) -> Result<Blob, FilesError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        const PARTS_UNDER_WAY: usize = 4;
        incoming.check_kind()?;
        let mut name = [0; 16];
        random.fill(&mut name);
        let aside = Path::from_iter(["incoming", &hex::encode(name)]);
        let upload = self.store.put_multipart(&aside).await.map_err(FilesError::Storage)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        upload.write(&std::mem::take(&mut incoming.held));
        loop {
            let outcome = match source.next().await {
                None => break,
                Some(Err(error)) => Err(FilesError::Upload(error.into())),
                Some(Ok(bytes)) => incoming.count(&bytes).map(|()| bytes),
            };
            match outcome {
                Ok(bytes) => {
                    upload.wait_for_capacity(PARTS_UNDER_WAY).await.map_err(FilesError::Storage)?;
                    upload.write(&bytes);
                }
                Err(refusal) => {
                    // What cannot be cleared now, the sweeper clears.
                    let _ = upload.abort().await;
                    return Err(refusal);
                }
            }
        }
        upload.finish().await.map_err(FilesError::Storage)?;
        let blob = incoming.blob();
        self.store.rename(&aside, &place(&blob.hash)).await.map_err(FilesError::Storage)?;
        Ok(blob)
    }

    /// The bytes, checked against their name: a damaged blob ends in an error, never in wrong bytes taken for right ones.
    pub async fn get(&self, hash: Hash) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        let found = self.store.get(&place(&hash)).await.map_err(|error| unknown(error, hash))?;
        let bytes = found.into_stream().map_err(FilesError::Storage);
        let checked = stream::unfold(Some((bytes, sha2::Sha256::new())), move |state| async move {
            let (mut bytes, mut digest) = state?;
            match bytes.next().await {
                Some(Ok(part)) => {
                    digest.update(&part);
                    Some((Ok(part), Some((bytes, digest))))
                }
                Some(Err(error)) => Some((Err(error), None)),
                None if Hash::from_digest(digest) == hash => None,
                None => Some((Err(FilesError::Damaged(hash)), None)),
            }
        });
        Ok(checked.boxed())
    }

    /// All bytes of a blob that may be at most so large.
    pub async fn read(&self, hash: Hash, most_bytes: u64) -> Result<Vec<u8>, FilesError> {
        let mut parts = self.get(hash).await?;
        let mut bytes = Vec::new();
        while let Some(part) = parts.next().await {
            bytes.extend_from_slice(&part?);
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most_bytes {
                return Err(FilesError::LargerThanAsked { hash, most_bytes });
            }
        }
        Ok(bytes)
    }

    pub async fn exists(&self, hash: Hash) -> Result<bool, FilesError> {
        match self.store.head(&place(&hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(FilesError::Storage(error)),
        }
    }

    /// Every blob, in no order, while it is being read.
    pub fn list(&self) -> BoxStream<'static, Result<Listed, FilesError>> {
        self.store
            .list(Some(&Path::from("sha256")))
            .map_err(FilesError::Storage)
            .try_filter_map(|found| std::future::ready(Ok(listed(&found))))
            .boxed()
    }

    /// Removes a blob nobody uses, unless it was put again since; says whether it is gone.
    pub async fn remove_unused(&self, hash: Hash, put_before: Timestamp) -> Result<bool, FilesError> {
        let found = match self.store.head(&place(&hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(true),
            Err(error) => return Err(FilesError::Storage(error)),
        };
        if moment(&found) >= put_before {
            return Ok(false);
        }
        match self.store.delete(&place(&hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(FilesError::Storage(error)),
        }
    }

    /// Clears uploads a crash left unnamed, begun before a moment safely in the past; says how many.
    pub async fn sweep_incoming(&self, begun_before: Timestamp) -> Result<u64, FilesError> {
        let mut left = self.store.list(Some(&Path::from("incoming")));
        let mut cleared = 0;
        while let Some(found) = left.next().await {
            let found = found.map_err(FilesError::Storage)?;
            if moment(&found) < begun_before {
                match self.store.delete(&found.location).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => cleared += 1,
                    Err(error) => return Err(FilesError::Storage(error)),
                }
            }
        }
        Ok(cleared)
    }
}

/// An upload while it is counted, hashed and recognised.
struct Incoming<'a> {
    accept: Accept<'a>,
    digest: sha2::Sha256,
    size: u64,
    start: Vec<u8>,
    /// What is not yet written.
    held: Vec<u8>,
}

impl<'a> Incoming<'a> {
    fn new(accept: Accept<'a>) -> Self {
        Self { accept, digest: sha2::Sha256::new(), size: 0, start: Vec::new(), held: Vec::new() }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), FilesError> {
        self.count(bytes)?;
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) -> Result<(), FilesError> {
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.size > self.accept.most_bytes {
            return Err(FilesError::TooLarge { most_bytes: self.accept.most_bytes });
        }
        self.digest.update(bytes);
        let missing = kind::LOOK.saturating_sub(self.start.len()).min(bytes.len());
        self.start.extend_from_slice(bytes.get(..missing).unwrap_or_default());
        Ok(())
    }

    fn check_kind(&self) -> Result<(), FilesError> {
        let found = sniff(&self.start);
        match self.accept.kinds {
            Some(kinds) if !kinds.contains(&found) => {
                Err(FilesError::Kind { found, allowed: kinds.join(", ") })
            }
            _ => Ok(()),
        }
    }

    fn finish(mut self) -> Result<(Vec<u8>, Blob), FilesError> {
        if self.size == 0 {
            return Err(FilesError::Empty);
        }
        self.check_kind()?;
        Ok((std::mem::take(&mut self.held), self.blob()))
    }

    fn blob(self) -> Blob {
        Blob { kind: sniff(&self.start), size: self.size, hash: Hash::from_digest(self.digest) }
    }
}

/// Two levels, so that no folder holds a hundred thousand names.
fn place(hash: &Hash) -> Path {
    let name = hash.to_string();
    let (folder, rest) = name.split_at(2);
    Path::from_iter(["sha256", folder, rest])
}

/// `None` for what someone else put into the folder.
fn listed(found: &object_store::ObjectMeta) -> Option<Listed> {
    let mut parts = found.location.parts().skip(1);
    let (folder, rest) = (parts.next()?, parts.next()?);
    let hash = format!("{}{}", folder.as_ref(), rest.as_ref()).parse().ok()?;
    Some(Listed { hash, size: found.size, put_at: moment(found) })
}

fn moment(found: &object_store::ObjectMeta) -> Timestamp {
    Timestamp::from_microsecond(found.last_modified.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

fn unknown(error: object_store::Error, hash: Hash) -> FilesError {
    match error {
        object_store::Error::NotFound { .. } => FilesError::Unknown(hash),
        error => FilesError::Storage(error),
    }
}
