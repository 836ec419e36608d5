//! The frame of every plot: axes, marks, words, and the same numbers as a table.

use super::language::{Language, escape};
use serde::Serialize;
use std::fmt::Write;

/// The numbers behind a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataTable {
    /// Column names.
    pub header: Vec<String>,
    /// Rows of text, already in the reader's language.
    pub rows: Vec<Vec<String>>,
}

/// A picture that can be seen, printed and read aloud.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// What it is.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub description: String,
    /// The picture.
    pub svg: String,
    /// The same numbers.
    pub table: DataTable,
}

impl Picture {
    /// The picture with its data table folded under it.
    #[must_use]
    pub fn html(&self, table_words: &str) -> String {
        let mut out =
            format!("<figure class=\"plot\"><div class=\"scroll\" tabindex=\"0\">{}</div>", self.svg);
        let _ = write!(out, "<figcaption>{}</figcaption>", escape(&self.description));
        let _ = write!(
            out,
            "<details><summary>{}</summary>{}</details></figure>",
            escape(table_words),
            self.table.html(&self.title)
        );
        out
    }
}

/// One column of a table: what it is called in Dutch and in English, and what it says of a row.
pub(super) type Column<R> = (&'static str, &'static str, fn(&R, Language) -> String);

impl DataTable {
    /// A table with a line for each of `rows`.
    pub(super) fn of<'a, R: 'a>(
        rows: impl IntoIterator<Item = &'a R>,
        columns: &[Column<R>],
        language: Language,
    ) -> Self {
        DataTable {
            header: columns.iter().map(|(nl, en, _)| language.pick(nl, en).to_owned()).collect(),
            rows: rows
                .into_iter()
                .map(|row| columns.iter().map(|(_, _, say)| say(row, language)).collect())
                .collect(),
        }
    }

    /// The table as HTML with a caption.
    #[must_use]
    pub fn html(&self, caption: &str) -> String {
        let mut out = format!(
            "<div class=\"scroll\" tabindex=\"0\"><table><caption><span>{}</span></caption><thead><tr>",
            escape(caption)
        );
        for name in &self.header {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escape(name));
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                if at == 0 {
                    let _ = write!(out, "<th scope=\"row\">{}</th>", escape(cell));
                } else {
                    let _ = write!(out, "<td>{}</td>", escape(cell));
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
        out
    }
}

/// Colours by role; one set for paper and light screens, one for dark screens.
const STYLE: &str = ".rp{--rp-ink:#1d2b3f;--rp-soft:#5b6675;--rp-grid:#d9d4c8;--rp-main:#0b6570;--rp-second:#8a4a00;\
--rp-fill:#bcd9da;--rp-warn:#b3400a;font-family:'Atkinson Hyperlegible Next','Atkinson Hyperlegible',system-ui,sans-serif;\
font-size:14px;font-variant-numeric:tabular-nums}\
.rp text{fill:var(--rp-ink)}.rp .soft{fill:var(--rp-soft)}.rp .grid{stroke:var(--rp-grid);stroke-width:1}\
.rp .axis{stroke:var(--rp-soft);stroke-width:1.2}.rp .main{stroke:var(--rp-main);fill:none;stroke-width:2.6}\
.rp .other{stroke:var(--rp-second);fill:none;stroke-width:1.6}.rp .dot{fill:var(--rp-main)}\
.rp .bar{fill:var(--rp-fill);stroke:var(--rp-main);stroke-width:1}.rp .warn{stroke:var(--rp-warn);stroke-width:2.2;fill:none}\
.rp .warnfill{fill:var(--rp-warn)}.rp .warntext{fill:var(--rp-warn);font-weight:600}\
@media (prefers-color-scheme:dark){.rp{--rp-ink:#ece7dc;--rp-soft:#a9b1bb;--rp-grid:#39434f;--rp-main:#6fc3c9;\
--rp-second:#e0a75e;--rp-fill:#24474c;--rp-warn:#ff9a66}}\
@media print{.rp{--rp-ink:#000;--rp-soft:#333;--rp-grid:#ccc;--rp-main:#00505a;--rp-second:#6b3a00;--rp-fill:#ddd;--rp-warn:#8a2f00}}";

/// A plot under construction: data coordinates inside a frame.
pub(super) struct Canvas {
    body: String,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Canvas {
    /// A canvas of `height` for these ranges of x and y.
    pub fn new(height: f64, x: (f64, f64), y: (f64, f64), left: f64, right: f64) -> Self {
        let wide = |r: (f64, f64)| if r.1 > r.0 { r } else { (r.0, r.0 + 1.0) };
        Canvas {
            body: String::new(),
            width: 720.0,
            height,
            left,
            right,
            top: 34.0,
            bottom: 46.0,
            x: wide(x),
            y: wide(y),
        }
    }

    pub fn px(&self, x: f64) -> f64 {
        self.left + (x - self.x.0) / (self.x.1 - self.x.0) * (self.width - self.left - self.right)
    }

    pub fn py(&self, y: f64) -> f64 {
        self.height
            - self.bottom
            - (y - self.y.0) / (self.y.1 - self.y.0) * (self.height - self.top - self.bottom)
    }

    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (self.px(from.0), self.py(from.1), self.px(to.0), self.py(to.1));
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    pub fn path(&mut self, class: &str, dash: &str, points: &[(f64, f64)]) {
        let mut d = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{:.1} {:.1}", if at == 0 { "M" } else { "L" }, self.px(*x), self.py(*y));
        }
        self.stroke(class, dash, &d);
    }

