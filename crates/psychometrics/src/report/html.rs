//! The report of an item analysis, written for the teacher who made the test.

use super::advice::{advise, caution};
use super::language::{Language, escape};
use super::page::page;
use super::plot_item::characteristic;
use super::plot_scale::{information, person_item_map};
use super::plot_test::score_distribution;
use super::section;
use super::whole::{BookletReport, TestReport};
use crate::item::advise::Thresholds;
use crate::item::analyse::{Analysis, ItemStatistics};
use crate::number::Stat;
use crate::rasch::Calibration;
use crate::rasch::ability::{Method, Model, ability_table};
use crate::table::score::Neutralised;
use std::fmt::Write;

/// The report of all booklets as one page. A calibration (one for the whole table, if it succeeded) adds
/// the precision of the test and the map of persons and items.
#[must_use]
pub fn analysis_page(
    name: &str,
    report: &TestReport,
    calibration: Option<&Calibration>,
    language: Language,
) -> String {
    let mut body = String::new();
    let title = format!("{} {name}", language.pick("Toetsanalyse", "Test analysis"));
    let _ = write!(body, "<h1>{}</h1>", escape(&title));
    remarks(&mut body, report, language);
    for one in &report.booklets {
        if report.booklets.len() > 1 {
            let name = escape(&one.analysis.booklet);
            let _ = write!(body, "<h2>{} {name}</h2>", language.pick("Boekje", "Booklet"));
        }
        booklet(&mut body, one, calibration, &report.limits, language);
    }
    words(&mut body, language);
    page(&title, &body, language)
}

/// What was done to the answers before the analysis.
fn remarks(body: &mut String, report: &TestReport, language: Language) {
    let mut list = Vec::new();
    if report.repeated_rows > 0 {
        list.push(match language {
            Language::Nl => {
                format!("{} latere pogingen van dezelfde kandidaat tellen niet mee.", report.repeated_rows)
            }
            Language::En => {
                format!("{} later attempts by the same candidate do not count.", report.repeated_rows)
            }
        });
    }
    for (item, how) in &report.neutralised {
        list.push(match (language, how) {
            (Language::Nl, Neutralised::Dropped) => {
                format!("Vraag {item} is vervallen en telt niet mee in score en maximum.")
            }
            (Language::Nl, Neutralised::FullMarks) => {
                format!("Vraag {item} is voor iedereen goed gerekend.")
            }
            (Language::En, Neutralised::Dropped) => {
                format!("Question {item} was dropped and counts neither in scores nor in the maximum.")
            }
            (Language::En, Neutralised::FullMarks) => {
                format!("Question {item} was marked right for everybody.")
            }
        });
    }
    for text in list {
        let _ = write!(
            body,
            "<p class=\"card\"><span class=\"chip\">{}</span> {}</p>",
            language.pick("Let op", "Note"),
            escape(&text)
        );
    }
}

fn booklet(
    body: &mut String,
    b: &BookletReport,
    calibration: Option<&Calibration>,
    limits: &Thresholds,
    language: Language,
) {
    let a = &b.analysis;
    if a.test.n < limits.hide_below {
        let text = match language {
            Language::Nl => format!(
                "Er zijn {} kandidaten. Onder {} tonen we geen resultaten, omdat ze dan herleidbaar zijn tot personen.",
                a.test.n, limits.hide_below
            ),
            Language::En => format!(
                "There are {} candidates. Below {} no results are shown, because they could be traced to persons.",
                a.test.n, limits.hide_below
            ),
        };
        let _ = write!(body, "<p class=\"card\">{text}</p>");
        return;
    }
    summary(body, a, limits, language);
    attention(body, a, limits, language);
    let table = language.pick("Toon de getallen als tabel", "Show the numbers as a table");
    let _ = write!(body, "<h2>{}</h2>", language.pick("Scores", "Scores"));
    body.push_str(&score_distribution(&a.test, language).html(table));
    section::consequences(body, b, table, language);
    section::tables(body, b, language);
    if let Some(calibration) = calibration {
        scale(body, a, calibration, table, language);
    }
    all_items(body, a, limits, language);
    section::coefficients(body, b, language);
}

