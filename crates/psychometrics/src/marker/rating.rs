//! Who gave which object which score.

use crate::table::TableError;
use crate::table::read::{column, text_rows};
use std::io::Read;

/// One rating: indices of object and marker, and the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rating {
    /// Index of the object (script, performance).
    pub object: usize,
    /// Index of the marker.
    pub marker: usize,
    /// The score, or the number of the category.
    pub value: f64,
}

/// All ratings of a set of objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    /// Object names.
    pub objects: Vec<String>,
    /// Marker names.
    pub markers: Vec<String>,
    /// The ratings.
    pub list: Vec<Rating>,
    /// Category texts in the order of their numbers, when the values are not numbers.
    pub categories: Option<Vec<String>>,
}

impl Ratings {
    /// Reads ratings: wide (one row per object, one column per marker, blank for none) or long (columns
    /// object or script, marker, score). Values are numbers, texts that start with a whole number
    /// ("2nd grade": its rank), or category names.
    ///
    /// # Errors
    /// Names the line and column of the first mistake.
    pub fn read(input: impl Read) -> Result<Self, TableError> {
        let (header, rows) = text_rows(input)?;
        if header.len() < 2 || rows.is_empty() {
            return Err(TableError::File(
                "the ratings need a first column with objects and at least one column of ratings".to_owned(),
            ));
        }
        let long = header.len() == 3
            && header.iter().any(|h| h == "score")
            && header.iter().any(|h| h.starts_with("marker"));
        let mut cells: Vec<(String, String, String, u64, usize)> = Vec::new();
        if long {
            let score = column(&header, "score")?;
            let marker = header.iter().position(|h| h.starts_with("marker")).unwrap_or(1);
            let object = 3_usize.saturating_sub(score + marker);
            for (line, row) in rows {
                let get = |at: usize| row.get(at).cloned().unwrap_or_default();
                cells.push((get(object), get(marker), get(score), line, score));
            }
        } else {
            for (line, row) in rows {
                let object = row.first().cloned().unwrap_or_default();
                for (at, (name, value)) in header.iter().zip(&row).enumerate().skip(1) {
                    cells.push((object.clone(), name.clone(), value.clone(), line, at));
                }
            }
        }
        let mut ratings = Ratings {
            objects: Vec::new(),
            markers: if long { Vec::new() } else { header.get(1..).unwrap_or_default().to_vec() },
            list: Vec::new(),
            categories: None,
        };
        let texts: Vec<&str> = cells.iter().map(|c| c.2.as_str()).filter(|t| !t.is_empty()).collect();
        let numbers = texts.iter().all(|t| t.parse::<f64>().is_ok_and(f64::is_finite));
        let ranked = texts.iter().all(|t| leading_number(t).is_some());
        if !numbers {
            let mut names: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
            names.sort_by(|a, b| leading_number(a).cmp(&leading_number(b)).then_with(|| a.cmp(b)));
            names.dedup();
            ratings.categories = Some(names);
        }
        let mut known_objects = std::collections::HashMap::new();
        let mut known_markers: std::collections::HashMap<String, usize> =
            ratings.markers.iter().enumerate().map(|(i, m)| (m.clone(), i)).collect();
        let mut seen = std::collections::HashSet::new();
        for (object, marker, value, line, at) in cells {
            let object_index = *known_objects.entry(object.clone()).or_insert_with(|| {
                ratings.objects.push(object.clone());
                ratings.objects.len() - 1
            });
            let marker_index = *known_markers.entry(marker.clone()).or_insert_with(|| {
                ratings.markers.push(marker.clone());
                ratings.markers.len() - 1
            });
            if value.is_empty() {
                continue;
            }
            if !seen.insert((object_index, marker_index)) {
                return Err(TableError::Cell {
                    line,
                    column: (at + 1).to_string(),
                    problem: format!("marker '{marker}' rates object '{object}' twice; keep one of the two"),
                });
            }
            let number = if numbers {
                value.parse().unwrap_or(0.0)
            } else if ranked {
                leading_number(&value).unwrap_or(0) as f64
            } else {
                let place = ratings.categories.iter().flatten().position(|c| *c == value);
                place.unwrap_or(0) as f64
            };
            ratings.list.push(Rating { object: object_index, marker: marker_index, value: number });
        }
        if ratings.list.is_empty() {
            return Err(TableError::File("the file holds no ratings at all".to_owned()));
        }
        Ok(ratings)
    }

    /// The rating of each marker per object.
    #[must_use]
    pub fn grid(&self) -> Vec<Vec<Option<f64>>> {
        let mut grid = vec![vec![None; self.markers.len()]; self.objects.len()];
        for rating in &self.list {
            if let Some(slot) = grid.get_mut(rating.object).and_then(|row| row.get_mut(rating.marker)) {
                *slot = Some(rating.value);
            }
        }
        grid
    }

    /// The full matrix, if every marker rated every object.
    #[must_use]
    pub fn complete(&self) -> Option<Vec<Vec<f64>>> {
        self.grid().into_iter().map(|row| row.into_iter().collect()).collect()
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_long_files_give_the_same_ratings() {
        let wide = Ratings::read("object_id,m1,m2\ns1,3,4\ns2,,5\n".as_bytes()).unwrap();
        let long =
            Ratings::read("script_id,marker_id,score\ns1,m1,3\ns1,m2,4\ns2,m2,5\n".as_bytes()).unwrap();
        assert_eq!(wide.grid(), long.grid());
        assert!(wide.complete().is_none());
    }

    #[test]
    fn a_marker_who_rates_twice_is_refused() {
        let error = Ratings::read("script_id,marker_id,score\ns1,m1,3\ns1,m1,4\n".as_bytes()).unwrap_err();
        assert!(error.to_string().contains("twice"));
    }
}
