//! Oral exams minute by minute: who sits before which examiners when, so that nobody waits long.
//!
//! A plan is an order of orals per panel (a pair of examiners on one day). The order is decoded into start times:
//! the panel whose next oral can start first goes first; breaks, lunch, absences and the student's own gap are kept by
//! the decoder, so every decoded plan is a right one and an oral that no longer fits in the day is left over. The
//! search anneals over the orders.
//!
//! A large day falls apart into islands that share neither student nor examiner; a small island is then searched to the
//! end, or until its budget is, and what that proves is printed as a bound.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); orders are made here

mod decode;
mod exact;
mod island;
mod made;
mod solve;

pub use exact::{Proof, prove};
pub use island::{islands, only};
pub use made::{fall_ill, generate};
pub use solve::{Options, solve};

use serde::{Deserialize, Serialize};

/// Two examiners with their room and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Name.
    pub name: String,
    /// The examiners (numbers); a person is in one panel at a time.
    pub examiners: Vec<usize>,
    /// Start of the day, minutes.
    pub from: u32,
    /// End of the day, minutes.
    pub until: u32,
    /// Minutes (from, until) in which the panel cannot sit.
    pub absent: Vec<(u32, u32)>,
    /// Minutes in which it would rather not sit.
    pub dislikes: Vec<(u32, u32)>,
}

/// One oral of one student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oral {
    /// Student number.
    pub student: usize,
    /// Minutes of preparation before it (the panel is not needed).
    pub preparation: u32,
    /// Minutes of the exam itself.
    pub exam: u32,
    /// Minutes of judging after it (the student may go).
    pub judging: u32,
    /// Panels that may take it: qualified, and not barred as own coach.
    pub panels: Vec<usize>,
}

/// The day's rules and everything to place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orals {
    /// Students.
    pub students: usize,
    /// Panels.
    pub panels: Vec<Panel>,
    /// Orals.
    pub orals: Vec<Oral>,
    /// Longest row of orals without a break.
    pub longest_run: usize,
    /// Minutes of such a break.
    pub pause: u32,
    /// Lunch: minutes, not before, begun by.
    pub lunch: (u32, u32, u32),
    /// Least minutes between two orals of a student.
    pub gap: u32,
}

/// Where an oral is: panel and start of the preparation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Panel number.
    pub panel: usize,
    /// Minute the exam itself starts (preparation lies before it).
    pub start: u32,
}

/// A place for each oral, or none.
pub type Plan = Vec<Option<Place>>;

/// What a plan costs, in the order in which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Score {
    /// Orals without a place.
    pub unplaced: usize,
    /// Broken musts (plans made here have none).
    pub breaches: usize,
    /// Longest wait of a student beyond the wanted gap, minutes.
    pub longest_wait: u32,
    /// All waits, minutes.
    pub waiting: u32,
    /// Minutes panels sit between their first and last oral without an oral, lunch not counted.
    pub idle: u32,
    /// Orals in minutes a panel dislikes.
    pub disliked: usize,
    /// Orals moved from the plan that people know.
    pub moved: usize,
}

impl Score {
    /// What plans are compared by: everybody placed, then the longest wait, all waits, holes in the panels' days.
    pub fn price(&self) -> i64 {
        let minutes =
            200 * i64::from(self.longest_wait) + 20 * i64::from(self.waiting) + i64::from(self.idle);
        (self.unplaced + self.breaches) as i64 * 1_000_000
            + self.moved as i64 * 50_000
            + minutes
            + 10 * self.disliked as i64
    }

    /// What the search walks on: a wait is cheaper here than in [`Self::price`], or nobody would ever wait five minutes on
    /// the way to a day without holes; towards the end (`f` is 1) it is as dear.
    fn energy(&self, f: f64) -> f64 {
        let longest = 20.0 * (1.0 + 9.0 * f) * f64::from(self.longest_wait);
        let waiting = 5.0 * (1.0 + 3.0 * f) * f64::from(self.waiting);
        self.price() as f64 - 200.0 * f64::from(self.longest_wait) - 20.0 * f64::from(self.waiting)
            + longest
            + waiting
    }
}

