//! An item, a zero byte, responses as JSON: scored or stopped with a reason, and the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regie_qti::import::import_item;
use regie_qti::score::{Engine, Responses, Scratch, Session, check_responses};
use regie_qti::value::Value;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |b| *b == 0);
    let (Some(item), responses) = (parts.next(), parts.next().unwrap_or(b"{}")) else { return };
    let Ok((item, _)) = import_item(item, "fuzz") else { return };
    let json = serde_json::from_slice(responses).unwrap_or_default();
    // Without usable responses the declared answers are as good as any.
    let responses = Responses::from_json(&json).unwrap_or_default();
    check_responses(&item, &responses);
    let engine = Engine::new();
    let run = || {
        let (session, _) = Session::start(&engine, &item, data.len() as u64, &[]);
        let mut scratch = Scratch::new();
        engine
            .score(&item, &session, &responses, &mut scratch)
            .map(|scored| scored.outcomes().map(|(n, v)| (n.to_owned(), Value::from(v).json())).collect::<Vec<_>>())
    };
    assert_eq!(run(), run());
});
