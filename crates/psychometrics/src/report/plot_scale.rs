//! Plots on a scale: test information, persons beside items, severity of markers.

use super::language::Language;
use super::picture::{Canvas, Column, DataTable, Picture, ticks};
use crate::marker::Severity;
use crate::marker::severity::MarkerEffect;
use crate::rasch::ability::Model;
use crate::rasch::calibrate::Calibration;

/// How precisely the test measures at each ability.
#[must_use]
pub fn information(model: &Model, cut: Option<f64>, language: Language) -> Picture {
    let grid: Vec<f64> = (-40..=40).map(|i| f64::from(i) * 0.1).collect();
    let line: Vec<(f64, f64)> = grid.iter().map(|t| (*t, model.moments(*t).variance)).collect();
    let highest = line.iter().map(|p| p.1).fold(0.0, f64::max);
    let mut c = Canvas::new(280.0, (-4.0, 4.0), (0.0, highest * 1.08), 56.0, 20.0);
    let y: Vec<(f64, String)> =
        ticks(0.0, highest, 4.0).into_iter().map(|t| (t, language.number(t, 1))).collect();
    c.y_axis(&y, language.pick("informatie", "information"));
    let x: Vec<(f64, String)> = (-4..=4).map(|t| (f64::from(t), language.number(f64::from(t), 0))).collect();
    c.x_axis(&x, language.pick("vaardigheid", "ability"));
    c.path("main", "", &line);
    if let Some(cut) = cut.filter(|c| c.abs() < 4.0) {
        c.line("warn", (cut, 0.0), (cut, highest * 1.08));
        c.text("warntext", (cut, highest * 1.08), (6.0, 10.0), "start", language.pick("cesuur", "cut"));
    }
    let best = line.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0.0, |p| p.0);
    let description = match language {
        Language::Nl => {
            format!("De toets meet het nauwkeurigst rond vaardigheid {}.", language.number(best, 1))
        }
        Language::En => {
            format!("The test measures most precisely around ability {}.", language.number(best, 1))
        }
    };
    let columns: [Column<(f64, f64)>; 3] = [
        ("vaardigheid", "ability", |(theta, _), l| l.number(*theta, 1)),
        ("informatie", "information", |(_, information), l| l.number(*information, 2)),
        ("standaardfout", "standard error", |(_, information), l| l.number(1.0 / information.sqrt(), 2)),
    ];
    let table = DataTable::of(line.iter().step_by(5), &columns, language);
    c.finish(language.pick("Nauwkeurigheid van de toets", "Precision of the test"), &description, table)
}

