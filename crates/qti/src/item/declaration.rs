//! Variable declarations: what a response, outcome or template variable may hold.

use crate::import::Source;
use crate::report::Severity;
use crate::value::{Atom, BaseType, Cardinality, Value, parse, parse_float};
use crate::xml::{Element, Path};

/// What a variable is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Holds what the candidate answered.
    Response,
    /// Holds a result.
    Outcome,
    /// Holds a value drawn when the session starts.
    Template,
}

/// A declared variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub identifier: String,
    /// What it is for.
    pub role: Role,
    /// Type of its values; records have none.
    pub base: Option<BaseType>,
    /// How many values.
    pub cardinality: Cardinality,
    /// Value at the start.
    pub default: Value,
    /// The declared key.
    pub correct: Value,
    /// Points per answer.
    pub mapping: Option<Mapping>,
    /// Points per area.
    pub areas: Option<AreaMapping>,
    /// Table from a raw value to this outcome.
    pub table: Option<Table>,
    /// Highest ordinary value.
    pub normal_maximum: Option<f64>,
    /// Lowest ordinary value.
    pub normal_minimum: Option<f64>,
    /// Scored outside, by a person or another machine.
    pub external_scored: Option<String>,
    /// Template variables that may be printed inside MathML.
    pub math_variable: bool,
    /// Base for whole numbers typed in a text entry.
    pub radix: u32,
    /// Why its key, mapping or table cannot be relied upon: part of it could not be read.
    pub fault: Option<String>,
    /// Line of the declaration.
    pub line: u32,
}

/// `mapping`.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Lowest total.
    pub lower: Option<f64>,
    /// Highest total.
    pub upper: Option<f64>,
    /// Points for an answer without an entry.
    pub default: f64,
    /// The entries in order.
    pub entries: Vec<MapEntry>,
}

/// One entry of a mapping.
#[derive(Clone, Debug)]
pub struct MapEntry {
    /// The answer; `None` stands for no answer.
    pub key: Option<Atom>,
    /// For string keys that ignore case: the key in lower case.
    pub folded: Option<String>,
    /// Points.
    pub points: f64,
}

/// `area-mapping`.
#[derive(Clone, Debug, Default)]
pub struct AreaMapping {
    /// Lowest total.
    pub lower: Option<f64>,
    /// Highest total.
    pub upper: Option<f64>,
    /// Points when no area is hit.
    pub default: f64,
    /// Areas and their points.
    pub entries: Vec<(Shape, f64)>,
}

/// A table from raw values to outcome values.
#[derive(Clone, Debug)]
pub enum Table {
    /// Whole numbers, exactly.
    Match {
        /// Source and target.
        entries: Vec<(i32, Value)>,
        /// When nothing matches.
        default: Value,
    },
    /// Thresholds.
    Interpolation {
        /// Source, whether the boundary counts, target.
        entries: Vec<(f64, bool, Value)>,
        /// When nothing matches.
        default: Value,
    },
}

/// An area of an image.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Everything.
    Default,
    /// Centre and radius.
    Circle(f64, f64, f64),
    /// Left, top, right, bottom.
    Rect(f64, f64, f64, f64),
    /// Corners.
    Poly(Vec<(f64, f64)>),
    /// Centre and two radii.
    Ellipse(f64, f64, f64, f64),
}

impl Shape {
    /// Reads `shape` and `coords`.
    pub fn read(shape: &str, coords: &str) -> Option<Self> {
        let numbers: Vec<f64> = coords
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|s| !s.is_empty())
            .map(|s| s.trim_end_matches('%').parse::<f64>().ok().filter(|n| n.is_finite()))
            .collect::<Option<_>>()?;
        Some(match (shape, numbers.as_slice()) {
            ("default", _) => Self::Default,
            ("circle", [x, y, r]) => Self::Circle(*x, *y, *r),
            ("rect", [l, t, r, b]) => Self::Rect(l.min(*r), t.min(*b), l.max(*r), t.max(*b)),
            ("ellipse", [x, y, h, v]) => Self::Ellipse(*x, *y, *h, *v),
            ("poly", points) if points.len() >= 6 && points.len() % 2 == 0 => {
                Self::Poly(points.chunks_exact(2).filter_map(|p| Some((*p.first()?, *p.get(1)?))).collect())
            }
            _ => return None,
        })
    }

    /// Whether a point lies in it; borders count.
    pub fn contains(&self, x: i32, y: i32) -> bool {
        let (x, y) = (f64::from(x), f64::from(y));
        match self {
            Self::Default => true,
            Self::Circle(cx, cy, r) => (x - cx).powi(2) + (y - cy).powi(2) <= r * r,
            Self::Rect(l, t, r, b) => x >= *l && x <= *r && y >= *t && y <= *b,
            Self::Ellipse(cx, cy, h, v) => {
                *h > 0.0 && *v > 0.0 && ((x - cx) / h).powi(2) + ((y - cy) / v).powi(2) <= 1.0
            }
            Self::Poly(points) => poly_contains(points, x, y),
        }
    }

    /// The middle, for a marker.
    pub fn middle(&self) -> (f64, f64) {
        match self {
            Self::Default => (0.0, 0.0),
            Self::Circle(x, y, _) | Self::Ellipse(x, y, _, _) => (*x, *y),
            Self::Rect(l, t, r, b) => ((l + r) / 2.0, (t + b) / 2.0),
            Self::Poly(points) => {
                let n = points.len().max(1) as f64;
                (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n)
            }
        }
    }
}

