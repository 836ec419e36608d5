//! Item analysis that runs along with the answers: change one answer, and the integer state moves by a few
//! additions. The state equals a fresh count of the same answers bit for bit.
// Loops run over the items of one shape.
#![allow(clippy::indexing_slicing)]

use crate::item::Tally;
use crate::item::tally::Shape;
use crate::table::Table;

/// A running analysis of one booklet. Persons are numbered by the caller.
#[derive(Debug, Clone)]
pub struct Running {
    tally: Tally,
    rows: Vec<Row>,
}

/// What one person answered.
#[derive(Debug, Clone, Default, PartialEq)]
struct Row {
    scores: Vec<u16>,
    codes: Vec<u8>,
    answered: Vec<bool>,
    count: usize,
    total: u64,
}

impl Running {
    /// Nobody has answered anything yet.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Running { tally: Tally::empty(shape), rows: Vec::new() }
    }

    /// Starts from the answers of a table of one booklet; persons are its rows.
    #[must_use]
    pub fn from_table(table: &Table) -> Self {
        let mut running = Running { tally: Tally::of(table), rows: Vec::with_capacity(table.persons()) };
        let k = table.items().len();
        for person in 0..table.persons() {
            let answered: Vec<bool> = (0..k).map(|j| !table.is_blank(person, j)).collect();
            let scores: Vec<u16> = table.columns().iter().map(|c| c.get(person)).collect();
            let codes = (0..k)
                .map(|j| table.choices(j).and_then(|c| c.codes.get(person).copied()).unwrap_or(0))
                .collect();
            running.rows.push(Row {
                total: scores.iter().map(|s| u64::from(*s)).sum(),
                count: answered.iter().filter(|a| **a).count(),
                scores,
                codes,
                answered,
            });
        }
        running
    }

    /// The integer state; hand it to [`crate::item::analyse`].
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Adds or changes (`Some`) or takes back (`None`) the score of a person on an item without options.
    /// Returns false, and does nothing, for an unknown item or a score above its maximum.
    pub fn set(&mut self, person: usize, item: usize, score: Option<u16>) -> bool {
        let Some(max) = self.tally.shape.max.get(item) else { return false };
        if score.is_some_and(|s| s > *max) {
            return false;
        }
        self.change(person, item, score.map(|s| (s, 0)))
    }

    /// Adds, changes or takes back the chosen option (index in the shape) of a person.
    pub fn choose(&mut self, person: usize, item: usize, option: Option<usize>) -> bool {
        let Some(max) = self.tally.shape.max.get(item).copied() else { return false };
        let answer = match option {
            None => None,
            Some(at) => {
                let Some(right) = self.tally.shape.key.get(item).and_then(|k| k.get(at)) else {
                    return false;
                };
                let Ok(code) = u8::try_from(at + 1) else { return false };
                Some((if *right { max } else { 0 }, code))
            }
        };
        self.change(person, item, answer)
    }

    /// Adds the persons of another running analysis of the same shape, behind our own. False when the
    /// shapes differ.
    pub fn merge(&mut self, other: Running) -> bool {
        if !self.tally.merge(&other.tally) {
            return false;
        }
        self.rows.extend(other.rows);
        true
    }

    fn change(&mut self, person: usize, item: usize, answer: Option<(u16, u8)>) -> bool {
        let k = self.tally.items();
        if self.rows.len() <= person {
            self.rows.resize_with(person + 1, Row::default);
        }
        let row = &mut self.rows[person];
        if row.scores.is_empty() {
            *row =
                Row { scores: vec![0; k], codes: vec![0; k], answered: vec![false; k], count: 0, total: 0 };
        }
        let was = row.answered[item];
        if !was && answer.is_none() {
            return true;
        }
        let (score, code) = answer.unwrap_or((0, 0));
        let old = row.scores[item];
        if was && answer.is_some() && old == score && row.codes[item] == code {
            return true;
        }
        let was_present = row.count > 0;
        let is_present = row.count + usize::from(answer.is_some()) > usize::from(was);
        // Same presence and same blanks: only numbers move.
        let blanks_move = was != answer.is_some();
        if was_present && blanks_move {
            count_blanks(&mut self.tally, row, -1);
        }
        if was_present {
            self.tally.leave_group(row.total, &row.scores, &row.codes);
        }
        if old != score {
            let delta = i64::from(score) - i64::from(old);
            self.tally.sums[item] += delta;
            for (l, other) in row.scores.iter().enumerate() {
                if l != item {
                    let moved = delta * i64::from(*other);
                    self.tally.cross[item * k + l] += moved;
                    self.tally.cross[l * k + item] += moved;
                }
            }
            self.tally.cross[item * k + item] += i64::from(score).pow(2) - i64::from(old).pow(2);
        }
        row.total = row.total + u64::from(score) - u64::from(old);
        row.scores[item] = score;
        row.codes[item] = code;
        row.answered[item] = answer.is_some();
        row.count = row.count + usize::from(answer.is_some()) - usize::from(was);
        self.tally.n += i64::from(is_present) - i64::from(was_present);
        if is_present {
            self.tally.enter_group(row.total, &row.scores, &row.codes);
            if blanks_move {
                count_blanks(&mut self.tally, row, 1);
            }
        }
        true
    }
}

/// Adds (or takes out) the omitted and not reached items of a person who is present.
fn count_blanks(tally: &mut Tally, row: &Row, sign: i64) {
    let reached = row.answered.iter().rposition(|a| *a).map_or(0, |last| last + 1);
    for (j, answered) in row.answered.iter().enumerate() {
        if !answered {
            if j < reached {
                tally.omitted[j] += sign;
            } else {
                tally.unreached[j] += sign;
            }
        }
    }
}
