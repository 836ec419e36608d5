//! The form of a person, for adding and for changing.

use super::{EditPerson, NewPerson, People, PersonPage};
use crate::me::Me;
use crate::page::Page;
use crate::part::{Button, Choice, Faults, Field, Form};
use crate::url::with_query;
pub(super) use crate::view::FormView as FormPage;
use jiff::civil::Date;
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_people::company::CompanyLine;
use regie_people::person::{AddPerson, IdCheck, Kind, Person, State};
use regie_people::unit::Unit;
use regie_texts::Texts;
use serde::Deserialize;

/// What the form sends, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    family_name: String,
    #[serde(default)]
    id_check: String,
    #[serde(default)]
    id_check_name: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    born: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    company: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    request: String,
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl Wanted {
    pub(super) fn of(one: &Person) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            kind: one.kind.code().into(),
            number: text(&one.number),
            given_name: one.given_name.clone(),
            prefix: text(&one.prefix),
            family_name: one.family_name.clone(),
            id_check: one.id_check.code().into(),
            id_check_name: text(&one.id_check_name),
            mail: text(&one.mail),
            phone: text(&one.phone),
            born: one.born.map(|born| born.to_string()).unwrap_or_default(),
            unit: one.unit.map(|unit| unit.to_string()).unwrap_or_default(),
            company: one.company.map(|company| company.to_string()).unwrap_or_default(),
            state: one.state.code().into(),
            request: String::new(),
        }
    }

    /// Empty, or of somebody from a company.
    pub(super) fn from_company(company: String) -> Self {
        let kind = if company.is_empty() { Kind::Student } else { Kind::External };
        Self { kind: kind.code().into(), company, ..Self::default() }
    }

    pub(super) fn active(&self) -> bool {
        self.state != State::Inactive.code()
    }

    /// A form sent twice is one command.
    pub(super) fn caller(&self, me: &Me) -> Caller {
        Caller { request: self.request.parse().ok(), ..me.caller().clone() }
    }

    /// The input of the use case; faults are what cannot even be read.
    pub(super) fn person(&self, texts: Texts, id: PersonId) -> Result<AddPerson, Faults> {
        let mut faults = Faults::none(texts);
        let born = match filled(&self.born).map(|text| text.parse::<Date>()) {
            None => None,
            Some(Ok(date)) => Some(date),
            Some(Err(_)) => {
                faults.add("born", texts.t("told-date-invalid"));
                None
            }
        };
        let unit = match filled(&self.unit).map(|text| text.parse()) {
            None => None,
            Some(Ok(unit)) => Some(unit),
            Some(Err(_)) => {
                faults.add("unit", texts.t("told-choose-one"));
                None
            }
        };
        let company = match filled(&self.company).map(|text| text.parse()) {
            None => None,
            Some(Ok(company)) => Some(company),
            Some(Err(_)) => {
                faults.add("company", texts.t("told-choose-one"));
                None
            }
        };
        let kind = Kind::from_code(&self.kind);
        if kind.is_none() {
            faults.add("kind", texts.t("told-choose-one"));
        }
        let id_check_name = filled(&self.id_check_name);
        let id_check = IdCheck::from_code(&self.id_check).unwrap_or(IdCheck::NotAvailable);
        match kind {
            Some(kind) if faults.is_empty() => Ok(AddPerson {
                id,
                kind,
                number: filled(&self.number),
                given_name: self.given_name.clone(),
                prefix: filled(&self.prefix),
                family_name: self.family_name.clone(),
                id_check,
                id_check_name: id_check_name.filter(|_| id_check == IdCheck::Name),
                mail: filled(&self.mail),
                phone: filled(&self.phone),
                born,
                unit,
                company,
            }),
            _ => Err(faults),
        }
    }
}

/// A person that is being changed: the version is the one on screen.
pub(super) struct Known<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub version: i64,
}

