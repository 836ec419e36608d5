//! Time and randomness as parameters. Nothing below the app reads the machine's own.

use crate::id::Id;
use jiff::Timestamp;
use uuid::Uuid;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A source of random bytes good enough for secrets.
pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// A new id: the clock's milliseconds in front, random bits behind.
pub fn new_id<T: Id>(clock: &dyn Clock, random: &dyn Random) -> T {
    let mut bits = [0u8; 10];
    random.fill(&mut bits);
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    T::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &bits).into_uuid())
}

/// The earliest id a clock could have given at a moment; the lower bound of "made since".
pub fn first_id_at(moment: Timestamp) -> Uuid {
    let millis = u64::try_from(moment.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
