//! `bench CSV [--task T]`: our side of the race, one JSON line per task.

use super::{Read, Stopwatch, load, say};
use crate::Table;
use crate::dif::{Members, mantel_haenszel};
use crate::item::Tally;
use crate::item::analyse::{Settings, analyse};
use crate::mml::{FitSettings, Model, Patterns, fit};
use crate::rasch::{Design, Missing, calibrate::calibrate};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

#[derive(Serialize)]
struct Timing<'a> {
    task: &'a str,
    n: usize,
    k: usize,
    read_s: f64,
    compute_s: f64,
    compute_cpu_s: f64,
    check: f64,
    table_bytes: usize,
    #[serde(flatten)]
    more: serde_json::Map<String, serde_json::Value>,
}

const TASKS: [&str; 6] = ["tia", "cml", "mml2pl", "mml2pl_se", "mh", "stream"];

pub(super) fn run(
    csv: &Path,
    task: Option<&str>,
    out: &mut dyn Write,
    clock: Stopwatch<'_>,
) -> Result<bool, String> {
    if let Some(task) = task.filter(|t| !TASKS.contains(t)) {
        return Err(format!("there is no task '{task}'; the tasks are {}", TASKS.join(", ")));
    }
    let before = clock();
    let table = load(csv, &Read::default())?;
    let read_s = clock().0 - before.0;
    for name in TASKS.iter().filter(|t| task.is_none_or(|wanted| wanted == **t)) {
        let mut more = serde_json::Map::new();
        let (wall, cpu) = clock();
        let check = one(name, &table, clock, &mut more)?;
        let (wall_after, cpu_after) = clock();
        let timing = Timing {
            task: name,
            n: table.persons(),
            k: table.items().len(),
            read_s,
            compute_s: wall_after - wall,
            compute_cpu_s: cpu_after - cpu,
            check,
            table_bytes: table.bytes(),
            more,
        };
        let line = serde_json::to_string(&timing).map_err(|e| e.to_string())?;
        say(out, &line)?;
    }
    Ok(true)
}

fn one(
    task: &str,
    table: &Table,
    clock: Stopwatch<'_>,
    more: &mut serde_json::Map<String, serde_json::Value>,
) -> Result<f64, String> {
    let nothing = || "the statistic is undefined on these data".to_owned();
    match task {
        // Everything of the item analysis, not only the alpha that is shown.
        "tia" => {
            analyse("all", &Tally::of(table), &Settings::default()).test.alpha.value().ok_or_else(nothing)
        }
        "cml" => {
            let c = calibrate(&Design::of(table, Missing::Wrong), &[]).map_err(|e| e.to_string())?;
            more.insert("se_first".to_owned(), c.parameters.first().map_or(0.0, |p| p.se).into());
            c.parameters.first().map(|p| p.beta).ok_or_else(nothing)
        }
        "mml2pl" | "mml2pl_se" => {
            let patterns = Patterns::of(table, Missing::Wrong)?;
            let settings =
                FitSettings { errors: task == "mml2pl_se", ..FitSettings::new(Model::TwoParameter) };
            let fitted = fit(&patterns, &settings).map_err(|e| e.to_string())?;
            more.insert("evaluations".to_owned(), fitted.evaluations.into());
            more.insert("gradient".to_owned(), fitted.gradient.into());
            Ok(fitted.log_likelihood)
        }
        "mh" => {
            // The same groups as the peer's script: alternating, every second person focal.
            let of = (0..table.persons()).map(|p| Some(p % 2 == 1)).collect();
            let members = Members { focal: "f".to_owned(), reference: "r".to_owned(), of };
            mantel_haenszel(table, &members, false)
                .items
                .first()
                .and_then(|i| i.alpha.value())
                .ok_or_else(nothing)
        }
        _ => stream(table, clock, more),
    }
}

fn stream(
    table: &Table,
    clock: Stopwatch<'_>,
    more: &mut serde_json::Map<String, serde_json::Value>,
) -> Result<f64, String> {
    use crate::number::random::Stream;
    use crate::stream::Running;
    let mut running = Running::from_table(table);
    let k = table.items().len();
    let changes = 1_000_000_usize;
    let mut random = Stream::new(1);
    // Every change is a real one: a right answer becomes wrong, a wrong one right.
    let mut turned = std::collections::HashMap::new();
    let plan: Vec<(usize, usize, u16)> = (0..changes)
        .map(|_| {
            let (person, item) = (random.below(table.persons()), random.below(k));
            let now = turned.entry((person, item)).or_insert_with(|| table.score(person, item).unwrap_or(0));
            *now = 1 - (*now).min(1);
            (person, item, *now)
        })
        .collect();
    let (start, cpu_start) = clock();
    for (person, item, score) in &plan {
        running.set(*person, *item, Some(*score));
    }
    let (updated, cpu_updated) = clock();
    let rounds = 200;
    let mut check = 0.0;
    for _ in 0..rounds {
        check = analyse("all", running.tally(), &Settings::default()).test.alpha.value().unwrap_or(0.0);
    }
    let (refreshed, cpu_refreshed) = clock();
    more.insert("update_cpu_ns".to_owned(), ((cpu_updated - cpu_start) * 1e9 / changes as f64).into());
    more.insert(
        "refresh_cpu_us".to_owned(),
        ((cpu_refreshed - cpu_updated) * 1e6 / f64::from(rounds)).into(),
    );
    more.insert("update_ns".to_owned(), ((updated - start) * 1e9 / changes as f64).into());
    more.insert("refresh_us".to_owned(), ((refreshed - updated) * 1e6 / f64::from(rounds)).into());
    let mut again = Table::clone(table);
    for (person, item, score) in plan {
        again.set_score(person, item, score);
    }
    more.insert("equals_batch".to_owned(), (Tally::of(&again) == *running.tally()).into());
    Ok(check)
}
