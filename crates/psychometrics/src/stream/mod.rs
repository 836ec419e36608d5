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
    persons: Vec<Person>,
    /// Scores of all persons after each other: a change touches one stretch of memory.
    scores: Vec<u16>,
    /// Options chosen (0 is none); empty when no item has options.
    codes: Vec<u8>,
    answered: Vec<bool>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Person {
    /// Items answered.
    count: usize,
    total: u64,
}

impl Running {
    /// Nobody has answered anything yet.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Running {
            tally: Tally::empty(shape),
            persons: Vec::new(),
            scores: Vec::new(),
            codes: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// Starts from the answers of a table of one booklet; persons are its rows.
    #[must_use]
    pub fn from_table(table: &Table) -> Self {
        let mut running = Running { tally: Tally::of(table), ..Running::new(Shape::of(table)) };
        let k = table.items().len();
        running.grow(table.persons());
        for person in 0..table.persons() {
            let mut own = Person::default();
            for (j, column) in table.columns().iter().enumerate() {
                let at = person * k + j;
                let answered = !table.is_blank(person, j);
                running.scores[at] = column.get(person);
                running.answered[at] = answered;
                own.count += usize::from(answered);
                own.total += u64::from(running.scores[at]);
                if let (Some(slot), Some(choices)) = (running.codes.get_mut(at), table.choices(j)) {
                    *slot = choices.codes.get(person).copied().unwrap_or(0);
                }
            }
            running.persons[person] = own;
        }
        running
    }

    fn grow(&mut self, persons: usize) {
        let cells = persons * self.tally.items();
        self.persons.resize(persons, Person::default());
        self.scores.resize(cells, 0);
        self.answered.resize(cells, false);
        if self.tally.shape.options.iter().any(|o| !o.is_empty()) {
            self.codes.resize(cells, 0);
        }
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
        self.persons.extend(other.persons);
        self.scores.extend(other.scores);
        self.codes.extend(other.codes);
        self.answered.extend(other.answered);
        true
    }

    fn change(&mut self, person: usize, item: usize, answer: Option<(u16, u8)>) -> bool {
        let k = self.tally.items();
        if self.persons.len() <= person {
            self.grow(person + 1);
        }
        let cells = person * k..(person + 1) * k;
        let own = &mut self.persons[person];
        let scores = &mut self.scores[cells.clone()];
        let answered = &mut self.answered[cells.clone()];
        let codes = self.codes.get_mut(cells).unwrap_or_default();
        let tally = &mut self.tally;
        let was = answered[item];
        if !was && answer.is_none() {
            return true;
        }
        let (score, code) = answer.unwrap_or((0, 0));
        let old = scores[item];
        let old_code = codes.get(item).copied().unwrap_or(0);
        if was && answer.is_some() && old == score && old_code == code {
            return true;
        }
        let was_present = own.count > 0;
        let is_present = own.count + usize::from(answer.is_some()) > usize::from(was);
        // Same presence and same blanks: only numbers move.
        let blanks_move = was != answer.is_some();
        if was_present && blanks_move {
            count_blanks(tally, answered, -1);
        }
        if was_present {
            tally.leave_group(own.total, scores, codes);
        }
        if old != score {
            let delta = i64::from(score) - i64::from(old);
            tally.sums[item] += delta;
            for (l, other) in scores.iter().enumerate() {
                if l != item {
                    let moved = delta * i64::from(*other);
                    tally.cross[item * k + l] += moved;
                    tally.cross[l * k + item] += moved;
                }
            }
            tally.cross[item * k + item] += i64::from(score).pow(2) - i64::from(old).pow(2);
        }
        own.total = own.total + u64::from(score) - u64::from(old);
        scores[item] = score;
        if let Some(slot) = codes.get_mut(item) {
            *slot = code;
        }
        answered[item] = answer.is_some();
        own.count = own.count + usize::from(answer.is_some()) - usize::from(was);
        tally.n += i64::from(is_present) - i64::from(was_present);
        if is_present {
            tally.enter_group(own.total, scores, codes);
            if blanks_move {
                count_blanks(tally, answered, 1);
            }
        }
        true
    }
}

/// Adds (or takes out) the omitted and not reached items of a person who is present.
fn count_blanks(tally: &mut Tally, answered: &[bool], sign: i64) {
    let reached = answered.iter().rposition(|a| *a).map_or(0, |last| last + 1);
    for (j, answered) in answered.iter().enumerate() {
        if !answered {
            if j < reached {
                tally.omitted[j] += sign;
            } else {
                tally.unreached[j] += sign;
            }
        }
    }
}
