//! Rooms down, time across; drawn in HTML so that it zooms, wraps and prints, with the same data as
//! a table one click away.

use super::{Chip, Tone, draws_itself};
use askama::Template;
use jiff::civil::Time;
use regie_texts::Texts;

/// Something that takes time in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub title: String,
    pub note: String,
    /// The status in a word; the colour only repeats it.
    pub state: String,
    pub tone: Tone,
    pub from: Time,
    pub until: Time,
    /// Until when those with extra time go on: the hatched tail.
    pub extra_until: Option<Time>,
    pub href: String,
}

/// A room, or a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    pub note: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/timeline.html")]
pub struct Timeline {
    pub texts: Texts,
    /// Unique on the page.
    pub id: String,
    pub title: String,
    /// What a lane is: *Lokaal*. Heads the first column of the table.
    pub lane_word: String,
    pub from: Time,
    pub until: Time,
    pub now: Option<Time>,
    pub lanes: Vec<Lane>,
    pub legend: Vec<Chip>,
}

draws_itself!(Timeline);

/// As many columns as the style sheet has places for.
const COLUMNS: i64 = 168;

impl Timeline {
    fn minutes(&self) -> i64 {
        between(self.from, self.until).max(5)
    }

    /// Minutes per column: five, unless the day is longer than fourteen hours.
    fn step(&self) -> i64 {
        [5, 10, 15].into_iter().find(|step| self.minutes() / step <= COLUMNS).unwrap_or(30)
    }

    fn scale(&self) -> i64 {
        (self.minutes() / self.step()).clamp(1, COLUMNS)
    }

    /// The column a moment stands in, from 1; moments outside the day stand at its edges.
    fn at(&self, time: Time) -> i64 {
        (between(self.from, time) / self.step() + 1).clamp(1, self.scale())
    }

    fn span(&self, from: Time, until: Time) -> i64 {
        let from = from.max(self.from);
        let until = until.min(self.until);
        (between(from, until) / self.step()).clamp(1, self.scale() - self.at(from) + 1)
    }

    /// Every hour, or every second when the day is long: its place and its words.
    fn hours(&self) -> Vec<(i64, String)> {
        let every = if self.minutes() > 14 * 60 { 2 } else { 1 };
        let first = if self.from.minute() == 0 { self.from.hour() } else { self.from.hour() + 1 };
        (first..=self.until.hour())
            .step_by(every)
            .filter_map(|hour| Time::new(hour, 0, 0, 0).ok())
            .filter(|time| *time < self.until)
            .map(|time| {
                (self.at(time), if self.is_near_now(time) { String::new() } else { self.texts.time(time) })
            })
            .collect()
    }

    /// The words of now would stand over those of the hour.
    fn is_near_now(&self, time: Time) -> bool {
        self.now.is_some_and(|now| between(time, now).abs() * 20 < self.minutes())
    }

    /// Where the line of now stands, and what time it is.
    fn this_moment(&self) -> Option<(i64, String)> {
        let now = self.now.filter(|now| (self.from..self.until).contains(now))?;
        Some((self.at(now), self.texts.time(now)))
    }

    /// The classes that put a block in its place.
    fn place(&self, block: &Block) -> String {
        format!("at-{} for-{}", self.at(block.from), self.span(block.from, block.until))
    }

    /// The same for its hatched tail.
    fn extra_place(&self, block: &Block) -> Option<String> {
        let extra = block.extra_until?;
        Some(format!("at-{} for-{}", self.at(block.until), self.span(block.until, extra)))
    }

    fn times(&self, block: &Block) -> String {
        self.texts.times(block.from, block.until)
    }

    fn extra(&self, block: &Block) -> Option<String> {
        let extra = block.extra_until?;
        Some(self.texts.t("timeline-extra").with("time", self.texts.time(extra)).to_string())
    }

    /// What the place and the colour of a block say, for who hears it.
    fn rest(&self, lane: &Lane, block: &Block) -> String {
        let times = self.times(block);
        let parts = [Some(lane.name.clone()), Some(times), self.extra(block), Some(block.state.clone())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn between(from: Time, until: Time) -> i64 {
    i64::from(until.hour() - from.hour()) * 60 + i64::from(until.minute() - from.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use proptest::prelude::*;

    fn day(from: Time, until: Time) -> Timeline {
        Timeline {
            texts: Texts::default(),
            id: "day".into(),
            title: "Lokalen".into(),
            lane_word: "Lokaal".into(),
            from,
            until,
            now: None,
            lanes: Vec::new(),
            legend: Vec::new(),
        }
    }

    #[test]
    fn a_block_stands_at_its_five_minutes() {
        let day = day(time(8, 0, 0, 0), time(16, 0, 0, 0));
        assert_eq!(day.scale(), 96);
        assert_eq!(day.at(time(8, 0, 0, 0)), 1);
        assert_eq!(day.at(time(10, 30, 0, 0)), 31);
        assert_eq!(day.span(time(10, 30, 0, 0), time(12, 0, 0, 0)), 18);
        assert_eq!(day.hours().len(), 8);
    }

    proptest! {
        #[test]
        fn no_block_leaves_the_scale(from in 0i8..23, length in 1i8..24, start in 0i8..24, end in 0i8..24) {
            let until = (from + length).min(23);
            let day = day(time(from, 0, 0, 0), time(until, 59, 0, 0));
            let (start, end) = (time(start, 5, 0, 0), time(end, 50, 0, 0));
            prop_assert!(day.scale() <= COLUMNS);
            let (at, span) = (day.at(start), day.span(start, end));
            prop_assert!(at >= 1 && span >= 1 && at + span - 1 <= day.scale().max(at));
        }
    }
}
