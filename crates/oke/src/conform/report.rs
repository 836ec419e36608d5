//! The report: for people (HTML), for programs (JSON), for builds (JUnit).

use std::fmt::Write;

use serde_json::json;

use super::case::{Outcome, Verdict};
use super::run::Report;

/// The report as one HTML page without scripts.
#[must_use]
pub fn html(report: &Report) -> String {
    let (passed, failed, skipped) = report.counts();
    let mut page = String::new();
    let verdict = if failed == 0 { "Geen regel gebroken" } else { "Er is werk te doen" };
    let _ = write!(
        page,
        "<!doctype html><html lang=\"nl\"><head><meta charset=\"utf-8\"><title>Conformiteit {role}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body><main>\
         <h1>Conformiteit OKE MBO-toetsafname 1.0.1: {role}</h1>\
         <p class=\"lead\">{verdict}: <b>{passed}</b> geslaagd, <b>{failed}</b> gezakt, <b>{skipped}</b> overgeslagen.</p>\
         <p class=\"meta\">{url} · {at}</p>",
        role = report.role.name().to_uppercase(),
        url = escape(&report.base_url),
        at = report.at,
    );
    if failed > 0 {
        page.push_str("<h2>Te herstellen</h2><ol class=\"todo\">");
        for outcome in report.outcomes.iter() {
            if let Verdict::Failed(reason) = &outcome.verdict {
                let _ = write!(
                    page,
                    "<li><a href=\"#{id}\">{id}</a> {rule}<br><span>{reason}</span></li>",
                    id = outcome.case.id,
                    rule = escape(outcome.case.nl),
                    reason = escape(reason)
                );
            }
        }
        page.push_str("</ol>");
    }
    page.push_str("<h2>Alle toetsen</h2>");
    for outcome in &report.outcomes {
        html_outcome(&mut page, outcome);
    }
    page.push_str("<h2>Wat is achtergebleven</h2><p>De standaard kent geen verwijderen; wat de suite maakte, is afgezegd.</p><ul class=\"left\">");
    for line in &report.left_behind {
        let _ = write!(page, "<li>{}</li>", escape(line));
    }
    page.push_str("</ul></main></body></html>\n");
    page
}

fn html_outcome(page: &mut String, outcome: &Outcome) {
    let (class, word, reason) = match &outcome.verdict {
        Verdict::Passed => ("passed", "geslaagd", ""),
        Verdict::Failed(reason) => ("failed", "gezakt", reason.as_str()),
        Verdict::Skipped(reason) => ("skipped", "overgeslagen", reason.as_str()),
    };
    let open = if class == "failed" { " open" } else { "" };
    let flow = outcome.case.flow.map_or_else(|| "alle flows".to_owned(), |flow| format!("flow {flow}"));
    let _ = write!(
        page,
        "<details id=\"{id}\" class=\"{class}\"{open}><summary><span class=\"badge\">{word}</span> <code>{id}</code> {nl}</summary>\
         <p class=\"meta\">{flow} · {place} · {en}</p>",
        id = outcome.case.id,
        nl = escape(outcome.case.nl),
        place = escape(outcome.case.place),
        en = escape(outcome.case.en),
    );
    if !reason.is_empty() {
        let _ = write!(page, "<p class=\"reason\">{}</p>", escape(reason));
    }
    for (number, exchange) in outcome.exchanges.iter().enumerate() {
        let status = exchange.status.map_or_else(|| "geen antwoord".to_owned(), |status| status.to_string());
        let _ = write!(
            page,
            "<h4>{}. {} {} <small>als {}</small> → {status}</h4>",
            number + 1,
            escape(&exchange.method),
            escape(&exchange.path),
            escape(&exchange.caller)
        );
        for (title, body) in [("gestuurd", &exchange.request), ("ontvangen", &exchange.answer)] {
            if let Some(body) = body {
                let text = serde_json::to_string_pretty(body).unwrap_or_default();
                let _ = write!(page, "<pre title=\"{title}\">{}</pre>", escape(&text));
            }
        }
    }
    page.push_str("</details>");
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1b2733;background:#f6f7f9;margin:0}\
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.6rem}h2{margin-top:2rem;font-size:1.2rem}\
.lead{font-size:1.15rem}.meta{color:#55636f;font-size:.9rem}details{background:#fff;border:1px solid #d9dee3;\
border-left:.4rem solid #8a97a3;border-radius:.3rem;margin:.4rem 0;padding:.5rem .8rem}details.passed{border-left-color:#1e7f4f}\
details.failed{border-left-color:#b3261e}summary{cursor:pointer}.badge{display:inline-block;min-width:6.5rem;font-size:.85rem;\
font-weight:600}.passed .badge{color:#1e7f4f}.failed .badge{color:#b3261e}.reason{font-weight:600}h4{margin:.8rem 0 .2rem;\
font-size:.95rem}pre{background:#f0f2f4;padding:.6rem;overflow:auto;max-height:22rem;font-size:.82rem}.todo span{color:#b3261e}\
@media(prefers-color-scheme:dark){body{background:#12181e;color:#e6ebf0}details{background:#1a222a;border-color:#2c3742}\
pre{background:#0f151a}.meta{color:#9fadba}a{color:#8ec5ff}}";

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    let (passed, failed, skipped) = report.counts();
    let outcomes: Vec<_> = report
        .outcomes
        .iter()
        .map(|outcome| {
            json!({
                "id": outcome.case.id, "flow": outcome.case.flow, "kind": outcome.case.kind,
                "place": outcome.case.place, "rule": { "nl": outcome.case.nl, "en": outcome.case.en },
                "outcome": outcome.verdict, "millis": outcome.millis, "exchanges": outcome.exchanges,
            })
        })
        .collect();
    let value = json!({
        "role": report.role.name(), "baseUrl": report.base_url, "at": report.at.to_string(),
        "agreement": "OKE MBO-toetsafname 1.0.1",
        "counts": { "passed": passed, "failed": failed, "skipped": skipped },
        "tests": outcomes, "leftBehind": report.left_behind,
    });
    format!("{value:#}\n")
}

/// The report as JUnit XML.
#[must_use]
pub fn junit(report: &Report) -> String {
    let (_, failed, skipped) = report.counts();
    let mut xml = String::new();
    let _ = write!(
        xml,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"oke-{}\" tests=\"{}\" failures=\"{failed}\" skipped=\"{skipped}\">\n",
        report.role,
        report.outcomes.len()
    );
    for outcome in &report.outcomes {
        let seconds = outcome.millis.max(0);
        let _ = write!(
            xml,
            "  <testcase classname=\"oke.{}.{:?}\" name=\"{} {}\" time=\"{}.{:03}\"",
            report.role,
            outcome.case.kind,
            outcome.case.id,
            escape(outcome.case.en),
            seconds / 1000,
            seconds % 1000
        );
        let _ = match &outcome.verdict {
            Verdict::Passed => writeln!(xml, "/>"),
            Verdict::Failed(reason) => writeln!(xml, "><failure message=\"{}\"/></testcase>", escape(reason)),
            Verdict::Skipped(reason) => {
                writeln!(xml, "><skipped message=\"{}\"/></testcase>", escape(reason))
            }
        };
    }
    xml.push_str("</testsuite>\n");
    xml
}

/// Text that is safe in HTML and XML, attributes included.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
