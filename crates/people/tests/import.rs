//! Sheets of people and places, from the staged rows to what stands afterwards, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;
use regie_core::column::Column;
use regie_core::id::{CampusId, Id, ImportId, PersonId, RequestId, UnitId};
use regie_core::{Caller, Role, Scope, Source};
use regie_people::Error;
use regie_people::import::{
    Begin, Kind, Line, Mapped, Mapping, Outcome, Problem, Staged, State, begin, cancel, carry_out, forget,
    judge, judge_again, latest, map, missing, remembered, rows, see, stage, take,
};
use regie_people::person::{self, AddPerson, EditPerson, Filter};
use regie_testkit::{World, both};
use std::collections::BTreeMap;

struct School {
    care: UnitId,
    ict: UnitId,
}

async fn school(world: &World) -> School {
    let system = world.system();
    let mut ids = Vec::new();
    let mut root = None;
    for code in ["ROC", "ZORG", "ICT"] {
        let unit = regie_people::unit::AddUnit {
            id: world.id(),
            parent: root,
            code: code.into(),
            name: format!("Team {code}"),
        };
        let id = regie_people::unit::add(&world.db, &system, unit).await.unwrap();
        root = root.or(Some(id));
        ids.push(id);
    }
    School { care: ids[1], ict: ids[2] }
}

fn office(world: &World, scope: Scope) -> Caller {
    Caller { scope, source: Source::Page, ..world.caller(Role::ExamOffice) }
}

/// The cells of a row by the names of their columns.
fn cells(columns: &[Column], filled: &[(&str, &str)]) -> Vec<Option<String>> {
    let of = |column: &Column| {
        filled.iter().find(|(key, _)| *key == column.key).map(|(_, text)| (*text).to_owned())
    };
    columns.iter().map(of).collect()
}

fn mapped(mapping: Mapping, remember: BTreeMap<String, Option<String>>) -> Mapped {
    Mapped { mapping, remember, header_row: 1, ..Mapped::default() }
}

/// Hands in a sheet with these columns and rows, as far as the preview.
async fn handed_in(
    world: &World,
    caller: &Caller,
    kind: Kind,
    keys: &[&str],
    sheet: &[Vec<(&str, &str)>],
) -> ImportId {
    let input = Begin {
        id: world.id(),
        kind,
        file_name: "lijst.xlsx".into(),
        file: "00".repeat(32),
        sheet: None,
        header_row: 1,
        headers: keys.iter().map(|key| (*key).to_owned()).collect(),
        rows: sheet.len(),
    };
    let id = begin(&world.db, caller, input).await.unwrap();
    let mapping = (0u32..).zip(keys).map(|(column, key)| ((*key).to_owned(), column)).collect();
    map(&world.db, caller, id, mapped(mapping, BTreeMap::new())).await.unwrap();
    let staged: Vec<Staged> = (2u32..)
        .zip(sheet)
        .map(|(number, row)| Staged {
            number,
            fresh: world.id::<RequestId>().uuid(),
            cells: cells(kind.columns(), row),
            found: Vec::new(),
        })
        .collect();
    let task = take(&world.db, world.school, id).await.unwrap().unwrap();
    stage(&world.db, &task, &staged).await.unwrap();
    judge(&world.db, &task).await.unwrap();
    id
}

async fn lines(world: &World, caller: &Caller, id: ImportId) -> Vec<Line> {
    rows(&world.db, caller, id, None, "", 1, 1000).await.unwrap().lines
}

fn outcomes(lines: &[Line]) -> Vec<Outcome> {
    lines.iter().map(|line| line.outcome).collect()
}

/// The rules a row was refused by, each with its column.
fn rules(line: &Line) -> Vec<(String, Option<u32>)> {
    line.faults().into_iter().map(|fault| (fault.code, fault.column)).collect()
}

const STUDENT: &[&str] = &["number", "given_name", "prefix", "family_name", "mail", "born", "unit"];

fn noor() -> Vec<(&'static str, &'static str)> {
    vec![
        ("number", "0301"),
        ("given_name", "Noor"),
        ("prefix", "de"),
        ("family_name", "Vries"),
        ("mail", "noor@delta.example"),
        ("born", "2008-03-14"),
        ("unit", "zorg"),
    ]
}

