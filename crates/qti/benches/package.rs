//! Importing a package of 500 items, and rendering an item; CPU time and peak memory.
//! `cargo bench -p regie-qti --bench package`

use regie_qti::author::{Ask, Block, Choice, Draft, Question, build};
use regie_qti::import::{Document, Source, import};
use regie_qti::item::Item;
use regie_qti::package::{Archive, ArchiveLimits, Package, import_package, write_package};
use regie_qti::render::{Lang, State, prepare, render};
use regie_qti::score::Engine;
use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;
use std::time::Instant;

/// Nanoseconds this thread has spent on a processor, not waiting for one.
fn cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Peak memory in megabytes.
fn peak() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn samples() -> Vec<(String, Item)> {
    fn walk(folder: &Path, items: &mut Vec<(String, Item)>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, items);
            } else if let Ok(bytes) = std::fs::read(&path) {
                let name = path.to_string_lossy().into_owned();
                if let Ok(Document::Item(item)) = import(&bytes, &mut Source::alone(&name)) {
                    items.push((name, *item));
                }
            }
        }
    }
    let mut items = Vec::new();
    walk(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti")), &mut items);
    items
}

/// A made item, for checkouts without samples.
fn made(n: usize) -> Option<Item> {
    let choice = |text: &str, right| Choice { text: format!("{text} {n}"), right, fixed: false };
    let ask = Ask::Choice {
        choices: vec![choice("een", true), choice("twee", false)],
        multiple: false,
        shuffle: true,
    };
    let question = Question { prompt: format!("Vraag {n}?"), points: 1.0, partial: false, ask };
    let blocks = vec![Block::Text("<p>Lees.</p>".repeat(20)), Block::Question(question)];
    build(&Draft { identifier: format!("q{n}"), title: format!("Vraag {n}"), language: "nl".into(), blocks })
        .ok()
}

fn main() {
    let mut items = samples();
    if items.is_empty() {
        items = (0..100).filter_map(|n| Some((format!("q{n}"), made(n)?))).collect();
    }
    let state = State::default();
    let engine = Engine::new();
    let draw = |item: &Item| {
        if let Ok(prepared) = prepare(&engine, item, &[], &state, Lang::Nl) {
            black_box(render(&prepared.copy, &prepared.responses, &prepared.options));
        }
    };
    // The kernel's account is coarse, so the average is taken over many rounds; the slowest by its best time.
    let rounds = 40;
    let start = cpu();
    for _ in 0..rounds {
        items.iter().for_each(|(_, item)| draw(item));
    }
    let average = (cpu() - start) as f64 / 1e3 / (rounds * items.len()) as f64;
    let best = |item: &Item| {
        let times = (0..15).map(|_| {
            let start = Instant::now();
            draw(item);
            start.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let mut times: Vec<_> = items.iter().map(|(name, item)| (best(item), name)).collect();
    times.sort();
    if let (Some((slowest, name)), Some((near, _))) = (times.last(), times.get(times.len() * 99 / 100)) {
        println!(
            "rendering: {average:.1} µs CPU per item on average over {}; 99 of 100 within {} µs, slowest {} µs ({name})",
            items.len(),
            near.as_micros(),
            slowest.as_micros()
        );
    }

    let mut package = Package::default();
    for n in 0..500 {
        if let Some((_, item)) = items.get(n % items.len()) {
            package.items.push((format!("items/{n}.xml"), item.clone()));
        }
    }
    drop(items);
    struct Nothing;
    impl regie_qti::import::Files for Nothing {
        fn open(&self, _: &str) -> Option<Vec<u8>> {
            None
        }
    }
    let Ok(out) = write_package(&package, &Nothing, Cursor::new(Vec::new())) else { return };
    let bytes = out.into_inner();
    drop(package);
    println!("package: {} kB packed, peak before import {} MB", bytes.len() / 1024, peak());
    let start = cpu();
    let Ok(archive) = Archive::open(Cursor::new(bytes), ArchiveLimits::default()) else { return };
    let package = import_package(&archive);
    println!(
        "import: {} items in {:.0} ms CPU, peak {} MB",
        package.items.len(),
        (cpu() - start) as f64 / 1e6,
        peak()
    );
}
