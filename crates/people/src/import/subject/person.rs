//! Persons: students and staff by their number, people from outside by their mail address.

use super::super::Kind;
use super::place::{Named, Unit, known_units, unit};
use super::{Batch, Row, Seen, Subject, Verdict};
use crate::Error;
use crate::error::mail;
use crate::person::{self, AddPerson, IdCheck, State};
use jiff::civil::Date;
use regie_core::Caller;
use regie_core::column::{Column, Shape};
use regie_core::id::{CompanyId, Id, PersonId, UnitId};
use regie_core::name::{display_name, folded};
use regie_db::{Ask, Event, row, statements};
use std::collections::HashMap;
use uuid::Uuid;

const GIVEN: Column =
    Column::text("given_name", 80, &["roepnaam", "voornaam", "voornamen", "first name", "given name"])
        .required()
        .example("Noor");
const PREFIX: Column =
    Column::text("prefix", 20, &["tussenvoegsel", "voorvoegsel", "tussenv", "infix", "surname prefix"])
        .example("de");
const FAMILY: Column =
    Column::text("family_name", 80, &["achternaam", "geslachtsnaam", "last name", "surname", "family name"])
        .required()
        .example("Vries");
const ID_NAME: Column =
    Column::text("id_check_name", 160, &["naam op document", "naam legitimatie", "naam op id", "id name"])
        .example("Noor de Vries");
const MAIL: Column =
    Column::text("mail", 254, &["e-mail", "email", "mailadres", "e-mailadres", "email address"])
        .example("noor.devries@school.example");
const PHONE: Column =
    Column::text("phone", 30, &["telefoon", "telefoonnummer", "mobiel", "phone number", "mobile"])
        .example("0612345678");
const BORN: Column =
    Column::of("born", Shape::Date, &["geboortedatum", "geb.datum", "date of birth", "birth date"])
        .example("14-03-2008");
const UNIT: Column =
    Column::text("unit", 120, &["team", "teamcode", "afdeling", "opleidingsteam", "unit", "department"])
        .example("ZW-VP");

pub(in super::super) const STUDENTS: &[Column] = &[
    Column::text(
        "number",
        40,
        &["studentnummer", "leerlingnummer", "deelnemernummer", "ov-nummer", "student number"],
    )
    .required()
    .example("0301234"),
    GIVEN,
    PREFIX,
    FAMILY,
    ID_NAME,
    BORN,
    MAIL,
    PHONE,
    UNIT,
];

pub(in super::super) const STAFF: &[Column] = &[
    Column::text(
        "number",
        40,
        &["personeelsnummer", "medewerkernummer", "medewerkercode", "afkorting", "staff number"],
    )
    .required()
    .example("P20431"),
    GIVEN,
    PREFIX,
    FAMILY,
    MAIL,
    PHONE,
    UNIT,
];

pub(in super::super) const EXTERNALS: &[Column] = &[
    MAIL.required().example("t.jansen@zorggroep.example"),
    GIVEN,
    PREFIX,
    FAMILY,
    PHONE,
    Column::text("company", 160, &["bedrijf", "leerbedrijf", "organisatie", "company", "organisation"])
        .example("Zorggroep Delta"),
];

row! {
    struct Standing {
        id: PersonId,
        number: Option<String>,
        given_name: String,
        prefix: Option<String>,
        family_name: String,
        id_check: IdCheck,
        id_check_name: Option<String>,
        mail: Option<String>,
        phone: Option<String>,
        born: Option<Date>,
        unit: Option<UnitId>,
        unit_code: Option<String>,
        company: Option<CompanyId>,
        company_name: Option<String>,
        state: State,
        merged_into: Option<PersonId>,
        version: i64,
        reached: bool,
    }
}

