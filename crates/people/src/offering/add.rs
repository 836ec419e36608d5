use super::{Path, store};
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, ProgramId, ProgramOfferingId, UnitId};
use regie_core::name::folded;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddOffering {
    pub id: ProgramOfferingId,
    pub program: ProgramId,
    pub code: String,
    /// The year in which it starts; fixes exam regulation and pass rule.
    pub cohort: u32,
    pub path: Path,
    pub campus: Option<CampusId>,
    /// The team that teaches it.
    pub unit: UnitId,
}

impl AddOffering {
    pub(super) fn checked(self) -> Result<Self, Error> {
        if !(2000..=2100).contains(&self.cohort) {
            return Err(Error::Cohort);
        }
        Ok(Self { code: filled("code", &self.code, 30)?, ..self })
    }

    pub(super) fn search(&self) -> String {
        folded(&format!("{} {} {}", self.code, self.cohort, self.path.code()))
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "program": self.program, "code": self.code, "cohort": self.cohort, "path": self.path.code(),
            "campus": self.campus, "unit": self.unit,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddOffering) -> Result<ProgramOfferingId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPrograms).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, offering| {
        Box::pin(async move {
            tx.queue(store::program_is_active(offering.program), Expect::one(Error::Inactive("program")));
            tx.queue(
                store::insert(
                    offering.id,
                    offering.program,
                    &offering.code,
                    offering.cohort,
                    offering.path,
                    offering.campus,
                    offering.unit,
                    &offering.search(),
                ),
                Expect::unique(Error::CodeTaken(offering.code.clone())).or_foreign(Error::NotFound("unit")),
            );
            let event = Event::new("programOffering.added", offering.id).new_value(offering.shown());
            tx.touch(offering.program);
            Ok(tx.done(offering.id, event))
        })
    })
    .await
}