fn poly_contains(points: &[(f64, f64)], x: f64, y: f64) -> bool {
    let Some(mut before) = points.last() else { return false };
    let mut inside = false;
    for point in points {
        let ((x1, y1), (x2, y2)) = (*before, *point);
        let cross = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1);
        let on_line =
            cross.abs() < 1e-9 && x >= x1.min(x2) && x <= x1.max(x2) && y >= y1.min(y2) && y <= y1.max(y2);
        if on_line {
            return true;
        }
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
        before = point;
    }
    inside
}

impl Variable {
    /// A built-in variable.
    pub fn built_in(identifier: &str, role: Role, base: BaseType, default: Value) -> Self {
        Self {
            identifier: identifier.to_owned(),
            role,
            base: Some(base),
            cardinality: Cardinality::Single,
            default,
            correct: Value::Null,
            mapping: None,
            areas: None,
            table: None,
            normal_maximum: None,
            normal_minimum: None,
            external_scored: None,
            math_variable: false,
            radix: 10,
            fault: None,
            line: 0,
        }
    }

    /// Reads a declaration; `None` when it cannot be used at all (reported).
    pub fn read(element: &Element, role: Role, path: &Path<'_>, source: &mut Source) -> Option<Self> {
        let line = element.line;
        let mut say = |severity, code, message: String| {
            source.report.add(severity, code, line, path.to_string(), message);
        };
        let identifier = element.get("identifier").unwrap_or_default().trim().to_owned();
        if identifier.is_empty() {
            say(Severity::Error, "identifier", "a declaration has no identifier".to_owned());
            return None;
        }
        let written = element.get("cardinality").unwrap_or("single");
        let cardinality = Cardinality::from_name(written.trim()).unwrap_or_else(|| {
            say(
                Severity::Error,
                "cardinality",
                format!("{identifier} has the unknown cardinality {written}"),
            );
            Cardinality::Single
        });
        let base = match element.get("base-type").map(str::trim) {
            None | Some("") => None,
            Some(name) => {
                let base = BaseType::from_name(name);
                match base {
                    None => say(
                        Severity::Error,
                        "base-type",
                        format!("{identifier} has the unknown base type {name}"),
                    ),
                    Some(base) if base.name() != name => say(
                        Severity::Warning,
                        "base-type",
                        format!("{identifier} spells its base type {name}; QTI writes {}", base.name()),
                    ),
                    Some(_) => {}
                }
                base
            }
        };
        if base.is_none() && cardinality != Cardinality::Record {
            say(Severity::Error, "base-type", format!("{identifier} needs a base type"));
        }
        let mut variable = Self {
            cardinality,
            base,
            line,
            ..Self::built_in(&identifier, role, BaseType::String, Value::Null)
        };
        let number = |name: &str| element.get(name).and_then(|v| parse_float(v.trim()));
        variable.normal_maximum = number("normal-maximum");
        variable.normal_minimum = number("normal-minimum");
        variable.external_scored = element.get("external-scored").map(|v| v.trim().to_owned());
        variable.math_variable = element.get("math-variable").is_some_and(|v| v.trim() == "true");
        variable.base = base;
        for (i, child) in element.elements().enumerate() {
            let here = path.at(&child.name, i + 1);
            let before = source.report.count(Severity::Error);
            variable.read_part(child, &here, source);
            if source.report.count(Severity::Error) > before && child.name != "qti-default-value" {
                let what = child.name.trim_start_matches("qti-").replace('-', " ");
                variable.fault =
                    Some(format!("the {what} of {identifier} cannot be read in full; correct it"));
            }
        }
        if role == Role::Outcome
            && variable.default.is_null()
            && cardinality == Cardinality::Single
            && element.find("qti-default-value").is_none()
        {
            match base {
                Some(BaseType::Integer) => variable.default = Value::One(Atom::Int(0)),
                Some(BaseType::Float) => variable.default = Value::One(Atom::Float(0.0)),
                _ => {}
            }
        }
        Some(variable)
    }

