//! The roles somebody may act in today: their own, and those that another school granted to their organisation.

use crate::Error;
use crate::store::{self, HatRow, Place};
use jiff::Timestamp;
use regie_access::Db;
use regie_core::day::school_day;
use regie_core::id::{AccountId, InstitutionId, PersonId, RoleAssignmentId};
use regie_core::institution::State;
use regie_core::{Role, Scope};
use regie_db::Ask;

/// A role one may act in today.
#[derive(Debug, Clone, PartialEq)]
pub struct Hat {
    pub id: RoleAssignmentId,
    pub institution: InstitutionId,
    pub institution_name: String,
    /// Where the person is known: another institution than they act at, when that one granted it.
    pub home: InstitutionId,
    pub person: PersonId,
    pub role: Role,
    pub scope: Scope,
    pub scope_name: Option<String>,
    pub worn: bool,
}

/// What an account finds today.
#[derive(Debug, Default)]
pub(crate) struct Hats {
    pub hats: Vec<Hat>,
    /// An institution where there would be a role, if it let anybody in.
    pub closed: Option<Error>,
}

impl Hats {
    /// All hats of an account, its own before granted ones. An institution that is suspended or closed gives none, and
    /// nothing that was granted to it either.
    pub async fn of(
        db: &Db,
        account: AccountId,
        worn: Option<RoleAssignmentId>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let today = school_day(now);
        let (mut all, mut granted) = (Self::default(), Vec::new());
        for place in db.reader(InstitutionId::NIL).all(store::places(account)).await? {
            let home = place.at_institution;
            let rows = db.reader(home).all(store::hats(place.at_person, today)).await?;
            let own = all.take(&place, home, rows, worn);
            if own.is_empty() {
                continue;
            }
            for at in db.reader(InstitutionId::NIL).all(store::granting(home)).await? {
                let mut rows = db.reader(at.0).all(store::granted(home, today)).await?;
                rows.retain(|row| own.contains(&row.role));
                granted.push((place.clone(), at.0, rows));
            }
        }
        for (place, at, rows) in granted {
            all.take(&place, at, rows, worn);
        }
        Ok(all)
    }

    /// Adds the rows of one institution, if it is open; gives the roles that count.
    fn take(
        &mut self,
        place: &Place,
        at: InstitutionId,
        rows: Vec<HatRow>,
        worn: Option<RoleAssignmentId>,
    ) -> Vec<Role> {
        let mut roles = Vec::new();
        for row in rows {
            if !row.institution_state.is_open() {
                self.closed = Some(closed(row.institution_state, row.institution_name));
                continue;
            }
            let Some(scope) = Scope::from_row(&row.scope_kind, row.scope) else { continue };
            roles.push(row.role);
            self.hats.push(Hat {
                worn: Some(row.id) == worn,
                id: row.id,
                institution: at,
                institution_name: row.institution_name,
                home: place.at_institution,
                person: place.at_person,
                role: row.role,
                scope,
                scope_name: row.scope_name,
            });
        }
        roles
    }
}

fn closed(state: State, name: String) -> Error {
    Error::InstitutionClosed { name, for_good: state == State::Closed }
}

/// Refuses when this institution lets nobody in.
pub(crate) async fn must_be_open(db: &Db, institution: InstitutionId) -> Result<(), Error> {
    let found = db.reader(InstitutionId::NIL).opt(store::institution(institution)).await?;
    match found {
        Some((state, name)) if !state.is_open() => Err(closed(state, name)),
        _ => Ok(()),
    }
}
