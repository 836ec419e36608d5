//! Programmes per year: find, see, add and change them, and who is enrolled.

use crate::address::{Address, page};
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::page::Page;
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Row, Tone, Weight,
};
use crate::person::PersonPage;
use crate::program::{ProgramPage, Programs, level_word};
use crate::record::{Asked, Record, Spot, id_of};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use crate::view::{Block, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::ProgramOfferingId;
use regie_people::offering::{
    self, AddOffering, EditOffering, Filter as Narrowed, Offering, OfferingLine, Path,
};
use regie_people::{Error, Page as Found, Paging, campus, enrolment, program, unit};
use regie_sheets::Value;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Offerings = "/offerings";
    pub ExportOfferings = "/offerings/export";
    pub NewOffering = "/offerings/new";
    pub OfferingPage { id: String } = "/offerings/{id}";
    pub OfferingEdit { id: String } = "/offerings/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Offerings, NewOffering, OfferingPage, OfferingEdit, ExportOfferings)
}

pub(crate) struct Kind;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = OfferingLine;
    const NAME: &'static str = "offerings";
    const TITLE: &'static str = "nav-offerings";

    fn place() -> String {
        Offerings {}.to_string()
    }

    fn export_place() -> String {
        ExportOfferings {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address
            .keep("q", &asked.q)
            .keep("cohort", &asked.cohort)
            .keep("path", &asked.path)
            .keep("unit", &asked.unit)
            .keep("state", &asked.state)
    }

    async fn found(
        house: &House,
        me: &Me,
        asked: &Wanted,
        paging: Paging,
    ) -> Result<Found<OfferingLine>, Stop> {
        let narrowed = Narrowed {
            text: asked_words(&asked.q),
            program: None,
            cohort: asked.cohort.parse().ok(),
            path: Path::from_code(&asked.path),
            unit: asked.unit.parse().ok(),
            active: asked.state != "inactive",
            paging,
        };
        offering::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))
    }

    fn columns(me: &Me) -> Vec<Col<OfferingLine>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("offering-code"), Weight::Key, |line: &OfferingLine| {
                Cell::link(line.code.clone(), OfferingPage { id: line.id.to_string() })
            }),
            Col::new(texts.t("program-name"), Weight::Usual, move |line: &OfferingLine| Cell::Two {
                text: line.program_name.clone(),
                sub: level_word(texts, line.level),
            }),
            Col::filed(texts.t("program-level"), |line: &OfferingLine| Some(Value::Whole(line.level.into()))),
            Col::text(texts.t("offering-cohort"), Weight::Main, |line: &OfferingLine| {
                line.cohort.to_string()
            })
            .number()
            .value(|line| Some(Value::Whole(line.cohort.into()))),
            Col::text(texts.t("offering-path"), Weight::Usual, |line: &OfferingLine| line.path.code().into()),
            Col::text(texts.t("person-unit"), Weight::Wide, |line: &OfferingLine| line.unit_name.clone()),
            Col::text(texts.t("offering-campus"), Weight::Wide, |line: &OfferingLine| {
                line.campus_name.clone().unwrap_or_default()
            }),
            Col::whole(texts, texts.t("program-students"), Weight::Usual, |line: &OfferingLine| {
                line.students
            }),
        ]
    }

    fn row(line: &OfferingLine) -> (String, String) {
        (line.id.to_string(), line.code.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("graduation-cap", texts.t("offering-none"), texts.t("offering-none-text"))
    }

    async fn narrowing(house: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let this_year = u32::try_from(me.caller().today().year()).unwrap_or(2026);
        let mut cohorts = vec![(String::new(), texts.t("offering-cohort-all").to_string())];
        cohorts.extend((0..6).map(|back| (this_year - back).to_string()).map(|year| (year.clone(), year)));
        let mut paths = vec![(String::new(), texts.t("offering-path-all").to_string())];
        paths.extend(Path::ALL.map(|path| (path.code().to_owned(), path.code().to_owned())));
        let (unit, chosen) = listing::of_unit(house, me, &asked.unit, address).await;
        let mut active: Vec<_> = address.words().into_iter().collect();
        let cohort: Option<u32> = asked.cohort.parse().ok();
        active.extend(cohort.map(|cohort| address.chosen("cohort", cohort.to_string())));
        active.extend(Path::from_code(&asked.path).map(|path| address.chosen("path", path.code())));
        active.extend(chosen);
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::choose(texts, "cohort", "offering-cohort", cohorts, &asked.cohort),
            listing::choose(texts, "path", "offering-path", paths, &asked.path),
            listing::word(texts, "filter-of"),
            unit,
            listing::word(texts, "filter-that-are"),
            listing::in_use(texts, &asked.state),
            listing::word(texts, "filter-with"),
            listing::search(texts, "program-search", &asked.q),
        ];
        Ok(Narrowing { wishes, active })
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditPrograms)
            .then(|| Button::link(me.texts().t("offering-add"), NewOffering {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = ProgramOfferingId;
    type Now = Offering;
    type Input = AddOffering;
    const ACTION: Action = Action::EditPrograms;
    const LIST: &'static str = "nav-offerings";
    const ADD: &'static str = "offering-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Offerings {}.to_string(),
            Spot::New => NewOffering {}.to_string(),
            Spot::One(id) => OfferingPage { id: id.into() }.to_string(),
            Spot::Edit(id) => OfferingEdit { id: id.into() }.to_string(),
        }
    }

    fn name(offering: &Offering) -> String {
        offering.code.clone()
    }

    fn version(offering: &Offering) -> i64 {
        offering.version
    }

    fn active(offering: &Offering) -> Option<bool> {
        Some(offering.active)
    }

    fn shown(one: &Offering) -> Filled {
        Filled::of([
            ("code", one.code.clone()),
            ("cohort", one.cohort.to_string()),
            ("path", one.path.code().into()),
            ("unit", one.unit.to_string()),
            ("campus", one.campus.map(|campus| campus.to_string()).unwrap_or_default()),
        ])
    }

    fn fresh(me: &Me, asked: &Asked) -> Filled {
        Filled::of([
            ("program", asked.get("program").cloned().unwrap_or_default()),
            ("cohort", me.caller().today().year().to_string()),
            ("path", Path::Bol.code().into()),
        ])
    }

    async fn fields(house: &House, me: &Me, known: Option<&Offering>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let campuses = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let mut sites = vec![Choice::new("", texts.t("offering-campus-none"))];
        sites.extend(campuses.iter().map(|campus| Choice::new(campus.id.to_string(), campus.name.clone())));
        let mut fields = Vec::new();
        if known.is_none() {
            let all = program::Filter { paging: Paging::ALL, ..program::Filter::default() };
            let programs =
                program::list(&house.db, me.caller(), &all).await.map_err(|error| me.stop(error))?;
            let mut choices = vec![Choice::new("", texts.t("choose-one"))];
            choices.extend(programs.lines.into_iter().map(|one| {
                let level = level_word(texts, one.level);
                Choice::new(one.id.to_string(), format!("{} ({}, {})", one.name, level, one.code))
            }));
            fields.push(Field::select(texts, "program", texts.t("program-name"), choices));
        }
        let paths = Path::ALL.map(|path| Choice::new(path.code(), texts.of("path", path.code())));
        let mut teams = vec![Choice::new("", texts.t("choose-one"))];
        teams.extend(unit_choices(&units));
        fields.extend([
            Field::text(texts, "code", texts.t("offering-code")).short(),
            Field::number(texts, "cohort", texts.t("offering-cohort")).hint(texts.t("offering-cohort-hint")),
            Field::radios(texts, "path", texts.t("offering-path"), paths.into()),
            Field::select(texts, "unit", texts.t("person-unit"), teams),
            Field::select(texts, "campus", texts.t("offering-campus"), sites).optional(),
        ]);
        Ok(fields)
    }

    fn read(
        texts: Texts,
        filled: &Filled,
        id: ProgramOfferingId,
        known: Option<&Offering>,
    ) -> Result<AddOffering, Faults> {
        let mut reading = filled.reading(texts);
        let program = known.map(|one| one.program).or_else(|| reading.chosen("program"));
        let (cohort, path) = (reading.number("cohort"), reading.code("path", Path::from_code));
        let (unit, campus) = (reading.chosen("unit"), reading.maybe_chosen("campus"));
        let code = filled.text("code").to_owned();
        let whole = program.zip(cohort).zip(path.zip(unit)).map(|((program, cohort), (path, unit))| {
            AddOffering { id, program, code, cohort, path, campus, unit }
        });
        reading.end(whole)
    }

    async fn see(db: &Db, caller: &Caller, id: ProgramOfferingId) -> Result<Offering, Error> {
        offering::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddOffering) -> Result<ProgramOfferingId, Error> {
        offering::add(db, caller, input).await
    }

    async fn edit(
        db: &Db,
        caller: &Caller,
        offering: AddOffering,
        version: i64,
        active: bool,
    ) -> Result<(), Error> {
        offering::edit(db, caller, EditOffering { offering, version, active }).await.map(drop)
    }

    async fn blocks(
        house: &House,
        me: &Me,
        id: &str,
        one: &Offering,
        asked: &Asked,
    ) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let facts = vec![
            Fact::new(texts.t("program-name"), one.program_name.clone())
                .href(ProgramPage { id: one.program.to_string() }),
            Fact::new(texts.t("offering-cohort"), one.cohort.to_string()),
            Fact::new(texts.t("offering-path"), one.path.code()),
            Fact::new(texts.t("person-unit"), one.unit_name.clone()),
            Fact::new(texts.t("offering-campus"), one.campus_name.clone().unwrap_or_else(|| "–".into())),
        ];
        let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
        // Who may see nobody sees the programme alone.
        if me.may(Action::SeePeople) {
            blocks.push(Block::list(
                texts.t("people-student"),
                Vec::new(),
                students(house, me, id, asked).await?,
            ));
        }
        Ok(blocks)
    }

    fn under(page: Page, one: Option<&Offering>) -> Page {
        let (programs, offerings) = (page.t("nav-programs").to_string(), page.t(Self::LIST).to_string());
        match one {
            Some(one) => page
                .under(programs, Programs {})
                .under(one.program_name.clone(), ProgramPage { id: one.program.to_string() }),
            None => page.under(offerings, Offerings {}),
        }
    }
}

