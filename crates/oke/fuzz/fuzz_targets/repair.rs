#![no_main]
//! Mending text never panics, and leaves alone what is right.

use libfuzzer_sys::fuzz_target;
use regie_oke::check::repair;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let (mended, _) = repair(text);
    if let Ok(before) = serde_json::from_str::<Value>(text) {
        assert_eq!(serde_json::from_str::<Value>(&mended).ok(), Some(before));
    }
});
