//! Parts of the report that stand below the questions: the cut, reliability in figures, domains, groups and
//! answer times.

use super::language::{Language, escape};
use super::picture::DataTable;
use super::plot_test::pass_rates;
use super::whole::BookletReport;
use crate::item::reliability::true_score_interval;
use crate::number::Stat;
use std::fmt::Write;

fn heading(body: &mut String, words: &str) {
    let _ = write!(body, "<h2>{}</h2>", escape(words));
}

fn paragraph(body: &mut String, words: &str) {
    let _ = write!(body, "<p>{}</p>", escape(words));
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// What each cut would do, and how often this one decides rightly.
pub(super) fn consequences(body: &mut String, b: &BookletReport, table: &str, language: Language) {
    if b.what_if.is_empty() {
        return;
    }
    let cut = b.analysis.test.cut;
    body.push_str(&pass_rates(&b.what_if, &b.groups, cut, language).html(table));
    let sem = b.analysis.test.sem;
    if let (Some(cut), Stat::Known(sem)) = (cut, sem) {
        let (low, high) = true_score_interval(cut as f64, sem, 0.95);
        let (low, high) = (language.number(low.max(0.0), 1), language.number(high, 1));
        paragraph(
            body,
            &match language {
                Language::Nl => format!(
                    "Wie precies de cesuur van {cut} haalt, heeft met 95 % zekerheid een werkelijke score tussen {low} en {high}."
                ),
                Language::En => format!(
                    "Somebody who scores exactly the cut of {cut} has, with 95 % confidence, a true score between {low} and {high}."
                ),
            },
        );
    }
    match &b.classification {
        Some(Ok(c)) => {
            let (right, again) = (share(c.accuracy, language), share(c.consistency, language));
            let (pass, fail) = (share(c.false_pass, language), share(c.false_fail, language));
            paragraph(
                body,
                &match language {
                    Language::Nl => format!(
                        "Bij deze cesuur valt de beslissing naar verwachting in {right} van de gevallen juist uit: {pass} slaagt ten onrechte, {fail} zakt ten onrechte. Een tweede, gelijke toets zou in {again} van de gevallen tot dezelfde beslissing leiden (Livingston en Lewis)."
                    ),
                    Language::En => format!(
                        "At this cut the decision is expected to be right in {right} of the cases: {pass} pass and {fail} fail who should not. A second, equal test would lead to the same decision in {again} of the cases (Livingston and Lewis)."
                    ),
                },
            );
        }
        Some(Err(reason)) => paragraph(
            body,
            &format!(
                "{}: {}.",
                language.pick(
                    "Hoe vaak de cesuur juist beslist is niet te zeggen",
                    "How often the cut decides rightly cannot be said"
                ),
                language.reason(*reason)
            ),
        ),
        None => {}
    }
}

fn share(stat: Stat, language: Language) -> String {
    stat.value().map_or_else(|| "–".to_owned(), |v| language.percent(v))
}

/// Every reliability coefficient, for who wants to know.
pub(super) fn coefficients(body: &mut String, b: &BookletReport, language: Language) {
    let t = &b.analysis.test;
    let mut rows = vec![
        vec!["λ₂ (Guttman)".to_owned(), language.stat(t.lambda2, 3)],
        vec!["α (Cronbach)".to_owned(), language.stat(t.alpha, 3)],
        vec![
            language.pick("α, 95 %-interval", "α, 95 % interval").to_owned(),
            format!(
                "{} {} {}",
                language.stat(t.alpha_low, 3),
                language.pick("tot", "to"),
                language.stat(t.alpha_high, 3)
            ),
        ],
        vec!["λ₆ (Guttman)".to_owned(), language.stat(t.lambda6, 3)],
    ];
    if let Some(bound) = &b.greatest_lower_bound {
        let warning = if bound.biased {
            language.pick(" (te hoog: minder dan 1000 kandidaten)", " (too high: fewer than 1000 candidates)")
        } else {
            ""
        };
        rows.push(vec![
            language.pick("grootste ondergrens", "greatest lower bound").to_owned(),
            format!("{}{warning}", language.stat(bound.value, 3)),
        ]);
    }
    if let Stat::Known(_) = t.alpha_at_norm {
        rows.push(vec![
            language.pick("α bij de normlengte", "α at the norm length").to_owned(),
            language.stat(t.alpha_at_norm, 3),
        ]);
    }
    rows.push(vec![
        language.pick("meetfout in punten", "measurement error in points").to_owned(),
        language.stat(t.sem, 2),
    ]);
    let words = language.pick("Betrouwbaarheid in cijfers", "Reliability in figures");
    let table = DataTable {
        header: header(&[language.pick("maat", "coefficient"), language.pick("waarde", "value")]),
        rows,
    };
    let _ = write!(body, "<details><summary>{}</summary>{}</details>", escape(words), table.html(words));
}

/// The domains, with the rule whether their scores may stand alone.
pub(super) fn domains(body: &mut String, b: &BookletReport, language: Language) {
    if b.domains.is_empty() {
        return;
    }
    heading(body, language.pick("Onderdelen", "Domains"));
    let rows = b
        .domains
        .iter()
        .map(|d| {
            let verdict = if d.worth_showing {
                language.pick("eigen uitspraak", "stands on its own")
            } else {
                language.pick("globale indicatie", "global indication")
            };
            vec![
                d.domain.clone(),
                d.items.to_string(),
                d.max.to_string(),
                share(d.mean_share, language),
                language.stat(d.lambda2, 2),
                language.stat(d.sem, 1),
                verdict.to_owned(),
            ]
        })
        .collect();
    let table = DataTable {
        header: header(&[
            language.pick("onderdeel", "domain"),
            language.pick("vragen", "questions"),
            language.pick("punten", "points"),
            language.pick("gemiddeld", "mean"),
            language.pick("betrouwbaarheid", "reliability"),
            language.pick("meetfout", "error"),
            language.pick("score zegt", "score says"),
        ]),
        rows,
    };
    body.push_str(&table.html(language.pick(
        "Een onderdeel met minder dan vijf vragen krijgt geen betrouwbaarheid. Een eigen uitspraak mag alleen als de onderdeelscore meer zegt over het onderdeel dan de totaalscore (regel van Haberman).",
        "A domain with fewer than five questions gets no reliability. A score stands on its own only if it says more about the domain than the total does (Haberman's rule).",
    )));
}

/// Groups beside the reference group.
pub(super) fn groups(body: &mut String, b: &BookletReport, language: Language) {
    if b.group_profiles.is_empty() {
        return;
    }
    heading(body, language.pick("Groepen", "Groups"));
    let rows = b
        .group_profiles
        .iter()
        .map(|g| {
            vec![
                g.group.clone(),
                g.domain.clone(),
                g.n.to_string(),
                share(g.mean_share, language),
                language.stat(g.difference.map(|d| 100.0 * d), 1),
                language.stat(g.se.map(|d| 100.0 * d), 1),
                language.stat(g.effect, 2),
            ]
        })
        .collect();
    let table = DataTable {
        header: header(&[
            language.pick("groep", "group"),
            language.pick("onderdeel", "domain"),
            language.pick("kandidaten", "candidates"),
            language.pick("gemiddeld", "mean"),
            language.pick("verschil in procentpunten", "difference in percentage points"),
            language.pick("standaardfout", "standard error"),
            language.pick("effectgrootte", "effect size"),
        ]),
        rows,
    };
    body.push_str(&table.html(language.pick(
        "Verschil met de vergelijkingsgroep. Groepen die te klein zijn om herleidbaarheid uit te sluiten ontbreken.",
        "Difference from the reference group. Groups too small to rule out tracing are left out.",
    )));
}

/// Answer times.
pub(super) fn times(body: &mut String, b: &BookletReport, language: Language) {
    if b.times.is_empty() {
        return;
    }
    heading(body, language.pick("Tijd per vraag", "Time per question"));
    let rows = b
        .times
        .iter()
        .map(|t| {
            vec![
                t.item.clone(),
                t.times.n.to_string(),
                language.stat(t.times.p10, 0),
                language.stat(t.times.median, 0),
                language.stat(t.times.p90, 0),
                language.stat(t.times.rapid_threshold, 1),
                share(t.times.rapid_share, language),
                language.stat(t.times.log_time_score, 2),
            ]
        })
        .collect();
    let table = DataTable {
        header: header(&[
            language.pick("vraag", "question"),
            language.pick("tijden", "times"),
            language.pick("10 % is sneller dan (s)", "10 % are faster than (s)"),
            language.pick("mediaan (s)", "median (s)"),
            language.pick("10 % is trager dan (s)", "10 % are slower than (s)"),
            language.pick("grens gokken (s)", "guessing below (s)"),
            language.pick("gokt snel", "guess rapidly"),
            language.pick("samenhang met score", "correlation with score"),
        ]),
        rows,
    };
    body.push_str(&table.html(language.pick(
        "Onder een tiende van de mediaan (ten minste 3 seconden) kan iemand de vraag niet gelezen hebben. Ontbrekende tijden tellen niet mee; pauzes zijn afgekapt op het 99e percentiel.",
        "Below a tenth of the median (at least 3 seconds) nobody can have read the question. Missing times do not count; pauses are cut at the 99th percentile.",
    )));
}
