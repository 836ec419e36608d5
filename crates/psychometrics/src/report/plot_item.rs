//! Plots of items: how the answers change from low to high scores, and DIF.

use super::language::Language;
use super::picture::{Canvas, Column, DataTable, Picture};
use crate::dif::ItemDif;
use crate::item::ItemStatistics;

/// The share of each option (or the mean score) from candidates with low totals to those with high totals.
#[must_use]
pub fn characteristic(item: &ItemStatistics, language: Language) -> Picture {
    let points = &item.curve;
    let range = (points.first().map_or(0.0, |p| p.mean_total), points.last().map_or(1.0, |p| p.mean_total));
    let mut c = Canvas::new(280.0, range, (0.0, 1.0), 56.0, 110.0);
    let y: Vec<(f64, String)> = [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| (t, language.percent(t))).to_vec();
    let listed: Vec<_> = item.options.iter().filter(|o| o.option.is_some()).collect();
    let axis = if listed.is_empty() {
        language.pick("deel van de punten", "share of the points")
    } else {
        language.pick("deel dat dit kiest", "share choosing it")
    };
    c.y_axis(&y, axis);
    // The points lie close at the crowded scores: leave out labels that would touch the one before.
    let mut last = f64::NEG_INFINITY;
    let mut x: Vec<(f64, String)> = Vec::new();
    for p in points {
        if c.px(p.mean_total) - last > 46.0 {
            last = c.px(p.mean_total);
            x.push((p.mean_total, language.number(p.mean_total, 1)));
        }
    }
    c.x_axis(&x, language.pick("gemiddelde totaalscore van de groep", "mean total score of the group"));
    let mut labels: Vec<(f64, String, bool)> = Vec::new();
    if listed.is_empty() {
        let line: Vec<(f64, f64)> =
            points.iter().filter_map(|p| Some((p.mean_total, p.p.value()?))).collect();
        c.path("main", "", &line);
        line.iter().for_each(|p| c.dot("dot", *p, 3.5));
    } else {
        for (at, option) in listed.iter().enumerate() {
            let line: Vec<(f64, f64)> =
                points.iter().map(|p| (p.mean_total, p.shares.get(at).copied().unwrap_or(0.0))).collect();
            let suspect = item.miskey_suspect.is_some() && item.miskey_suspect == option.option;
            let dash = ["7 3", "2 3", "9 3 2 3", "4 4", "12 4"].get(at % 5).copied().unwrap_or("4 4");
            if option.key {
                c.path("main", "", &line);
                line.iter().for_each(|p| c.dot("dot", *p, 3.5));
            } else if suspect {
                c.path("warn", dash, &line);
            } else {
                c.path("other", dash, &line);
            }
            let name = option.option.as_deref().unwrap_or_default();
            let words = if option.key {
                format!("{name} ({})", language.pick("sleutel", "key"))
            } else if suspect {
                format!("{name} ({})", language.pick("verdacht", "suspect"))
            } else {
                name.to_owned()
            };
            labels.push((line.last().map_or(0.0, |p| p.1), words, option.key || suspect));
        }
    }
    end_labels(&mut c, labels, range.1);
    let p = language.stat(item.p, 2);
    let rir = language.stat(item.rir, 2);
    let description = match language {
        Language::Nl => format!(
            "Vraag {}: p-waarde {p}, Rir {rir}. Van links (lage totaalscore) naar rechts (hoge totaalscore) hoort de lijn van de sleutel te stijgen en horen de andere te dalen.",
            item.id
        ),
        Language::En => format!(
            "Question {}: p {p}, Rir {rir}. From left (low totals) to right (high totals) the line of the key should rise and the others should fall.",
            item.id
        ),
    };
    let mut header = vec![
        language.pick("totaalscore", "total score").to_owned(),
        language.pick("kandidaten", "candidates").to_owned(),
        language.pick("deel van de punten", "share of points").to_owned(),
    ];
    header.extend(
        listed.iter().map(|o| {
            format!("{} {}", language.pick("koos", "chose"), o.option.as_deref().unwrap_or_default())
        }),
    );
    let rows = points
        .iter()
        .map(|p| {
            let scores = if p.from == p.to { p.from.to_string() } else { format!("{}–{}", p.from, p.to) };
            let mut row = vec![scores, p.n.to_string(), language.stat(p.p, 2)];
            row.extend(p.shares.iter().map(|s| language.percent(*s)));
            row
        })
        .collect();
    let title = format!("{} {}", language.pick("Antwoorden op vraag", "Answers to question"), item.id);
    c.finish(&title, &description, DataTable { header, rows })
}

