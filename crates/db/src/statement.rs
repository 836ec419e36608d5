//! Statements: the only place where SQL stands.
//!
//! ```ignore
//! statements! {
//!     /// One seat, while there is one.
//!     pub fn claim(session: SessionId) = "UPDATE session SET taken = taken + 1
//!         WHERE institution = $1 AND id = $2 AND taken < seats";
//!     pub fn find(session: SessionId) -> SessionRow = "SELECT id, name FROM session WHERE institution = $1 AND id = $2";
//! }
//! ```
//!
//! Parameters are `$1…$n`; `$1` is always the institution, bound by the transaction, and the arguments follow from
//! `$2`. Tables above tenants use `global_statements!`, where the arguments start at `$1`. Every statement joins
//! [`STATEMENTS`]; tests prepare and run all of them on both databases.

use crate::Error;
use crate::row::FromRow;
use crate::value::{Kind, Value};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::OnceLock;

#[linkme::distributed_slice]
pub static STATEMENTS: [&'static Statement];

/// The one database a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Sqlite,
    Postgres,
}

/// A named piece of a condition, written once and used in many statements as `{name argument …}`.
#[derive(Debug)]
pub struct Fragment {
    pub name: &'static str,
    /// With `{1}`, `{2}` … where the arguments go.
    pub sql: &'static str,
}

