//! `dif DATA.csv --group COLUMN`

use super::{json, load, say};
use crate::dif::{MantelHaenszel, Members, PolytomousDif, mantel_haenszel, polytomous};
use crate::item::advise::Thresholds;
use crate::number::Stat;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

#[derive(Serialize)]
struct Found {
    mantel_haenszel: MantelHaenszel,
    polytomous: Vec<PolytomousDif>,
    advice: Option<String>,
}

pub(super) fn run(
    data: &Path,
    group: &str,
    focal: Option<&str>,
    key: Option<&Path>,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let table = load(data, key, &[group.to_owned()])?;
    let members = Members::of(&table, group, focal).map_err(|e| e.to_string())?;
    let result = mantel_haenszel(&table, &members, true);
    let limit = Thresholds::default().dif_from;
    let smallest = result.focal_n.min(result.reference_n);
    let total = result.focal_n + result.reference_n;
    let advice = ((total as i64) < limit || smallest < 50).then(|| {
        format!("{total} persons, {smallest} in the smaller group: too few for conclusions about single items (from {limit} on)")
    });
    let found = Found { polytomous: polytomous(&table, &members), mantel_haenszel: result, advice };
    if as_json {
        json(out, &found)?;
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
