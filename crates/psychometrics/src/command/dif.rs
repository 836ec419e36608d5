//! `dif DATA.csv --group COLUMN`

use super::{Read, json, language_of, load, say, write_page};
use crate::dif::{MantelHaenszel, Members, PolytomousDif, mantel_haenszel, polytomous, undefined};
use crate::item::advise::Thresholds;
use crate::number::Stat;
use crate::number::stat::Undefined;
use crate::report::{Language, dif_page};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

#[derive(Serialize)]
struct Found {
    mantel_haenszel: MantelHaenszel,
    polytomous: Vec<PolytomousDif>,
    advice: Option<String>,
    undefined: Vec<Undefined>,
}

fn few(total: usize, smallest: usize, limit: i64, language: Language) -> String {
    match language {
        Language::Nl => format!(
            "{total} kandidaten, waarvan {smallest} in de kleinste groep: te weinig voor conclusies over losse vragen (vanaf {limit})."
        ),
        Language::En => format!(
            "{total} persons, {smallest} in the smaller group: too few for conclusions about single items (from {limit} on)."
        ),
    }
}

pub(super) fn run(
    data: &Path,
    (group, focal): (&str, Option<&str>),
    key: Option<&Path>,
    (as_json, page): (bool, Option<(&Path, &str)>),
    out: &mut dyn Write,
) -> Result<bool, String> {
    let table = load(data, &Read { key, labels: &[group.to_owned()], ..Read::default() })?;
    let members = Members::of(&table, group, focal).map_err(|e| e.to_string())?;
    let result = mantel_haenszel(&table, &members, true);
    let limit = Thresholds::default().dif_from;
    let smallest = result.focal_n.min(result.reference_n);
    let total = result.focal_n + result.reference_n;
    let advice = ((total as i64) < limit || smallest < 50).then(|| few(total, smallest, limit, Language::En));
    let polytomous = polytomous(&table, &members);
    let found =
        Found { undefined: undefined(&result, &polytomous), polytomous, mantel_haenszel: result, advice };
    if let Some((html, code)) = page {
        let language = language_of(code)?;
        let name = data.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let note = found.advice.as_ref().map(|_| few(total, smallest, limit, language));
        let page = dif_page(name, &found.mantel_haenszel, &found.polytomous, note.as_deref(), language);
        write_page(html, &page)?;
    }
    if as_json {
        json(out, &found)?;
    }
    if as_json || page.is_some() {
        return Ok(true);
    }
    let show = |s: Stat| s.value().map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
    let mh = &found.mantel_haenszel;
    say(
        out,
        &format!("focal {} ({}), reference {} ({})", mh.focal, mh.focal_n, mh.reference, mh.reference_n),
    )?;
    if let Some(advice) = &found.advice {
        say(out, advice)?;
    }
    say(out, &format!("{:<20} {:>8} {:>8} {:>8} {:>8}  class", "item", "alpha", "delta", "chi2", "p"))?;
    for i in mh.purified.as_ref().unwrap_or(&mh.items) {
        let class = i.class.map_or_else(|| "-".to_owned(), |c| format!("{c:?}"));
        say(
            out,
            &format!(
                "{:<20} {:>8} {:>8} {:>8} {:>8}  {class}",
                i.item,
                show(i.alpha),
                show(i.delta),
                show(i.chi_square),
                show(i.p)
            ),
        )?;
    }
    for i in found.polytomous.iter().filter(|i| mh.skipped.contains(&i.item)) {
        say(
            out,
            &format!(
                "{:<20} mean difference {} chi2 {} p {}",
                i.item,
                show(i.smd),
                show(i.chi_square),
                show(i.p)
            ),
        )?;
    }
    Ok(true)
}
