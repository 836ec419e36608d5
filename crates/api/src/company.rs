//! Companies where students learn and from which assessors come.

use crate::call::{Answer, Call, Reply};
use crate::door::{Door, Op};
use crate::organisation::Made;
use crate::page::{Page, asked};
use regie_core::id::{CompanyId, Id};
use regie_people::company::{self, AddCompany, EditCompany};
use regie_signin::client::ApiScope::{OrganisationRead, OrganisationWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALL: &str = "/api/v1/companies";
const ONE: &str = "/api/v1/companies/{company}";

pub(crate) fn door() -> Door {
    Door::default()
        .op(Op::get("listCompanies", ALL, OrganisationRead, "Companies, a page at a time."), list)
        .op(Op::add("addCompany", ALL, OrganisationWrite, "Adds a company."), add)
        .op(Op::get("getCompany", ONE, OrganisationRead, "One company.").with_etag(), one)
        .op(Op::put("putCompany", ONE, OrganisationWrite, "Replaces a company's record."), put)
}

asked! { Asked {
    /// `true` when left out.
    active: Option<bool>,
} }

/// A company in a list.
#[derive(Serialize, JsonSchema)]
struct CompanyLine {
    id: Uuid,
    name: String,
    code: Option<String>,
    city: Option<String>,
    active: bool,
    /// Active persons from it.
    people: i64,
}

async fn list(call: Call<(), Asked>) -> Answer<Page<CompanyLine>> {
    let asking = call.query.asking()?;
    let filter = company::Filter {
        text: asking.text.clone(),
        active: call.query.active.unwrap_or(true),
        paging: asking.paging,
    };
    let found = company::list(&call.house.db, &call.caller, &filter).await.map_err(call.told())?;
    Ok(Reply::new(asking.page(found, |it| CompanyLine {
        id: it.id.uuid(),
        name: it.name,
        code: it.code,
        city: it.city,
        active: it.active,
        people: it.people,
    })))
}

/// A company. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
struct Company {
    id: Uuid,
    name: String,
    /// The code under which it is recognised as a place to learn.
    code: Option<String>,
    city: Option<String>,
    mail: Option<String>,
    phone: Option<String>,
    active: bool,
}

#[derive(Deserialize, JsonSchema)]
struct CompanyPath {
    company: Uuid,
}

impl CompanyPath {
    fn id(&self) -> CompanyId {
        CompanyId::from_uuid(self.company)
    }
}

fn shown(it: company::Company) -> Reply<Company> {
    let version = it.version;
    let shown = Company {
        id: it.id.uuid(),
        name: it.name,
        code: it.code,
        city: it.city,
        mail: it.mail,
        phone: it.phone,
        active: it.active,
    };
    Reply::new(shown).version(version)
}

async fn one(call: Call<CompanyPath>) -> Answer<Company> {
    Ok(shown(company::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?))
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCompany {
    #[schemars(length(min = 1, max = 160))]
    name: String,
    #[schemars(length(max = 30))]
    code: Option<String>,
    #[schemars(length(max = 80))]
    city: Option<String>,
    #[schemars(length(max = 254))]
    mail: Option<String>,
    #[schemars(length(max = 30))]
    phone: Option<String>,
}

async fn add(call: Call<(), (), NewCompany>) -> Answer<Made> {
    let NewCompany { name, code, city, mail, phone } = call.body.clone();
    let input = AddCompany { id: call.house.new_id(), name, code, city, mail, phone };
    let id = company::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{ALL}/{id}")))
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedCompany {
    #[schemars(length(min = 1, max = 160))]
    name: String,
    #[schemars(length(max = 30))]
    code: Option<String>,
    #[schemars(length(max = 80))]
    city: Option<String>,
    #[schemars(length(max = 254))]
    mail: Option<String>,
    #[schemars(length(max = 30))]
    phone: Option<String>,
    active: bool,
}

async fn put(call: Call<CompanyPath, (), ChangedCompany>) -> Answer<Company> {
    let id = call.path.id();
    let ChangedCompany { name, code, city, mail, phone, active } = call.body.clone();
    let company = AddCompany { id, name, code, city, mail, phone };
    let input = EditCompany { company, version: call.version, active };
    company::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(shown(company::see(&call.house.db, &call.caller, id).await.map_err(call.told())?))
}