pub(super) fn draw(
    me: &Me,
    units: &[Unit],
    companies: &[CompanyLine],
    wanted: &Wanted,
    faults: Faults,
    known: Option<Known<'_>>,
    request: regie_core::id::RequestId,
) -> FormPage {
    let texts = me.texts();
    let mut places = vec![Choice::new("", texts.t("person-unit-none"))];
    places.extend(crate::filled::units(units));
    let mut firms = vec![Choice::new("", texts.t("person-company-none"))];
    firms.extend(companies.iter().map(|one| {
        let city = one.city.as_ref().map(|city| format!(", {city}")).unwrap_or_default();
        Choice::new(one.id.to_string(), format!("{}{city}", one.name))
    }));
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), texts.of("person-kind", kind.code())));
    let checks = IdCheck::ALL.map(|check| Choice::new(check.code(), texts.of("id-check", check.code())));
    let kind =
        Field::radios(texts, "kind", texts.t("person-kind"), kinds.into()).value(or(&wanted.kind, "student"));
    let mut fields = vec![
        if known.is_some() { kind.read_only() } else { kind },
        Field::text(texts, "given_name", texts.t("field-given_name")).value(&wanted.given_name),
        Field::text(texts, "prefix", texts.t("field-prefix")).value(&wanted.prefix).optional().short(),
        Field::text(texts, "family_name", texts.t("field-family_name")).value(&wanted.family_name),
        Field::text(texts, "number", texts.t("person-number")).value(&wanted.number).optional().short(),
        Field::select(texts, "unit", texts.t("person-unit"), places).value(&wanted.unit).optional(),
        Field::select(texts, "company", texts.t("person-company"), firms)
            .hint(texts.t("person-company-hint"))
            .value(&wanted.company)
            .optional(),
        Field::email(texts, "mail", texts.t("person-mail"))
            .value(&wanted.mail)
            .optional()
            .autocomplete("off"),
        Field::text(texts, "phone", texts.t("person-phone")).value(&wanted.phone).optional().short(),
        Field::date(texts, "born", texts.t("person-born")).value(&wanted.born).optional(),
        Field::radios(texts, "id_check", texts.t("person-id-check"), checks.into())
            .hint(texts.t("id-check-hint"))
            .value(or(&wanted.id_check, "notAvailable")),
        Field::text(texts, "id_check_name", texts.t("field-id_check_name"))
            .value(&wanted.id_check_name)
            .optional(),
    ];
    if known.is_some() {
        let states = [State::Active, State::Inactive]
            .map(|state| Choice::new(state.code(), texts.of("person-state", state.code())));
        fields.push(
            Field::radios(texts, "state", texts.t("person-state"), states.into())
                .value(or(&wanted.state, "active")),
        );
    }
    let fields = fields.into_iter().map(|field| field.checked(&faults)).collect();
    let (action, back, title) = match known {
        Some(Known { id, name, version }) => (
            with_query(
                &EditPerson { id: id.to_owned() }.to_string(),
                [("version", version.to_string().as_str())],
            ),
            PersonPage { id: id.to_owned() }.to_string(),
            texts.t("person-edit-title").with("name", name.to_owned()).to_string(),
        ),
        None => (NewPerson {}.to_string(), People {}.to_string(), texts.t("person-add").to_string()),
    };
    FormPage {
        meanwhile: None,
        sub: None,
        notice: None,
        form: Form {
            action,
            csrf: me.viewer.csrf.clone(),
            request: Some(request.to_string()),
            faults,
            fields,
            submit: Button::submit(texts.t("form-save")),
            others: vec![Button::link(texts.t("form-cancel"), back).quiet()],
        },
        page: Page::new(me.viewer.clone(), title).under(texts.t("nav-people"), People {}),
    }
}

fn or<'a>(value: &'a str, otherwise: &'a str) -> &'a str {
    if value.is_empty() { otherwise } else { value }
}
