//! A cell in the archive of one institution: readable, and the same from either database. Numbers, texts and nothing stand
//! as they are; bytes and ids as `{"x": "…"}`; moments as microseconds; dates and JSON as text.

use crate::value::Value;
use serde_json::Value as Json;
use tokio_postgres::types::Type;
use uuid::Uuid;

pub(super) fn written(value: Value) -> Json {
    let bytes = |bytes: &[u8]| serde_json::json!({ "x": hex::encode(bytes) });
    match value {
        Value::Null | Value::Uuids(_) | Value::Texts(_) => Json::Null,
        Value::Bool(b) => i64::from(b).into(),
        Value::Int(n) => n.into(),
        Value::Float(x) => x.into(),
        Value::Text(text) => text.into(),
        Value::Uuid(id) => bytes(id.as_bytes()),
        Value::Time(time) => time.as_microsecond().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Json(json) => json.to_string().into(),
        Value::Bytes(held) => bytes(&held),
    }
}

/// As SQLite keeps it. `None` when it is nothing that can stand in a cell.
pub(super) fn for_sqlite(cell: &Json) -> Option<Value> {
    Some(match cell {
        Json::Null => Value::Null,
        Json::Number(n) if n.is_i64() => Value::Int(n.as_i64()?),
        Json::Number(n) => Value::Float(n.as_f64()?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(object) => Value::Bytes(hex::decode(object.get("x")?.as_str()?).ok()?),
        Json::Bool(_) | Json::Array(_) => return None,
    })
}

/// As a column of this type of PostgreSQL takes it.
pub(super) fn for_postgres(cell: &Json, column: &Type) -> Option<Value> {
    let value = for_sqlite(cell)?;
    Some(match (value, column) {
        (Value::Null, _) => Value::Null,
        (Value::Int(n), &Type::BOOL) => Value::Bool(n != 0),
        (Value::Int(n), &Type::TIMESTAMPTZ) => Value::Time(jiff::Timestamp::from_microsecond(n).ok()?),
        (Value::Int(n), &Type::FLOAT8) => Value::Float(n as f64),
        (value @ Value::Int(_), &Type::INT8 | &Type::INT4 | &Type::INT2) => value,
        (value @ Value::Float(_), &Type::FLOAT8 | &Type::FLOAT4) => value,
        (value @ Value::Text(_), &Type::TEXT | &Type::VARCHAR) => value,
        (Value::Text(text), &Type::DATE) => Value::Date(text.parse().ok()?),
        (Value::Text(text), &Type::JSON | &Type::JSONB) => Value::Json(serde_json::from_str(&text).ok()?),
        (Value::Bytes(bytes), &Type::UUID) => Value::Uuid(Uuid::from_slice(&bytes).ok()?),
        (value @ Value::Bytes(_), &Type::BYTEA) => value,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_comes_back_as_what_it_was_on_either_database() {
        let id = Uuid::from_u128(5);
        let time = jiff::Timestamp::from_microsecond(1_785_800_000_000_001).unwrap();
        let cells = [
            (Value::Uuid(id), Type::UUID),
            (Value::Time(time), Type::TIMESTAMPTZ),
            (Value::Bool(true), Type::BOOL),
            (Value::Int(-3), Type::INT8),
            (Value::Float(2.0), Type::FLOAT8),
            (Value::Text("{\"x\": \"no bytes\"}".into()), Type::TEXT),
            (Value::Date(jiff::civil::date(2026, 11, 20)), Type::DATE),
            (Value::Bytes(vec![0, 255]), Type::BYTEA),
            (Value::Null, Type::TEXT),
        ];
        for (value, column) in cells {
            let text = written(value.clone()).to_string();
            let read: Json = serde_json::from_str(&text).unwrap();
            assert_eq!(for_postgres(&read, &column), Some(value), "{text}");
        }
        assert_eq!(for_postgres(&Json::from("x"), &Type::UUID), None);
        assert_eq!(for_sqlite(&serde_json::json!([1])), None);
    }
}
