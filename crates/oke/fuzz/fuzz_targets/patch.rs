#![no_main]
//! Two documents, a NUL between them: a patch applied twice is a patch applied once.

use libfuzzer_sys::fuzz_target;
use regie_oke::patch::merge;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Some(place) = data.iter().position(|byte| *byte == 0) else { return };
    let (target, patch) = data.split_at(place);
    let (Ok(target), Ok(patch)) =
        (serde_json::from_slice::<Value>(target), serde_json::from_slice::<Value>(patch.get(1..).unwrap_or_default()))
    else {
        return;
    };
    let mut once = target;
    merge(&mut once, patch.clone());
    let mut twice = once.clone();
    merge(&mut twice, patch);
    assert_eq!(once, twice);
});
