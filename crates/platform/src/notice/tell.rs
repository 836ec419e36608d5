use super::store;
use crate::Error;
use regie_access::Db;
use regie_core::day::school_day;
use regie_core::id::{Id, InstitutionId, NoticeId, OutboxId, PersonId};
use regie_core::{Caller, Role};
use regie_db::{Ask, Event, Outgoing};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// `notice.tell`, version 1: somebody should know something. Areas that do not know this crate write the same JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    #[serde(default)]
    people: Vec<PersonId>,
    /// Everybody who has this role when it is delivered.
    #[serde(default)]
    role: Option<Role>,
    code: String,
    #[serde(default)]
    arguments: Map<String, Value>,
    /// A path of this house.
    #[serde(default)]
    place: Option<String>,
}

impl Telling {
    pub fn to_role(role: Role, code: &str) -> Self {
        Self { role: Some(role), code: code.into(), ..Self::default() }
    }

    pub fn to_person(person: PersonId, code: &str) -> Self {
        Self { people: vec![person], code: code.into(), ..Self::default() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.arguments.insert(name.into(), value.into());
        self
    }

    #[must_use]
    pub fn at(mut self, place: &str) -> Self {
        self.place = Some(place.into());
        self
    }

    /// What the use case sends with its change, in order with what else it sends about this subject.
    pub fn outgoing<I: Id>(&self, subject: I) -> Outgoing {
        Outgoing::new("notice.tell", 1, subject, serde_json::to_value(self).unwrap_or_default())
    }
}

/// Puts it behind the bells of all it concerns. The same row again tells nobody twice.
pub async fn tell(db: &Db, institution: InstitutionId, row: OutboxId, telling: Telling) -> Result<(), Error> {
    let now = db.now();
    let caller = Caller::system(institution, now);
    let place = telling.place.filter(|place| place.starts_with('/') && !place.starts_with("//"));
    let told =
        (telling.people, telling.role, telling.code, Value::Object(telling.arguments).to_string(), place);
    db.write(&caller, told, move |tx, (people, role, code, arguments, place)| {
        Box::pin(async move {
            if !tx.first_time("notice", row).await? {
                return Ok(tx.done((), Event::none("it was told before")));
            }
            let mut all: BTreeSet<PersonId> = people.into_iter().collect();
            if let Some(role) = role {
                all.extend(tx.all(store::holders(role, school_day(now))).await?.into_iter().map(|(it,)| it));
            }
            let queries = all
                .iter()
                .map(|person| {
                    let id = id_of(row, *person);
                    store::insert(id, *person, &code, &arguments, place.as_deref(), now)
                })
                .collect();
            tx.each(queries).await?;
            if !all.is_empty() {
                tx.touch(NoticeId::from_uuid(row.uuid()));
            }
            Ok(tx.done((), Event::none("a notice tells of what has a line of its own")))
        })
    })
    .await
}

/// One id for one person and one row, whenever it is made.
fn id_of(row: OutboxId, person: PersonId) -> NoticeId {
    let mixed = row.uuid().as_u128() ^ person.uuid().as_u128().rotate_left(64);
    NoticeId::from_uuid(Uuid::from_u128(mixed))
}
