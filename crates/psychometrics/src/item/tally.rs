//! The integer state behind every item statistic. Two tallies of the same answers are equal bit for bit,
//! whatever the order in which the answers came; tallies of different persons add up.
// Loops over items and options of one tally: the lengths are fixed in `Tally::empty`.
#![allow(clippy::indexing_slicing)]

use super::count;
use crate::table::{Column, Table};
use std::collections::BTreeMap;

/// The persons with one total score.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScoreGroup {
    /// Number of persons.
    pub n: i64,
    /// Σ x_j per item.
    pub sums: Vec<i64>,
    /// Number of choosers per option (all items after each other, see [`Tally::option_start`]).
    pub options: Vec<i64>,
}

/// Shape of a tally: which items, with how many options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Item names.
    pub items: Vec<String>,
    /// Theoretical maxima.
    pub max: Vec<u16>,
    /// Is the maximum told by an item list (true) or only observed (false)?
    pub max_known: Vec<bool>,
    /// Option texts per item; empty for items without options. The blank is not among them.
    pub options: Vec<Vec<String>>,
    /// Which options are right.
    pub key: Vec<Vec<bool>>,
}

/// Counts and sums of one booklet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Items and options.
    pub shape: Shape,
    /// Number of persons present.
    pub n: i64,
    /// Σ x_j.
    pub sums: Vec<i64>,
    /// Σ x_j x_l, the full symmetric matrix row by row.
    pub cross: Vec<i64>,
    /// Blank cells of persons present that are not trailing.
    pub omitted: Vec<i64>,
    /// Trailing blank cells of persons present.
    pub unreached: Vec<i64>,
    /// Persons by total score.
    pub groups: BTreeMap<u64, ScoreGroup>,
    option_start: Vec<usize>,
}

impl Shape {
    /// The shape of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        Shape {
            items: table.items().iter().map(|i| i.id.clone()).collect(),
            max: table.items().iter().map(|i| i.max).collect(),
            max_known: table.items().iter().map(|i| i.max_known).collect(),
            options: (0..table.items().len())
                .map(|j| table.choices(j).map_or_else(Vec::new, |c| c.labels.clone()))
                .collect(),
            key: (0..table.items().len())
                .map(|j| table.choices(j).map_or_else(Vec::new, |c| c.key.clone()))
                .collect(),
        }
    }

    /// Items of 0 to their maximum, without options.
    #[must_use]
    pub fn plain(items: &[(&str, u16)]) -> Self {
        Shape {
            items: items.iter().map(|(id, _)| (*id).to_owned()).collect(),
            max: items.iter().map(|(_, max)| *max).collect(),
            max_known: vec![true; items.len()],
            options: vec![Vec::new(); items.len()],
            key: vec![Vec::new(); items.len()],
        }
    }
}

impl Tally {
    /// A tally without persons.
    #[must_use]
    pub fn empty(shape: Shape) -> Self {
        let k = shape.items.len();
        let mut option_start = Vec::with_capacity(k + 1);
        let mut start = 0;
        for options in &shape.options {
            option_start.push(start);
            start += options.len();
        }
        option_start.push(start);
        Tally {
            shape,
            n: 0,
            sums: vec![0; k],
            cross: vec![0; k * k],
            omitted: vec![0; k],
            unreached: vec![0; k],
            groups: BTreeMap::new(),
            option_start,
        }
    }