statements! {
    fn standing(
        kind: person::Kind, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> Standing =
        "SELECT p.id, p.number, p.given_name, p.prefix, p.family_name, p.id_check, p.id_check_name, p.mail, p.phone,
            p.born, p.unit, u.code AS unit_code, p.company, c.name AS company_name, p.state, p.merged_into, p.version,
            {person_in_reach p $3 $4 $5 $6} AS reached
         FROM person p
         LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         LEFT JOIN company c ON c.institution = $1 AND c.id = p.company
         WHERE p.institution = $1 AND p.kind = $2 AND p.state <> 'erased' ORDER BY p.id";

    /// Numbers that persons had before they were merged.
    fn former_numbers(kind: &str) -> (String, PersonId) =
        "SELECT code, person FROM person_code WHERE institution = $1 AND kind = $2";

    fn companies() -> (CompanyId, String, String) =
        "SELECT id, coalesce(code, name) AS code, name FROM company WHERE institution = $1 ORDER BY name, id";
}

pub(in super::super) struct Persons {
    kind: person::Kind,
    /// The column that says who it is.
    key: &'static str,
    everywhere: bool,
    all: Vec<Standing>,
    by_key: HashMap<String, Vec<usize>>,
    by_id: HashMap<PersonId, usize>,
    former: HashMap<String, PersonId>,
    /// Numbers that begin with a zero, without it.
    without_zeros: HashMap<String, String>,
    units: Named<Unit>,
    companies: Named<(CompanyId, String, String)>,
    seen: Seen,
}

pub(in super::super) enum Plan {
    Add(AddPerson),
    Edit { old: Box<AddPerson>, new: AddPerson, version: i64 },
}

impl Persons {
    /// The record meant by this number or address, through mergers.
    fn find(&self, said: &str) -> Result<Option<&Standing>, ()> {
        let mut found = match self.by_key.get(&self.folded(said)).map(Vec::as_slice) {
            Some([index]) => self.all.get(*index),
            Some(_) => return Err(()),
            None => self.former.get(said).and_then(|id| self.all.get(*self.by_id.get(id)?)),
        };
        for _ in 0..10 {
            match found.and_then(|one| one.merged_into) {
                Some(into) => found = self.by_id.get(&into).and_then(|index| self.all.get(*index)),
                None => break,
            }
        }
        Ok(found)
    }

    /// Mail addresses are the same whatever their capitals; numbers are not.
    fn folded(&self, said: &str) -> String {
        if self.key == "mail" { said.to_lowercase() } else { said.to_owned() }
    }

    fn company<'a>(
        &'a self,
        row: &Row<'_>,
        verdict: &mut Verdict<Plan>,
    ) -> Option<&'a (CompanyId, String, String)> {
        let word = row.text("company")?;
        let found = self.companies.find(word);
        if found.is_none() {
            verdict.refuse("import-company-unknown", "company", [("value", word.into())]);
        }
        found
    }

    /// The record as the row wants it, over what stands.
    fn wanted(&self, row: &Row<'_>, standing: Option<&Standing>, verdict: &mut Verdict<Plan>) -> AddPerson {
        let mut wanted = match standing {
            Some(standing) => as_input(standing, self.kind),
            None => AddPerson::named(PersonId::from_uuid(row.staged.fresh), self.kind, "", None, ""),
        };
        if let Some(number) = row.owned("number").filter(|_| standing.is_none()) {
            wanted.number = Some(number);
        }
        let keep = |key: &str, field: &mut Option<String>| {
            if row.has(key) {
                *field = row.owned(key);
            }
        };
        keep("prefix", &mut wanted.prefix);
        keep("mail", &mut wanted.mail);
        keep("phone", &mut wanted.phone);
        wanted.given_name = row.owned("given_name").unwrap_or(wanted.given_name);
        wanted.family_name = row.owned("family_name").unwrap_or(wanted.family_name);
        if row.has("born") {
            wanted.born = row.date("born");
        }
        if row.has("unit") {
            wanted.unit = unit(&self.units, row, "unit", verdict).map(|unit| unit.id);
        }
        if row.has("company") {
            wanted.company = self.company(row, verdict).map(|company| company.0);
        }
        if let Some(name) = row.owned("id_check_name") {
            // A name that must stay secret is not brought back by a sheet.
            if wanted.id_check == IdCheck::Secret {
                verdict.refuse("import-id-check-secret", "id_check_name", []);
            }
            (wanted.id_check, wanted.id_check_name) = (IdCheck::Name, Some(name));
        }
        wanted
    }

    fn compare(&self, row: &Row<'_>, old: Option<&Standing>, new: &AddPerson, verdict: &mut Verdict<Plan>) {
        let was = |field: fn(&Standing) -> Option<String>| old.and_then(field);
        if old.is_none() {
            verdict.compare("number", None, new.number.clone());
        }
        verdict.compare("given_name", was(|one| Some(one.given_name.clone())), Some(new.given_name.clone()));
        verdict.compare("prefix", was(|one| one.prefix.clone()), new.prefix.clone());
        verdict.compare(
            "family_name",
            was(|one| Some(one.family_name.clone())),
            Some(new.family_name.clone()),
        );
        verdict.compare("id_check_name", was(|one| one.id_check_name.clone()), new.id_check_name.clone());
        let day = |date: Date| date.to_string();
        verdict.compare("born", was(|one| one.born.map(|date| date.to_string())), new.born.map(day));
        verdict.compare("mail", was(|one| one.mail.clone()), new.mail.clone());
        verdict.compare("phone", was(|one| one.phone.clone()), new.phone.clone());
        if old.and_then(|one| one.unit) != new.unit {
            let code = row.text("unit").and_then(|word| self.units.find(word)).map(|unit| unit.code.clone());
            verdict.compare("unit", was(|one| one.unit_code.clone()), code);
        }
        if old.and_then(|one| one.company) != new.company {
            let name = row.text("company").and_then(|word| self.companies.find(word)).map(|it| it.2.clone());
            verdict.compare("company", was(|one| one.company_name.clone()), name);
        }
        if old.is_some_and(|one| one.state == State::Inactive) {
            verdict.compare("state", Some(State::Inactive.code().into()), Some(State::Active.code().into()));
        }
    }
}

