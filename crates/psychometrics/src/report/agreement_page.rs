//! The report on markers: how far they agree, who is severe, and what a second marking would bring.

use super::language::{Language, escape};
use super::page::page;
use super::picture::{Column, DataTable};
use super::plot_scale::marker_severity;
use super::section::{folded, share};
use crate::marker::report::Agreement;
use crate::marker::{PairAgreement, Ratings};
use crate::number::Stat;
use std::fmt::Write;

/// The page.
#[must_use]
pub fn agreement_page(name: &str, found: &Agreement, ratings: &Ratings, language: Language) -> String {
    let mut body = String::new();
    let title = format!("{} {name}", language.pick("Beoordelaars", "Markers"));
    let _ = write!(body, "<h1>{}</h1>", escape(&title));
    facts(&mut body, found, language);
    severity(&mut body, found, language);
    if let Some(c) = &found.components {
        let (one, two) = (language.stat(c.reliability_one, 2), language.stat(c.reliability_two, 2));
        let text = match language {
            Language::Nl => format!(
                "Eén beoordeling heeft betrouwbaarheid {one}, het gemiddelde van twee {two}. Onder 0,70 is een tweede beoordelaar nodig voor een beslissing."
            ),
            Language::En => format!(
                "One marking has reliability {one}, the mean of two {two}. Below 0.70 a decision takes a second marker."
            ),
        };
        let _ = write!(
            body,
            "<h2>{}</h2><p>{}</p>",
            language.pick("Hoeveel beoordelaars zijn nodig", "How many markers it takes"),
            escape(&text)
        );
    }
    pairs(&mut body, found, language);
    coefficients(&mut body, found, ratings, language);
    page(&title, &body, language)
}

fn facts(body: &mut String, found: &Agreement, language: Language) {
    let weighted = |of: fn(&PairAgreement) -> Stat| {
        let known: Vec<(f64, f64)> =
            found.pairs.iter().filter_map(|p| Some((of(p).value()?, p.n as f64))).collect();
        let n: f64 = known.iter().map(|(_, n)| n).sum();
        (n > 0.0).then(|| known.iter().map(|(v, n)| v * n).sum::<f64>() / n)
    };
    let percent = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| language.percent(v));
    let list = [
        (
            language.pick("Beoordeeld", "Marked"),
            found.objects.to_string(),
            format!(
                "{} {}, {} {}",
                found.markers,
                language.pick("beoordelaars", "markers"),
                found.ratings,
                language.pick("beoordelingen", "ratings")
            ),
        ),
        (
            language.pick("Precies gelijk", "Exactly equal"),
            percent(weighted(|p| p.exact)),
            language.pick("van de dubbele beoordelingen", "of the double markings").to_owned(),
        ),
        (
            language.pick("Hoogstens één verschil", "At most one apart"),
            percent(weighted(|p| p.within_one)),
            language.pick("van de dubbele beoordelingen", "of the double markings").to_owned(),
        ),
        (
            "Krippendorff α",
            language.stat(found.krippendorff_interval, 2),
            language.pick("0 is toeval, 1 is gelijk", "0 is chance, 1 is equal").to_owned(),
        ),
    ];
    body.push_str("<dl class=\"facts\">");
    for (name, value, more) in list {
        let _ = write!(
            body,
            "<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>",
            escape(name),
            escape(&value),
            escape(&more)
        );
    }
    body.push_str("</dl>");
}