/// Who is enrolled, to search and to page through.
async fn students(house: &House, me: &Me, id: &str, asked: &Asked) -> Result<List, Stop> {
    let texts = me.texts();
    let q = asked.get("q").map(String::as_str).unwrap_or_default();
    let narrowed = enrolment::Filter {
        text: asked_words(q),
        offering: Some(id_of(id)?),
        paging: Paging { page: page(asked.get("page").and_then(|page| page.parse().ok())), size: 50 },
        ..enrolment::Filter::default()
    };
    let found = enrolment::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let here = OfferingPage { id: id.into() };
    let address = Address::new(&here).keep("q", q);
    let total = found.total;
    let wishes = vec![listing::word(texts, "filter-show"), listing::search(texts, "filter-search", q)];
    Ok(List {
        filter: Some(Filter { action: here.to_string(), wishes }),
        active: address.words().into_iter().collect(),
        clear: here.to_string(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, total),
        ..enrolled(me, found)
    })
}

fn enrolled(me: &Me, found: Found<enrolment::Enrolment>) -> List {
    let texts = me.texts();
    let today = me.caller().today();
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Wide),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.person_name.clone(),
        cells: vec![
            Cell::link(line.person_name.clone(), PersonPage { id: line.person.to_string() }),
            Cell::text(line.number.clone().unwrap_or_default()),
            Cell::text(period(texts, line.begins, line.ends)),
            Cell::Chips(standing(texts, &line, today)),
        ],
    });
    let empty = Empty::new("users", texts.t("enrolment-none"), texts.t("enrolment-none-text"));
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, "students", texts.t("people-student"), columns, empty)
    }
}

/// How an enrolment stands today.
pub(crate) fn standing(texts: Texts, one: &enrolment::Enrolment, today: jiff::civil::Date) -> Vec<Chip> {
    let mut chips = vec![if today < one.begins {
        Chip::new(Tone::Info, texts.t("dated-coming"))
    } else if regie_core::day::holds(one.begins, one.ends, today) {
        Chip::new(Tone::Ok, texts.t("dated-now"))
    } else {
        Chip::new(Tone::Plain, texts.t("dated-over"))
    }];
    if one.exam_only {
        chips.push(Chip::new(Tone::Info, texts.t("enrolment-exam-only")));
    }
    chips
}
