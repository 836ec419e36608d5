//! The report of a DIF analysis: which questions are harder for one of two groups at equal totals.

use super::language::{Language, escape};
use super::page::page;
use super::picture::DataTable;
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
    advice(&mut body, found, language);
    if !items.is_empty() {
        let _ = write!(body, "<h2>{}</h2>", language.pick("Alle vragen", "All questions"));
        let table = language.pick("Toon de getallen als tabel", "Show the numbers as a table");
        body.push_str(&dif(items, &found.focal, language).html(table));
    }
    let rest: Vec<&PolytomousDif> = polytomous.iter().filter(|p| found.skipped.contains(&p.item)).collect();
    if !rest.is_empty() {
        let _ = write!(
            body,
            "<h2>{}</h2>",
            language.pick("Vragen met meer dan één punt", "Questions of more than one point")
        );
        let table = DataTable {
            header: [
                language.pick("vraag", "question"),
                language.pick("verschil in punten", "difference in points"),
                language.pick("in standaardafwijkingen", "in standard deviations"),
                "χ²",
                "p",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: rest
                .iter()
                .map(|p| {
                    vec![
                        p.item.clone(),
                        language.stat(p.smd, 2),
                        language.stat(p.effect, 2),
                        language.stat(p.chi_square, 2),
                        language.stat(p.p, 3),
                    ]
                })
                .collect(),
        };
        body.push_str(&table.html(language.pick(
            "Gemiddeld verschil bij gelijke totaalscore; negatief is nadelig voor de focusgroep (Mantel).",
            "Mean difference at equal totals; negative is to the disadvantage of the focal group (Mantel).",
        )));
    }
    page(&title, &body, language)
}

fn advice(body: &mut String, found: &MantelHaenszel, language: Language) {
    let items = found.purified.as_ref().unwrap_or(&found.items);
    let _ = write!(
        body,
        "<h2>{}</h2>",
        language.pick("Kijk eerst naar deze vragen", "Look at these questions first")
    );
    let mut heavy: Vec<_> = items
        .iter()
        .filter_map(|i| Some((i.class.filter(|c| *c != DifClass::A)?, i.delta.value()?, i)))
        .collect();
    heavy.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    if heavy.is_empty() {
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
    for (class, delta, item) in heavy {
        let harder = if delta < 0.0 { &found.focal } else { &found.reference };
        let (large, class_words) = match class {
            DifClass::C => (true, language.pick("C: groot verschil", "C: large difference")),
            _ => (false, language.pick("B: middelmatig verschil", "B: moderate difference")),
        };
        let delta = language.number(delta, 2);
        let (finding, action, rule) = match language {
            Language::Nl => (
                format!("Bij gelijke totaalscore moeilijker voor {harder} (Δ {delta})."),
                if large {
                    "Laat iemand uit die groep de vraag lezen: vraagt zij iets anders dan bedoeld (taal, context, ervaring)? Zo ja, laat de vraag vervallen of vervang haar."
                } else {
                    "Lees de vraag na op taal, context en ervaring die niet voor iedereen gelijk zijn."
                },
                "B: |Δ| is ten minste 1 en het verschil is significant (5 %). C: |Δ| is ten minste 1,5 en aantoonbaar groter dan 1.",
            ),
            Language::En => (
                format!("Harder for {harder} at equal totals (Δ {delta})."),
                if large {
                    "Have somebody of that group read the question: does it ask for something else than intended (language, setting, experience)? If so, drop or replace it."
                } else {
                    "Read the question again for language, setting and experience that are not the same for everybody."
                },
                "B: |Δ| is at least 1 and the difference is significant (5 %). C: |Δ| is at least 1.5 and demonstrably above 1.",
            ),
        };
        let _ = write!(
            body,
            "<section class=\"card\"><div class=\"head\"><h3>{} {}</h3><span class=\"{}\">{}</span></div><div class=\"advice\"><p>{} <strong>{}</strong></p><p class=\"rule\">{}: {}</p></div></section>",
            language.pick("Vraag", "Question"),
            escape(&item.item),
            if large { "chip serious" } else { "chip" },
            class_words,
            escape(&finding),
            action,
            language.pick("Regel", "Rule"),
            rule
        );
    }
}
