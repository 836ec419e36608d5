//! Values on their way to and from PostgreSQL, and the widening of INSERT statements.

use crate::value::{Kind, Value};
use crate::{Error, Statement};
use bytes::BytesMut;
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

type Wrong = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Wrong> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(b) => b.to_sql(ty, out),
            Value::Int(n) => match *ty {
                Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
                Type::FLOAT8 => (*n as f64).to_sql(ty, out),
                _ => n.to_sql(ty, out),
            },
            Value::Float(x) => match *ty {
                Type::FLOAT4 => (*x as f32).to_sql(ty, out),
                _ => x.to_sql(ty, out),
            },
            Value::Text(text) => text.to_sql(ty, out),
            Value::Uuid(id) => id.to_sql(ty, out),
            Value::Time(time) => time.to_sql(ty, out),
            Value::Date(date) => date.to_sql(ty, out),
            Value::Json(json) => json.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
            Value::Uuids(ids) => ids.to_sql(ty, out),
            Value::Texts(texts) => texts.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// What `$1…$n` are.
pub(crate) fn types(statement: &Statement) -> Vec<Type> {
    let institution = (!statement.global).then_some(Type::UUID);
    institution
        .into_iter()
        .chain((statement.params)().into_iter().map(|(kind, _)| match kind {
            Kind::Bool => Type::BOOL,
            Kind::Int => Type::INT8,
            Kind::Float => Type::FLOAT8,
            Kind::Text => Type::TEXT,
            Kind::Uuid => Type::UUID,
            Kind::Time => Type::TIMESTAMPTZ,
            Kind::Date => Type::DATE,
            Kind::Json => Type::JSONB,
            Kind::Bytes => Type::BYTEA,
            Kind::Uuids => Type::UUID_ARRAY,
            Kind::Texts => Type::TEXT_ARRAY,
        }))
        .collect()
}

pub(crate) fn cells(row: &Row) -> Result<Vec<Value>, Error> {
    let mut cells = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        macro_rules! read {
            ($type:ty, $turn:expr) => {
                row.try_get::<_, Option<$type>>(index)?.map_or(Value::Null, $turn)
            };
        }
        cells.push(match *column.type_() {
            Type::BOOL => read!(bool, Value::Bool),
            Type::INT2 => read!(i16, |n| Value::Int(n.into())),
            Type::INT4 => read!(i32, |n| Value::Int(n.into())),
            Type::INT8 => read!(i64, Value::Int),
            Type::FLOAT4 => read!(f32, |x| Value::Float(x.into())),
            Type::FLOAT8 => read!(f64, Value::Float),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR => read!(String, Value::Text),
            Type::UUID => read!(uuid::Uuid, Value::Uuid),
            Type::TIMESTAMPTZ => read!(jiff::Timestamp, Value::Time),
            Type::DATE => read!(jiff::civil::Date, Value::Date),
            Type::JSON | Type::JSONB => read!(serde_json::Value, Value::Json),
            Type::BYTEA => read!(Vec<u8>, Value::Bytes),
            ref other => {
                return Err(Error::Decode(format!("column {} has the type {other}", column.name())));
            }
        });
    }
    Ok(cells)
}

/// `INSERT … VALUES ($1, $2, $3) …` for `width` rows: `$1` stays the institution, the rest is numbered on.
pub(super) fn widen(statement: &'static Statement, width: usize, arguments: usize) -> Result<String, Error> {
    let text = statement.postgres();
    let not_wide = || Error::Bug(format!("{} is not a simple INSERT … VALUES (…)", statement.name));
    let start = text.find("VALUES (").ok_or_else(not_wide)? + "VALUES ".len();
    let (head, rest) = text.split_at(start);
    let end = rest.find(')').ok_or_else(not_wide)? + 1;
    let (group, tail) = rest.split_at(end);
    if tail.contains('$') {
        return Err(not_wide());
    }
    let fixed = usize::from(!statement.global);
    let mut out = String::with_capacity(head.len() + width * (group.len() + 4) + tail.len());
    out.push_str(head);
    for row in 0..width {
        if row > 0 {
            out.push(',');
        }
        let mut rest = group;
        while let Some((before, after)) = rest.split_once('$') {
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (number, behind) = after.split_at(digits);
            let number: usize = number.parse().map_err(|_| not_wide())?;
            let number = if number <= fixed { number } else { number + row * arguments };
            out.push_str(before);
            out.push_str(&format!("${number}"));
            rest = behind;
        }
        out.push_str(rest);
    }
    out.push_str(tail);
    Ok(out)
}
