//! `grades TABLE.json`

use super::{open, say};
use crate::grade::Conversion;
use serde::Deserialize;
use std::io::Write;
use std::path::Path;

#[derive(Deserialize)]
struct Asked {
    #[serde(flatten)]
    conversion: Conversion,
    #[serde(default = "one")]
    decimals: u32,
}

fn one() -> u32 {
    1
}

pub(super) fn run(path: &Path, out: &mut dyn Write) -> Result<bool, String> {
    let asked: Asked = serde_json::from_reader(open(path)?).map_err(|e| {
        format!(
            "{}: {e}; expected for example {{\"kind\":\"n_term\",\"length\":60,\"n\":\"0.8\"}} (kinds: n_term, kinked, guess_corrected, table)",
            path.display()
        )
    })?;
    if asked.decimals > 6 {
        return Err(format!("{} decimals are too many; use 0 to 6", asked.decimals));
    }
    let table = asked.conversion.table(asked.decimals).map_err(|e| e.to_string())?;
    let scale = 10_i64.pow(asked.decimals);
    let places = asked.decimals as usize;
    let show = |units: i64| {
        if places == 0 {
            units.to_string()
        } else {
            format!("{}.{:0places$}", units / scale, (units % scale).abs())
        }
    };
    say(out, "score,grade")?;
    for (score, units) in &table.lines {
        say(out, &format!("{score},{}", show(*units)))?;
    }
    Ok(true)
}
