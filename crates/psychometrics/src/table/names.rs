//! Many short names in one text: a million identifiers without a million allocations.

/// A list of names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// Adds a name; false when four gigabytes are full.
    #[must_use]
    pub fn push(&mut self, name: &str) -> bool {
        self.text.push_str(name);
        match u32::try_from(self.text.len()) {
            Ok(end) => {
                self.ends.push(end);
                true
            }
            Err(_) => false,
        }
    }

    /// The name at `index`, or nothing beyond the end.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).map_or(0, |e| *e as usize),
        };
        self.ends.get(index).and_then(|end| self.text.get(start..*end as usize)).unwrap_or("")
    }

    /// Number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len() + 4 * self.ends.len()
    }

    /// The names at `rows`.
    #[must_use]
    pub fn part(&self, rows: &[u32]) -> Names {
        let mut part = Names::default();
        for row in rows {
            // A part is never longer than the whole it comes from.
            let _fits = part.push(self.get(*row as usize));
        }
        part
    }
}
