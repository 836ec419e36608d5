//! Programmes: find, see, add and change them.

use crate::address::Address;
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::offering::{Kind as OfferingKind, NewOffering};
use crate::part::{Button, Cell, Choice, Empty, Fact, Faults, Field, Weight};
use crate::record::{Asked, Record, Spot, id_of};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::Block;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::ProgramId;
use regie_people::program::{self, AddProgram, EditProgram, Filter as Narrowed, Program, ProgramLine};
use regie_people::{Error, Page as Found, Paging, offering};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Programs = "/programs";
    pub ExportPrograms = "/programs/export";
    pub NewProgram = "/programs/new";
    pub ProgramPage { id: String } = "/programs/{id}";
    pub ProgramEdit { id: String } = "/programs/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Programs, NewProgram, ProgramPage, ProgramEdit, ExportPrograms)
}

pub(crate) struct Kind;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    state: String,
}

/// `niveau 3`.
pub(crate) fn level_word(texts: Texts, level: u32) -> String {
    texts.t("program-level-of").with("level", i64::from(level)).to_string()
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = ProgramLine;
    const NAME: &'static str = "programs";
    const TITLE: &'static str = "nav-programs";

    fn place() -> String {
        Programs {}.to_string()
    }

    fn export_place() -> String {
        ExportPrograms {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address.keep("q", &asked.q).keep("level", &asked.level).keep("state", &asked.state)
    }

    async fn found(
        house: &House,
        me: &Me,
        asked: &Wanted,
        paging: Paging,
    ) -> Result<Found<ProgramLine>, Stop> {
        let active = asked.state != "inactive";
        let level = asked.level.parse().ok();
        let narrowed = Narrowed { text: asked_words(&asked.q), level, active, paging };
        program::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))
    }

    fn columns(me: &Me) -> Vec<Col<ProgramLine>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("program-name"), Weight::Key, |line: &ProgramLine| {
                Cell::link(line.name.clone(), ProgramPage { id: line.id.to_string() })
            }),
            Col::whole(texts, texts.t("program-level"), Weight::Main, |line: &ProgramLine| line.level.into()),
            Col::text(texts.t("program-code"), Weight::Usual, |line: &ProgramLine| line.code.clone()),
            Col::text(texts.t("program-crebo"), Weight::Wide, |line: &ProgramLine| or_none(&line.crebo)),
            Col::whole(texts, texts.t("program-offerings"), Weight::Wide, |line: &ProgramLine| {
                line.offerings
            }),
            Col::whole(texts, texts.t("program-students"), Weight::Usual, |line: &ProgramLine| line.students),
        ]
    }

    fn row(line: &ProgramLine) -> (String, String) {
        (line.id.to_string(), line.name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("graduation-cap", texts.t("program-none"), texts.t("list-none-text"))
            .action(Button::link(texts.t("list-clear"), Programs {}))
    }

    async fn narrowing(_: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let mut levels = vec![(String::new(), texts.t("program-level-all").to_string())];
        levels.extend((1..=4).map(|level: u32| (level.to_string(), level_word(texts, level))));
        let mut active: Vec<_> = address.words().into_iter().collect();
        let level = asked.level.parse().ok();
        active.extend(level.map(|level: u32| address.chosen("level", level_word(texts, level))));
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::choose(texts, "level", "program-level", levels, &asked.level),
            listing::word(texts, "filter-that-are"),
            listing::in_use(texts, &asked.state),
            listing::word(texts, "filter-with"),
            listing::search(texts, "program-search", &asked.q),
        ];
        Ok(Narrowing { wishes, active })
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditPrograms)
            .then(|| Button::link(me.texts().t("program-add"), NewProgram {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = ProgramId;
    type Now = Program;
    type Input = AddProgram;
    const ACTION: Action = Action::EditPrograms;
    const LIST: &'static str = "nav-programs";
    const ADD: &'static str = "program-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Programs {}.to_string(),
            Spot::New => NewProgram {}.to_string(),
            Spot::One(id) => ProgramPage { id: id.into() }.to_string(),
            Spot::Edit(id) => ProgramEdit { id: id.into() }.to_string(),
        }
    }

    fn name(program: &Program) -> String {
        program.name.clone()
    }

    fn version(program: &Program) -> i64 {
        program.version
    }

    fn active(program: &Program) -> Option<bool> {
        Some(program.active)
    }

    fn shown(one: &Program) -> Filled {
        Filled::of([
            ("name", one.name.clone()),
            ("level", one.level.to_string()),
            ("code", one.code.clone()),
            ("crebo", or_none(&one.crebo)),
        ])
    }

    async fn fields(_: &House, me: &Me, _: Option<&Program>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let levels = (1..=4).map(|level: u32| Choice::new(level.to_string(), level_word(texts, level)));
        Ok(vec![
            Field::text(texts, "name", texts.t("program-name")),
            Field::radios(texts, "level", texts.t("program-level"), levels.collect()),
            Field::text(texts, "code", texts.t("program-code")).hint(texts.t("program-code-hint")).short(),
            Field::text(texts, "crebo", texts.t("program-crebo"))
                .hint(texts.t("program-crebo-hint"))
                .optional()
                .short(),
        ])
    }

    fn read(texts: Texts, filled: &Filled, id: ProgramId, _: Option<&Program>) -> Result<AddProgram, Faults> {
        let mut reading = filled.reading(texts);
        let level = reading.code("level", |text| text.parse().ok());
        reading.end(level.map(|level| AddProgram {
            id,
            code: filled.text("code").into(),
            crebo: filled.maybe("crebo"),
            name: filled.text("name").into(),
            level,
        }))
    }

    async fn see(db: &Db, caller: &Caller, id: ProgramId) -> Result<Program, Error> {
        program::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddProgram) -> Result<ProgramId, Error> {
        program::add(db, caller, input).await
    }

    async fn edit(
        db: &Db,
        caller: &Caller,
        program: AddProgram,
        version: i64,
        active: bool,
    ) -> Result<(), Error> {
        program::edit(db, caller, EditProgram { program, version, active }).await.map(drop)
    }

    async fn blocks(house: &House, me: &Me, id: &str, one: &Program, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let narrowed = offering::Filter {
            program: Some(id_of(id)?),
            paging: Paging::ALL,
            ..offering::Filter::default()
        };
        let offered =
            offering::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
        let facts = vec![
            Fact::new(texts.t("program-level"), texts.whole(one.level.into())),
            Fact::new(texts.t("program-code"), one.code.clone()),
            Fact::new(texts.t("program-crebo"), one.crebo.clone().unwrap_or_else(|| "–".into())),
        ];
        let new = with_query(&NewOffering {}.to_string(), [("program", id)]);
        let acts = match me.may(Action::EditPrograms) && one.active {
            true => vec![Button::link(texts.t("offering-add"), new).icon("plus")],
            false => Vec::new(),
        };
        let mut columns = OfferingKind::columns(me);
        // Which programme they are of stands above them.
        columns.remove(1);
        let list = listing::drawn::<OfferingKind>(me, "offerings", &columns, offered);
        Ok(vec![
            Block::facts(texts.t("person-facts"), facts),
            Block::list(texts.t("nav-offerings"), acts, list),
        ])
    }
}
