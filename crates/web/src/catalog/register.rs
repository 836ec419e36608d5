//! The registers: suppliers, permitted platforms, and decisions.

use super::{dash, id_of};
use crate::address::{Address, page};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Faults, Field, Filter, List, Row, Tone, Weight, Wish};
use crate::record::{Shown, in_use_chip, in_use_field};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, ListView, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::platform::{self, AddPlatform, Permit, Platform};
use regie_catalog::supplier::{self, AddSupplier, EditSupplier, Supplier};
use regie_catalog::{Paging, decision};
use regie_core::id::{PlatformId, SupplierId};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Suppliers = "/suppliers";
    pub NewSupplier = "/suppliers/new";
    pub SupplierEdit { id: String } = "/suppliers/{id}/edit";
    pub Platforms = "/platforms";
    pub NewPlatform = "/platforms/new";
    pub PlatformPermit { id: String } = "/platforms/{id}/permit";
    pub Decisions = "/decisions";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Suppliers::at(), suppliers)
        .get(NewSupplier::at(), new_supplier)
        .post(NewSupplier::at(), add_supplier)
        .get(SupplierEdit::at(), edit_supplier)
        .post(SupplierEdit::at(), save_supplier)
        .get(Platforms::at(), platforms)
        .get(NewPlatform::at(), new_platform)
        .post(NewPlatform::at(), add_platform)
        .get(PlatformPermit::at(), ask_permit)
        .post(PlatformPermit::at(), permit)
        .get(Decisions::at(), decisions)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    year: String,
    page: Option<u32>,
}

