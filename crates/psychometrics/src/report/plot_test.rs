//! Plots of the test as a whole: scores with the cut, and what each cut would do.

use super::language::Language;
use super::picture::{Canvas, Column, DataTable, Picture, ticks};
use crate::cut::WhatIf;
use crate::item::TestStatistics;
use crate::item::analyse::Frequency;

/// How many candidates got each score, with the cut.
#[must_use]
pub fn score_distribution(test: &TestStatistics, language: Language) -> Picture {
    let max = test.max_possible.max(test.max.unwrap_or(0)) as f64;
    let highest = test.distribution.iter().map(|f| f.n).max().unwrap_or(1).max(1) as f64;
    let mut c = Canvas::new(300.0, (-0.5, max + 0.5), (0.0, highest * 1.08), 56.0, 20.0);
    let y: Vec<(f64, String)> = ticks(0.0, highest, 4.0)
        .into_iter()
        .filter(|t| t.fract() == 0.0)
        .map(|t| (t, language.number(t, 0)))
        .collect();
    c.y_axis(&y, language.pick("kandidaten", "candidates"));
    for f in test.distribution.iter().filter(|f| f.n > 0) {
        let x = f.score as f64;
        c.rect("bar", (x - 0.42, 0.0), (x + 0.42, f.n as f64));
    }
    let x: Vec<(f64, String)> =
        ticks(0.0, max, 8.0).into_iter().map(|t| (t, language.number(t, 0))).collect();
    c.x_axis(&x, language.pick("score", "score"));
    if let Some(cut) = test.cut {
        let at = cut as f64 - 0.5;
        c.line("warn", (at, 0.0), (at, highest * 1.08));
        let words = format!("{} {cut}", language.pick("cesuur: geslaagd vanaf", "cut: pass from"));
        let (anchor, shift) = if at > max * 0.6 { ("end", -6.0) } else { ("start", 6.0) };
        c.text("warntext", (at, highest * 1.08), (shift, 12.0), anchor, &words);
    }
    let mean = language.stat(test.mean, 1);
    let sd = language.stat(test.sd, 1);
    let mut description = match language {
        Language::Nl => format!(
            "{} kandidaten, gemiddeld {mean} van {} punten, standaardafwijking {sd}.",
            test.n, test.max_possible
        ),
        Language::En => format!(
            "{} candidates, mean {mean} of {} points, standard deviation {sd}.",
            test.n, test.max_possible
        ),
    };
    if let (Some(cut), Some(rate)) = (test.cut, test.pass_rate.value()) {
        description += &match language {
            Language::Nl => format!(" Bij cesuur {cut} slaagt {}.", language.percent(rate)),
            Language::En => format!(" With cut {cut}, {} pass.", language.percent(rate)),
        };
    }
    let columns: [Column<Frequency>; 2] = [
        ("score", "score", |f, _| f.score.to_string()),
        ("kandidaten", "candidates", |f, _| f.n.to_string()),
    ];
    let table = DataTable::of(&test.distribution, &columns, language);
    c.finish(language.pick("Verdeling van de scores", "Distribution of scores"), &description, table)
}

/// The pass rate for every cut, with the share expected to be misjudged; `groups` names the groups of the
/// table.
#[must_use]
pub fn pass_rates(table: &[WhatIf], groups: &[String], chosen: Option<u64>, language: Language) -> Picture {
    let max = table.last().map_or(1.0, |w| w.cut as f64);
    let mut c = Canvas::new(300.0, (0.0, max), (0.0, 1.0), 56.0, 208.0);
    let y: Vec<(f64, String)> = [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| (t, language.percent(t))).to_vec();
    c.y_axis(&y, language.pick("deel van de kandidaten", "share of candidates"));
    let x: Vec<(f64, String)> =
        ticks(0.0, max, 8.0).into_iter().map(|t| (t, language.number(t, 0))).collect();
    c.x_axis(&x, language.pick("cesuur (laagste voldoende score)", "cut (lowest passing score)"));
    let passes: Vec<(f64, f64)> = table.iter().map(|w| (w.cut as f64, w.pass_rate)).collect();
    let wrong: Vec<(f64, f64)> = table.iter().map(|w| (w.cut as f64, w.false_pass + w.false_fail)).collect();
    c.path("main", "", &passes);
    c.path("other", "6 4", &wrong);
    // Both lines end low at the right: what they are stands beside the picture.
    c.sample("main", "", 0, &[language.pick("slaagt", "pass")]);
    let misjudged = match language {
        Language::Nl => ["naar verwachting", "verkeerd beoordeeld"],
        Language::En => ["expected to be", "misjudged"],
    };
    c.sample("other", "6 4", 1, &misjudged);
    if let Some(cut) = chosen {
        c.line("warn", (cut as f64, 0.0), (cut as f64, 1.0));
        c.text(
            "warntext",
            (cut as f64, 1.0),
            (0.0, -6.0),
            "middle",
            &format!("{} {cut}", language.pick("cesuur", "cut")),
        );
    }
    let description = language
        .pick(
            "Hoe hoger de cesuur, hoe minder kandidaten slagen. De streepjeslijn geeft het deel dat door meetfouten aan de verkeerde kant terechtkomt.",
            "The higher the cut, the fewer pass. The dashed line is the share that measurement error puts on the wrong side.",
        )
        .to_owned();
    let columns: [Column<WhatIf>; 5] = [
        ("cesuur", "cut", |w, _| w.cut.to_string()),
        ("slaagt", "pass", |w, l| l.percent(w.pass_rate)),
        ("binnen één meetfout", "within one SEM", |w, _| w.within_sem.to_string()),
        ("ten onrechte geslaagd", "false pass", |w, l| l.percent(w.false_pass)),
        ("ten onrechte gezakt", "false fail", |w, l| l.percent(w.false_fail)),
    ];
    let mut data = DataTable::of(table, &columns, language);
    data.header.extend(groups.iter().map(|g| format!("{} {g}", language.pick("slaagt uit", "pass of"))));
    for (row, w) in data.rows.iter_mut().zip(table) {
        let by_group = w.by_group.iter();
        row.extend(by_group.map(|g| g.map_or_else(|| "–".to_owned(), |v| language.percent(v))));
    }
    c.finish(language.pick("Wat doet welke cesuur", "What each cut would do"), &description, data)
}