/// Labels at the right end of the lines, pushed apart so that none covers another, and kept above the axis.
fn end_labels(c: &mut Canvas, mut labels: Vec<(f64, String, bool)>, right: f64) {
    const LINE: f64 = 15.0;
    labels.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut places: Vec<f64> = Vec::new();
    for (value, _, _) in &labels {
        let above = places.last().map_or(f64::NEG_INFINITY, |y| y + LINE);
        places.push((c.py(*value) + 4.5).max(above));
    }
    let mut floor = c.py(0.0) + 2.0;
    for y in places.iter_mut().rev() {
        *y = y.min(floor);
        floor = *y - LINE;
    }
    let x = c.px(right) + 10.0;
    for ((_, words, strong), y) in labels.iter().zip(places) {
        c.text_px(if *strong { "" } else { "soft" }, (x, y), "start", words);
    }
}

/// Δ of every item with its 95 % interval, and the borders of the classes.
#[must_use]
pub fn dif(items: &[ItemDif], focal: &str, language: Language) -> Picture {
    let known: Vec<(&ItemDif, f64, f64)> =
        items.iter().filter_map(|i| Some((i, i.delta.value()?, 1.96 * i.delta_se.value()?))).collect();
    let reach = known.iter().map(|(_, d, e)| d.abs() + e).fold(2.0, f64::max).min(8.0);
    let rows = known.len() as f64;
    let mut c = Canvas::new(90.0 + 22.0 * rows, (-reach, reach), (-rows, 0.5), 130.0, 30.0);
    for border in [-1.5, -1.0, 0.0, 1.0, 1.5] {
        c.line(if border == 0.0 { "axis" } else { "grid" }, (border, -rows), (border, 0.5));
    }
    for (at, (item, delta, error)) in known.iter().enumerate() {
        let y = -(at as f64) - 0.25;
        let heavy = item.class.is_some_and(|c| c != crate::dif::DifClass::A);
        let clip = |v: f64| v.clamp(-reach, reach);
        c.line(if heavy { "warn" } else { "main" }, (clip(delta - error), y), (clip(delta + error), y));
        c.dot(if heavy { "warnfill" } else { "dot" }, (clip(*delta), y), 4.0);
        let class = item.class.map_or_else(String::new, |c| format!(" ({c:?})"));
        c.text(
            if heavy { "warntext" } else { "" },
            (-reach, y),
            (-8.0, 4.5),
            "end",
            &format!("{}{class}", item.item),
        );
    }
    let x: Vec<(f64, String)> = [-1.5, -1.0, 0.0, 1.0, 1.5].map(|t| (t, language.number(t, 1))).to_vec();
    c.x_axis(
        &x,
        language.pick(
            "Δ (links van 0: moeilijker voor de focusgroep)",
            "Δ (left of 0: harder for the focal group)",
        ),
    );
    let description = match language {
        Language::Nl => format!(
            "Elke stip is een vraag, de streep het 95 %-interval. Bij gelijke totaalscore is een vraag links van 0 moeilijker voor de groep {focal}. Klasse B: middelmatig, C: groot verschil."
        ),
        Language::En => format!(
            "Each dot is a question, the line its 95 % interval. At equal totals a question left of 0 is harder for the group {focal}. Class B: moderate, C: large."
        ),
    };
    let columns: [Column<ItemDif>; 5] = [
        ("vraag", "question", |i, _| i.item.clone()),
        ("Δ", "Δ", |i, l| l.stat(i.delta, 2)),
        ("standaardfout", "standard error", |i, l| l.stat(i.delta_se, 2)),
        ("p", "p", |i, l| l.stat(i.p, 3)),
        ("klasse", "class", |i, _| i.class.map_or_else(|| "–".to_owned(), |c| format!("{c:?}"))),
    ];
    let table = DataTable::of(items, &columns, language);
    c.finish(
        language.pick("Verschil per vraag tussen groepen", "Difference per question between groups"),
        &description,
        table,
    )
}