fn summary(body: &mut String, a: &Analysis, limits: &Thresholds, language: Language) {
    let t = &a.test;
    let reliability = match t.lambda2 {
        Stat::Known(v) if v >= 0.8 => {
            language.pick("goed voor een beslissing over personen", "good enough for decisions about persons")
        }
        Stat::Known(v) if v >= 0.7 => {
            language.pick("redelijk: wees voorzichtig bij de cesuur", "fair: be careful near the cut")
        }
        Stat::Known(_) => language.pick(
            "laag: één toets is te weinig om op te beslissen",
            "low: this test alone is too little to decide on",
        ),
        Stat::Undefined(reason) => language.reason(reason),
    };
    let mut facts = vec![
        (
            language.pick("Kandidaten", "Candidates").to_owned(),
            t.n.to_string(),
            format!("{} {}", t.k, language.pick("vragen", "questions")),
        ),
        (
            language.pick("Gemiddelde score", "Mean score").to_owned(),
            language.stat(t.mean, 1),
            format!(
                "{} {} {}",
                language.pick("van", "of"),
                t.max_possible,
                language.pick("punten", "points")
            ),
        ),
        (
            language.pick("Betrouwbaarheid (λ₂)", "Reliability (λ₂)").to_owned(),
            language.stat(t.lambda2, 2),
            reliability.to_owned(),
        ),
        (
            language.pick("Meetfout", "Measurement error").to_owned(),
            format!("± {}", language.stat(t.sem, 1)),
            language.pick("punten rond iemands score", "points around a score").to_owned(),
        ),
    ];
    if let (Some(cut), Stat::Known(rate)) = (t.cut, t.pass_rate) {
        facts.push((
            language.pick("Geslaagd", "Pass").to_owned(),
            language.percent(rate),
            format!("{} {cut}", language.pick("vanaf score", "from score")),
        ));
    }
    body.push_str("<dl class=\"facts\">");
    for (name, value, more) in facts {
        let _ = write!(
            body,
            "<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>",
            escape(&name),
            escape(&value),
            escape(&more)
        );
    }
    body.push_str("</dl>");
    if let Some(text) = caution(t, limits, language) {
        let _ = write!(
            body,
            "<p class=\"card\"><span class=\"chip\">{}</span> {}</p>",
            language.pick("Let op", "Note"),
            escape(&text)
        );
    }
}

fn attention(body: &mut String, a: &Analysis, limits: &Thresholds, language: Language) {
    let (mut serious, mut minor): (Vec<&ItemStatistics>, Vec<&ItemStatistics>) =
        a.items.iter().filter(|i| !i.flags.is_empty()).partition(|i| i.flags.iter().any(|f| f.is_serious()));
    // The strongest evidence first.
    serious.sort_by_key(|i| std::cmp::Reverse(i.flags.iter().filter(|f| f.is_serious()).count()));
    minor.retain(|i| i.flags.iter().any(|f| !matches!(f, crate::item::advise::Flag::IdleOptions { .. })));
    let _ = write!(
        body,
        "<h2>{}</h2>",
        language.pick("Kijk eerst naar deze vragen", "Look at these questions first")
    );
    if serious.is_empty() {
        let _ = write!(
            body,
            "<p class=\"card\"><span class=\"chip ok\">{}</span> {}</p>",
            language.pick("In orde", "Fine"),
            language.pick(
                "Geen vraag die vóór de uitslag gecontroleerd moet worden.",
                "No question needs checking before the results go out."
            )
        );
    }
    let table = language.pick("Toon de getallen als tabel", "Show the numbers as a table");
    for item in serious {
        card(body, item, limits, language);
        if !item.curve.is_empty() {
            body.push_str(&characteristic(item, language).html(table));
        }
        body.push_str("</section>");
    }
    if !minor.is_empty() {
        let _ = write!(body, "<h2>{}</h2>", language.pick("Voor een volgende keer", "For next time"));
        for item in minor {
            card(body, item, limits, language);
            body.push_str("</section>");
        }
    }
}

fn card(body: &mut String, item: &ItemStatistics, limits: &Thresholds, language: Language) {
    let id = escape(&item.id);
    let _ = write!(
        body,
        "<section class=\"card\" id=\"q-{id}\"><div class=\"head\"><h3>{} {id}</h3>",
        language.pick("Vraag", "Question")
    );
    let list = advise(item, limits, language);
    for advice in &list {
        let class = if advice.serious { "chip serious" } else { "chip" };
        let _ = write!(body, "<span class=\"{class}\">{}</span>", escape(&advice.name));
    }
    body.push_str("</div>");
    let _ = write!(
        body,
        "<p class=\"soft\">{} {} · Rir {} · Rit {}</p>",
        language.pick("p-waarde", "p"),
        language.stat(item.p, 2),
        language.stat(item.rir, 2),
        language.stat(item.rit, 2)
    );
    for advice in list {
        let _ = write!(
            body,
            "<div class=\"advice\"><p>{} <strong>{}</strong></p><p class=\"rule\">{}: {}</p></div>",
            escape(&advice.finding),
            escape(&advice.action),
            language.pick("Regel", "Rule"),
            escape(&advice.rule)
        );
    }
}