    fn read_part(&mut self, child: &Element, path: &Path<'_>, source: &mut Source) {
        match child.name.as_str() {
            "qti-default-value" => self.default = self.values(child, path, source),
            "qti-correct-response" => self.correct = self.values(child, path, source),
            "qti-mapping" => self.mapping = Some(self.read_mapping(child, path, source)),
            "qti-area-mapping" => self.areas = Some(read_areas(child, path, source)),
            "qti-match-table" | "qti-interpolation-table" => {
                self.table = Some(self.read_table(child, path, source))
            }
            other => source.report.add(
                Severity::Warning,
                "unknown-element",
                child.line,
                path.to_string(),
                format!("<{other}> has no meaning in a declaration"),
            ),
        }
    }

    /// Reads the `value` children of `parent`.
    fn values(&self, parent: &Element, path: &Path<'_>, source: &mut Source) -> Value {
        let mut atoms = Vec::new();
        let mut fields = Vec::new();
        for (i, value) in parent.elements().enumerate() {
            let here = path.at(&value.name, i + 1);
            if value.name != "qti-value" {
                source.report.add(
                    Severity::Warning,
                    "unknown-element",
                    value.line,
                    here.to_string(),
                    format!("<{}> stands where a value is expected and was left out", value.name),
                );
                continue;
            }
            let own = value.get("base-type").and_then(BaseType::from_name);
            let base = own.or(self.base).unwrap_or(BaseType::String);
            let text = value.text();
            match parse(text.trim(), base) {
                Ok(Some(scalar)) => {
                    let atom = Atom::from(scalar);
                    match value.get("field-identifier") {
                        Some(field) => fields.push((field.to_owned(), atom)),
                        None => atoms.push(atom),
                    }
                }
                Ok(None) => {}
                Err(fault) => source.report.add(
                    Severity::Error,
                    "value",
                    value.line,
                    here.to_string(),
                    format!("{}: {fault}; correct the value or the base type", self.identifier),
                ),
            }
        }
        match self.cardinality {
            Cardinality::Record if !fields.is_empty() => Value::Record(fields),
            Cardinality::Record => Value::Null,
            Cardinality::Multiple if !atoms.is_empty() => Value::Bag(atoms),
            Cardinality::Ordered if !atoms.is_empty() => Value::List(atoms),
            Cardinality::Single => {
                if atoms.len() > 1 {
                    source.report.add(
                        Severity::Warning,
                        "value",
                        parent.line,
                        path.to_string(),
                        format!(
                            "{} is single but has {} values; the first counts",
                            self.identifier,
                            atoms.len()
                        ),
                    );
                }
                atoms.into_iter().next().map_or(Value::Null, Value::One)
            }
            _ => Value::Null,
        }
    }

    fn read_mapping(&self, element: &Element, path: &Path<'_>, source: &mut Source) -> Mapping {
        let mut mapping = Mapping {
            lower: bound(element, "lower-bound", path, source),
            upper: bound(element, "upper-bound", path, source),
            default: bound(element, "default-value", path, source).unwrap_or(0.0),
            entries: Vec::new(),
        };
        // Seen on the mapping itself in real packages, where it is meant for all entries.
        let flag = |e: &Element| e.get("case-sensitive").map(|v| matches!(v.trim(), "true" | "1"));
        let all_sensitive = flag(element);
        let base = self.base.unwrap_or(BaseType::String);
        for (i, entry) in element.elements().enumerate() {
            let here = path.at(&entry.name, i + 1);
            let key = entry.get("map-key").unwrap_or_default();
            let key = if base == BaseType::String { key } else { key.trim() };
            let points = bound(entry, "mapped-value", &here, source);
            let Some(points) = points else {
                source.report.add(
                    Severity::Error,
                    "mapping",
                    entry.line,
                    here.to_string(),
                    format!("the entry for {key} has no number in mapped-value"),
                );
                continue;
            };
            // A key that only a mistyped declaration makes impossible is compared as text of that type.
            let parsed = match parse(key, base) {
                Ok(parsed) => parsed.map(Atom::from),
                Err(fault) => {
                    source.report.add(
                        Severity::Error,
                        "mapping",
                        entry.line,
                        here.to_string(),
                        fault.to_string(),
                    );
                    continue;
                }
            };
            let sensitive = flag(entry).or(all_sensitive).unwrap_or(false);
            let folded = match &parsed {
                Some(Atom::Str(s)) if !sensitive => Some(s.to_lowercase()),
                _ => None,
            };
            mapping.entries.push(MapEntry { key: parsed, folded, points });
        }
        mapping
    }