impl Subject for Persons {
    type Plan = Plan;

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let reach = allowed.what().clone();
        let of = kind.person().unwrap_or(person::Kind::Student);
        let key = if of == person::Kind::External { "mail" } else { "number" };
        let all = q.all(standing(of, reach.kind, reach.me, reach.scope, reach.today)).await?;
        let former = q.all(former_numbers(of.number_code())).await?.into_iter().collect();
        let companies = match of {
            person::Kind::External => q.all(companies()).await?,
            _ => Vec::new(),
        };
        let mut known = Self {
            kind: of,
            key,
            everywhere: reach.is_all(),
            by_key: HashMap::new(),
            by_id: all.iter().enumerate().map(|(index, one)| (one.id, index)).collect(),
            former,
            without_zeros: HashMap::new(),
            units: known_units(q, &reach).await?,
            companies: Named::new(companies, |company| &company.1, |company| &company.2),
            seen: Seen::new(),
            all: Vec::new(),
        };
        for (index, one) in all.iter().enumerate() {
            let said = if key == "mail" { &one.mail } else { &one.number };
            let Some(said) = said else { continue };
            if key == "mail" && one.state == State::Merged {
                continue;
            }
            known.by_key.entry(known.folded(said)).or_default().push(index);
            if key == "number" && said.starts_with('0') {
                known.without_zeros.insert(said.trim_start_matches('0').to_owned(), said.clone());
            }
        }
        known.all = all;
        Ok(known)
    }

    fn scan(&mut self, row: &Row<'_>) {
        if let Some(said) = row.text(self.key) {
            self.seen.entry(self.folded(said)).or_default().push(row.number());
        }
    }

    fn judge(&self, row: &Row<'_>) -> Verdict<Plan> {
        let said = row.text(self.key);
        let name = display_name(
            row.text("given_name").unwrap_or_default(),
            row.text("prefix"),
            row.text("family_name").unwrap_or_default(),
        );
        let mut verdict = Verdict::of(row, name);
        let found = match said.map(|said| self.find(said)) {
            None => None,
            Some(Ok(found)) => found,
            Some(Err(())) => {
                let value = said.unwrap_or_default();
                verdict.refuse("import-ambiguous", self.key, [("value", value.into())]);
                None
            }
        };
        verdict.repeated(row, self.key, said.and_then(|said| self.seen.get(&self.folded(said))));
        if let (Some(said), None, "number") = (said, found, self.key)
            && let Some(known) = self.without_zeros.get(said)
        {
            verdict.refuse(
                "import-number-zeros",
                "number",
                [("value", said.into()), ("known", known.as_str().into())],
            );
        }
        if let Some(found) = found {
            verdict.subject = Some(found.id.uuid());
            if !found.reached {
                // What this person's record holds is not theirs to see, so nothing is compared.
                verdict.refuse("import-person-out-of-reach", self.key, []);
                return verdict;
            }
        }
        let wanted = self.wanted(row, found, &mut verdict);
        if let Err(error) = mail(wanted.mail.as_deref()) {
            verdict.told(&error);
        }
        if found.is_none() && wanted.unit.is_none() && !self.everywhere && verdict.faults.is_empty() {
            verdict.refuse("import-unit-needed", "unit", []);
        }
        self.compare(row, found, &wanted, &mut verdict);
        if !verdict.faults.is_empty() || !row.staged.found.is_empty() {
            return verdict;
        }
        match wanted.checked() {
            Err(error) => verdict.told(&error),
            Ok(new) => {
                verdict.plan = match found {
                    None => Some(Plan::Add(new)),
                    Some(_) if verdict.changes.is_empty() => None,
                    Some(old) => Some(Plan::Edit {
                        old: Box::new(as_input(old, self.kind)),
                        new,
                        version: old.version,
                    }),
                };
            }
        }
        verdict
    }

    fn carry(plan: Plan, batch: &mut Batch) {
        match plan {
            Plan::Add(new) => {
                batch.each(0, new.insert());
                batch.events.push(Event::new("person.added", new.id).new_value(new.shown()));
            }
            Plan::Edit { old, new, version } => {
                batch.one(new.update(version, State::Active));
                let event = Event::new("person.edited", new.id).old(old.shown()).new_value(new.shown());
                batch.events.push(event);
            }
        }
    }
}

fn as_input(standing: &Standing, kind: person::Kind) -> AddPerson {
    AddPerson {
        id: standing.id,
        kind,
        number: standing.number.clone(),
        given_name: standing.given_name.clone(),
        prefix: standing.prefix.clone(),
        family_name: standing.family_name.clone(),
        id_check: standing.id_check,
        id_check_name: standing.id_check_name.clone(),
        mail: standing.mail.clone(),
        phone: standing.phone.clone(),
        born: standing.born,
        unit: standing.unit,
        company: standing.company,
    }
}

/// What a row can be found by in the preview.
pub(in super::super) fn search_of(label: &str, row: &Row<'_>) -> String {
    let keys = ["number", "mail", "code"].map(|key| row.text(key).unwrap_or_default());
    folded(&format!("{label} {}", keys.join(" ")))
}
