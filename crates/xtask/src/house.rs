//! Reads `house.txt`, the one place where the arrows between crates are written.

use std::collections::{BTreeMap, BTreeSet};

pub const TEXT: &str = include_str!("house.txt");

#[derive(Debug, Default)]
pub struct House {
    /// Group name to members.
    pub groups: BTreeMap<String, Vec<String>>,
    /// In the order of the file.
    pub rows: Vec<Row>,
    /// Other people's crate to those of ours that may name it.
    pub reserved: BTreeMap<String, BTreeSet<String>>,
    /// A crate of ours to the only foreign crates it may name.
    pub closed: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug)]
pub struct Row {
    pub name: String,
    pub uses: Vec<String>,
    pub why: String,
}

/// What a crate may use.
pub enum Allowance {
    Everything,
    Only(BTreeSet<String>),
}

impl House {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut house = Self::default();
        for (number, line) in text.lines().enumerate() {
            let (rule, why) = line.split_once('#').unwrap_or((line, ""));
            let rule = rule.trim();
            let words = |s: &str| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            if rule.is_empty() {
                continue;
            } else if let Some((name, uses)) = rule.split_once("->") {
                house.rows.push(Row { name: name.trim().into(), uses: words(uses), why: why.trim().into() });
            } else if let Some((name, members)) = rule.strip_prefix("group ").and_then(|r| r.split_once('='))
            {
                house.groups.insert(name.trim().into(), words(members));
            } else if let Some((who, named)) = rule.strip_prefix("only ").and_then(|r| r.split_once(':')) {
                let who: BTreeSet<String> = words(who).iter().flat_map(|w| house.members(w)).collect();
                for name in words(named) {
                    house.reserved.insert(name, who.clone());
                }
            } else if let Some((who, named)) = rule.split_once(" names only") {
                let named = words(named.trim_start_matches([' ', ':']));
                house.closed.insert(who.trim().into(), named.into_iter().collect());
            } else {
                return Err(format!("house.txt line {}: not understood: {line}", number + 1));
            }
        }
        Ok(house)
    }

    /// A group's members, or the crate itself.
    pub fn members(&self, name: &str) -> Vec<String> {
        self.groups.get(name).cloned().unwrap_or_else(|| vec![name.to_owned()])
    }

    /// `None` when the house does not know the crate.
    pub fn allowance(&self, of: &str) -> Option<Allowance> {
        let row = self.rows.iter().find(|row| self.members(&row.name).iter().any(|m| m == of))?;
        if row.uses.iter().any(|u| u == "everything") {
            return Some(Allowance::Everything);
        }
        Some(Allowance::Only(row.uses.iter().flat_map(|u| self.members(u)).collect()))
    }

    /// The table of ARCHITECTURE.md.
    pub fn markdown(&self) -> String {
        let mut text = String::from("| Crate | May use | |\n|---|---|---|\n");
        for row in &self.rows {
            let name = match self.groups.get(&row.name) {
                Some(members) => format!("*{}*: {}", row.name, members.join(", ")),
                None => row.name.clone(),
            };
            let uses = if row.uses.is_empty() { "nothing of ours".into() } else { row.uses.join(", ") };
            text.push_str(&format!("| {name} | {uses} | {} |\n", row.why));
        }
        text
    }
}