    fn stroke(&mut self, class: &str, dash: &str, d: &str) {
        let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        let _ = write!(self.body, "<path class=\"{class}\"{dash} d=\"{d}\"/>");
    }

    /// A line as in the picture with its words, the `number`th to the right of it.
    pub fn sample(&mut self, class: &str, dash: &str, number: u8, words: &[&str]) {
        let (x, y) = (self.width - self.right + 14.0, self.top + 8.0 + 28.0 * f64::from(number));
        self.stroke(class, dash, &format!("M{x:.1} {y:.1}h24"));
        for (line, text) in words.iter().enumerate() {
            self.text_px("", (x + 32.0, y + 4.5 + 18.0 * line as f64), "start", text);
        }
    }

    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let (x, y) = (self.px(at.0), self.py(at.1));
        let _ = write!(self.body, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
    }

    pub fn rect(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, x2) = (self.px(from.0), self.px(to.0));
        let (y1, y2) = (self.py(to.1), self.py(from.1));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            x1.min(x2),
            y1.min(y2),
            (x2 - x1).abs(),
            (y2 - y1).abs()
        );
    }

    /// Text at data coordinates, moved by pixels.
    pub fn text(&mut self, class: &str, at: (f64, f64), shift: (f64, f64), anchor: &str, words: &str) {
        let (x, y) = (self.px(at.0) + shift.0, self.py(at.1) + shift.1);
        self.text_px(class, (x, y), anchor, words);
    }

    pub fn text_px(&mut self, class: &str, at: (f64, f64), anchor: &str, words: &str) {
        let _ = write!(
            self.body,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            at.0,
            at.1,
            escape(words)
        );
    }

    /// Horizontal grid lines with their numbers.
    pub fn y_axis(&mut self, ticks: &[(f64, String)], name: &str) {
        for (value, words) in ticks {
            let (x0, x1) = self.x;
            self.line("grid", (x0, *value), (x1, *value));
            self.text("soft", (x0, *value), (-8.0, 4.5), "end", words);
        }
        let at = (self.left - 40.0, self.top - 14.0);
        self.text_px("soft", at, "start", name);
    }

    /// The bottom axis with its numbers and name.
    pub fn x_axis(&mut self, ticks: &[(f64, String)], name: &str) {
        let (x0, x1) = self.x;
        let y0 = self.y.0;
        self.line("axis", (x0, y0), (x1, y0));
        for (value, words) in ticks {
            self.text("soft", (*value, y0), (0.0, 19.0), "middle", words);
        }
        let at = (self.px(0.5 * (x0 + x1)), self.height - 7.0);
        self.text_px("soft", at, "middle", name);
    }

    /// The finished picture.
    pub fn finish(self, title: &str, description: &str, table: DataTable) -> Picture {
        // Readers announce the first title and description they meet; ids would clash when several
        // pictures share a page, so the label carries the title itself.
        let svg = format!(
            "<svg class=\"rp\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title><desc>{}</desc><style>{STYLE}</style>{}</svg>",
            self.width,
            self.height,
            escape(title),
            escape(title),
            escape(description),
            self.body
        );
        Picture { title: title.to_owned(), description: description.to_owned(), svg, table }
    }
}

/// Round numbers that cover a range in about `count` steps.
pub(super) fn ticks(from: f64, to: f64, count: f64) -> Vec<f64> {
    let rough = ((to - from) / count).max(1e-9);
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(rough);
    let first = (from / step).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).take(50).map(|i| i as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_inside_the_range() {
        assert_eq!(ticks(0.0, 32.0, 6.0), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(ticks(0.0, 1.0, 4.0), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_picture_has_a_title_a_description_and_a_table() {
        let table = DataTable { header: vec!["a".into()], rows: vec![vec!["<1>".into()]] };
        let p = Canvas::new(200.0, (0.0, 0.0), (0.0, 1.0), 50.0, 20.0).finish("T & U", "D", table);
        assert!(p.svg.contains("<title>T &amp; U</title><desc>D</desc>") && p.svg.contains("role=\"img\""));
        assert!(p.html("table").contains("&lt;1&gt;"));
    }
}