/// A list and what can be added to it.
pub(super) fn listed(
    me: &Me,
    title: &'static str,
    list: List,
    add: Option<(&'static str, String)>,
) -> View<ListView> {
    let texts = me.texts();
    let first = add.map(|(word, href)| Button::link(texts.t(word), href).icon("plus").primary());
    View::new(ListView::new(Page::new(me.viewer.clone(), texts.t(title)), list).first(first))
}

async fn suppliers(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let (paging, text) =
        (Paging { page: page(asked.page), size: 50 }, asked.q.chars().take(100).collect::<String>());
    let found =
        supplier::list(&house.db, me.caller(), &text, paging).await.map_err(|error| me.stop(error))?;
    let (today, may) = (me.caller().today(), me.may(Action::EditTests));
    let rows = found.lines.into_iter().map(|one| {
        let certified = match one.certified_until {
            Some(until) if until >= today => {
                Chip::new(Tone::Ok, texts.t("supplier-until").with("day", texts.date(until)).to_string())
            }
            Some(until) => {
                Chip::new(Tone::Danger, texts.t("supplier-ended").with("day", texts.date(until)).to_string())
            }
            None => Chip::new(Tone::Warn, texts.t("supplier-uncertified")),
        };
        let name = match may {
            true => Cell::Link {
                text: one.name.clone(),
                href: SupplierEdit { id: one.id.to_string() }.to_string(),
                sub: Some(one.code),
            },
            false => Cell::Two { text: one.name.clone(), sub: one.code },
        };
        Row {
            id: one.id.to_string(),
            name: one.name,
            cells: vec![
                name,
                Cell::Chip(certified),
                Cell::text(dash(one.mail)),
                Cell::Chip(in_use_chip(texts, one.active)),
            ],
        }
    });
    let columns = vec![
        Column::new(texts.t("field-name"), Weight::Key),
        Column::new(texts.t("supplier-certified"), Weight::Main),
        Column::new(texts.t("field-mail"), Weight::Wide),
        Column::new(texts.t("in-use"), Weight::Usual),
    ];
    let address = Address::new(Suppliers {}).keep("q", &asked.q);
    let filter = Filter {
        action: Suppliers {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("supplier-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let empty = Empty::new("building-2", texts.t("supplier-none"), texts.t("list-none-text"))
        .action(Button::link(texts.t("list-clear"), Suppliers {}));
    let list = List {
        filter: Some(filter),
        active: address.words().into_iter().collect(),
        clear: Suppliers {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, paging.page, paging.size, found.total),
        ..List::new(texts, "suppliers", texts.t("nav-suppliers"), columns, empty)
    };
    let add = may.then(|| ("supplier-add", NewSupplier {}.to_string()));
    Ok(listed(&me, "nav-suppliers", list, add))
}

fn supplier_form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<&Supplier>,
) -> FormView {
    let texts = me.texts();
    let mut fields = vec![
        filled.put(Field::text(texts, "name", texts.t("field-name"))),
        filled.put(Field::text(texts, "code", texts.t("field-code")).short()),
        filled.put(Field::email(texts, "mail", texts.t("field-mail")).optional().autocomplete("off")),
        filled.put(
            Field::date(texts, "certified_until", texts.t("supplier-certified"))
                .hint(texts.t("supplier-certified-hint"))
                .optional(),
        ),
    ];
    let (title, action) = match known {
        Some(one) => {
            fields.push(filled.put(in_use_field(texts)));
            let url = SupplierEdit { id: one.id.to_string() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.name.clone()).to_string(),
                with_query(&url, [("version", version.as_str())]),
            )
        }
        None => (texts.t("supplier-add").to_string(), NewSupplier {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-suppliers"), Suppliers {});
    FormView::new(house, me, page, action, Suppliers {}, fields, faults)
}

fn read_supplier(texts: Texts, filled: &Filled, id: SupplierId) -> Result<AddSupplier, Faults> {
    let mut reading = filled.reading(texts);
    let certified_until = reading.maybe_date("certified_until");
    reading.end(Some(AddSupplier {
        id,
        code: filled.text("code").into(),
        name: filled.text("name").into(),
        mail: filled.maybe("mail"),
        certified_until,
    }))
}

async fn new_supplier(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    Ok(View::new(supplier_form(&house, &me, &Filled::default(), Faults::none(me.texts()), None)))
}

async fn add_supplier(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::EditTests)?;
    let faults = match read_supplier(me.texts(), &filled, house.new_id()) {
        Ok(input) => match supplier::add(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(Suppliers {})),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(supplier_form(&house, &me, &filled, faults, None)).into_response())
}

async fn edit_supplier(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SupplierEdit>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    let one = supplier::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([
        ("name", one.name.clone()),
        ("code", one.code.clone()),
        ("mail", one.mail.clone().unwrap_or_default()),
        ("certified_until", one.certified_until.map(|day| day.to_string()).unwrap_or_default()),
        ("state", if one.active { "active" } else { "inactive" }.into()),
    ]);
    Ok(View::new(supplier_form(&house, &me, &filled, Faults::none(me.texts()), Some(&one))))
}

async fn save_supplier(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SupplierEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::EditTests)?;
    let id: SupplierId = id_of(&at.id)?;
    let faults = match read_supplier(me.texts(), &filled, id) {
        Ok(supplier) => {
            let active = filled.text("state") != "inactive";
            let input = EditSupplier { supplier, version: shown.version, active };
            match supplier::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(Suppliers {})),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    let now = supplier::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(supplier_form(&house, &me, &filled, faults, Some(&now))).into_response())
}

async fn platforms(State(house): State<House>, me: Me) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let found = platform::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let (today, may) = (me.caller().today(), me.may(Action::PermitPlatforms));
    let rows: Vec<Row> = found
        .into_iter()
        .map(|one| {
            let chip = match one.permitted_on(today) {
                true => Chip::new(Tone::Ok, texts.t("platform-permitted")),
                false => Chip::new(Tone::Warn, texts.t("platform-not-permitted")),
            };
            let when = one
                .permitted_from
                .map_or_else(|| "–".into(), |from| period(texts, from, one.permitted_until));
            let name = match may {
                true => Cell::Link {
                    text: one.name.clone(),
                    href: PlatformPermit { id: one.id.to_string() }.to_string(),
                    sub: Some(one.code),
                },
                false => Cell::Two { text: one.name.clone(), sub: one.code },
            };
            Row {
                id: one.id.to_string(),
                name: one.name,
                cells: vec![name, Cell::Chip(chip), Cell::text(when), Cell::text(one.grounds)],
            }
        })
        .collect();
    let columns = vec![
        Column::new(texts.t("field-name"), Weight::Key),
        Column::new(texts.t("version-stage"), Weight::Main),
        Column::new(texts.t("version-valid"), Weight::Usual),
        Column::new(texts.t("decision-grounds"), Weight::Wide),
    ];
    let empty = Empty::new("monitor", texts.t("platform-none"), texts.t("platform-none-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "platforms", texts.t("nav-platforms"), columns, empty)
    };
    let add = me.may(Action::EditTests).then(|| ("platform-add", NewPlatform {}.to_string()));
    Ok(listed(&me, "nav-platforms", list, add))
}

fn platform_form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let fields = [
        Field::text(texts, "name", texts.t("field-name")),
        Field::text(texts, "code", texts.t("field-code")).short(),
        Field::check(texts, "needs_device", texts.t("platform-device")),
        Field::check(texts, "secure", texts.t("platform-secure")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let page =
        Page::new(me.viewer.clone(), texts.t("platform-add")).under(texts.t("nav-platforms"), Platforms {});
    FormView::new(house, me, page, NewPlatform {}, Platforms {}, fields, faults)
        .about(texts.t("platform-add-text"))
}

async fn new_platform(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    Ok(View::new(platform_form(&house, &me, &Filled::default(), Faults::none(me.texts()))))
}

async fn add_platform(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::EditTests)?;
    let input = AddPlatform {
        id: house.new_id(),
        code: filled.text("code").into(),
        name: filled.text("name").into(),
        needs_device: filled.has("needs_device"),
        secure: filled.has("secure"),
    };
    match platform::add(&house.db, &filled.caller(&me), input).await {
        Ok(_) => Ok(to(Platforms {})),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(platform_form(&house, &me, &filled, faults)).into_response())
        }
    }
}

fn permit_form(house: &House, me: &Me, one: &Platform, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let fields = [
        Field::date(texts, "from", texts.t("approval-from")),
        Field::date(texts, "until", texts.t("approval-until")).optional(),
        Field::area(texts, "grounds", texts.t("decision-grounds")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let title = texts.t("platform-permit").with("name", one.name.clone()).to_string();
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-platforms"), Platforms {});
    let version = one.version.to_string();
    let url = PlatformPermit { id: one.id.to_string() }.to_string();
    let action = with_query(&url, [("version", version.as_str())]);
    FormView::new(house, me, page, action, Platforms {}, fields, faults)
        .about(texts.t("platform-permit-text"))
}

async fn platform_of(house: &House, me: &Me, id: &str) -> Result<Platform, Stop> {
    me.must(Action::PermitPlatforms)?;
    let id: PlatformId = id_of(id)?;
    platform::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

async fn ask_permit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlatformPermit>,
) -> Result<View<FormView>, Stop> {
    let one = platform_of(&house, &me, &at.id).await?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let from = one.permitted_from.or(Some(me.caller().today()));
    let filled = Filled::of([
        ("from", day(from)),
        ("until", day(one.permitted_until)),
        ("grounds", one.grounds.clone()),
    ]);
    Ok(View::new(permit_form(&house, &me, &one, &filled, Faults::none(me.texts()))))
}

async fn permit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlatformPermit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let one = platform_of(&house, &me, &at.id).await?;
    let mut reading = filled.reading(me.texts());
    let from = reading.date("from");
    let until = reading.maybe_date("until");
    let faults = match reading.end(from) {
        Ok(from) => {
            let grounds = filled.text("grounds").into();
            let (platform, version) = (one.id, shown.version);
            let input = Permit { platform, version, from, until, grounds, decision: house.new_id() };
            match platform::permit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(Platforms {})),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(permit_form(&house, &me, &one, &filled, faults)).into_response())
}

async fn decisions(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = decision::Filter {
        year: asked.year.parse().ok(),
        kind: None,
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = decision::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let rows = found.lines.into_iter().map(|one| {
        let tone = match one.outcome {
            decision::Outcome::Granted => Tone::Ok,
            decision::Outcome::Refused => Tone::Danger,
            decision::Outcome::Withdrawn => Tone::Warn,
        };
        let number = format!("{}-{}", one.year, one.number);
        Row {
            id: one.id.to_string(),
            name: number.clone(),
            cells: vec![
                Cell::text(number),
                Cell::Two { text: one.title, sub: texts.of("decision-kind", &one.kind).to_string() },
                Cell::Chip(Chip::new(tone, texts.of("decision-outcome", one.outcome.code()))),
                Cell::text(texts.date(one.decided_on)),
                Cell::text(texts.of("decision-body", one.body.code())),
                Cell::text(one.grounds.unwrap_or_default()),
            ],
        }
    });
    let columns = vec![
        Column::new(texts.t("decision-number"), Weight::Key),
        Column::new(texts.t("decision-about"), Weight::Main),
        Column::new(texts.t("decision-outcome"), Weight::Main),
        Column::new(texts.t("decision-day"), Weight::Usual),
        Column::new(texts.t("decision-body"), Weight::Usual),
        Column::new(texts.t("decision-grounds"), Weight::Wide),
    ];
    let this_year = me.caller().today().year();
    let mut years = vec![(String::new(), texts.t("decision-year-all").to_string())];
    years.extend((0..8).map(|back| (this_year - back).to_string()).map(|year| (year.clone(), year)));
    let address = Address::new(Decisions {}).keep("year", &asked.year);
    let filter = Filter {
        action: Decisions {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "year".into(),
                label: texts.t("decision-year").to_string(),
                options: years,
                chosen: asked.year.clone(),
            },
        ],
    };
    let empty = Empty::new("gavel", texts.t("decision-none"), texts.t("decision-none-text"));
    let chosen = narrowed.year.map(|year| address.chosen("year", year.to_string()));
    let list = List {
        filter: Some(filter),
        active: chosen.into_iter().collect(),
        clear: Decisions {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "decisions", texts.t("nav-decisions"), columns, empty)
    };
    Ok(listed(&me, "nav-decisions", list, None))
}
