//! Companies, by the code under which they are recognised, or else by their name.

use super::super::Kind;
use super::sheet::{Plan, Sheet, Stood, over};
use super::{Row, Verdict};
use crate::Error;
use crate::company::{AddCompany, Company, all_query};
use regie_core::Caller;
use regie_core::column::Column;
use regie_core::id::{CompanyId, Id};
use regie_core::name::folded;
use regie_db::{Ask, Event, Query};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("name", 160, &["bedrijf", "bedrijfsnaam", "leerbedrijf", "organisatie", "company", "name"])
        .required()
        .example("Bakkerij De Korenbloem"),
    Column::text("code", 30, &["leerbedrijfcode", "erkenningscode", "sbb", "code"]).example("100234567"),
    Column::text("city", 80, &["plaats", "vestigingsplaats", "city", "town"]).example("Deltastad"),
    Column::text("mail", 254, &["e-mail", "email", "mailadres", "e-mailadres"])
        .example("info@bakkerij.example"),
    Column::text("phone", 30, &["telefoon", "telefoonnummer", "phone number"]).example("0101234567"),
];

pub(in super::super) struct Companies {
    all: Vec<Stood<AddCompany>>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Sheet for Companies {
    type Thing = AddCompany;
    const KEY: &'static str = "name";
    const ADDED: &'static str = "company.added";
    const EDITED: &'static str = "company.edited";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        regie_access::here(q, caller, kind.action()).await?;
        let stood = |company: Company| {
            let Company { id, name, code, city, mail, phone, active, version } = company;
            Stood { id: id.uuid(), thing: AddCompany { id, name, code, city, mail, phone }, version, active }
        };
        let all: Vec<_> = q.all(all_query()).await?.into_iter().map(stood).collect();
        let (mut by_code, mut by_name) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (index, one) in all.iter().enumerate() {
            by_code.extend(one.thing.code.clone().map(|code| (code, index)));
            by_name.entry(folded(&one.thing.name)).or_default().push(index);
        }
        Ok(Self { all, by_code, by_name })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        let name = folded(row.text("name")?);
        Some(row.owned("code").unwrap_or(name))
    }

    fn label(&self, row: &Row<'_>) -> String {
        row.owned("name").unwrap_or_default()
    }

    fn standing(&self, row: &Row<'_>) -> Option<&Stood<AddCompany>> {
        let by_code = row.text("code").and_then(|code| self.by_code.get(code));
        let index = by_code.copied().or_else(|| {
            match self.by_name.get(&folded(row.text("name")?)).map(Vec::as_slice) {
                // With a code of its own it is another company of the same name.
                Some([index]) => {
                    let known = self.all.get(*index)?.thing.code.as_deref();
                    (known.is_none() || row.text("code").is_none()).then_some(*index)
                }
                _ => None,
            }
        })?;
        self.all.get(index)
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&AddCompany>,
        verdict: &mut Verdict<Plan<AddCompany>>,
    ) -> Option<AddCompany> {
        let name = row.owned("name")?;
        let same = self.by_name.get(&folded(&name)).map_or(0, Vec::len);
        if old.is_none() && row.text("code").is_none() && same > 1 {
            verdict.refuse("import-ambiguous", "name", [("value", name.as_str().into())]);
            return None;
        }
        Some(AddCompany {
            id: old.map_or(CompanyId::from_uuid(row.staged.fresh), |one| one.id),
            name,
            code: over(row, "code", old.and_then(|one| one.code.as_ref())),
            city: over(row, "city", old.and_then(|one| one.city.as_ref())),
            mail: over(row, "mail", old.and_then(|one| one.mail.as_ref())),
            phone: over(row, "phone", old.and_then(|one| one.phone.as_ref())),
        })
    }

    fn checked(&self, company: AddCompany) -> Result<AddCompany, Error> {
        company.checked()
    }

    fn words(&self, one: &AddCompany) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("name", Some(one.name.clone())),
            ("code", one.code.clone()),
            ("city", one.city.clone()),
            ("mail", one.mail.clone()),
            ("phone", one.phone.clone()),
        ]
    }

    fn event(action: &'static str, one: &AddCompany) -> Event {
        Event::new(action, one.id)
    }

    fn shown(one: &AddCompany) -> Value {
        one.shown()
    }

    fn insert(one: &AddCompany) -> Query<()> {
        one.insert()
    }

    fn update(one: &AddCompany, version: i64, active: bool) -> Query<()> {
        one.update(version, active)
    }
}
