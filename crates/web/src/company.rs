//! Companies and who comes from them: find, see, add and change.

use crate::address::Address;
use crate::campus::Wanted;
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::part::{Button, Cell, Column, Empty, Fact, Faults, Field, List, Row, Weight};
use crate::person::{NewPerson, PersonPage};
use crate::record::{Asked, Record, Spot, id_of};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::Block;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CompanyId;
use regie_people::company::{self, AddCompany, Company, CompanyLine, EditCompany, Filter as Narrowed};
use regie_people::{Error, Page as Found, Paging};
use regie_texts::Texts;

urls! {
    pub Companies = "/companies";
    pub ExportCompanies = "/companies/export";
    pub NewCompany = "/companies/new";
    pub CompanyPage { id: String } = "/companies/{id}";
    pub CompanyEdit { id: String } = "/companies/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Companies, NewCompany, CompanyPage, CompanyEdit, ExportCompanies)
}

pub(crate) struct Kind;

impl Listing for Kind {
    type Asked = Wanted;
    type Line = CompanyLine;
    const NAME: &'static str = "companies";
    const TITLE: &'static str = "nav-companies";

    fn place() -> String {
        Companies {}.to_string()
    }

    fn export_place() -> String {
        ExportCompanies {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        asked.keep(address)
    }

    async fn found(
        house: &House,
        me: &Me,
        asked: &Wanted,
        paging: Paging,
    ) -> Result<Found<CompanyLine>, Stop> {
        let narrowed = Narrowed { text: asked_words(&asked.q), active: asked.active(), paging };
        company::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))
    }

    fn columns(me: &Me) -> Vec<Col<CompanyLine>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("field-name"), Weight::Key, |line: &CompanyLine| {
                Cell::link(line.name.clone(), CompanyPage { id: line.id.to_string() })
            }),
            Col::text(texts.t("field-city"), Weight::Main, |line: &CompanyLine| or_none(&line.city)),
            Col::text(texts.t("field-code"), Weight::Usual, |line: &CompanyLine| or_none(&line.code)),
            Col::whole(texts, texts.t("company-people"), Weight::Usual, |line: &CompanyLine| line.people),
        ]
    }

    fn row(line: &CompanyLine) -> (String, String) {
        (line.id.to_string(), line.name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("building-2", texts.t("company-none"), texts.t("list-none-text"))
    }

    async fn narrowing(_: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        Ok(asked.narrowing(me.texts(), "company-search", address))
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditOrganisation)
            .then(|| Button::link(me.texts().t("company-add"), NewCompany {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = CompanyId;
    type Now = Company;
    type Input = AddCompany;
    const ACTION: Action = Action::EditOrganisation;
    const LIST: &'static str = "nav-companies";
    const ADD: &'static str = "company-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Companies {}.to_string(),
            Spot::New => NewCompany {}.to_string(),
            Spot::One(id) => CompanyPage { id: id.into() }.to_string(),
            Spot::Edit(id) => CompanyEdit { id: id.into() }.to_string(),
        }
    }

    fn name(company: &Company) -> String {
        company.name.clone()
    }

    fn version(company: &Company) -> i64 {
        company.version
    }

    fn active(company: &Company) -> Option<bool> {
        Some(company.active)
    }

    fn shown(one: &Company) -> Filled {
        Filled::of([
            ("name", one.name.clone()),
            ("code", or_none(&one.code)),
            ("city", or_none(&one.city)),
            ("mail", or_none(&one.mail)),
            ("phone", or_none(&one.phone)),
        ])
    }

    async fn fields(_: &House, me: &Me, _: Option<&Company>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        Ok(vec![
            Field::text(texts, "name", texts.t("field-name")),
            Field::text(texts, "code", texts.t("field-code"))
                .hint(texts.t("company-code-hint"))
                .optional()
                .short(),
            Field::text(texts, "city", texts.t("field-city")).optional(),
            Field::email(texts, "mail", texts.t("field-mail")).optional().autocomplete("off"),
            Field::text(texts, "phone", texts.t("field-phone")).optional().short(),
        ])
    }

    fn read(_: Texts, filled: &Filled, id: CompanyId, _: Option<&Company>) -> Result<AddCompany, Faults> {
        Ok(AddCompany {
            id,
            name: filled.text("name").into(),
            code: filled.maybe("code"),
            city: filled.maybe("city"),
            mail: filled.maybe("mail"),
            phone: filled.maybe("phone"),
        })
    }

    async fn see(db: &Db, caller: &Caller, id: CompanyId) -> Result<Company, Error> {
        company::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddCompany) -> Result<CompanyId, Error> {
        company::add(db, caller, input).await
    }

    async fn edit(
        db: &Db,
        caller: &Caller,
        company: AddCompany,
        version: i64,
        active: bool,
    ) -> Result<(), Error> {
        company::edit(db, caller, EditCompany { company, version, active }).await.map(drop)
    }

    async fn blocks(house: &House, me: &Me, id: &str, one: &Company, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        let facts = vec![
            Fact::new(texts.t("field-city"), dash(&one.city)),
            Fact::new(texts.t("field-code"), dash(&one.code)),
            Fact::new(texts.t("field-mail"), dash(&one.mail)),
            Fact::new(texts.t("field-phone"), dash(&one.phone)),
        ];
        let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
        if me.may(Action::SeePeople) {
            let people =
                company::people(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))?;
            let columns = vec![
                Column::new(texts.t("person-name"), Weight::Key),
                Column::new(texts.t("person-mail"), Weight::Usual),
            ];
            let rows = people.into_iter().map(|line| Row {
                id: line.id.to_string(),
                name: line.display_name.clone(),
                cells: vec![
                    Cell::link(line.display_name, PersonPage { id: line.id.to_string() }),
                    Cell::text(line.mail.unwrap_or_default()),
                ],
            });
            let rows: Vec<Row> = rows.collect();
            let empty = Empty::new("users", texts.t("company-nobody"), texts.t("company-nobody-text"));
            let list = List {
                total: rows.len() as u64,
                rows,
                ..List::new(texts, "people", texts.t("company-people"), columns, empty)
            };
            let new = with_query(&NewPerson {}.to_string(), [("company", id)]);
            let acts = match me.may(Action::EditPeople) {
                true => vec![Button::link(texts.t("person-add"), new).icon("user-plus")],
                false => Vec::new(),
            };
            blocks.push(Block::list(texts.t("company-people"), acts, list));
        }
        Ok(blocks)
    }
}
