//! Answer times beside an answer table: one row per person, one column per item, seconds.

use super::read::{PERSON_COLUMNS, column, text_rows};
use super::{Table, TableError};
use std::collections::HashMap;
use std::io::Read;

/// Seconds per person and item of a table; `None` where no time was kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times {
    /// Per timed item its index in the table, and the seconds of every row of the table.
    pub columns: Vec<(usize, Vec<Option<f64>>)>,
}

impl Times {
    /// Forgets an item that goes out of the table; later items move up.
    pub fn forget(&mut self, item: usize) {
        self.columns.retain(|(at, _)| *at != item);
        self.columns.iter_mut().filter(|(at, _)| *at > item).for_each(|(at, _)| *at -= 1);
    }

    /// The times of the persons at `rows` on the items at `items`, numbered as in [`Table::part`].
    #[must_use]
    pub fn part(&self, items: &[usize], rows: &[u32]) -> Times {
        let place = |item: usize| items.iter().position(|i| *i == item);
        let pick =
            |list: &[Option<f64>]| rows.iter().map(|r| list.get(*r as usize).copied().flatten()).collect();
        Times {
            columns: self
                .columns
                .iter()
                .filter_map(|(item, list)| Some((place(*item)?, pick(list))))
                .collect(),
        }
    }
}

/// Reads the times of the persons and items of `table`. Without a column `person_id` the rows must be those
/// of the answers, in the same order. A blank cell is a missing time.
///
/// # Errors
/// Names the line and column of the first mistake: an unknown item or person, or a cell that is no number of
/// seconds.
pub fn times(input: impl Read, table: &Table) -> Result<Times, TableError> {
    let (header, rows) = text_rows(input)?;
    let by_name = header.iter().any(|h| h == "person_id");
    let mut places = Vec::new();
    for (at, name) in header.iter().enumerate().filter(|(_, h)| !PERSON_COLUMNS.contains(&h.as_str())) {
        let Some(item) = table.items().iter().position(|i| &i.id == name) else {
            return Err(TableError::Cell {
                line: 1,
                column: format!("{} ({name})", at + 1),
                problem: "the answers have no item with this name; a column of times is named as its item"
                    .to_owned(),
            });
        };
        places.push((at, item));
    }
    if places.is_empty() {
        return Err(TableError::File(
            "the times have no item columns; expected person_id and then a column of seconds per item"
                .to_owned(),
        ));
    }
    if !by_name && rows.len() != table.persons() {
        return Err(TableError::File(format!(
            "the times have {} rows and the answers {} persons; add the column person_id to both files",
            rows.len(),
            table.persons()
        )));
    }
    let person_at = if by_name { column(&header, "person_id")? } else { 0 };
    let names: HashMap<String, usize> = if by_name {
        (0..table.persons()).map(|row| (table.person(row), row)).collect()
    } else {
        HashMap::new()
    };
    let mut times =
        Times { columns: places.iter().map(|(_, item)| (*item, vec![None; table.persons()])).collect() };
    let mut taken = vec![false; table.persons()];
    for (index, (line, cells)) in rows.into_iter().enumerate() {
        let problem = |at: usize, problem: String| TableError::Cell {
            line,
            column: format!("{} ({})", at + 1, header.get(at).map_or("", String::as_str)),
            problem,
        };
        let text = |at: usize| cells.get(at).map_or("", String::as_str);
        let row = if by_name {
            let name = text(person_at);
            *names
                .get(name)
                .ok_or_else(|| problem(person_at, format!("person '{name}' does not occur in the answers")))?
        } else {
            index
        };
        if let Some(seen) = taken.get_mut(row) {
            if *seen {
                return Err(problem(person_at, "this person has a line of times already".to_owned()));
            }
            *seen = true;
        }
        for ((at, _), (_, list)) in places.iter().zip(&mut times.columns) {
            let cell = text(*at);
            if cell.is_empty() {
                continue;
            }
            let seconds =
                cell.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0).ok_or_else(|| {
                    problem(
                        *at,
                        format!(
                            "'{cell}' is not a number of seconds; use a point for decimals, blank for no time"
                        ),
                    )
                })?;
            if let Some(slot) = list.get_mut(row) {
                *slot = Some(seconds);
            }
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::read::{ReadOptions, responses};

    fn answers() -> Table {
        responses("person_id,a,b\np1,1,0\np2,0,1\np3,1,1\n".as_bytes(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn times_find_their_person_and_item_whatever_the_order() {
        let t = times("person_id,b,a\np3,4.5,\np1,10,2\n".as_bytes(), &answers()).unwrap();
        assert_eq!(t.columns, [(1, vec![Some(10.0), None, Some(4.5)]), (0, vec![Some(2.0), None, None])]);
        let part = t.part(&[1], &[2, 0]);
        assert_eq!(part.columns, [(0, vec![Some(4.5), Some(10.0)])]);
    }

    #[test]
    fn a_mistake_in_the_times_names_its_place() {
        let wrong = |text: &str| times(text.as_bytes(), &answers()).unwrap_err().to_string();
        assert!(wrong("person_id,c\np1,3\n").starts_with("line 1, column 2 (c): the answers have no item"));
        assert!(wrong("person_id,a\np9,3\n").starts_with("line 2, column 1 (person_id): person 'p9'"));
        assert!(wrong("person_id,a\np1,3\np1,4\n").starts_with("line 3, column 1 (person_id): this person"));
        assert!(wrong("person_id,a\np1,3s\n").starts_with("line 2, column 2 (a): '3s' is not a number"));
        assert!(wrong("a,b\n1,2\n").contains("1 rows and the answers 3 persons"));
    }
}
