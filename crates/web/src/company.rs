//! Companies and who comes from them: find, see, add and change.

use crate::address::{Address, page};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Column, Empty, Fact, Faults, Field, Filter, List, Row, Weight, Wish};
use crate::person::{NewPerson, PersonPage};
use crate::program::{Shown, in_use, in_use_chip, in_use_field};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::CompanyId;
use regie_people::Paging;
use regie_people::company::{self, AddCompany, Company, EditCompany, Filter as Narrowed};
use serde::Deserialize;

urls! {
    pub Companies = "/companies";
    pub NewCompany = "/companies/new";
    pub CompanyPage { id: String } = "/companies/{id}";
    pub CompanyEdit { id: String } = "/companies/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Companies::at(), list)
        .get(NewCompany::at(), new)
        .post(NewCompany::at(), add)
        .get(CompanyPage::at(), show)
        .get(CompanyEdit::at(), edit)
        .post(CompanyEdit::at(), save)
}

fn id_of(text: &str) -> Result<CompanyId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        active: asked.state != "inactive",
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = company::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let address = Address::new(Companies {}).keep("q", &asked.q).keep("state", &asked.state);
    let columns = vec![
        Column::new(texts.t("field-name"), Weight::Key),
        Column::new(texts.t("field-city"), Weight::Main),
        Column::new(texts.t("field-code"), Weight::Usual),
        Column::new(texts.t("company-people"), Weight::Usual).number(),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.name.clone(),
        cells: vec![
            Cell::link(line.name, CompanyPage { id: line.id.to_string() }),
            Cell::text(line.city.unwrap_or_default()),
            Cell::text(line.code.unwrap_or_default()),
            Cell::text(texts.whole(line.people)),
        ],
    });
    let filter = Filter {
        action: Companies {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            in_use(texts, &asked.state),
            Wish::Words(texts.t("filter-called").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("company-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let empty = Empty::new("building-2", texts.t("company-none"), texts.t("list-none-text"));
    let list = List {
        filter: Some(filter),
        active: address.words().into_iter().collect(),
        clear: Companies {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "companies", texts.t("nav-companies"), columns, empty)
    };
    let first = me
        .may(Action::EditOrganisation)
        .then(|| Button::link(texts.t("company-add"), NewCompany {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-companies")), list).first(first)))
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<CompanyPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = company::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
    let facts = vec![
        Fact::new(texts.t("field-city"), dash(&one.city)),
        Fact::new(texts.t("field-code"), dash(&one.code)),
        Fact::new(texts.t("field-mail"), dash(&one.mail)),
        Fact::new(texts.t("field-phone"), dash(&one.phone)),
    ];
    let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
    if me.may(Action::SeePeople) {
        let people = company::people(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
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
        let new = with_query(&NewPerson {}.to_string(), [("company", at.id.as_str())]);
        let acts = match me.may(Action::EditPeople) {
            true => vec![Button::link(texts.t("person-add"), new).icon("user-plus")],
            false => Vec::new(),
        };
        blocks.push(Block::list(texts.t("company-people"), acts, list));
    }
    let may = me.may(Action::EditOrganisation);
    let lines = match may {
        true => company::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?,
        false => Vec::new(),
    };
    let page = Page::new(me.viewer.clone(), one.name.clone()).under(texts.t("nav-companies"), Companies {});
    let first = may.then(|| {
        Button::link(texts.t("person-edit"), CompanyEdit { id: at.id.clone() }).icon("pencil").primary()
    });
    Ok(View::new(DetailView {
        chip: Some(in_use_chip(texts, one.active)),
        first,
        history: may.then(|| history(&me, &lines)),
        ..DetailView::new(page, blocks)
    }))
}

fn form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<(&str, &Company)>,
) -> FormView {
    let texts = me.texts();
    let mut fields = vec![
        filled.put(Field::text(texts, "name", texts.t("field-name"))),
        filled.put(
            Field::text(texts, "code", texts.t("field-code"))
                .hint(texts.t("company-code-hint"))
                .optional()
                .short(),
        ),
        filled.put(Field::text(texts, "city", texts.t("field-city")).optional()),
        filled.put(Field::email(texts, "mail", texts.t("field-mail")).optional().autocomplete("off")),
        filled.put(Field::text(texts, "phone", texts.t("field-phone")).optional().short()),
    ];
    let (title, action, back) = match known {
        Some((id, one)) => {
            fields.push(in_use_field(texts, filled));
            let action = CompanyEdit { id: id.to_owned() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.name.clone()).to_string(),
                with_query(&action, [("version", version.as_str())]),
                CompanyPage { id: id.to_owned() }.to_string(),
            )
        }
        None => (texts.t("company-add").to_string(), NewCompany {}.to_string(), Companies {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-companies"), Companies {});
    FormView::new(house, me, page, action, back, fields, faults)
}

fn read(filled: &Filled, id: CompanyId) -> AddCompany {
    AddCompany {
        id,
        name: filled.text("name").into(),
        code: filled.maybe("code"),
        city: filled.maybe("city"),
        mail: filled.maybe("mail"),
        phone: filled.maybe("phone"),
    }
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditOrganisation)?;
    Ok(View::new(form(&house, &me, &Filled::default(), Faults::none(me.texts()), None)))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::EditOrganisation)?;
    let faults = match company::add(&house.db, &filled.caller(&me), read(&filled, house.new_id())).await {
        Ok(id) => return Ok(to(CompanyPage { id: id.to_string() })),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None)).into_response())
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<CompanyEdit>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditOrganisation)?;
    let one = company::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let filled = Filled::of([
        ("name", one.name.clone()),
        ("code", text(&one.code)),
        ("city", text(&one.city)),
        ("mail", text(&one.mail)),
        ("phone", text(&one.phone)),
        ("state", if one.active { "active" } else { "inactive" }.into()),
    ]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &one)))))
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<CompanyEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::EditOrganisation)?;
    let id = id_of(&at.id)?;
    let active = filled.text("state") != "inactive";
    let input = EditCompany { company: read(&filled, id), version: shown.version, active };
    let faults = match company::edit(&house.db, &filled.caller(&me), input).await {
        Ok(_) => return Ok(to(CompanyPage { id: at.id })),
        Err(error) => fault(me.texts(), error)?,
    };
    let now = company::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(form(&house, &me, &filled, faults, Some((&at.id, &now)))).into_response())
}
