//! Time: what was spent where, and what the limits say.

use super::session::{Status, TestSession};
use super::{Test, TimeLimit};

/// The name under which the time of the whole test is kept.
pub(super) const WHOLE: &str = "";

impl TestSession {
    /// Moves the clock to `now`, in seconds from the start. Time counts for the open item and everything around it, unless the test is suspended.
    pub fn tick(&mut self, test: &Test, now: f64) {
        if !now.is_finite() || now <= self.clock {
            return;
        }
        let passed = now - self.clock;
        self.clock = now;
        if self.suspended {
            return;
        }
        let Some(at) = self.position else { return };
        self.add(WHOLE, passed);
        let Some(stop) = self.route.get(at).cloned() else { return };
        if let Some(part) = test.parts.get(stop.part) {
            self.add(&part.identifier, passed);
        }
        for section in &stop.sections {
            self.add(section, passed);
        }
        if let Some(item) = self.items.get_mut(at)
            && item.status == Status::Interacting
        {
            item.session.duration += passed;
        }
    }

    fn add(&mut self, name: &str, seconds: f64) {
        match self.spent.iter_mut().find(|(id, _)| id == name) {
            Some((_, spent)) => *spent += seconds,
            None if name == WHOLE => self.spent.insert(0, (name.to_owned(), seconds)),
            None => self.spent.push((name.to_owned(), seconds)),
        }
    }

    fn spent_in(&self, name: &str) -> f64 {
        self.spent.iter().find(|(id, _)| id == name).map_or(0.0, |(_, s)| *s)
    }

    /// Every limit around a stop: its name, its time so far, the limit. Innermost last.
    fn limits(&self, test: &Test, at: usize) -> Vec<(String, f64, TimeLimit)> {
        let Some(stop) = self.route.get(at) else { return Vec::new() };
        let mut limits = Vec::new();
        if let Some(limit) = test.time {
            limits.push((test.identifier.clone(), self.spent_in(WHOLE), limit));
        }
        if let Some(part) = test.parts.get(stop.part)
            && let Some(limit) = part.time
        {
            limits.push((part.identifier.clone(), self.spent_in(&part.identifier), limit));
        }
        for section in &stop.sections {
            if let Some(limit) = test.section(section).and_then(|s| s.head.time) {
                limits.push((section.clone(), self.spent_in(section), limit));
            }
        }
        if let Some(limit) = test.reference(&stop.reference).and_then(|r| r.head.time) {
            let spent = self.items.get(at).map_or(0.0, |i| i.session.duration);
            limits.push((stop.key.clone(), spent, limit));
        }
        limits
    }

    /// Limits that are passed: the name, and whether late answers count there.
    pub(super) fn passed(&self, test: &Test, at: usize) -> Vec<(String, bool)> {
        let limits = self.limits(test, at).into_iter();
        limits
            .filter(|(_, spent, limit)| limit.max.is_some_and(|max| *spent > max * self.extra_time))
            .map(|(name, _, limit)| (name, limit.late))
            .collect()
    }

    /// Seconds left for a stop by the tightest limit around it.
    pub fn left(&self, test: &Test, at: usize) -> Option<f64> {
        let limits = self.limits(test, at).into_iter();
        limits
            .filter_map(|(_, spent, limit)| Some((limit.max? * self.extra_time - spent).max(0.0)))
            .reduce(f64::min)
    }

    /// An item or section that must be looked at longer before it is left. Only in linear parts.
    pub(super) fn too_early(&self, test: &Test, at: usize, leaving: &[String]) -> Option<String> {
        let stop = self.route.get(at)?;
        if !test.parts.get(stop.part)?.linear {
            return None;
        }
        let limits = self.limits(test, at).into_iter();
        limits
            .filter(|(name, ..)| *name == stop.key || leaving.contains(name))
            .find(|(_, spent, limit)| limit.min.is_some_and(|min| *spent < min))
            .map(|(name, ..)| name)
    }
}
