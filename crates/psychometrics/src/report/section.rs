//! Parts of the report that stand below the questions: the cut, reliability in figures, domains, groups and
//! answer times.

use super::language::{Language, escape};
use super::picture::{Column, DataTable};
use super::plot_test::pass_rates;
use super::whole::BookletReport;
use crate::domain::{DomainProfile, GroupProfile};
use crate::item::reliability::true_score_interval;
use crate::item::time::ItemTimes;
use crate::number::Stat;
use std::fmt::Write;

fn paragraph(body: &mut String, words: &str) {
    let _ = write!(body, "<p>{}</p>", escape(words));
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

pub(super) fn share(stat: Stat, language: Language) -> String {
    stat.value().map_or_else(|| "–".to_owned(), |v| language.percent(v))
}

/// Every reliability coefficient, for who wants to know.
pub(super) fn coefficients(body: &mut String, b: &BookletReport, language: Language) {
    let t = &b.analysis.test;
    let mut rows = vec![
        ("λ₂ (Guttman)", language.stat(t.lambda2, 3)),
        ("α (Cronbach)", language.stat(t.alpha, 3)),
        (
            language.pick("α, 95 %-interval", "α, 95 % interval"),
            format!(
                "{} {} {}",
                language.stat(t.alpha_low, 3),
                language.pick("tot", "to"),
                language.stat(t.alpha_high, 3)
            ),
        ),
        ("λ₆ (Guttman)", language.stat(t.lambda6, 3)),
    ];
    if let Some(bound) = &b.greatest_lower_bound {
        let warning = if bound.biased {
            language.pick(" (te hoog: minder dan 1000 kandidaten)", " (too high: fewer than 1000 candidates)")
        } else {
            ""
        };
        rows.push((
            language.pick("grootste ondergrens", "greatest lower bound"),
            format!("{}{warning}", language.stat(bound.value, 3)),
        ));
    }
    if let Stat::Known(_) = t.alpha_at_norm {
        rows.push((
            language.pick("α bij de normlengte", "α at the norm length"),
            language.stat(t.alpha_at_norm, 3),
        ));
    }
    rows.push((language.pick("meetfout in punten", "measurement error in points"), language.stat(t.sem, 2)));
    folded(body, language.pick("Betrouwbaarheid in cijfers", "Reliability in figures"), &rows, language);
}

/// Coefficients with their values, folded away for who wants to know.
pub(super) fn folded(body: &mut String, words: &str, rows: &[(&str, String)], language: Language) {
    let columns: [Column<(&str, String)>; 2] =
        [("maat", "coefficient", |r, _| r.0.to_owned()), ("waarde", "value", |r, _| r.1.clone())];
    let table = DataTable::of(rows, &columns, language);
    let _ = write!(body, "<details><summary>{}</summary>{}</details>", escape(words), table.html(words));
}

/// A section that is one table: its heading, its columns, and under which rules it was made (Dutch, English).
struct Section<R: 'static> {
    heading: (&'static str, &'static str),
    columns: &'static [Column<R>],
    rules: (&'static str, &'static str),
}

impl<R> Section<R> {
    /// Writes the section; without rows there is nothing to say.
    fn write(&self, body: &mut String, rows: &[R], language: Language) {
        if rows.is_empty() {
            return;
        }
        let heading = language.pick(self.heading.0, self.heading.1);
        let table = DataTable::of(rows, self.columns, language);
        let caption = language.pick(self.rules.0, self.rules.1);
        let _ = write!(body, "<h2>{}</h2>{}", escape(heading), table.html(caption));
    }
}

/// The domains, groups and answer times.
pub(super) fn tables(body: &mut String, b: &BookletReport, language: Language) {
    DOMAINS.write(body, &b.domains, language);
    GROUPS.write(body, &b.group_profiles, language);
    TIMES.write(body, &b.times, language);
}

/// The domains, with the rule whether their scores may stand alone.
const DOMAINS: Section<DomainProfile> = Section {
    heading: ("Onderdelen", "Domains"),
    columns: &[
        ("onderdeel", "domain", |d, _| d.domain.clone()),
        ("vragen", "questions", |d, _| d.items.to_string()),
        ("punten", "points", |d, _| d.max.to_string()),
        ("gemiddeld", "mean", |d, l| share(d.mean_share, l)),
        ("betrouwbaarheid", "reliability", |d, l| l.stat(d.lambda2, 2)),
        ("meetfout", "error", |d, l| l.stat(d.sem, 1)),
        ("score zegt", "score says", |d, l| {
            if d.worth_showing {
                l.pick("eigen uitspraak", "stands on its own").to_owned()
            } else {
                l.pick("globale indicatie", "global indication").to_owned()
            }
        }),
    ],
    rules: (
        "Een onderdeel met minder dan vijf vragen krijgt geen betrouwbaarheid. Een eigen uitspraak mag alleen als de onderdeelscore meer zegt over het onderdeel dan de totaalscore (regel van Haberman).",
        "A domain with fewer than five questions gets no reliability. A score stands on its own only if it says more about the domain than the total does (Haberman's rule).",
    ),
};

/// Groups beside the reference group.
const GROUPS: Section<GroupProfile> = Section {
    heading: ("Groepen", "Groups"),
    columns: &[
        ("groep", "group", |g, _| g.group.clone()),
        ("onderdeel", "domain", |g, _| g.domain.clone()),
        ("kandidaten", "candidates", |g, _| g.n.to_string()),
        ("gemiddeld", "mean", |g, l| share(g.mean_share, l)),
        ("verschil in procentpunten", "difference in percentage points", |g, l| {
            l.stat(g.difference.map(|d| 100.0 * d), 1)
        }),
        ("standaardfout", "standard error", |g, l| l.stat(g.se.map(|d| 100.0 * d), 1)),
        ("effectgrootte", "effect size", |g, l| l.stat(g.effect, 2)),
    ],
    rules: (
        "Verschil met de vergelijkingsgroep. Groepen die te klein zijn om herleidbaarheid uit te sluiten ontbreken.",
        "Difference from the reference group. Groups too small to rule out tracing are left out.",
    ),
};

/// Answer times.
const TIMES: Section<ItemTimes> = Section {
    heading: ("Tijd per vraag", "Time per question"),
    columns: &[
        ("vraag", "question", |t, _| t.item.clone()),
        ("tijden", "times", |t, _| t.times.n.to_string()),
        ("10 % is sneller dan (s)", "10 % are faster than (s)", |t, l| l.stat(t.times.p10, 0)),
        ("mediaan (s)", "median (s)", |t, l| l.stat(t.times.median, 0)),
        ("10 % is trager dan (s)", "10 % are slower than (s)", |t, l| l.stat(t.times.p90, 0)),
        ("grens gokken (s)", "guessing below (s)", |t, l| l.stat(t.times.rapid_threshold, 1)),
        ("gokt snel", "guess rapidly", |t, l| share(t.times.rapid_share, l)),
        ("samenhang met score", "correlation with score", |t, l| l.stat(t.times.log_time_score, 2)),
    ],
    rules: (
        "Onder een tiende van de mediaan (ten minste 3 seconden) kan iemand de vraag niet gelezen hebben. Ontbrekende tijden tellen niet mee; pauzes zijn afgekapt op het 99e percentiel.",
        "Below a tenth of the median (at least 3 seconds) nobody can have read the question. Missing times do not count; pauses are cut at the 99th percentile.",
    ),
};
