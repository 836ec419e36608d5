//! Groups: find, see, add and change them, and who is in them.

mod member;

use crate::address::Address;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words, day};
use crate::me::Me;
use crate::part::{Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, List, Row, Tone, Weight};
use crate::person::PersonPage;
use crate::record::{Asked, Record, Spot, id_of};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, period};
use member::{AddMembers, MemberLeave};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::GroupId;
use regie_people::group::{self, AddGroup, EditGroup, Filter as Narrowed, Group, GroupLine, Member, Part};
use regie_people::journal::Entry;
use regie_people::{Error, Page as Found, Paging, unit};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Groups = "/groups";
    pub ExportGroups = "/groups/export";
    pub NewGroup = "/groups/new";
    pub GroupPage { id: String } = "/groups/{id}";
    pub GroupEdit { id: String } = "/groups/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Groups, NewGroup, GroupPage, GroupEdit, ExportGroups).and(member::door())
}

pub(crate) struct Kind;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    when: String,
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = GroupLine;
    const NAME: &'static str = "groups";
    const TITLE: &'static str = "nav-groups";

    fn place() -> String {
        Groups {}.to_string()
    }

    fn export_place() -> String {
        ExportGroups {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address.keep("q", &asked.q).keep("unit", &asked.unit).keep("when", &asked.when)
    }

    async fn found(house: &House, me: &Me, asked: &Wanted, paging: Paging) -> Result<Found<GroupLine>, Stop> {
        let narrowed = Narrowed {
            text: asked_words(&asked.q),
            unit: asked.unit.parse().ok(),
            on: (asked.when != "always").then(|| me.caller().today()),
            paging,
        };
        group::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))
    }

    fn columns(me: &Me) -> Vec<Col<GroupLine>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("group-code"), Weight::Key, |line: &GroupLine| Cell::Link {
                text: line.code.clone(),
                href: GroupPage { id: line.id.to_string() }.to_string(),
                sub: Some(line.name.clone()),
            }),
            Col::filed(texts.t("group-name"), |line: &GroupLine| crate::sheet::cell(line.name.clone())),
            Col::text(texts.t("person-unit"), Weight::Usual, |line: &GroupLine| line.unit_name.clone()),
            Col::whole(texts, texts.t("program-students"), Weight::Main, |line: &GroupLine| line.students),
            Col::whole(texts, texts.t("group-teachers"), Weight::Wide, |line: &GroupLine| line.teachers),
            Col::text(texts.t("enrolment-period"), Weight::Wide, move |line: &GroupLine| {
                period(texts, line.begins, line.ends)
            })
            .on_screen_alone(),
            Col::filed(texts.t("field-begins"), |line: &GroupLine| day(line.begins)),
            Col::filed(texts.t("field-ends"), |line: &GroupLine| line.ends.and_then(day)),
        ]
    }

    fn row(line: &GroupLine) -> (String, String) {
        (line.id.to_string(), line.code.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("users", texts.t("group-none"), texts.t("group-none-text"))
    }

    async fn narrowing(house: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let (unit, chosen) = listing::of_unit(house, me, &asked.unit, address).await;
        let when = vec![
            (String::new(), texts.t("group-now").to_string()),
            ("always".into(), texts.t("group-always").to_string()),
        ];
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::choose(texts, "when", "enrolment-period", when, &asked.when),
            listing::word(texts, "filter-of"),
            unit,
            listing::word(texts, "filter-called"),
            listing::search(texts, "group-search", &asked.q),
        ];
        Ok(Narrowing { wishes, active: address.words().into_iter().chain(chosen).collect() })
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditPeople)
            .then(|| Button::link(me.texts().t("group-add"), NewGroup {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = GroupId;
    type Now = Group;
    type Input = AddGroup;
    const ACTION: Action = Action::EditPeople;
    const LIST: &'static str = "nav-groups";
    const ADD: &'static str = "group-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Groups {}.to_string(),
            Spot::New => NewGroup {}.to_string(),
            Spot::One(id) => GroupPage { id: id.into() }.to_string(),
            Spot::Edit(id) => GroupEdit { id: id.into() }.to_string(),
        }
    }

    fn name(group: &Group) -> String {
        group.code.clone()
    }

    fn version(group: &Group) -> i64 {
        group.version
    }

    fn active(_: &Group) -> Option<bool> {
        None
    }

    fn shown(one: &Group) -> Filled {
        Filled::of([
            ("code", one.code.clone()),
            ("name", one.name.clone()),
            ("unit", one.unit.to_string()),
            ("begins", one.begins.to_string()),
            ("ends", one.ends.map(|ends| ends.to_string()).unwrap_or_default()),
        ])
    }

    fn fresh(me: &Me, _: &Asked) -> Filled {
        Filled::of([("begins", me.caller().today().to_string())])
    }

    async fn fields(house: &House, me: &Me, _: Option<&Group>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let mut teams = vec![Choice::new("", texts.t("choose-one"))];
        teams.extend(unit_choices(&units));
        Ok(vec![
            Field::text(texts, "code", texts.t("group-code")).hint(texts.t("group-code-hint")).short(),
            Field::text(texts, "name", texts.t("group-name")),
            Field::select(texts, "unit", texts.t("person-unit"), teams),
            Field::date(texts, "begins", texts.t("field-begins")),
            Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ends-hint")).optional(),
        ])
    }

    fn read(texts: Texts, filled: &Filled, id: GroupId, _: Option<&Group>) -> Result<AddGroup, Faults> {
        let mut reading = filled.reading(texts);
        let unit = reading.chosen("unit");
        let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
        let (code, name) = (filled.text("code").to_owned(), filled.text("name").to_owned());
        let whole = unit.zip(begins).map(|(unit, begins)| AddGroup { id, code, name, unit, begins, ends });
        reading.end(whole)
    }

    async fn see(db: &Db, caller: &Caller, id: GroupId) -> Result<Group, Error> {
        group::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddGroup) -> Result<GroupId, Error> {
        group::add(db, caller, input).await
    }

    async fn edit(db: &Db, caller: &Caller, group: AddGroup, version: i64, _: bool) -> Result<(), Error> {
        group::edit(db, caller, EditGroup { group, version }).await.map(drop)
    }

    async fn blocks(house: &House, me: &Me, id: &str, one: &Group, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let members = group::members(&house.db, me.caller(), id_of(id)?).await;
        let members = members.map_err(|error| me.stop(error))?;
        let today = me.caller().today();
        let facts = vec![
            Fact::new(texts.t("group-name"), one.name.clone()),
            Fact::new(texts.t("person-unit"), one.unit_name.clone()),
            Fact::new(texts.t("enrolment-period"), period(texts, one.begins, one.ends)),
        ];
        let may = me.may(Action::EditPeople);
        let (now, before): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|member| member.ends.is_none_or(|ends| ends >= today));
        let (teachers, students): (Vec<Member>, Vec<Member>) =
            now.into_iter().partition(|member| member.part == Part::Teacher);
        let place =
            |part: Part| with_query(&AddMembers { id: id.to_owned() }.to_string(), [("part", part.code())]);
        let acts = |part: Part| match may {
            true => {
                let word = texts.of("group-place", part.code());
                vec![Button::link(word, place(part)).icon("user-plus").small()]
            }
            false => Vec::new(),
        };
        let mut blocks = vec![
            Block::facts(texts.t("person-facts"), facts),
            Block::list(
                texts.t("group-teachers"),
                acts(Part::Teacher),
                member_list(me, id, "teachers", teachers, may),
            ),
            Block::list(
                texts.t("people-student"),
                acts(Part::Student),
                member_list(me, id, "students", students, may),
            ),
        ];
        if !before.is_empty() {
            let list = member_list(me, id, "before", before, false);
            blocks.push(Block::list(texts.t("group-before"), Vec::new(), list));
        }
        Ok(blocks)
    }

    /// Who sees a group may know what became of it.
    fn remembers(_: &Me) -> bool {
        true
    }

    async fn history(db: &Db, caller: &Caller, id: GroupId) -> Result<Vec<Entry>, Error> {
        group::history(db, caller, id).await
    }
}