/// Checks indices; the sentence says what is wrong.
pub fn sound(o: &Orals) -> Result<(), String> {
    for (i, x) in o.orals.iter().enumerate() {
        if x.student >= o.students || x.panels.iter().any(|&p| p >= o.panels.len()) {
            return Err(format!("oral {i} names a student or panel that is not there"));
        }
        if x.panels.is_empty() {
            return Err(format!("oral {i} of student {} has no panel that may take it", x.student));
        }
        if x.preparation.max(x.exam).max(x.judging) > 1440 || x.exam + x.judging == 0 {
            return Err(format!("oral {i} takes no time or more than a day"));
        }
    }
    if o.longest_run == 0 || o.orals.len() > 20_000 || o.panels.iter().any(|p| p.until > 14_400) {
        return Err("the longest run must be at least 1, the orals at most 20000, the days within ten days of minutes".into());
    }
    Ok(())
}

/// Counts a plan from nothing; `known` is the plan people have been told.
pub fn score(o: &Orals, plan: &Plan, known: Option<&Plan>) -> Score {
    let mut s = Score::default();
    let mut of_student: Vec<Vec<(u32, u32)>> = vec![Vec::new(); o.students];
    let mut of_panel: Vec<Vec<(u32, u32)>> = vec![Vec::new(); o.panels.len()];
    let meets = |list: &[(u32, u32)], from: u32, until: u32| list.iter().any(|&(a, b)| from < b && a < until);
    for (i, place) in plan.iter().enumerate() {
        let Some(p) = place else {
            s.unplaced += 1;
            continue;
        };
        let (x, panel) = (&o.orals[i], &o.panels[p.panel]);
        let end = p.start + x.exam + x.judging;
        let early = p.start < panel.from + x.preparation;
        s.breaches += usize::from(early || end > panel.until) + usize::from(!x.panels.contains(&p.panel));
        s.breaches += usize::from(meets(&panel.absent, p.start, end));
        s.disliked += usize::from(meets(&panel.dislikes, p.start, end));
        of_student[x.student].push((p.start.saturating_sub(x.preparation), p.start + x.exam));
        of_panel[p.panel].push((p.start, end));
    }
    if let Some(k) = known {
        s.moved = plan.iter().zip(k).filter(|(a, b)| a != b).count();
    }
    for list in &mut of_student {
        list.sort_unstable();
        let mut wait = 0;
        for w in list.windows(2) {
            s.breaches += usize::from(w[1].0 < w[0].1 + o.gap);
            wait += w[1].0.saturating_sub(w[0].1 + o.gap);
        }
        s.waiting += wait;
        s.longest_wait = s.longest_wait.max(wait);
    }
    let (lunch, from, by) = o.lunch;
    for list in &mut of_panel {
        list.sort_unstable();
        let (mut run, mut eaten) = (0, lunch == 0);
        for (i, &(a, b)) in list.iter().enumerate() {
            let free_from = if i == 0 { 0 } else { list[i - 1].1 };
            s.breaches += usize::from(a < free_from);
            let free = a.saturating_sub(free_from);
            run = if i > 0 && free < o.pause { run + 1 } else { 1 };
            s.breaches += usize::from(run > o.longest_run);
            // Lunch may be had in any free stretch that begins it in its window.
            let begin = free_from.max(from);
            eaten |= begin <= by && begin + lunch <= a;
            if i > 0 {
                let meal = if begin <= by && begin + lunch <= a { lunch } else { 0 };
                s.idle += free - meal.min(free);
            }
            s.breaches += usize::from(!eaten && b > by);
        }
    }
    // A person who is in two panels is not in both at once.
    for (p, a) in o.panels.iter().enumerate() {
        for (q, b) in o.panels.iter().enumerate().skip(p + 1) {
            if a.examiners.iter().any(|e| b.examiners.contains(e)) {
                s.breaches += of_panel[p].iter().filter(|x| meets(&of_panel[q], x.0, x.1)).count();
            }
        }
    }
    s
}
