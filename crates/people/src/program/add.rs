use super::store;
use crate::Error;
use crate::error::{filled, optional};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::ProgramId;
use regie_core::name::folded;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddProgram {
    pub id: ProgramId,
    /// The school's own code.
    pub code: String,
    /// The national code of the qualification: five digits.
    pub crebo: Option<String>,
    pub name: String,
    /// 1 Entree to 4 middle management or specialist.
    pub level: u32,
}

impl AddProgram {
    pub(super) fn checked(self) -> Result<Self, Error> {
        let crebo = optional("crebo", self.crebo.as_deref(), 5)?;
        if crebo
            .as_deref()
            .is_some_and(|crebo| crebo.len() != 5 || !crebo.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(Error::Crebo);
        }
        if !(1..=4).contains(&self.level) {
            return Err(Error::Level);
        }
        Ok(Self {
            code: filled("code", &self.code, 20)?,
            crebo,
            name: filled("name", &self.name, 160)?,
            ..self
        })
    }

    /// What searching looks through.
    pub(super) fn search(&self) -> String {
        folded(&format!("{} {} {}", self.name, self.code, self.crebo.as_deref().unwrap_or_default()))
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({ "code": self.code, "crebo": self.crebo, "name": self.name, "level": self.level })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddProgram) -> Result<ProgramId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPrograms).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, program| {
        Box::pin(async move {
            let crebo = program.crebo.as_deref();
            tx.queue(
                store::insert(
                    program.id,
                    &program.code,
                    crebo,
                    &program.name,
                    program.level,
                    &program.search(),
                ),
                Expect::unique(Error::CodeTaken(program.code.clone())),
            );
            Ok(tx.done(program.id, Event::new("program.added", program.id).new_value(program.shown())))
        })
    })
    .await
}