/// Persons (left) and items (right) on one scale. `persons` are pairs of ability and number.
#[must_use]
pub fn person_item_map(persons: &[(f64, f64)], calibration: &Calibration, language: Language) -> Picture {
    let ends = persons
        .iter()
        .map(|p| p.0)
        .chain(calibration.parameters.iter().map(|p| p.beta))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) =
        if ends.0 <= ends.1 { ((ends.0 - 0.3).max(-8.0), (ends.1 + 0.3).min(8.0)) } else { (-3.0, 3.0) };
    let mut c = Canvas::new(520.0, (-1.0, 1.0), (low, high), 56.0, 20.0);
    let y: Vec<(f64, String)> =
        ticks(low, high, 8.0).into_iter().map(|t| (t, language.number(t, 1))).collect();
    c.y_axis(&y, language.pick("vaardigheid en moeilijkheid", "ability and difficulty"));
    let step = (high - low) / 26.0;
    let mut bins = vec![0.0; 26];
    for (theta, n) in persons {
        let at = (((theta - low) / step) as usize).min(25);
        if let Some(bin) = bins.get_mut(at) {
            *bin += n;
        }
    }
    let most = bins.iter().fold(1.0_f64, |m, v| m.max(*v));
    for (at, n) in bins.iter().enumerate().filter(|(_, n)| **n > 0.0) {
        let from = low + at as f64 * step;
        c.rect("bar", (-0.03 - 0.9 * n / most, from + 0.08 * step), (-0.03, from + 0.92 * step));
    }
    c.line("axis", (0.0, low), (0.0, high));
    // Items at about the same height are written beside each other.
    let mut items: Vec<(f64, String)> = calibration
        .parameters
        .iter()
        .map(|p| {
            let several = calibration.parameters.iter().filter(|q| q.item == p.item).count() > 1;
            (p.beta, if several { format!("{}·{}", p.item, p.score) } else { p.item.clone() })
        })
        .collect();
    items.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    for (beta, name) in items.iter().cloned() {
        match rows.last_mut() {
            Some((at, names)) if (c.py(beta) - c.py(*at)).abs() < 15.0 => names.push(name),
            _ => rows.push((beta, vec![name])),
        }
    }
    for (beta, names) in &rows {
        c.dot("dot", (0.03, *beta), 3.0);
        let shown: Vec<&str> = names.iter().take(6).map(String::as_str).collect();
        let more = names.len().saturating_sub(6);
        let words = if more > 0 { format!("{} +{more}", shown.join("  ")) } else { shown.join("  ") };
        c.text("", (0.05, *beta), (6.0, 4.5), "start", &words);
    }
    let y_bottom = low;
    c.text("soft", (-0.5, y_bottom), (0.0, 22.0), "middle", language.pick("kandidaten", "candidates"));
    c.text("soft", (0.5, y_bottom), (0.0, 22.0), "middle", language.pick("vragen", "questions"));
    let description = language
        .pick(
            "Links hoe vaardig de kandidaten zijn, rechts hoe moeilijk de vragen. Op gelijke hoogte is de kans op een goed antwoord een half.",
            "Left how able the candidates are, right how hard the questions. At equal height the chance of a right answer is one half.",
        )
        .to_owned();
    let columns: [Column<(f64, String)>; 2] = [
        ("vraag", "question", |(_, name), _| name.clone()),
        ("moeilijkheid", "difficulty", |(beta, _), l| l.number(*beta, 2)),
    ];
    let table = DataTable::of(&items, &columns, language);
    c.finish(
        language.pick("Kandidaten en vragen op één schaal", "Candidates and questions on one scale"),
        &description,
        table,
    )
}

/// The effect of each marker with its interval.
#[must_use]
pub fn marker_severity(severity: &Severity, language: Language) -> Picture {
    let reach = severity.markers.iter().map(|m| m.low.abs().max(m.high.abs())).fold(0.5, f64::max) * 1.1;
    let rows = severity.markers.len() as f64;
    let mut c = Canvas::new(90.0 + 26.0 * rows, (-reach, reach), (-rows, 0.5), 130.0, 30.0);
    let marks = ticks(-reach, reach, 6.0);
    for mark in &marks {
        c.line(if *mark == 0.0 { "axis" } else { "grid" }, (*mark, -rows), (*mark, 0.5));
    }
    for (at, m) in severity.markers.iter().enumerate() {
        let y = -(at as f64) - 0.25;
        let apart = m.low > 0.0 || m.high < 0.0;
        c.line(if apart { "warn" } else { "main" }, (m.low, y), (m.high, y));
        c.dot(if apart { "warnfill" } else { "dot" }, (m.effect, y), 4.5);
        c.text("", (-reach, y), (-8.0, 4.5), "end", &m.marker);
    }
    let x: Vec<(f64, String)> = marks.iter().map(|t| (*t, language.number(*t, 1))).collect();
    c.x_axis(
        &x,
        language.pick(
            "punten strenger (links) of milder (rechts) dan gemiddeld",
            "points more severe (left) or lenient (right) than average",
        ),
    );
    let description = language
        .pick(
            "Elke stip is een beoordelaar, de streep het 95 %-interval. Raakt de streep de nullijn niet, dan wijkt deze beoordelaar aantoonbaar af.",
            "Each dot is a marker, the line the 95 % interval. A line that does not touch zero is a marker who demonstrably differs.",
        )
        .to_owned();
    let columns: [Column<MarkerEffect>; 5] = [
        ("beoordelaar", "marker", |m, _| m.marker.clone()),
        ("beoordelingen", "ratings", |m, _| m.n.to_string()),
        ("effect", "effect", |m, l| l.number(m.effect, 2)),
        ("van", "from", |m, l| l.number(m.low, 2)),
        ("tot", "to", |m, l| l.number(m.high, 2)),
    ];
    let table = DataTable::of(&severity.markers, &columns, language);
    c.finish(language.pick("Strengheid van de beoordelaars", "Severity of the markers"), &description, table)
}
