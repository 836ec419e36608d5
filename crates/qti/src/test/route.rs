//! The route: drawn and ordered once, when the session starts.

use super::{ItemRef, Node, Section, Test};
use crate::score::Random;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One stop of the route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Its name: the reference, with a number when it was drawn more than once.
    pub key: String,
    /// The item reference.
    pub reference: String,
    /// The number of its part.
    pub part: usize,
    /// The sections around it, outermost first.
    pub sections: Vec<String>,
}

/// Draws and orders the items of a test.
pub fn build_route(test: &Test, random: &mut Random) -> Vec<Stop> {
    let mut route = Vec::new();
    let mut drawer = Drawer { random, room: MOST_STOPS };
    for (number, part) in test.parts.iter().enumerate() {
        for node in &part.children {
            // Children of a part are sections; an item directly under it is taken as it is.
            for (sections, item) in drawer.lay_out(node) {
                route.push(Stop {
                    key: item.head.identifier.clone(),
                    reference: item.head.identifier.clone(),
                    part: number,
                    sections,
                });
            }
        }
    }
    number_instances(&mut route);
    route
}

fn number_instances(route: &mut [Stop]) {
    let mut totals: HashMap<String, usize> = HashMap::new();
    for stop in route.iter() {
        *totals.entry(stop.reference.clone()).or_default() += 1;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for stop in route {
        if totals.get(&stop.reference).is_some_and(|n| *n > 1) {
            let count = counts.entry(stop.reference.clone()).or_default();
            *count += 1;
            stop.key = format!("{}.{count}", stop.reference);
        }
    }
}

/// A run of items that stay together, each with the sections around it.
type Run<'t> = Vec<(Vec<String>, &'t ItemRef)>;

/// Most stops, and sections drawn on the way to them: a hostile number must not fill the memory.
const MOST_STOPS: usize = 20_000;

/// Draws, while there is room.
struct Drawer<'r> {
    random: &'r mut Random,
    room: usize,
}

/// What is shuffled as one: a child, or one item of a child that mixes with its parent.
struct Block<'t> {
    fixed: bool,
    run: Run<'t>,
}

impl Drawer<'_> {
    fn lay_out<'t>(&mut self, node: &'t Node) -> Run<'t> {
        match node {
            Node::Item(item) => vec![(Vec::new(), item)],
            Node::Section(section) => self.section(section).into_iter().flat_map(|block| block.run).collect(),
        }
    }

    fn section<'t>(&mut self, section: &'t Section) -> Vec<Block<'t>> {
        let mut blocks: Vec<Block<'t>> = Vec::new();
        for node in select(section, self.random) {
            let Some(room) = self.room.checked_sub(1) else { break };
            self.room = room;
            match node {
                Node::Item(item) => {
                    blocks.push(Block { fixed: item.head.fixed, run: vec![(Vec::new(), item)] });
                }
                Node::Section(inner) => {
                    let own = self.section(inner);
                    if !inner.visible && !inner.keep_together && section.shuffle {
                        blocks.extend(own);
                    } else {
                        let run = own.into_iter().flat_map(|b| b.run).collect();
                        blocks.push(Block { fixed: inner.head.fixed, run });
                    }
                }
            }
        }
        if section.shuffle {
            shuffle(&mut blocks, self.random);
        }
        for block in &mut blocks {
            for (sections, _) in &mut block.run {
                sections.insert(0, section.head.identifier.clone());
            }
        }
        blocks
    }
}

/// Draws children; required ones always, the rest at random, all in the order of the document.
fn select<'t>(section: &'t Section, random: &mut Random) -> Vec<&'t Node> {
    let all: Vec<&Node> = section.children.iter().collect();
    let Some((wanted, replacement)) = section.selection else { return all };
    let required = |node: &Node| match node {
        Node::Item(item) => item.head.required,
        Node::Section(section) => section.head.required,
    };
    let mut times: Vec<usize> = all.iter().map(|n| usize::from(required(n))).collect();
    let mut drawn: usize = times.iter().sum();
    // A hostile number must not fill the memory.
    let wanted = wanted.min(if replacement { 10_000 } else { all.len() });
    while drawn < wanted {
        let open: Vec<usize> = if replacement {
            (0..all.len()).collect()
        } else {
            times.iter().enumerate().filter(|(_, t)| **t == 0).map(|(i, _)| i).collect()
        };
        let Some(at) = open.get(random.below(open.len())) else { break };
        if let Some(count) = times.get_mut(*at) {
            *count += 1;
        }
        drawn += 1;
    }
    all.into_iter().zip(times).flat_map(|(node, n)| std::iter::repeat_n(node, n)).collect()
}

fn shuffle(blocks: &mut Vec<Block<'_>>, random: &mut Random) {
    let places: Vec<bool> = blocks.iter().map(|b| b.fixed).collect();
    let (fixed, mut free): (Vec<_>, Vec<_>) = std::mem::take(blocks).into_iter().partition(|b| b.fixed);
    random.shuffle(&mut free);
    let (mut fixed, mut free) = (fixed.into_iter(), free.into_iter());
    for is_fixed in places {
        blocks.extend(if is_fixed { fixed.next() } else { free.next() });
    }
}
