//! Response sets scored per CPU second, over the mix of all indexed cases.
//! `cargo bench -p regie-qti --bench score` beside a checkout of the shared samples.

#![allow(clippy::indexing_slicing, reason = "JSON by name gives null when it is not there")]

use regie_qti::import::import_item;
use regie_qti::item::Item;
use regie_qti::score::{Engine, Responses, Scratch, Session};
use serde_json::Value as Json;
use std::hint::black_box;
use std::path::Path;

/// Nanoseconds this thread has spent on a processor, not waiting for one.
fn cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// An item with its sessions, parsed answers, and the same answers as text.
type Loaded = (Item, Vec<(Session, Responses, String)>);

fn load(folder: &Path) -> Vec<Loaded> {
    let engine = Engine::new();
    let mut items = Vec::new();
    for version in ["2.x", "3.0"] {
        let index: Json = match std::fs::read(folder.join(version).join("index.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(_) => continue,
        };
        for entry in index["files"].as_array().into_iter().flatten() {
            let (Some(file), Some(cases)) = (entry["file"].as_str(), entry["cases"].as_array()) else {
                continue;
            };
            let Ok(bytes) = std::fs::read(folder.join(version).join(file)) else { continue };
            let Ok((item, _)) = import_item(&bytes, file) else { continue };
            let sets = cases
                .iter()
                .filter_map(|case| {
                    let responses = Responses::from_json(&case["responses"]).ok()?;
                    let (session, _) =
                        Session::start(&engine, &item, case["seed"].as_u64().unwrap_or(0), &[]);
                    Some((session, responses, case["responses"].to_string()))
                })
                .collect();
            items.push((item, sets));
        }
    }
    items
}

fn main() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti"));
    let items = load(folder);
    let sets: usize = items.iter().map(|(_, sets)| sets.len()).sum();
    if sets == 0 {
        println!("the shared samples are not beside this checkout; nothing was measured");
        return;
    }
    let engine = Engine::new();
    let mut scratch = Scratch::new();
    let score = |rounds: usize, scratch: &mut Scratch| {
        let start = cpu();
        for _ in 0..rounds {
            for (item, sets) in &items {
                for (session, responses, _) in sets {
                    if let Ok(scored) = engine.score(item, session, responses, scratch) {
                        black_box(scored.at(0));
                    }
                }
            }
        }
        (rounds * sets) as f64 * 1e9 / (cpu() - start).max(1) as f64
    };
    score(20, &mut scratch);
    let mut best: f64 = 0.0;
    for _ in 0..5 {
        let rate = score(200, &mut scratch);
        println!("{:>10.0} response sets per CPU second (parsed answers in, all outcomes ready)", rate);
        best = best.max(rate);
    }
    let start = cpu();
    let rounds = 100;
    for _ in 0..rounds {
        for (item, sets) in &items {
            for (session, _, text) in sets {
                let json: Json = serde_json::from_str(text).unwrap_or_default();
                let responses = Responses::from_json(&json).unwrap_or_default();
                if let Ok(scored) = engine.score(item, session, &responses, &mut scratch) {
                    for (name, value) in scored.outcomes() {
                        black_box((name, regie_qti::value::Value::from(value).json()));
                    }
                }
            }
        }
    }
    let rate = (rounds * sets) as f64 * 1e9 / (cpu() - start).max(1) as f64;
    println!("{rate:>10.0} with answers read from JSON and outcomes written to JSON");
    println!("best {best:.0} over {sets} response sets of {} items", items.len());
}
