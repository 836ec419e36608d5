//! The report of a DIF analysis: which questions are harder for one of two groups at equal totals.

use super::language::{Language, escape};
use super::page::page;
use super::picture::{Column, DataTable};
use super::plot_item::dif;
use crate::dif::{DifClass, MantelHaenszel, PolytomousDif};
use std::fmt::Write;

/// The page. `note` says what so few persons allow, if that needs saying.
#[must_use]
pub fn dif_page(
    name: &str,
    found: &MantelHaenszel,
    polytomous: &[PolytomousDif],
    note: Option<&str>,
    language: Language,
) -> String {
    let mut body = String::new();
    let title =
        format!("{} {name}", language.pick("Groepsverschillen per vraag", "Group differences per question"));
    let _ = write!(body, "<h1>{}</h1>", escape(&title));
    let intro = match language {
        Language::Nl => format!(
            "Vergelijkt bij gelijke totaalscore {} kandidaten uit {} met {} uit {}.",
            found.focal_n, found.focal, found.reference_n, found.reference
        ),
        Language::En => format!(
            "Compares, at equal totals, {} candidates of {} with {} of {}.",
            found.focal_n, found.focal, found.reference_n, found.reference
        ),
    };
    let _ = write!(body, "<p>{}</p>", escape(&intro));
    if let Some(note) = note {
        let _ = write!(
            body,
            "<p class=\"card\"><span class=\"chip\">{}</span> {}</p>",
            language.pick("Let op", "Note"),
            escape(note)
        );
    }
    let items = found.purified.as_ref().unwrap_or(&found.items);
    let rest: Vec<&PolytomousDif> = polytomous.iter().filter(|p| found.skipped.contains(&p.item)).collect();
    advice(&mut body, found, &rest, language);
    if !items.is_empty() {
        let _ = write!(body, "<h2>{}</h2>", language.pick("Alle vragen", "All questions"));
        let table = language.pick("Toon de getallen als tabel", "Show the numbers as a table");
        body.push_str(&dif(items, &found.focal, language).html(table));
    }
    if !rest.is_empty() {
        let _ = write!(
            body,
            "<h2>{}</h2>",
            language.pick("Vragen met meer dan één punt", "Questions of more than one point")
        );
        let columns: [Column<PolytomousDif>; 6] = [
            ("vraag", "question", |p, _| p.item.clone()),
            ("verschil in punten", "difference in points", |p, l| l.stat(p.smd, 2)),
            ("in standaardafwijkingen", "in standard deviations", |p, l| l.stat(p.effect, 2)),
            ("χ²", "χ²", |p, l| l.stat(p.chi_square, 2)),
            ("p", "p", |p, l| l.stat(p.p, 3)),
            ("klasse", "class", |p, _| p.class.map_or_else(|| "–".to_owned(), |c| format!("{c:?}"))),
        ];
        let table = DataTable::of(rest.iter().copied(), &columns, language);
        body.push_str(&table.html(language.pick(
            "Gemiddeld verschil bij gelijke totaalscore; negatief is nadelig voor de focusgroep (Mantel).",
            "Mean difference at equal totals; negative is to the disadvantage of the focal group (Mantel).",
        )));
    }
    page(&title, &body, language)
}

/// A question that works differently for the groups.
struct Heavy<'a> {
    item: &'a str,
    large: bool,
    /// For whom it is harder.
    harder: &'a str,
    /// The size of the difference in words, and as a number to sort by.
    size: String,
    weight: f64,
    rule: &'static str,
}

fn heavy<'a>(found: &'a MantelHaenszel, rest: &[&'a PolytomousDif], language: Language) -> Vec<Heavy<'a>> {
    let harder = |value: f64| if value < 0.0 { found.focal.as_str() } else { found.reference.as_str() };
    let items = found.purified.as_ref().unwrap_or(&found.items);
    let right_or_wrong = items.iter().filter_map(|i| {
        let (class, delta) = (i.class.filter(|c| *c != DifClass::A)?, i.delta.value()?);
        Some(Heavy {
            item: &i.item,
            large: class == DifClass::C,
            harder: harder(delta),
            size: format!("Δ {}", language.number(delta, 2)),
            weight: delta.abs() / 1.5,
            rule: language.pick(
                "B: |Δ| is ten minste 1 en het verschil is significant (5 %). C: |Δ| is ten minste 1,5 en aantoonbaar groter dan 1.",
                "B: |Δ| is at least 1 and the difference is significant (5 %). C: |Δ| is at least 1.5 and demonstrably above 1.",
            ),
        })
    });
    let points = rest.iter().filter_map(|i| {
        let (class, effect) = (i.class.filter(|c| *c != DifClass::A)?, i.effect.value()?);
        Some(Heavy {
            item: &i.item,
            large: class == DifClass::C,
            harder: harder(effect),
            size: format!(
                "{} {}",
                language.number(i.smd.value()?, 2),
                language.pick("punt verschil", "points difference")
            ),
            weight: effect.abs() / 0.25,
            rule: language.pick(
                "Het verschil is significant (5 %) en groter dan 0,17 (B) of 0,25 (C) standaardafwijking.",
                "The difference is significant (5 %) and above 0.17 (B) or 0.25 (C) standard deviations.",
            ),
        })
    });
    let mut list: Vec<Heavy<'a>> = right_or_wrong.chain(points).collect();
    list.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    list
}

fn advice(body: &mut String, found: &MantelHaenszel, rest: &[&PolytomousDif], language: Language) {
    let _ = write!(
        body,
        "<h2>{}</h2>",
        language.pick("Kijk eerst naar deze vragen", "Look at these questions first")
    );
    let list = heavy(found, rest, language);
    if list.is_empty() {
        let _ = write!(
            body,
            "<p class=\"card\"><span class=\"chip ok\">{}</span> {}</p>",
            language.pick("In orde", "Fine"),
            language.pick(
                "Geen vraag werkt aantoonbaar anders voor een van de groepen.",
                "No question demonstrably works differently for one of the groups."
            )
        );
    }
    for one in list {
        let (class, words) = if one.large {
            ("chip serious", language.pick("C: groot verschil", "C: large difference"))
        } else {
            ("chip", language.pick("B: middelmatig verschil", "B: moderate difference"))
        };
        let finding = match language {
            Language::Nl => format!("Bij gelijke totaalscore moeilijker voor {} ({}).", one.harder, one.size),
            Language::En => format!("Harder for {} at equal totals ({}).", one.harder, one.size),
        };
        let action = if one.large {
            language.pick(
                "Laat iemand uit die groep de vraag lezen: vraagt zij iets anders dan bedoeld (taal, context, ervaring)? Zo ja, laat de vraag vervallen of vervang haar.",
                "Have somebody of that group read the question: does it ask for something else than intended (language, setting, experience)? If so, drop or replace it.",
            )
        } else {
            language.pick(
                "Lees de vraag na op taal, context en ervaring die niet voor iedereen gelijk zijn.",
                "Read the question again for language, setting and experience that are not the same for everybody.",
            )
        };
        let _ = write!(
            body,
            "<section class=\"card\"><div class=\"head\"><h3>{} {}</h3><span class=\"{class}\">{words}</span></div><div class=\"advice\"><p>{} <strong>{action}</strong></p><p class=\"rule\">{}: {}</p></div></section>",
            language.pick("Vraag", "Question"),
            escape(one.item),
            escape(&finding),
            language.pick("Regel", "Rule"),
            one.rule
        );
    }
}
