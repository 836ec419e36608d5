//! Takes the test of `examples/verkeer` in two sittings: what is stored in between is one JSON value.
//! `cargo run -p regie-qti --example exam`.

use regie_qti::import::{Document, Files, Source, import};
use regie_qti::score::{Engine, Raw, Responses};
use regie_qti::test::{TestSession, read_test};
use regie_qti::value::{Atom, Value};
use std::path::Path;

/// The files of the test.
struct Folder(&'static Path);

impl Files for Folder {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }
}

fn answer(text: &str) -> Responses {
    let mut responses = Responses::new();
    responses.set("RESPONSE", Raw::One(text.to_owned()));
    responses
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/verkeer")));
    let mut source = Source::within("toets.xml", &folder);
    let bytes = folder.open("toets.xml").ok_or("the example is not there")?;
    let Document::Test(document) = import(&bytes, &mut source)? else { return Err("this is no test".into()) };
    let test = read_test(document, &mut source);
    let engine = Engine::new();

    // First sitting: one item answered, then the candidate leaves.
    let mut session = TestSession::start(&engine, &test, 7, 1.25);
    session.tick(&test, 40.0);
    session.answer(&engine, &test, answer("A"))?;
    session.next(&engine, &test)?;
    session.suspended = true;
    let stored = serde_json::to_string(&session)?;
    println!("stored at {}: {} bytes", session.current().map_or("the end", |s| &s.key), stored.len());

    // Second sitting, perhaps on another machine: the time in between does not count.
    let mut session: TestSession = serde_json::from_str(&stored)?;
    session.tick(&test, 5000.0);
    session.suspended = false;
    if let Some(at) = session.position {
        println!("{:?} seconds are left", session.left(&test, at));
    }
    session.end(&engine, &test);
    session.mark(&engine, &test, "Q4", "SCORE", Value::One(Atom::Float(2.0)))?;
    for (slot, value) in &session.outcomes {
        let name = test.variables.get(*slot).map_or("", |v| v.identifier.as_str());
        println!("{name} = {}", value.json());
    }
    Ok(())
}