#[linkme::distributed_slice]
pub static FRAGMENTS: [&'static Fragment];

#[derive(Debug)]
pub struct Statement {
    pub name: &'static str,
    pub module: &'static str,
    pub sql: &'static str,
    /// Above tenants: `$1` is not the institution.
    pub global: bool,
    pub params: fn() -> Vec<(Kind, Value)>,
    pub columns: fn() -> Vec<crate::row::ColumnSpec>,
    #[doc(hidden)]
    pub decode: fn(Vec<Value>, &str) -> Result<(), Error>,
    /// Half of a pair: what one database says in another way. Only inside `db`.
    pub only: Option<Only>,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
    guarded: OnceLock<String>,
}

impl Statement {
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        sql: &'static str,
        global: bool,
        params: fn() -> Vec<(Kind, Value)>,
        columns: fn() -> Vec<crate::row::ColumnSpec>,
        decode: fn(Vec<Value>, &str) -> Result<(), Error>,
        only: Option<Only>,
    ) -> Self {
        Self {
            name,
            module,
            sql,
            global,
            params,
            columns,
            decode,
            only,
            sqlite: OnceLock::new(),
            postgres: OnceLock::new(),
            guarded: OnceLock::new(),
        }
    }

    pub(crate) fn sqlite(&'static self) -> &'static str {
        self.sqlite.get_or_init(|| sqlite_text(self.sql))
    }

    pub(crate) fn postgres(&'static self) -> &'static str {
        self.postgres.get_or_init(|| postgres_text(self.sql).into_owned())
    }

    /// The statement turned so that any other number of rows than one is an error *on the server*: only so can a
    /// guarded update leave in one flight with the commit behind it.
    pub(crate) fn guarded(&'static self) -> &'static str {
        self.guarded.get_or_init(|| {
            format!(
                "WITH guarded AS ({} RETURNING 1) SELECT 1 / (count(*) = 1)::int FROM guarded",
                self.postgres()
            )
        })
    }

    /// Values for a trial run: a made-up institution first, then one sample per argument.
    pub fn sample(&self) -> Vec<Value> {
        let institution = (!self.global).then(|| Value::Uuid(uuid::Uuid::from_u128(7)));
        institution.into_iter().chain((self.params)().into_iter().map(|(_, value)| value)).collect()
    }
}

/// `$3` becomes `?3`, which SQLite binds at index 3; `{among_… $3}` becomes a set read from JSON.
fn sqlite_text(sql: &str) -> String {
    let sql = tokens(sql, &|name, arguments| match (name, arguments) {
        ("contains", [text, part]) => Some(format!("instr({text}, {part}) > 0")),
        ("true", []) => Some("1".into()),
        ("false", []) => Some("0".into()),
        ("among_ids", [param]) => Some(format!("IN (SELECT unhex(value) FROM json_each({param}))")),
        ("among_texts", [param]) => Some(format!("IN (SELECT value FROM json_each({param}))")),
        _ => fragment(name, arguments),
    });
    sql.replace('$', "?")
}

fn postgres_text(sql: &str) -> Cow<'_, str> {
    tokens(sql, &|name, arguments| match (name, arguments) {
        ("contains", [text, part]) => Some(format!("strpos({text}, {part}) > 0")),
        ("true", []) => Some("TRUE".into()),
        ("false", []) => Some("FALSE".into()),
        ("among_ids" | "among_texts", [param]) => Some(format!("= ANY({param})")),
        _ => fragment(name, arguments),
    })
}

fn fragment(name: &str, arguments: &[&str]) -> Option<String> {
    let found = FRAGMENTS.iter().find(|fragment| fragment.name == name)?;
    Some(
        tokens(found.sql, &|number, _| {
            let number: usize = number.parse().ok()?;
            arguments.get(number.checked_sub(1)?).map(|argument| (*argument).to_owned())
        })
        .into_owned(),
    )
}

/// Replaces every `{name argument …}` that `turn` knows.
fn tokens<'a>(sql: &'a str, turn: &dyn Fn(&str, &[&str]) -> Option<String>) -> Cow<'a, str> {
    if !sql.contains('{') {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len() + 40);
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((token, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let mut words = token.split_whitespace();
        let name = words.next().unwrap_or_default();
        match turn(name, &words.collect::<Vec<_>>()) {
            Some(text) => out.push_str(&text),
            None => {
                out.push('{');
                out.push_str(token);
                out.push('}');
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A statement with its arguments, ready to run; `R` is what its rows become.
pub struct Query<R> {
    pub(crate) statement: &'static Statement,
    pub(crate) arguments: Vec<Value>,
    row: PhantomData<fn() -> R>,
}

impl<R> Query<R> {
    #[doc(hidden)]
    pub fn new(statement: &'static Statement, arguments: Vec<Value>) -> Self {
        Self { statement, arguments, row: PhantomData }
    }

    /// `$1…$n`: the institution in front, unless the statement is above tenants.
    pub(crate) fn values(self, institution: uuid::Uuid) -> Vec<Value> {
        if self.statement.global {
            return self.arguments;
        }
        let mut values = Vec::with_capacity(self.arguments.len() + 1);
        values.push(Value::Uuid(institution));
        values.extend(self.arguments);
        values
    }
}

pub(crate) fn decode<R: FromRow>(
    statement: &'static Statement,
    rows: Vec<Vec<Value>>,
) -> Result<Vec<R>, Error> {
    rows.into_iter().map(|row| R::from_row(row, statement.name)).collect()
}

#[macro_export]
macro_rules! statements {
    ($($rest:tt)*) => { $crate::each_statement! { false, None; $($rest)* } };
}

/// Conditions that several statements share, such as "is in the caller's reach".
#[macro_export]
macro_rules! fragments {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => { $(
        const _: () = {
            static FRAGMENT: $crate::statement::Fragment =
                $crate::statement::Fragment { name: stringify!($name), sql: $sql };
            // The attribute places a pointer in a section of its own; linkme keeps that sound.
            #[allow(unsafe_code)]
            #[$crate::linkme::distributed_slice($crate::statement::FRAGMENTS)]
            #[linkme(crate = $crate::linkme)]
            static ENTRY: &$crate::statement::Fragment = &FRAGMENT;
        };
    )* };
}

/// Statements on tables above tenants (accounts, institutions, migrations): no institution is bound.
#[macro_export]
macro_rules! global_statements {
    ($($rest:tt)*) => { $crate::each_statement! { true, None; $($rest)* } };
}

/// Housekeeping over all institutions (who has something to seal, to deliver, to sweep): only inside `db`, and run
/// as `system` where row-level security judges.
macro_rules! system_statements {
    ($($rest:tt)*) => { $crate::each_statement! { true, None; $($rest)* } };
}

/// The half of a pair that SQLite understands.
macro_rules! sqlite_statements {
    ($($rest:tt)*) => { $crate::each_statement! { false, Some($crate::statement::Only::Sqlite); $($rest)* } };
}

/// The half of a pair that PostgreSQL understands.
macro_rules! postgres_statements {
    ($($rest:tt)*) => { $crate::each_statement! { false, Some($crate::statement::Only::Postgres); $($rest)* } };
}
pub(crate) use {postgres_statements, sqlite_statements, system_statements};

#[doc(hidden)]
#[macro_export]
macro_rules! each_statement {
    ($global:literal, $only:expr; $(
        $(#[$doc:meta])*
        $vis:vis fn $name:ident ( $($arg:ident : $type:ty),* $(,)? ) $(-> $row:ty)? = $sql:literal;
    )*) => { $(
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name($($arg: $type),*) -> $crate::Query<$crate::each_statement!(@row $($row)?)> {
            type Row = $crate::each_statement!(@row $($row)?);
            static STATEMENT: $crate::Statement = $crate::Statement::new(
                stringify!($name),
                module_path!(),
                $sql,
                $global,
                || vec![$((<$type as $crate::value::Param>::KIND, <$type as $crate::value::Param>::sample())),*],
                <Row as $crate::row::FromRow>::columns,
                |row, name| <Row as $crate::row::FromRow>::from_row(row, name).map(drop),
                $only,
            );
            #[allow(unsafe_code, reason = "linkme gives the entry a section of its own; that attribute counts as unsafe")]
            #[$crate::linkme::distributed_slice($crate::statement::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static ENTRY: &$crate::Statement = &STATEMENT;
            $crate::Query::new(&STATEMENT, vec![$($crate::value::Param::value($arg)),*])
        }
    )* };
    (@row) => { () };
    (@row $row:ty) => { $row };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_becomes_two() {
        let sql = "SELECT id FROM room WHERE institution = $1 AND id {among_ids $2} AND seats >= $3";
        assert_eq!(
            sqlite_text(sql),
            "SELECT id FROM room WHERE institution = ?1 AND id IN (SELECT unhex(value) FROM json_each(?2)) AND seats >= ?3"
        );
        assert_eq!(
            postgres_text(sql),
            "SELECT id FROM room WHERE institution = $1 AND id = ANY($2) AND seats >= $3"
        );
    }
}
