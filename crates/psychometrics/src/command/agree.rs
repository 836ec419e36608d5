//! `agreement RATINGS.csv`

use super::{json, language_of, open, say, write_page};
use crate::marker::Ratings;
use crate::marker::report::{Agreement, agreement};
use crate::number::Stat;
use crate::report::agreement_page;
use std::io::Write;
use std::path::Path;

pub(super) fn run(
    path: &Path,
    as_json: bool,
    page: Option<(&Path, &str)>,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let ratings = Ratings::read(open(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let found = agreement(&ratings);
    if let Some((html, language)) = page {
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        write_page(html, &agreement_page(name, &found, &ratings, language_of(language)?))?;
    }
    if as_json {
        json(out, &found)?;
    } else if page.is_none() {
        text(&found, out)?;
    }
    Ok(true)
}

fn text(found: &Agreement, out: &mut dyn Write) -> Result<(), String> {
    let show = |s: Stat| s.value().map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
    say(out, &format!("{} objects, {} markers, {} ratings", found.objects, found.markers, found.ratings))?;
    say(
        out,
        &format!(
            "{:<24} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8}",
            "pair", "n", "exact", "within 1", "kappa", "linear", "quadratic"
        ),
    )?;
    for p in &found.pairs {
        say(
            out,
            &format!(
                "{:<24} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8}",
                format!("{} / {}", p.first, p.second),
                p.n,
                show(p.exact),
                show(p.within_one),
                show(p.kappa.value),
                show(p.kappa_linear.value),
                show(p.kappa_quadratic.value)
            ),
        )?;
    }
    say(
        out,
        &format!(
            "Fleiss {}  Krippendorff {} / {} / {} (nominal, ordinal, interval)  Gwet AC1 {}",
            show(found.fleiss.value),
            show(found.krippendorff_nominal),
            show(found.krippendorff_ordinal),
            show(found.krippendorff_interval),
            show(found.gwet_ac1.value)
        ),
    )?;
    match &found.severity {
        Ok(s) => {
            for m in &s.markers {
                say(
                    out,
                    &format!(
                        "marker {:<16} effect {:+.3} ({:+.3} to {:+.3})",
                        m.marker, m.effect, m.low, m.high
                    ),
                )?;
            }
        }
        Err(sentence) => say(out, sentence)?,
    }
    if let Some(c) = &found.components {
        say(
            out,
            &format!(
                "reliability of one marking {}, of two {}",
                show(c.reliability_one),
                show(c.reliability_two)
            ),
        )?;
    }
    Ok(())
}