    /// Counts a table that holds one booklet: every item presented to every person. Blank cells score 0;
    /// persons without any answer are left out.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let mut tally = Tally::empty(Shape::of(table));
        let k = table.items().len();
        let (unreached, absent) = table.unreached();
        let absent_count = signed(absent.ones());
        tally.n = table.persons() as i64 - absent_count;
        for (j, mask) in unreached.iter().enumerate() {
            let Some(blank) = table.blank(j) else { continue };
            tally.unreached[j] = mask.as_ref().map_or(0, |m| signed(m.ones()));
            tally.omitted[j] = signed(blank.ones()) - absent_count - tally.unreached[j];
        }
        let columns: Vec<&Column> = table.columns().iter().collect();
        let bits: Vec<&[u64]> = columns
            .iter()
            .filter_map(|c| if let Column::Bits(words) = c { Some(words.as_slice()) } else { None })
            .collect();
        if bits.len() == k {
            count::bit_products(&bits, &mut tally.cross);
            tally.group_bits(table, &bits);
        } else {
            count::score_products(&columns, table.persons(), &mut tally.cross);
            tally.group_scores(table);
        }
        // Absent persons were counted with total 0 and no answers; take them out again.
        if absent_count > 0 {
            let empty = tally.groups.get_mut(&0).is_some_and(|zero| {
                zero.n -= absent_count;
                zero.n == 0
            });
            if empty {
                tally.groups.remove(&0);
            }
        }
        for group in tally.groups.values() {
            for (sum, part) in tally.sums.iter_mut().zip(&group.sums) {
                *sum += part;
            }
        }
        tally
    }

    /// Number of items.
    #[must_use]
    pub fn items(&self) -> usize {
        self.sums.len()
    }

    /// Where the options of an item start in [`ScoreGroup::options`].
    #[must_use]
    pub fn option_start(&self, item: usize) -> usize {
        self.option_start.get(item).copied().unwrap_or(0)
    }

    /// The largest possible total.
    #[must_use]
    pub fn max_total(&self) -> u64 {
        self.shape.max.iter().map(|m| u64::from(*m)).sum()
    }

    /// Adds the persons of another tally of the same shape; false (and no change) when shapes differ.
    #[must_use]
    pub fn merge(&mut self, other: &Tally) -> bool {
        if self.shape != other.shape {
            return false;
        }
        self.n += other.n;
        add(&mut self.sums, &other.sums);
        add(&mut self.cross, &other.cross);
        add(&mut self.omitted, &other.omitted);
        add(&mut self.unreached, &other.unreached);
        for (total, theirs) in &other.groups {
            let ours = self
                .groups
                .entry(*total)
                .or_insert_with(|| ScoreGroup::sized(theirs.sums.len(), theirs.options.len()));
            ours.n += theirs.n;
            add(&mut ours.sums, &theirs.sums);
            add(&mut ours.options, &theirs.options);
        }
        true
    }

    fn empty_group(&self) -> ScoreGroup {
        ScoreGroup::sized(self.items(), self.option_start.last().copied().unwrap_or(0))
    }

    /// Puts a person with these scores and option codes (0 = blank) in the group of their total.
    pub(crate) fn enter_group(&mut self, total: u64, scores: &[u16], codes: &[u8]) {
        let (items, options) = (self.items(), self.option_start.last().copied().unwrap_or(0));
        let group = self.groups.entry(total).or_insert_with(|| ScoreGroup::sized(items, options));
        group.n += 1;
        for (sum, score) in group.sums.iter_mut().zip(scores) {
            *sum += i64::from(*score);
        }
        if !group.options.is_empty() {
            for (item, code) in codes.iter().enumerate().filter(|(_, code)| **code > 0) {
                group.options[self.option_start[item] + usize::from(*code) - 1] += 1;
            }
        }
    }

    /// Takes a person out of the group of their total.
    pub(crate) fn leave_group(&mut self, total: u64, scores: &[u16], codes: &[u8]) {
        let mut empty = false;
        if let Some(group) = self.groups.get_mut(&total) {
            group.n -= 1;
            empty = group.n == 0;
            for (sum, score) in group.sums.iter_mut().zip(scores) {
                *sum -= i64::from(*score);
            }
            if !group.options.is_empty() {
                for (item, code) in codes.iter().enumerate().filter(|(_, code)| **code > 0) {
                    group.options[self.option_start[item] + usize::from(*code) - 1] -= 1;
                }
            }
        }
        if empty {
            self.groups.remove(&total);
        }
    }

    fn group_bits(&mut self, table: &Table, bits: &[&[u64]]) {
        for (score, total) in count::by_total(bits, table.persons()).into_iter().enumerate() {
            let Some(total) = total else { continue };
            let mut group = self.empty_group();
            group.n = total.n;
            for (counter, sums) in total.counters.into_iter().zip(group.sums.chunks_mut(64)) {
                counter.finish(sums);
            }
            self.groups.insert(score as u64, group);
        }
        if !self.shape.options.iter().all(Vec::is_empty) {
            self.group_options(table, &totals(table));
        }
    }

    fn group_scores(&mut self, table: &Table) {
        let totals = totals(table);
        let mut distinct = totals.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let rank: Vec<u32> = totals.iter().map(|t| distinct.binary_search(t).unwrap_or(0) as u32).collect();
        let mut n = vec![0_i64; distinct.len()];
        for r in &rank {
            n[*r as usize] += 1;
        }
        let mut groups: Vec<ScoreGroup> =
            n.iter().map(|n| ScoreGroup { n: *n, ..self.empty_group() }).collect();
        let mut sums = vec![0_i64; distinct.len()];
        for (item, column) in table.columns().iter().enumerate() {
            sums.fill(0);
            for (person, r) in rank.iter().enumerate() {
                sums[*r as usize] += i64::from(column.get(person));
            }
            for (group, sum) in groups.iter_mut().zip(&sums) {
                group.sums[item] = *sum;
            }
        }
        self.groups = distinct.into_iter().zip(groups).collect();
        self.group_options(table, &totals);
    }

    fn group_options(&mut self, table: &Table, totals: &[u64]) {
        let distinct: Vec<u64> = self.groups.keys().copied().collect();
        let mut rank: Vec<u32> = Vec::new();
        for item in 0..self.items() {
            let Some(choices) = table.choices(item) else { continue };
            if rank.is_empty() {
                rank = totals.iter().map(|t| distinct.binary_search(t).unwrap_or(0) as u32).collect();
            }
            let options = choices.labels.len();
            let mut counts = vec![0_i64; distinct.len() * (options + 1)];
            for (r, code) in rank.iter().zip(&choices.codes) {
                counts[*r as usize * (options + 1) + usize::from(*code)] += 1;
            }
            let start = self.option_start[item];
            for (group, row) in self.groups.values_mut().zip(counts.chunks_exact(options + 1)) {
                group.options[start..start + options].copy_from_slice(&row[1..]);
            }
        }
    }
}

impl ScoreGroup {
    fn sized(items: usize, options: usize) -> ScoreGroup {
        ScoreGroup { n: 0, sums: vec![0; items], options: vec![0; options] }
    }
}

/// The total score of every person.
fn totals(table: &Table) -> Vec<u64> {
    let mut totals = vec![0_u64; table.persons()];
    for column in table.columns() {
        for (person, total) in totals.iter_mut().enumerate() {
            *total += u64::from(column.get(person));
        }
    }
    totals
}

fn add(ours: &mut [i64], theirs: &[i64]) {
    for (a, b) in ours.iter_mut().zip(theirs) {
        *a += b;
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
