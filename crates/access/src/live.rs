//! News for screens, narrowed to what the reader's institution may hear.

use regie_core::id::{Id, InstitutionId};
use regie_db::Change;

/// The kinds of things that changed here; `*` when nobody can tell. Of other institutions not even that.
pub fn kinds_for(changes: &[Change], institution: InstitutionId) -> Vec<String> {
    let mut kinds: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Thing { institution: whose, kind, .. } if *whose == institution.uuid() => {
                Some(kind.clone())
            }
            Change::Institution { institution: whose } if *whose == institution.uuid() => Some("*".into()),
            Change::Everything => Some("*".into()),
            Change::Thing { .. } | Change::Institution { .. } => None,
        })
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}
