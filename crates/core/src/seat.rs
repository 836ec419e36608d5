//! Seats, supervisors and time in a room.

use jiff::Timestamp;

/// Seats that may be given away: the reserve stays free, in whole seats and rounded up.
pub fn usable(capacity: u32, reserve_percent: u32) -> u32 {
    let reserve = (u64::from(capacity) * u64::from(reserve_percent)).div_ceil(100);
    capacity.saturating_sub(u32::try_from(reserve).unwrap_or(capacity))
}

/// How many supervisors a room needs for so many candidates.
pub fn supervisors(candidates: u32, per_supervisor: u32, least: u32) -> u32 {
    candidates.div_ceil(per_supervisor.max(1)).max(least)
}

/// From a moment to another; the end is not part of it, so that one thing may follow on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub starts: Timestamp,
    pub ends: Timestamp,
}

impl Span {
    pub fn overlaps(self, other: Span) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }

    pub fn holds(self, other: Span) -> bool {
        self.starts <= other.starts && other.ends <= self.ends
    }
}

/// When the last of a sitting is done: the base time and the longest extra time.
pub fn last_end(starts: Timestamp, minutes: u32, longest_extra: u32) -> Timestamp {
    let whole = jiff::SignedDuration::from_mins(i64::from(minutes) + i64::from(longest_extra));
    starts.checked_add(whole).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tenth_of_thirty_seats_stays_free() {
        assert_eq!(usable(30, 10), 27);
        assert_eq!(usable(25, 10), 22, "two and a half seats are three");
        assert_eq!((usable(30, 0), usable(30, 100), usable(0, 10)), (30, 0, 0));
    }

    #[test]
    fn one_supervisor_for_each_25_and_never_fewer_than_two() {
        assert_eq!([0, 1, 25, 50, 51].map(|n| supervisors(n, 25, 2)), [2, 2, 2, 2, 3]);
    }

    #[test]
    fn the_longest_extra_time_decides_the_end() {
        let nine: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        assert_eq!(last_end(nine, 120, 30).to_string(), "2026-11-20T10:30:00Z");
    }

    fn span(from: i64, length: i64) -> Span {
        let second = |n| Timestamp::from_second(n).unwrap();
        Span { starts: second(from), ends: second(from + length) }
    }

    proptest! {
        #[test]
        fn the_reserve_is_never_smaller_than_asked(capacity in 0u32..2_000, percent in 0u32..=100) {
            let free = capacity - usable(capacity, percent);
            prop_assert!(u64::from(free) * 100 >= u64::from(capacity) * u64::from(percent));
            prop_assert!(free == 0 || u64::from(free - 1) * 100 < u64::from(capacity) * u64::from(percent));
        }

        #[test]
        fn overlap_is_mutual_and_means_a_moment_in_both(a in 0i64..50, la in 1i64..20, b in 0i64..50, lb in 1i64..20) {
            let (one, other) = (span(a, la), span(b, lb));
            let shared = (0..80).any(|t| (a..a + la).contains(&t) && (b..b + lb).contains(&t));
            prop_assert_eq!(one.overlaps(other), shared);
            prop_assert_eq!(other.overlaps(one), shared);
            prop_assert!(!one.holds(other) || one.overlaps(other));
        }
    }
}
