//! What a journal line shows of a row.

use serde_json::Value;

/// With whether it is in use: editing may change that too, adding never.
pub(crate) fn with_active(mut shown: Value, active: bool) -> Value {
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("active".into(), active.into());
    }
    shown
}
