use super::{IdCheck, Kind, State, store};
use crate::Error;
use crate::error::{filled, mail, optional};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CompanyId, PersonId, UnitId};
use regie_core::name::{display_name, folded, sort_name};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddPerson {
    pub id: PersonId,
    pub kind: Kind,
    /// Student or staff number.
    pub number: Option<String>,
    pub given_name: String,
    pub prefix: Option<String>,
    pub family_name: String,
    pub id_check: IdCheck,
    pub id_check_name: Option<String>,
    pub mail: Option<String>,
    pub phone: Option<String>,
    pub born: Option<Date>,
    pub unit: Option<UnitId>,
    pub company: Option<CompanyId>,
}

impl AddPerson {
    /// With only what everybody has.
    pub fn named(id: PersonId, kind: Kind, given: &str, prefix: Option<&str>, family: &str) -> Self {
        Self {
            id,
            kind,
            number: None,
            given_name: given.into(),
            prefix: prefix.map(Into::into),
            family_name: family.into(),
            id_check: IdCheck::NotAvailable,
            id_check_name: None,
            mail: None,
            phone: None,
            born: None,
            unit: None,
            company: None,
        }
    }

    pub(crate) fn checked(self) -> Result<Self, Error> {
        let id_check_name = optional("id_check_name", self.id_check_name.as_deref(), 160)?;
        if (self.id_check == IdCheck::Name) != id_check_name.is_some() {
            return Err(Error::IdCheckName);
        }
        Ok(Self {
            number: optional("number", self.number.as_deref(), 40)?,
            given_name: filled("given_name", &self.given_name, 80)?,
            prefix: optional("prefix", self.prefix.as_deref(), 20)?,
            family_name: filled("family_name", &self.family_name, 80)?,
            id_check_name,
            mail: mail(self.mail.as_deref())?,
            phone: optional("phone", self.phone.as_deref(), 30)?,
            ..self
        })
    }

    /// What searching looks through.
    pub(super) fn search(&self) -> String {
        let number = self.number.as_deref().unwrap_or_default();
        let mail = self.mail.as_deref().unwrap_or_default();
        let prefix = self.prefix.as_deref().unwrap_or_default();
        folded(&format!("{} {prefix} {} {number} {mail}", self.given_name, self.family_name))
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        json!({
            "number": self.number, "givenName": self.given_name, "prefix": self.prefix,
            "familyName": self.family_name, "idCheck": self.id_check.code(), "idCheckName": self.id_check_name,
            "mail": self.mail, "phone": self.phone, "born": self.born, "unit": self.unit, "company": self.company,
        })
    }

    pub(crate) fn insert(&self) -> regie_db::Query<()> {
        let (given, prefix, family) = (&*self.given_name, self.prefix.as_deref(), &*self.family_name);
        store::insert(
            self.id,
            self.kind,
            self.number.as_deref(),
            given,
            prefix,
            family,
            &display_name(given, prefix, family),
            self.id_check,
            self.id_check_name.as_deref(),
            self.mail.as_deref(),
            self.phone.as_deref(),
            self.born,
            self.unit,
            self.company,
            &self.search(),
            &sort_name(given, prefix, family),
        )
    }

    /// Over the version that was shown.
    pub(crate) fn update(&self, version: i64, state: State) -> regie_db::Query<()> {
        let (given, prefix, family) = (&*self.given_name, self.prefix.as_deref(), &*self.family_name);
        store::update(
            self.id,
            version,
            self.number.as_deref(),
            given,
            prefix,
            family,
            &display_name(given, prefix, family),
            self.id_check,
            self.id_check_name.as_deref(),
            self.mail.as_deref(),
            self.phone.as_deref(),
            self.born,
            self.unit,
            &self.search(),
            &sort_name(given, prefix, family),
            state,
            self.company,
        )
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddPerson) -> Result<PersonId, Error> {
    let mut reader = db.reader(caller.institution);
    // A new person belongs to a unit one reaches; without a unit only the whole institution will do.
    let allowed = match input.unit {
        Some(unit) => {
            regie_access::unit(&mut reader, caller, Action::EditPeople, unit).await?.caller().clone()
        }
        None => regie_access::here(&mut reader, caller, Action::EditPeople).await?.caller().clone(),
    };
    let input = input.checked()?;
    db.write(&allowed, input, |tx, input| {
        Box::pin(async move {
            let taken = Error::NumberTaken(input.number.clone().unwrap_or_default());
            tx.queue(input.insert(), Expect::unique(taken).or_foreign(Error::NotFound("unit")));
            Ok(tx.done(input.id, Event::new("person.added", input.id).new_value(input.shown())))
        })
    })
    .await
}

/// Many at once: all of them, or nobody. For who may add people to the whole institution.
pub async fn add_all(db: &Db, caller: &Caller, input: Vec<AddPerson>) -> Result<u64, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPeople).await?;
    let input = input.into_iter().map(AddPerson::checked).collect::<Result<Vec<_>, _>>()?;
    db.write(allowed.caller(), input, |tx, persons| {
        Box::pin(async move {
            for kind in Kind::ALL {
                let numbers: Vec<String> = persons
                    .iter()
                    .filter(|one| one.kind == kind)
                    .filter_map(|one| one.number.clone())
                    .collect();
                if let Some((number,)) = tx.opt(store::taken(kind, &numbers)).await? {
                    return Err(Error::NumberTaken(number));
                }
            }
            let rows = persons.iter().map(AddPerson::insert).collect();
            tx.each(rows).await.map_err(|error| match error {
                // Twice in what came in, or added by somebody else this very moment.
                regie_db::Error::Unique(_) => Error::NumberTaken(twice(&persons).unwrap_or_default()),
                regie_db::Error::Foreign(_) => Error::NotFound("unit"),
                other => other.into(),
            })?;
            let count = persons.len() as u64;
            let mut events: Vec<Event> =
                persons.iter().map(|one| Event::new("person.added", one.id).new_value(one.shown())).collect();
            let last = events.pop().unwrap_or_else(|| Event::none("nobody was added"));
            events.into_iter().for_each(|event| tx.event(event));
            Ok(tx.done(count, last))
        })
    })
    .await
}

fn twice(persons: &[AddPerson]) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    let number = |one: &AddPerson| one.number.clone().map(|number| (one.kind.code(), number));
    persons.iter().filter_map(number).find(|key| !seen.insert(key.clone())).map(|(_, number)| number)
}