fn scale(body: &mut String, a: &Analysis, calibration: &Calibration, table: &str, language: Language) {
    let names: Vec<String> = a.items.iter().map(|i| i.id.clone()).collect();
    let model = Model::of(calibration, &names);
    if model.items.len() < 2 {
        return;
    }
    let abilities = ability_table(&model, Method::Wle);
    let theta_of = |score: u64| abilities.iter().find(|x| x.score == score).and_then(|x| x.theta);
    let persons: Vec<(f64, f64)> = a
        .test
        .distribution
        .iter()
        .filter(|f| f.n > 0)
        .filter_map(|f| Some((theta_of(f.score)?, f.n as f64)))
        .collect();
    let _ = write!(body, "<h2>{}</h2>", language.pick("Op één schaal (Rasch)", "On one scale (Rasch)"));
    body.push_str(&information(&model, a.test.cut.and_then(theta_of), language).html(table));
    body.push_str(&person_item_map(&persons, calibration, language).html(table));
}

fn all_items(body: &mut String, a: &Analysis, limits: &Thresholds, language: Language) {
    let _ = write!(
        body,
        "<h2>{}</h2><div class=\"scroll\" tabindex=\"0\"><table><caption><span>{}</span></caption><thead><tr>",
        language.pick("Alle vragen", "All questions"),
        language.pick(
            "Een streepje betekent: bestaat hier niet. De reden staat onder de tabel.",
            "A dash means: does not exist here. The reason stands under the table."
        )
    );
    for name in [
        language.pick("vraag", "question"),
        language.pick("max.", "max."),
        language.pick("p-waarde", "p"),
        "Rit",
        "Rir",
        "D",
        language.pick("α zonder", "α without"),
        language.pick("open", "blank"),
    ] {
        let _ = write!(body, "<th scope=\"col\">{name}</th>");
    }
    let remark = language.pick("opmerking", "remark");
    let _ = write!(body, "<th scope=\"col\" class=\"words\">{remark}</th></tr></thead><tbody>");
    for i in &a.items {
        let remarks: Vec<String> = advise(i, limits, language).into_iter().map(|x| x.name).collect();
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"words\">{}</td></tr>",
            escape(&i.id),
            i.max,
            language.stat(i.p, 2),
            language.stat(i.rit, 2),
            language.stat(i.rir, 2),
            language.stat(i.d_index, 2),
            language.stat(i.alpha_if_dropped, 3),
            i.omitted + i.not_reached,
            escape(&remarks.join("; "))
        );
    }
    body.push_str("</tbody></table></div>");
    let shown: Vec<_> =
        a.undefined.iter().filter(|u| u.statistic != "kr21" && !u.place.contains(" option ")).collect();
    if !shown.is_empty() {
        let _ = write!(
            body,
            "<details><summary>{}</summary><ul>",
            language.pick("Wat er niet is, en waarom", "What does not exist, and why")
        );
        for u in shown {
            let _ = write!(
                body,
                "<li>{}: {} – {}</li>",
                escape(&u.place),
                escape(u.statistic),
                escape(language.reason(u.reason))
            );
        }
        body.push_str("</ul></details>");
    }
}

fn words(body: &mut String, language: Language) {
    let list: [(&str, &str); 5] = match language {
        Language::Nl => [
            (
                "p-waarde",
                "Het gemiddelde deel van de punten dat kandidaten halen. 1 is: iedereen alles goed.",
            ),
            (
                "Rit en Rir",
                "De samenhang van de vraag met de totaalscore (Rit) en met de score op de andere vragen (Rir). Hoger is beter; onder 0 klopt er iets niet.",
            ),
            (
                "Rar",
                "Hetzelfde voor één antwoord: kiezen vooral goede kandidaten dit antwoord? Voor de sleutel hoort Rar positief te zijn, voor de andere antwoorden negatief.",
            ),
            ("D", "Het verschil in p-waarde tussen de beste en de zwakste groep (elk ten minste 27 %)."),
            (
                "Betrouwbaarheid (λ₂) en meetfout",
                "Hoe goed de toets dezelfde volgorde zou geven bij een tweede, gelijke toets, en hoeveel punten iemands score dan kan schommelen.",
            ),
        ],
        Language::En => [
            ("p", "The mean share of the points candidates get. 1 means: everybody has everything right."),
            (
                "Rit and Rir",
                "How the question goes together with the total score (Rit) and with the score on the other questions (Rir). Higher is better; below 0 something is wrong.",
            ),
            (
                "Rar",
                "The same for one answer: is it chosen by good candidates? It should be positive for the key and negative for the other answers.",
            ),
            ("D", "The difference in p between the best and the weakest group (at least 27 % each)."),
            (
                "Reliability (λ₂) and measurement error",
                "How well a second, equal test would give the same order, and by how many points a score can vary.",
            ),
        ],
    };
    let _ = write!(
        body,
        "<h2>{}</h2><dl class=\"words card\">",
        language.pick("Wat betekenen deze woorden", "What these words mean")
    );
    for (word, meaning) in list {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", escape(word), escape(meaning));
    }
    body.push_str("</dl>");
}