fn ali() -> Vec<(&'static str, &'static str)> {
    vec![("number", "0302"), ("given_name", "Ali"), ("family_name", "Öztürk"), ("unit", "Team ICT")]
}

async fn all_students(world: &World) -> Vec<person::PersonLine> {
    let filter = Filter { kind: Some(person::Kind::Student), ..Filter::default() };
    person::list(&world.db, &world.system(), &filter).await.unwrap().lines
}

both! {
    async fn a_sheet_is_previewed_carried_out_and_a_second_time_does_nothing(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor(), ali()]).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(outcomes(&shown), [Outcome::New, Outcome::New]);
        assert_eq!(shown[0].label, "Noor de Vries");
        assert!(all_students(&world).await.is_empty(), "a preview changes nothing");
        let request = Caller { request: Some(world.id()), ..caller.clone() };
        let done = carry_out(&world.db, &request, id).await.unwrap();
        assert_eq!((done.added, done.changed), (2, 0));
        assert_eq!(carry_out(&world.db, &request, id).await.unwrap(), done, "the same request is the same command");
        let names: Vec<String> = all_students(&world).await.into_iter().map(|one| one.display_name).collect();
        assert_eq!(names, ["Ali Öztürk", "Noor de Vries"]);
        let person = all_students(&world).await[1].id;
        let history = person::history(&world.db, &world.system(), person).await.unwrap();
        assert_eq!((history[0].action.as_str(), history[0].source.as_str()), ("person.added", "import"));

        let again = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor(), ali()]).await;
        assert_eq!(outcomes(&lines(&world, &caller, again).await), [Outcome::Same, Outcome::Same]);
        assert_eq!(carry_out(&world.db, &caller, again).await, Err(Problem::Nothing.into()));
        assert_eq!(latest(&world.db, &caller).await.unwrap().len(), 2);
    }

    async fn a_preview_shows_old_and_new_and_who_is_missing(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor(), ali()]).await;
        carry_out(&world.db, &caller, id).await.unwrap();
        let mut moved = noor();
        moved[4].1 = "noor.devries@delta.example";
        moved.remove(2);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[moved]).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(outcomes(&shown), [Outcome::Changed]);
        let text = |value: &str| Some(value.to_owned());
        let changes: Vec<_> = shown[0].changes().into_iter().map(|it| (it.key, it.old, it.new)).collect();
        assert_eq!(changes, [
            ("prefix".to_owned(), text("de"), None),
            ("mail".to_owned(), text("noor@delta.example"), text("noor.devries@delta.example")),
        ]);
        let (gone, total) = missing(&world.db, &caller, id, 1, 50).await.unwrap();
        assert_eq!((gone[0].display_name.as_str(), total), ("Ali Öztürk", 1));
        carry_out(&world.db, &caller, id).await.unwrap();
        let all = all_students(&world).await;
        assert_eq!(all.len(), 2, "nobody is removed because a sheet does not name them");
        let noor = person::see(&world.db, &world.system(), all[1].id).await.unwrap();
        assert_eq!((noor.display_name.as_str(), noor.born), ("Noor Vries", Some(date(2008, 3, 14))));
        let lines = person::history(&world.db, &world.system(), noor.id).await.unwrap();
        let edited = lines.iter().find(|line| line.action == "person.edited").unwrap();
        let (old, new) = edited.values().unwrap();
        assert_eq!((old["mail"].as_str(), new["prefix"].is_null()), (Some("noor@delta.example"), true));
    }

    async fn every_refusal_names_its_column_and_the_others_go_on(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor()]).await;
        carry_out(&world.db, &caller, id).await.unwrap();
        let with = |number, key, value| {
            let mut row = vec![("number", number), ("given_name", "Bo"), ("family_name", "Smit")];
            row.retain(|(name, _)| *name != key);
            row.push((key, value));
            row
        };
        let mut two = with("0409", "mail", "a@b");
        two.push(("unit", "Sterrenkunde"));
        let sheet = [
            with("0401", "mail", "geen adres"),
            with("0402", "unit", "Sterrenkunde"),
            with("0403", "prefix", "van"),
            with("0403", "prefix", "der"),
            with("301", "prefix", "van"),
            two,
            ali(),
        ];
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &sheet).await;
        let shown = lines(&world, &caller, id).await;
        let all: Vec<_> = shown.iter().map(rules).collect();
        let rule = |code: &str, column| (code.to_owned(), Some(column));
        assert_eq!(all[0], [rule("told-mail-invalid", 4)]);
        assert_eq!(all[1], [rule("import-unit-unknown", 6)]);
        assert_eq!(all[2], [rule("import-repeated", 0)]);
        assert_eq!(all[3], [rule("import-repeated", 0)]);
        assert_eq!(all[4], [rule("import-number-zeros", 0)], "the spreadsheet ate the zero of 0301");
        assert_eq!(all[5], [rule("import-unit-unknown", 6), rule("told-mail-invalid", 4)]);
        assert_eq!(outcomes(&shown)[6], Outcome::New);
        let import = see(&world.db, &caller, id).await.unwrap();
        assert_eq!((import.new_rows, import.refused_rows), (1, 6));
        let found = rows(&world.db, &caller, id, Some(Outcome::Refused), "0409", 1, 50).await.unwrap();
        assert_eq!(found.total, 1, "rows are found by number");
        let done = carry_out(&world.db, &caller, id).await.unwrap();
        assert_eq!((done.added, all_students(&world).await.len()), (1, 2));
    }

    async fn a_preview_that_no_longer_holds_is_refused_and_judged_anew(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor()]).await;
        carry_out(&world.db, &caller, id).await.unwrap();
        let mut changed = noor();
        changed[4].1 = "nieuw@delta.example";
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[changed, ali()]).await;
        // Meanwhile a colleague changes Noor by hand.
        let one = person::see(&world.db, &world.system(), all_students(&world).await[0].id).await.unwrap();
        let by_hand = AddPerson {
            number: one.number.clone(), mail: Some("thuis@delta.example".into()), born: one.born, unit: one.unit,
            ..AddPerson::named(one.id, one.kind, "Noor", Some("de"), "Vries")
        };
        let edit = EditPerson { person: by_hand, version: one.version, active: true };
        person::edit(&world.db, &world.system(), edit).await.unwrap();
        assert_eq!(carry_out(&world.db, &caller, id).await, Err(Problem::Stale.into()));
        assert_eq!(all_students(&world).await.len(), 1, "nothing of it happened");
        judge_again(&world.db, &caller, id).await.unwrap();
        assert_eq!(see(&world.db, &caller, id).await.unwrap().state, State::Judging);
        let task = take(&world.db, world.school, id).await.unwrap().unwrap();
        judge(&world.db, &task).await.unwrap();
        let shown = lines(&world, &caller, id).await;
        assert_eq!(shown[0].changes()[0].old.as_deref(), Some("thuis@delta.example"));
        carry_out(&world.db, &caller, id).await.unwrap();
        assert_eq!(all_students(&world).await.len(), 2);
    }

    async fn of_two_administrators_at_once_one_carries_out(world: World) {
        school(&world).await;
        let (one, other) = (office(&world, Scope::Institution), office(&world, Scope::Institution));
        let first = handed_in(&world, &one, Kind::Students, STUDENT, &[noor(), ali()]).await;
        let second = handed_in(&world, &other, Kind::Students, STUDENT, &[ali(), noor()]).await;
        let (a, b) = tokio::join!(carry_out(&world.db, &one, first), carry_out(&world.db, &other, first));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(a.and(b), Err(Problem::NotNow(State::Done).into()));
        assert_eq!(carry_out(&world.db, &other, second).await, Err(Problem::Stale.into()));
        assert_eq!(all_students(&world).await.len(), 2);

        // Two different sheets with the same new students, at the same moment.
        let mut third = noor();
        third[0].1 = "0500";
        let a = handed_in(&world, &one, Kind::Students, STUDENT, std::slice::from_ref(&third)).await;
        let b = handed_in(&world, &other, Kind::Students, STUDENT, std::slice::from_ref(&third)).await;
        let (a, b) = tokio::join!(carry_out(&world.db, &one, a), carry_out(&world.db, &other, b));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(a.and(b), Err(Problem::Stale.into()));
        assert_eq!(all_students(&world).await.len(), 3);
    }

    async fn an_office_of_one_team_reaches_only_its_own(world: World) {
        let School { care, ict } = school(&world).await;
        let everywhere = office(&world, Scope::Institution);
        let id = handed_in(&world, &everywhere, Kind::Students, STUDENT, &[noor(), ali()]).await;
        carry_out(&world.db, &everywhere, id).await.unwrap();
        let caller = office(&world, Scope::Unit(care));
        assert!(matches!(see(&world.db, &caller, id).await, Err(Error::NotFound("import"))));
        let (mut theirs, mut nowhere, mut elsewhere) = (ali(), noor(), noor());
        theirs[1].1 = "Alie";
        (nowhere[0].1, elsewhere[0].1, elsewhere[6].1) = ("0601", "0602", "ICT");
        nowhere.pop();
        let sheet = [theirs, nowhere, elsewhere, noor()];
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &sheet).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(rules(&shown[0]), [("import-person-out-of-reach".to_owned(), Some(0))]);
        assert_eq!(shown[0].label, "Alie Öztürk", "the name in the file, not the one in the school");
        assert!(shown[0].changes().is_empty());
        assert_eq!(rules(&shown[1]), [("import-unit-needed".to_owned(), Some(6))]);
        assert_eq!(rules(&shown[2]), [("import-unit-out-of-reach".to_owned(), Some(6))]);
        assert_eq!(shown[3].outcome, Outcome::Same);
        let (gone, _) = missing(&world.db, &caller, id, 1, 50).await.unwrap();
        assert!(gone.is_empty(), "who is out of reach is not missing");
        let elsewhere = office(&world, Scope::Unit(ict));
        assert!(matches!(carry_out(&world.db, &elsewhere, id).await, Err(Error::NotFound("import"))));
        let student = world.caller(Role::Student);
        assert!(matches!(latest(&world.db, &student).await, Err(Error::Refused(_))));
    }

    async fn another_school_knows_nothing_of_it(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor()]).await;
        let stranger = Caller { institution: world.twin, ..caller.clone() };
        assert!(matches!(see(&world.db, &stranger, id).await, Err(Error::NotFound("import"))));
        assert!(matches!(carry_out(&world.db, &stranger, id).await, Err(Error::NotFound("import"))));
        assert!(latest(&world.db, &stranger).await.unwrap().is_empty());
        assert!(take(&world.db, world.twin, id).await.unwrap().is_none());
    }

    async fn cancelling_ends_the_judging_and_an_overtaken_attempt_writes_nothing(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor()]).await;
        judge_again(&world.db, &caller, id).await.unwrap();
        let sleeper = take(&world.db, world.school, id).await.unwrap().unwrap();
        let task = take(&world.db, world.school, id).await.unwrap().unwrap();
        assert_eq!(judge(&world.db, &sleeper).await, Err(Problem::Overtaken.into()));
        assert_eq!(stage(&world.db, &sleeper, &[]).await, Err(Problem::Overtaken.into()));
        cancel(&world.db, &caller, id).await.unwrap();
        assert_eq!(judge(&world.db, &task).await, Err(Problem::Overtaken.into()));
        assert!(take(&world.db, world.school, id).await.unwrap().is_none());
        assert_eq!(carry_out(&world.db, &caller, id).await, Err(Problem::NotNow(State::Cancelled).into()));
        assert!(lines(&world, &caller, id).await.is_empty());
    }

    async fn columns_are_remembered_and_working_papers_forgotten(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let id = handed_in(&world, &caller, Kind::Students, STUDENT, &[noor()]).await;
        let remember: BTreeMap<String, Option<String>> =
            [("leerlingnr".to_owned(), Some("number".to_owned())), ("kleur".to_owned(), None)].into();
        let mapping = see(&world.db, &caller, id).await.unwrap().mapping();
        map(&world.db, &caller, id, mapped(mapping, remember.clone())).await.unwrap();
        assert_eq!(remembered(&world.db, &caller, Kind::Students).await.unwrap(), remember);
        assert!(remembered(&world.db, &caller, Kind::Staff).await.unwrap().is_empty());
        let missing = map(&world.db, &caller, id, Mapped::default()).await;
        assert_eq!(missing, Err(Problem::ColumnMissing("number").into()));

        let before = world.db.now();
        assert_eq!(forget(&world.db, world.school, before).await.unwrap(), 0);
        let later = before.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
        assert_eq!(forget(&world.db, world.school, later).await.unwrap(), 1);
        assert_eq!(see(&world.db, &caller, id).await.unwrap().state, State::Cancelled);
        assert!(lines(&world, &caller, id).await.is_empty());
    }

    async fn units_campuses_and_rooms_come_by_the_same_way(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let campus = |code| vec![("code", code), ("name", "Campus Zuid"), ("city", "Delta")];
        let id = handed_in(&world, &caller, Kind::Campuses, &["code", "name", "city"], &[campus("Z")]).await;
        carry_out(&world.db, &caller, id).await.unwrap();
        let keys = ["campus", "code", "seats", "device_seats", "opens", "closes"];
        let room = |code, seats, opens| {
            vec![("campus", "campus zuid"), ("code", code), ("seats", seats), ("device_seats", "20"), ("opens", opens)]
        };
        let sheet = [
            room("1.04", "32", "07:30"),
            room("1.05", "10", "07:30"),
            room("1.06", "32", "19:00"),
            vec![("campus", "Noord"), ("code", "9"), ("seats", "1")],
        ];
        let id = handed_in(&world, &caller, Kind::Rooms, &keys, &sheet).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(shown[0].outcome, Outcome::New);
        assert_eq!(rules(&shown[1]), [("told-device-seats".to_owned(), Some(3))]);
        assert_eq!(rules(&shown[2]), [("told-opening-hours".to_owned(), Some(5))]);
        assert_eq!(rules(&shown[3]), [("import-campus-unknown".to_owned(), Some(0))]);
        carry_out(&world.db, &caller, id).await.unwrap();
        let id = handed_in(&world, &caller, Kind::Rooms, &keys, &[room("1.04", "40", "07:30")]).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(shown[0].changes().len(), 1, "{:?}", shown[0].changes());
        carry_out(&world.db, &caller, id).await.unwrap();
        let rooms = regie_people::room::list(&world.db, &caller, None).await.unwrap();
        assert_eq!((rooms.len(), rooms[0].seats, rooms[0].opens.as_str()), (1, 40, "07:30"));
        assert_ne!(rooms[0].campus, CampusId::NIL);

        let unit = |code, name, parent| vec![("code", code), ("name", name), ("parent", parent)];
        let sheet = [
            unit("VP3", "Niveau 3", "VP"),
            unit("VP", "Verpleegkunde", "ZORG"),
            unit("RING1", "Ring", "RING2"),
            unit("RING2", "Ring", "RING1"),
            unit("ICT", "Team ICT", "ZORG"),
        ];
        let id = handed_in(&world, &caller, Kind::Units, &["code", "name", "parent"], &sheet).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(outcomes(&shown)[..2], [Outcome::New, Outcome::New]);
        assert_eq!(rules(&shown[2])[0].0, "told-unit-loop");
        assert_eq!(rules(&shown[4]), [("import-unit-moved".to_owned(), Some(2))]);
        carry_out(&world.db, &caller, id).await.unwrap();
        let units = regie_people::unit::list(&world.db, &caller).await.unwrap();
        let depth = |code: &str| units.iter().find(|unit| unit.code == code).map(|unit| unit.depth);
        assert_eq!((depth("VP"), depth("VP3")), (Some(2), Some(3)));
    }

    async fn people_from_outside_are_known_by_their_mail(world: World) {
        school(&world).await;
        let caller = office(&world, Scope::Institution);
        let keys = ["mail", "given_name", "family_name", "company"];
        let tess = vec![("mail", "tess@zorg.example"), ("given_name", "Tess"), ("family_name", "Jansen")];
        let id = handed_in(&world, &caller, Kind::Externals, &keys, std::slice::from_ref(&tess)).await;
        carry_out(&world.db, &caller, id).await.unwrap();
        let mut shouted = tess;
        shouted[0].1 = "TESS@zorg.example";
        shouted.push(("company", "Niemand BV"));
        let id = handed_in(&world, &caller, Kind::Externals, &keys, &[shouted]).await;
        let shown = lines(&world, &caller, id).await;
        assert_eq!(rules(&shown[0]), [("import-company-unknown".to_owned(), Some(3))]);
        assert!(shown[0].subject.is_some_and(|id| id != PersonId::NIL.uuid()));
    }
}
