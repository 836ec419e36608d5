use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use regie_core::{Clock, Random};
use std::sync::Mutex;

/// Stands still until a test moves it.
pub struct MovableClock(Mutex<Timestamp>);

impl MovableClock {
    pub fn at(moment: &str) -> Self {
        Self(Mutex::new(moment.parse().expect("a moment such as 2026-11-20T09:00:00Z")))
    }

    pub fn forward(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap() = moment;
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The machine's own, for processes that are killed and for benchmarks.
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The same bytes in the same order for the same seed.
pub struct SeededRandom(Mutex<StdRng>);

impl SeededRandom {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
