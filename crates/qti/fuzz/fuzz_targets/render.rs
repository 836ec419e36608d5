//! Any item: its page exists, carries no script of the source, and does not depend on the answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regie_qti::import::import_item;
use regie_qti::render::{Lang, State, prepare, render};
use regie_qti::score::Engine;

fuzz_target!(|data: &[u8]| {
    let Ok((mut item, _)) = import_item(data, "fuzz") else { return };
    let engine = Engine::new();
    let state = State { seed: 3, ..State::default() };
    let show = |item: &regie_qti::item::Item| {
        let prepared = prepare(&engine, item, &[], &state, Lang::Nl).ok()?;
        Some(render(&prepared.copy, &prepared.responses, &prepared.options))
    };
    let Some(page) = show(&item) else { return };
    assert!(!page.to_ascii_lowercase().contains("<script"));
    for variable in &mut item.variables.list {
        variable.mapping = None;
        variable.areas = None;
        variable.correct = regie_qti::value::Value::Null;
    }
    item.response_processing = None;
    assert_eq!(Some(page), show(&item));
});