    fn read_table(&self, element: &Element, path: &Path<'_>, source: &mut Source) -> Table {
        let base = self.base.unwrap_or(BaseType::Float);
        let mut value =
            |text: Option<&str>, line, path: &Path<'_>| match parse(text.unwrap_or_default().trim(), base) {
                Ok(scalar) => scalar.map_or(Value::Null, |s| Value::One(s.into())),
                Err(fault) => {
                    source.report.add(Severity::Error, "table", line, path.to_string(), fault.to_string());
                    Value::Null
                }
            };
        let default = value(element.get("default-value"), element.line, path);
        let mut rows = Vec::new();
        for (i, entry) in element.elements().enumerate() {
            let here = path.at(&entry.name, i + 1);
            let target = value(entry.get("target-value"), entry.line, &here);
            rows.push((entry, target));
        }
        let mut bad = Vec::new();
        let table = if element.name == "qti-match-table" {
            let entries = rows
                .into_iter()
                .filter_map(|(e, target)| {
                    let source = e.get("source-value").and_then(|v| crate::value::parse_integer(v.trim()));
                    if source.is_none() {
                        bad.push(e.line);
                    }
                    Some((source?, target))
                })
                .collect();
            Table::Match { entries, default }
        } else {
            let entries = rows
                .into_iter()
                .filter_map(|(e, target)| {
                    let source = e.get("source-value").and_then(|v| parse_float(v.trim()));
                    if source.is_none() {
                        bad.push(e.line);
                    }
                    Some((
                        source?,
                        e.get("include-boundary").is_none_or(|v| !matches!(v.trim(), "false" | "0")),
                        target,
                    ))
                })
                .collect();
            Table::Interpolation { entries, default }
        };
        for line in bad {
            source.report.add(
                Severity::Error,
                "table",
                line,
                path.to_string(),
                "source-value is not a number",
            );
        }
        table
    }
}

fn read_areas(element: &Element, path: &Path<'_>, source: &mut Source) -> AreaMapping {
    let mut areas = AreaMapping {
        lower: bound(element, "lower-bound", path, source),
        upper: bound(element, "upper-bound", path, source),
        default: bound(element, "default-value", path, source).unwrap_or(0.0),
        entries: Vec::new(),
    };
    for (i, entry) in element.elements().enumerate() {
        let here = path.at(&entry.name, i + 1);
        let shape = Shape::read(
            entry.get("shape").unwrap_or("default").trim(),
            entry.get("coords").unwrap_or_default(),
        );
        match (shape, bound(entry, "mapped-value", &here, source)) {
            (Some(shape), Some(points)) => areas.entries.push((shape, points)),
            _ => source.report.add(
                Severity::Error,
                "area",
                entry.line,
                here.to_string(),
                "the area needs a known shape, its coordinates and mapped-value",
            ),
        }
    }
    areas
}

fn bound(element: &Element, name: &str, path: &Path<'_>, source: &mut Source) -> Option<f64> {
    let text = element.get(name)?.trim();
    let value = parse_float(text);
    if value.is_none() {
        source.report.add(
            Severity::Error,
            "number",
            element.line,
            path.to_string(),
            format!(
                "{name} is \u{201c}{}\u{201d}, which is not a number",
                text.chars().take(40).collect::<String>()
            ),
        );
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_count_as_inside() {
        let rect = Shape::read("rect", "0,0,10,10").unwrap();
        assert!(rect.contains(10, 10) && rect.contains(0, 5) && !rect.contains(11, 5));
        let circle = Shape::read("circle", "5,5,2").unwrap();
        assert!(circle.contains(5, 7) && !circle.contains(7, 7));
        let poly = Shape::read("poly", "0,0,10,0,10,10").unwrap();
        assert!(poly.contains(5, 5) && poly.contains(10, 3) && !poly.contains(2, 8));
        assert_eq!(Shape::read("circle", "1,2"), None);
    }
}
