use super::{AddPerson, State, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_db::{Ask, Event, Expect};

/// A person's record as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditPerson {
    pub person: AddPerson,
    pub version: i64,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditPerson) -> Result<PersonId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::EditPeople, input.person.id).await?;
    if let Some(unit) = input.person.unit {
        // Nobody moves a person to where they cannot reach.
        regie_access::unit(&mut reader, allowed.caller(), Action::EditPeople, unit).await?;
    }
    let input = EditPerson { person: input.person.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditPerson { person, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(person.id)).await?.ok_or(Error::NotFound("person"))?;
            if matches!(before.state, State::Merged | State::Erased) {
                return Err(Error::PersonInactive(before.state.code()));
            }
            let state = if active { State::Active } else { State::Inactive };
            let taken = Error::NumberTaken(person.number.clone().unwrap_or_default());
            tx.queue(
                person.update(version, state),
                Expect::one(Error::ChangedMeanwhile).or_unique(taken).or_foreign(Error::NotFound("unit")),
            );
            let old = AddPerson {
                id: before.id,
                kind: before.kind,
                number: before.number,
                given_name: before.given_name,
                prefix: before.prefix,
                family_name: before.family_name,
                id_check: before.id_check,
                id_check_name: before.id_check_name,
                mail: before.mail,
                phone: before.phone,
                born: before.born,
                unit: before.unit,
                company: before.company,
            };
            let event = Event::new("person.edited", person.id).old(old.shown()).new_value(person.shown());
            Ok(tx.done(person.id, event))
        })
    })
    .await
}
