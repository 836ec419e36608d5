//! Charts drawn on the server: few inks, direct labels, the figures as a table beside. Words are
//! HTML and shapes are SVG, so that text keeps its size on every width.

use super::{Tone, draws_itself};
use askama::Template;
use regie_texts::Texts;

/// One number with its name above and its measure below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub name: String,
    pub number: String,
    pub note: String,
    /// In percent of what was expected, if that means something.
    pub share: Option<u8>,
}

/// Figures in a row, the pulse of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/figures.html")]
pub struct Figures {
    pub figures: Vec<Figure>,
}

/// A bar of a bar chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    pub name: String,
    pub value: f64,
    /// As the reader sees it.
    pub shown: String,
    pub tone: Tone,
}

/// Bars beside their names, for shares and rankings. The words stand in the page itself, so this
/// chart is its own table.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "part/bars.html")]
pub struct Bars {
    pub title: String,
    pub note: String,
    pub bars: Vec<Share>,
    /// What a full bar means; the largest value if not given.
    pub most: Option<f64>,
}

/// Columns over a scale: a distribution of grades, load per day.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "part/columns.html")]
pub struct Columns {
    pub texts: Texts,
    pub title: String,
    pub note: String,
    /// What stands along the bottom, and what is counted.
    pub names: (String, String),
    pub columns: Vec<Share>,
    /// A line before this column, with its words: the cut score.
    pub mark: Option<(usize, String)>,
}

/// A point of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub name: String,
    pub value: f64,
    pub shown: String,
}

/// A line over time.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "part/curve.html")]
pub struct Curve {
    pub texts: Texts,
    pub title: String,
    pub note: String,
    pub names: (String, String),
    pub points: Vec<Point>,
}

draws_itself!(Figures, Bars, Columns, Curve);

/// A share of a whole in whole percents, never outside the picture.
fn percent(value: f64, most: f64) -> f64 {
    if most > 0.0 && value.is_finite() {
        (value / most * 1000.0).round().clamp(0.0, 1000.0) / 10.0
    } else {
        0.0
    }
}

impl Bars {
    fn width(&self, bar: &Share) -> f64 {
        let most =
            self.most.unwrap_or_else(|| self.bars.iter().fold(0.0, |most: f64, bar| most.max(bar.value)));
        percent(bar.value, most)
    }

    fn fill(&self, bar: &Share) -> &'static str {
        match bar.tone {
            Tone::Ok => " bar-fill--ok",
            Tone::Warn => " bar-fill--warn",
            Tone::Danger => " bar-fill--danger",
            _ => "",
        }
    }
}

impl Columns {
    fn height(&self, column: &Share) -> f64 {
        percent(column.value, self.columns.iter().fold(0.0, |most: f64, column| most.max(column.value)))
    }

    fn is_marked(&self, index: &usize) -> bool {
        self.mark.as_ref().is_some_and(|(at, _)| at == index)
    }

    fn before_mark(&self, index: &usize) -> bool {
        self.mark.as_ref().is_some_and(|(at, _)| index < at)
    }
}

impl Curve {
    fn most(&self) -> f64 {
        self.points.iter().fold(0.0, |most: f64, point| most.max(point.value))
    }

    /// The way of the line over a picture of 100 by 100.
    fn line(&self) -> String {
        let last = self.points.len().saturating_sub(1).max(1);
        let most = self.most();
        self.points
            .iter()
            .enumerate()
            .map(|(index, point)| {
                #[allow(clippy::cast_precision_loss, reason = "places in a picture")]
                let x = index as f64 / last as f64 * 100.0;
                format!(
                    "{}{x:.2} {:.2}",
                    if index == 0 { "M" } else { "L" },
                    100.0 - percent(point.value, most)
                )
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The highest point, as the reader sees it.
    fn top(&self) -> &str {
        self.points.iter().max_by(|a, b| a.value.total_cmp(&b.value)).map_or("", |point| point.shown.as_str())
    }

    /// Names under the line: the first, the middle, the last.
    fn ticks(&self) -> Vec<&str> {
        let count = self.points.len();
        let mut places = vec![0, count / 2, count.saturating_sub(1)];
        places.dedup();
        places
            .into_iter()
            .filter_map(|place| self.points.get(place))
            .map(|point| point.name.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_ground() {
        assert_eq!(percent(31.0, 1204.0), 2.6);
        assert_eq!(percent(5.0, 0.0), 0.0);
        assert_eq!(percent(f64::NAN, 10.0), 0.0);
        assert_eq!(percent(12.0, 10.0), 100.0);
        assert_eq!(percent(-1.0, 10.0), 0.0);
    }
}
