//! How often one address, account or program may ask: a bucket each, filled at a steady rate, with a minute's worth in it.
//! A refusal says after how many seconds to come back.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use uuid::Uuid;

/// Requests a minute; 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// One address. A whole school may sit behind one.
    pub address: u32,
    /// One account, over all its browsers.
    pub account: u32,
    /// One program with a key of its own.
    pub client: u32,
    /// Attempts to sign in (or reset a password, or open an invitation) from one address.
    pub sign_in_address: u32,
    /// Attempts to sign in as one account, known or not.
    pub sign_in_account: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self { address: 6_000, account: 600, client: 1_200, sign_in_address: 300, sign_in_account: 10 }
    }
}

/// Who asks for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asking {
    Address(IpAddr),
    Account(Uuid),
    Client(Uuid),
    SignInFrom(IpAddr),
    /// By [`Limits::name`]: what was typed is not kept.
    SignInAs(u64),
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// In parts of a request, so fine that every millisecond adds a whole number.
    held: u64,
    at: Timestamp,
}

/// The buckets of one node. They are only a brake, so each node has its own and forgets them when it stops.
pub struct Limits {
    rates: Rates,
    buckets: Mutex<HashMap<Asking, Bucket>>,
    most: usize,
    names: RandomState,
}

/// Above this many, buckets that have filled up again are thrown away.
const MOST: usize = 100_000;
const ONE: u64 = 60_000;

impl Limits {
    pub fn new(rates: Rates) -> Self {
        Self { rates, buckets: Mutex::default(), most: MOST, names: RandomState::new() }
    }

    /// Takes one request out of the bucket. The error is the number of seconds after which there is one again.
    pub fn take(&self, asking: Asking, now: Timestamp) -> Result<(), u64> {
        let asking = asking.grouped();
        let rate = u64::from(self.rate(asking));
        if rate == 0 {
            return Ok(());
        }
        // A poisoned lock cannot happen: nothing in here panics. Letting everybody in is the lesser harm.
        let Ok(mut buckets) = self.buckets.lock() else { return Ok(()) };
        if buckets.len() >= self.most && !buckets.contains_key(&asking) {
            buckets.retain(|asking, bucket| bucket.at(self.rate(*asking), now) < full(self.rate(*asking)));
            if buckets.len() >= self.most {
                // A flood from more addresses than fit: who is new starts anew; the network must stop it.
                buckets.clear();
            }
        }
        let per_minute = self.rate(asking);
        let bucket = buckets.entry(asking).or_insert(Bucket { held: full(per_minute), at: now });
        bucket.held = bucket.at(per_minute, now);
        // By whole milliseconds: who asks very often must not lose what is between them.
        let passed = SignedDuration::from_millis(bucket.millis(now));
        bucket.at = bucket.at.checked_add(passed).unwrap_or(now);
        if bucket.held < ONE {
            return Err((ONE - bucket.held).div_ceil(rate * 1_000).max(1));
        }
        bucket.held -= ONE;
        Ok(())
    }

    /// A typed name as a number that means nothing outside this process.
    pub fn name(&self, typed: &str) -> Asking {
        Asking::SignInAs(self.names.hash_one(typed.trim().to_lowercase()))
    }

    const fn rate(&self, asking: Asking) -> u32 {
        match asking {
            Asking::Address(_) => self.rates.address,
            Asking::Account(_) => self.rates.account,
            Asking::Client(_) => self.rates.client,
            Asking::SignInFrom(_) => self.rates.sign_in_address,
            Asking::SignInAs(_) => self.rates.sign_in_account,
        }
    }
}

const fn full(per_minute: u32) -> u64 {
    per_minute as u64 * ONE
}

impl Bucket {
    fn at(&self, per_minute: u32, now: Timestamp) -> u64 {
        let millis = u64::try_from(self.millis(now)).unwrap_or(0);
        let gained = millis.saturating_mul(u64::from(per_minute));
        self.held.saturating_add(gained).min(full(per_minute))
    }

