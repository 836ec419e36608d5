//! The clock and the dice: the only things the crate takes from outside, handed in by whoever starts it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use uuid::Uuid;

type Now = dyn Fn() -> Timestamp + Send + Sync;
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// A clock and a source of randomness.
#[derive(Clone)]
pub struct Outside {
    now: Arc<Now>,
    fill: Arc<Fill>,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").field("now", &(self.now)()).finish_non_exhaustive()
    }
}

impl Outside {
    /// A clock and randomness fit for secrets.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        fill: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), fill: Arc::new(fill) }
    }

    /// A clock that stands still and dice that always fall the same way: for tests and deterministic data, never
    /// for secrets.
    #[must_use]
    pub fn fixed(now: Timestamp, seed: u64) -> Self {
        let state = AtomicU64::new(seed);
        Self::new(
            move || now,
            move |bytes| {
                for byte in bytes {
                    // SplitMix64: a known, even sequence.
                    let mut z = state
                        .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                        .wrapping_add(0x9e37_79b9_7f4a_7c15);
                    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                    *byte = (z ^ (z >> 31)).to_le_bytes().first().copied().unwrap_or_default();
                }
            },
        )
    }

    /// The same dice under another clock.
    #[must_use]
    pub fn with_clock(&self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now), fill: Arc::clone(&self.fill) }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// A new id: UUID version 7.
    #[must_use]
    pub fn id(&self) -> String {
        let mut random = [0; 10];
        (self.fill)(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// A secret of 256 bits in hexadecimal.
    #[must_use]
    pub fn secret(&self) -> String {
        let mut random = [0; 32];
        (self.fill)(&mut random);
        random.iter().fold(String::with_capacity(64), |mut text, byte| {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            text
        })
    }

    /// A number below `limit`.
    #[must_use]
    pub fn below(&self, limit: u64) -> u64 {
        let mut random = [0; 8];
        (self.fill)(&mut random);
        u64::from_le_bytes(random).checked_rem(limit).unwrap_or(0)
    }
}

/// An id made of a name, the same every time: for deterministic data.
#[must_use]
pub fn id_of(name: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    for (byte, source) in bytes.iter_mut().zip(digest) {
        *byte = source;
    }
    Uuid::from_bytes(bytes).to_string()
}
