//! `golden DIR`

use super::{json, say};
use crate::golden::{EXCLUSIONS, compare};
use std::io::Write;
use std::path::Path;

pub(super) fn run(dir: &Path, as_json: bool, out: &mut dyn Write) -> Result<bool, String> {
    let c = compare(dir).map_err(|e| e.to_string())?;
    if as_json {
        json(out, &c)?;
        return Ok(c.passed());
    }
    say(out, &format!("{:<58} {:>8} {:>8} {:>12}  tolerance", "statistic", "compared", "within", "largest"))?;
    for (name, line) in &c.statistics {
        say(
            out,
            &format!(
                "{name:<58} {:>8} {:>8} {:>12.3e}  {}",
                line.compared, line.within, line.largest, line.tolerance
            ),
        )?;
    }
    say(out, "")?;
    say(out, &format!("{:<32} {:>8} {:>8} {:>8}", "file", "numbers", "compared", "within"))?;
    for (name, (numbers, compared, within)) in &c.files {
        say(out, &format!("{name:<32} {numbers:>8} {compared:>8} {within:>8}"))?;
    }
    say(out, "")?;
    say(out, "excluded, with the reason:")?;
    for exclusion in EXCLUSIONS {
        if let Some(count) = c.excluded.get(exclusion.reason) {
            say(out, &format!("{count:>8}  {}: {}", exclusion.parts.join("…"), exclusion.reason))?;
        }
    }
    if !c.misses.is_empty() {
        say(out, "")?;
        say(out, "fallen out:")?;
        for miss in c.misses.iter().take(200) {
            say(
                out,
                &format!(
                    "  {} {}: golden {}, ours {} ({})",
                    miss.file, miss.path, miss.golden, miss.ours, miss.why
                ),
            )?;
        }
        if c.misses.len() > 200 {
            say(out, &format!("  … and {} more", c.misses.len() - 200))?;
        }
    }
    let excluded: usize = c.excluded.values().sum();
    let within: usize = c.statistics.values().map(|l| l.within).sum();
    say(out, "")?;
    say(
        out,
        &format!(
            "{} numbers = {} compared + {excluded} excluded{}; {within} within tolerance; {} undefined or infinite on both sides; {} fallen out",
            c.numbers,
            c.compared,
            if c.numbers == c.compared + excluded {
                String::new()
            } else {
                format!(" + {} not accounted for", c.numbers - c.compared - excluded)
            },
            c.undefined_agreed,
            c.misses.len()
        ),
    )?;
    Ok(c.passed())
}