    /// Since it was last filled. A clock that goes back gives nothing and takes nothing.
    fn millis(&self, now: Timestamp) -> i64 {
        i64::try_from(now.duration_since(self.at).as_millis()).unwrap_or(i64::MAX).max(0)
    }
}

impl Asking {
    /// Whoever has one IPv6 address has a whole network of them.
    fn grouped(self) -> Self {
        let network = |address: IpAddr| match address.to_canonical() {
            IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
            four => four,
        };
        match self {
            Asking::Address(address) => Asking::Address(network(address)),
            Asking::SignInFrom(address) => Asking::SignInFrom(network(address)),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NINE: &str = "2026-11-20T09:00:00Z";

    fn nine() -> Timestamp {
        NINE.parse().unwrap()
    }

    fn from(text: &str) -> Asking {
        Asking::Address(text.parse().unwrap())
    }

    #[test]
    fn a_minutes_worth_at_once_and_then_at_the_rate() {
        let limits = Limits::new(Rates { address: 60, ..Rates::default() });
        let here = from("192.0.2.1");
        assert!((0..60).all(|_| limits.take(here, nine()).is_ok()));
        assert_eq!(limits.take(here, nine()), Err(1));
        // Another address has a bucket of its own.
        assert_eq!(limits.take(from("192.0.2.2"), nine()), Ok(()));
        let later = nine() + SignedDuration::from_secs(2);
        assert_eq!([(); 3].map(|()| limits.take(here, later).is_ok()), [true, true, false]);
        // A clock that goes back gives nothing.
        assert!(limits.take(here, nine()).is_err());
        let slow = Limits::new(Rates { sign_in_account: 2, ..Rates::default() });
        let noor = slow.name(" Noor@Delta.example");
        assert_eq!(noor, slow.name("noor@delta.example"));
        assert_eq!([(); 3].map(|()| slow.take(noor, nine())), [Ok(()), Ok(()), Err(30)]);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_zero_is_no_limit() {
        let limits = Limits::new(Rates { address: 1, account: 0, ..Rates::default() });
        assert_eq!(limits.take(from("2001:db8::1"), nine()), Ok(()));
        assert!(limits.take(from("2001:db8::ffff:1"), nine()).is_err());
        assert_eq!(limits.take(from("2001:db8:0:1::1"), nine()), Ok(()));
        let four = Limits::new(Rates { address: 1, ..Rates::default() });
        assert_eq!(four.take(from("192.0.2.1"), nine()), Ok(()));
        assert!(four.take(from("::ffff:192.0.2.1"), nine()).is_err());
        let account = Asking::Account(Uuid::from_u128(1));
        assert!((0..10_000).all(|_| limits.take(account, nine()).is_ok()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut limits = Limits::new(Rates { client: 6, ..Rates::default() });
        limits.most = 10;
        for n in 0..1_000 {
            let client = Asking::Client(Uuid::from_u128(n));
            assert_eq!(limits.take(client, nine()), Ok(()));
            assert!(limits.buckets.lock().unwrap().len() <= 10);
        }
    }

    proptest! {
        /// Whatever the pattern of asking, no more pass than a minute's worth and the rate allow; and whoever waits as
        /// long as was said is let in.
        #[test]
        fn never_more_than_the_rate(rate in 1u32..200, waits in prop::collection::vec(0i64..5_000, 1..200)) {
            let limits = Limits::new(Rates { account: rate, ..Rates::default() });
            let who = Asking::Account(Uuid::from_u128(9));
            let (mut now, mut passed) = (nine(), 0u64);
            for wait in waits {
                now += SignedDuration::from_millis(wait);
                match limits.take(who, now) {
                    Ok(()) => passed += 1,
                    Err(seconds) => {
                        let told = now + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
                        // On a copy: trying later must not change what is true now.
                        let bucket = *limits.buckets.lock().unwrap().get(&who).unwrap();
                        prop_assert!(bucket.at(rate, told) >= ONE);
                    }
                }
            }
            let elapsed = u64::try_from(now.duration_since(nine()).as_millis()).unwrap();
            prop_assert!(passed <= u64::from(rate) + elapsed * u64::from(rate) / 60_000 + 1);
        }
    }
}