fn member_list(me: &Me, group: &str, id: &str, members: Vec<Member>, may: bool) -> List {
    let (texts, today) = (me.texts(), me.caller().today());
    let mut columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("enrolment-period"), Weight::Wide),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = members.into_iter().map(|member| {
        let when = if member.begins > today {
            Cell::Chip(Chip::new(
                Tone::Info,
                texts.t("role-since").with("begins", texts.date(member.begins)).to_string(),
            ))
        } else {
            Cell::text(period(texts, member.begins, member.ends))
        };
        let who = match member.reached {
            true => Cell::link(member.name.clone(), PersonPage { id: member.person.to_string() }),
            false => Cell::text(member.name.clone()),
        };
        let mut cells = vec![who, Cell::text(member.number.unwrap_or_default()), when];
        if may {
            let leave = MemberLeave { id: group.to_owned(), person: member.person.to_string() };
            let word = texts.t("group-leave-of").with("name", member.name.clone()).to_string();
            cells.push(Cell::Buttons(vec![
                Button::link(word, leave).icon("log-out").quiet().small().icon_only(),
            ]));
        }
        Row { id: member.person.to_string(), name: member.name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("users", texts.t("group-nobody"), texts.t("group-nobody-text"));
    List { total: rows.len() as u64, rows, ..List::new(texts, id, texts.t("group-members"), columns, empty) }
}
