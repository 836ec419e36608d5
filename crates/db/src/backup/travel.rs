//! How rows above institutions travel with one of them. A table of an institution needs no word: all its rows with the
//! institution's id go. A table above institutions either travels, by a rule that its area gives, or stays, for a reason
//! that its area gives; a test wants one of the two for each.
//!
//! ```ignore
//! regie_db::travels! {
//!     institution: "id = $1", refuse;
//!     account: "id IN (SELECT account FROM account_person WHERE at_institution = $1)", same "mail";
//! }
//! regie_db::stays! { lease: "whoever runs there holds its own"; }
//! ```

use std::collections::BTreeMap;

#[linkme::distributed_slice]
pub static TRAVELS: [&'static Travel];

#[linkme::distributed_slice]
pub static STAYS: [&'static Stay];

/// What happens when the other database knows the row already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Then nothing is restored at all.
    Refuse,
    /// The same by its key or by this column: that one stays as it is, and what refers to ours refers to it.
    Same(&'static str),
    /// The one that is there stays.
    Keep,
}

#[derive(Debug)]
pub struct Travel {
    pub table: &'static str,
    /// Which rows go; `$1` is the institution.
    pub rows: &'static str,
    pub known: Known,
}

#[derive(Debug)]
pub struct Stay {
    pub table: &'static str,
    pub why: &'static str,
}

pub(super) fn travels() -> BTreeMap<&'static str, &'static Travel> {
    TRAVELS.iter().map(|travel| (travel.table, *travel)).collect()
}

/// Tables above institutions whose rows go along with one institution.
#[macro_export]
macro_rules! travels {
    ($($table:ident: $rows:literal, $known:ident $($column:literal)?;)*) => { $(
        const _: () = {
            static TRAVEL: $crate::Travel = $crate::Travel {
                table: stringify!($table),
                rows: $rows,
                known: $crate::travels!(@ $known $($column)?),
            };
            #[allow(unsafe_code, reason = "linkme gives the entry a section of its own; that attribute counts as unsafe")]
            #[$crate::linkme::distributed_slice($crate::TRAVELS)]
            #[linkme(crate = $crate::linkme)]
            static ENTRY: &$crate::Travel = &TRAVEL;
        };
    )* };
    (@ refuse) => { $crate::Known::Refuse };
    (@ same $column:literal) => { $crate::Known::Same($column) };
    (@ keep) => { $crate::Known::Keep };
}

/// Tables above institutions whose rows stay where they are, each with the reason.
#[macro_export]
macro_rules! stays {
    ($($table:ident: $why:literal;)*) => { $(
        const _: () = {
            static STAY: $crate::Stay = $crate::Stay { table: stringify!($table), why: $why };
            #[allow(unsafe_code, reason = "linkme gives the entry a section of its own; that attribute counts as unsafe")]
            #[$crate::linkme::distributed_slice($crate::STAYS)]
            #[linkme(crate = $crate::linkme)]
            static ENTRY: &$crate::Stay = &STAY;
        };
    )* };
}

crate::stays! {
    lease: "whoever runs there holds its own clocks";
    migration: "it says what was applied to that database";
}
