#![no_main]
//! The first byte chooses the operation, the rest is the message: judging never panics.

use libfuzzer_sys::fuzz_target;
use regie_oke::check::{Context, check};
use regie_oke::exchange::OPERATIONS;

fuzz_target!(|data: &[u8]| {
    let Some((choice, message)) = data.split_first() else { return };
    if let Some(operation) = OPERATIONS.get(usize::from(*choice) % OPERATIONS.len()) {
        let flow = operation.uses.first().map_or(0, |used| used.flow);
        let _ = check(message, &Context::request(operation, flow));
        let _ = check(message, &Context::answer(operation, flow));
    }
});
