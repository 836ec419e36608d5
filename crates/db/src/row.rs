//! Rows: structs read from columns in the order they are written, checked by name in the statement test.

use crate::Error;
use crate::value::{Column, Kind, Value};

/// What a row type expects of one column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// Empty for tuples, which are read by position only.
    pub name: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

pub trait FromRow: Sized {
    fn columns() -> Vec<ColumnSpec>;
    fn from_row(row: Vec<Value>, statement: &str) -> Result<Self, Error>;
}

impl FromRow for () {
    fn columns() -> Vec<ColumnSpec> {
        Vec::new()
    }
    fn from_row(_: Vec<Value>, _: &str) -> Result<Self, Error> {
        Ok(())
    }
}

#[doc(hidden)]
pub fn cell<T: Column>(
    cells: &mut std::vec::IntoIter<Value>,
    column: usize,
    statement: &str,
) -> Result<T, Error> {
    let value = cells
        .next()
        .ok_or_else(|| Error::Decode(format!("{statement} gives fewer than {} columns", column + 1)))?;
    let noun = value.noun();
    T::read(value).ok_or_else(|| Error::Decode(format!("column {} of {statement} holds {noun}", column + 1)))
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn columns() -> Vec<ColumnSpec> {
                vec![$(ColumnSpec { name: "", kind: $name::KIND, nullable: $name::NULLABLE }),+]
            }
            fn from_row(row: Vec<Value>, statement: &str) -> Result<Self, Error> {
                let mut cells = row.into_iter();
                let mut column = 0;
                Ok(($({
                    let value: $name = cell(&mut cells, column, statement)?;
                    column += 1;
                    let _ = column;
                    value
                },)+))
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);

/// Declares row structs: the fields are the columns, in order and by name.
#[macro_export]
macro_rules! row {
    ($( $(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$doc:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name { $($(#[$doc])* $fvis $field: $type),* }

        impl $crate::row::FromRow for $name {
            fn columns() -> Vec<$crate::row::ColumnSpec> {
                vec![$($crate::row::ColumnSpec {
                    name: stringify!($field),
                    kind: <$type as $crate::value::Column>::KIND,
                    nullable: <$type as $crate::value::Column>::NULLABLE,
                }),*]
            }
            fn from_row(row: Vec<$crate::value::Value>, statement: &str) -> Result<Self, $crate::Error> {
                let mut cells = row.into_iter();
                let mut column = 0;
                Ok(Self { $($field: {
                    let value = $crate::row::cell(&mut cells, column, statement)?;
                    column += 1;
                    let _ = column;
                    value
                }),* })
            }
        }
    )* };
}
