//! Reads a small table, analyses it, and prints what deserves a look.

use regie_psychometrics::item::Tally;
use regie_psychometrics::item::analyse::{Settings, analyse};
use regie_psychometrics::table::read::{ReadOptions, key, responses};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answers = "person_id,q1,q2,q3\np1,A,B,C\np2,A,C,C\np3,B,B,A\np4,A,B,C\np5,C,A,\n";
    let key = key("item_id,key\nq1,A\nq2,B\nq3,C\n".as_bytes())?;
    let table = responses(answers.as_bytes(), &ReadOptions { key: Some(key), ..ReadOptions::default() })?;
    let found = analyse("all", &Tally::of(&table), &Settings { cut: Some(2), ..Settings::default() });
    println!("alpha {:?}, pass rate {:?}", found.test.alpha.value(), found.test.pass_rate.value());
    for item in &found.items {
        println!(
            "{}: p {:?}, Rir {:?}, {} flags",
            item.id,
            item.p.value(),
            item.rir.value(),
            item.flags.len()
        );
    }
    Ok(())
}