fn severity(body: &mut String, found: &Agreement, language: Language) {
    let _ = write!(body, "<h2>{}</h2>", language.pick("Streng of mild", "Severe or lenient"));
    match &found.severity {
        Ok(severity) => {
            let table = language.pick("Toon de getallen als tabel", "Show the numbers as a table");
            body.push_str(&marker_severity(severity, language).html(table));
            let apart: Vec<String> = severity
                .markers
                .iter()
                .filter(|m| m.low > 0.0 || m.high < 0.0)
                .map(|m| format!("{} ({})", m.marker, language.number(m.effect, 2)))
                .collect();
            let text = if apart.is_empty() {
                language
                    .pick("Geen beoordelaar wijkt aantoonbaar af.", "No marker demonstrably differs.")
                    .to_owned()
            } else {
                format!(
                    "{}: {}. {}",
                    language
                        .pick("Aantoonbaar anders dan gemiddeld", "Demonstrably different from the average"),
                    apart.join(", "),
                    language.pick(
                        "Bespreek samen enkele van hun beoordelingen voordat de uitslag vaststaat.",
                        "Discuss some of their markings together before the results are final."
                    )
                )
            };
            let _ = write!(body, "<p>{}</p>", escape(&text));
        }
        Err(sentence) => {
            let why = language.pick(
                "De strengheid is niet te vergelijken: beoordelaars zonder gemeenschappelijk werk, of te weinig dubbele beoordelingen.",
                "Severities cannot be compared: markers without common work, or too few double markings.",
            );
            let _ = write!(
                body,
                "<p class=\"card\"><span class=\"chip\">{}</span> {} <span lang=\"en\">{}</span></p>",
                language.pick("Let op", "Note"),
                why,
                escape(sentence)
            );
        }
    }
}

fn pairs(body: &mut String, found: &Agreement, language: Language) {
    if found.pairs.is_empty() {
        return;
    }
    let _ = write!(body, "<h2>{}</h2>", language.pick("Twee aan twee", "Pair by pair"));
    let columns: [Column<PairAgreement>; 8] = [
        ("beoordelaars", "markers", |p, _| format!("{} – {}", p.first, p.second)),
        ("samen", "both", |p, _| p.n.to_string()),
        ("gelijk", "equal", |p, l| share(p.exact, l)),
        ("hoogstens 1", "at most 1", |p, l| share(p.within_one, l)),
        ("verschil", "difference", |p, l| l.stat(p.mean_difference, 2)),
        ("κ", "κ", |p, l| l.stat(p.kappa.value, 2)),
        ("κ lineair", "κ linear", |p, l| l.stat(p.kappa_linear.value, 2)),
        ("κ kwadratisch", "κ quadratic", |p, l| l.stat(p.kappa_quadratic.value, 2)),
    ];
    let table = DataTable::of(&found.pairs, &columns, language);
    body.push_str(&table.html(language.pick(
        "κ is de overeenstemming boven toeval; lineair en kwadratisch wegen een groter verschil zwaarder. Een streepje: bestaat niet, omdat beide maar één score gaven.",
        "κ is agreement beyond chance; linear and quadratic count larger differences more. A dash: does not exist, because both gave only one score.",
    )));
}

fn coefficients(body: &mut String, found: &Agreement, ratings: &Ratings, language: Language) {
    let mut rows = vec![
        ("Fleiss κ", language.stat(found.fleiss.value, 3)),
        ("Gwet AC1", language.stat(found.gwet_ac1.value, 3)),
        ("Krippendorff α, nominal", language.stat(found.krippendorff_nominal, 3)),
        ("Krippendorff α, ordinal", language.stat(found.krippendorff_ordinal, 3)),
        ("Krippendorff α, interval", language.stat(found.krippendorff_interval, 3)),
    ];
    if let Some(icc) = &found.intra_class {
        for (name, c) in [
            ("ICC(1)", icc.one_single),
            ("ICC(A,1)", icc.agreement_single),
            ("ICC(C,1)", icc.consistency_single),
            ("ICC(1,k)", icc.one_average),
            ("ICC(A,k)", icc.agreement_average),
            ("ICC(C,k)", icc.consistency_average),
        ] {
            let interval = [c.low, c.high].map(|s| language.stat(s, 2));
            let to = language.pick("tot", "to");
            rows.push((
                name,
                format!("{} ({} {to} {})", language.stat(c.value, 3), interval[0], interval[1]),
            ));
        }
    }
    if let Some(categories) = &ratings.categories {
        rows.push((language.pick("categorieën", "categories"), categories.join(", ")));
    }
    folded(body, language.pick("Alle maten", "All coefficients"), &rows, language);
}
