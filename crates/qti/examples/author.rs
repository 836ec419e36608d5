//! Makes an item from typed data, says what is missing, and writes a package:
//! `cargo run -p regie-qti --example author -- OUT.zip`.

use regie_qti::author::{Ask, Block, Choice, Draft, Question, build, check};
use regie_qti::import::Files;
use regie_qti::package::{Package, write_package};
use regie_qti::render::Lang;

/// A package without media.
struct Nothing;

impl Files for Nothing {
    fn open(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let choice = |text: &str, right| Choice { text: text.to_owned(), right, fixed: false };
    let ask = |choices| Ask::Choice { choices, multiple: false, shuffle: true };
    let question =
        |ask| Question { prompt: "Wat betekent dit bord?".into(), points: 1.0, partial: false, ask };
    let draft = |choices| Draft {
        identifier: "bord-b7".into(),
        title: "Bord B7".into(),
        language: "nl".into(),
        blocks: vec![
            Block::Text("<p>Je ziet een <strong>achthoekig</strong> bord.</p>".into()),
            Block::Question(question(ask(choices))),
        ],
    };

    let unfinished = draft(vec![choice("Stoppen", false), choice("", false)]);
    for issue in check(&unfinished) {
        println!("{}", issue.text(Lang::En));
    }

    let finished = draft(vec![choice("Stoppen", true), choice("Doorrijden", false)]);
    println!("{}", serde_json::to_string_pretty(&finished)?);
    let item = build(&finished).map_err(|issues| format!("{issues:?}"))?;
    let Some(out) = std::env::args().nth(1) else { return Ok(()) };
    let package = Package { items: vec![("items/bord-b7.xml".into(), item)], ..Package::default() };
    write_package(&package, &Nothing, std::fs::File::create(&out)?)?;
    println!("written to {out}");
    Ok(())
}
