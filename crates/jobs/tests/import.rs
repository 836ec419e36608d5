//! A whole sheet on its way in: handed in as a file, read and judged by the runner, carried out; on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use regie_core::id::{Id as _, ImportId, UnitId};
use regie_core::{Caller, Clock, Random, Role};
use regie_files::{Accept, Files};
use regie_jobs::import::{Reading, forget_old};
use regie_jobs::{Jobs, RunSettings, Running};
use regie_people::import::{Begin, Import, Kind, Mapped, Outcome, State, begin, carry_out, map, rows, see};
use regie_people::person::{self, Filter};
use regie_people::unit::{AddUnit, add as add_unit};
use regie_sheets::write::{Head, Out, Words, XlsxList};
use regie_sheets::{Ask, letters, read};
use regie_testkit::{World, both};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::time::{Duration, Instant};

const MADE_AT: DateTime = jiff::civil::datetime(2026, 11, 20, 9, 0, 0, 0);
const KEYS: [&str; 8] = ["number", "given_name", "prefix", "family_name", "born", "mail", "phone", "unit"];

fn words() -> Words {
    let word = String::new;
    Words {
        yes: "ja".into(),
        no: "nee".into(),
        data: "Gegevens".into(),
        explanation: word(),
        lists: word(),
        column: word(),
        meaning: word(),
        required: word(),
        allowed: word(),
        example: word(),
        text: word(),
        whole: word(),
        decimal: word(),
        date: word(),
        time: word(),
        about_example: word(),
    }
}

/// A student as a row of the sheet, the same for the same number.
fn student(n: usize) -> [String; 8] {
    let given = ["Noor", "Ali", "Sanne", "Daan", "Yara", "Tess", "Milan", "Zoë"][n % 8];
    let family = ["Vries", "Kaya", "Jansen", "Bakker", "El Amrani", "Öztürk", "Visser"][n % 7];
    let born = date(2005, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(n % 1500).unwrap()));
    [
        format!("0{:06}", 300_000 + n),
        given.into(),
        if n.is_multiple_of(5) { "de".into() } else { String::new() },
        family.into(),
        format!("{:02}-{:02}-{}", born.day(), born.month(), born.year()),
        format!("s{}@delta.example", 300_000 + n),
        String::new(),
        ["ZORG", "ICT"][n % 2].into(),
    ]
}

fn sheet(rows: &[[String; 8]]) -> Vec<u8> {
    let heads = KEYS.map(|key| Head { label: key.into(), width: None });
    let words = words();
    let mut list = XlsxList::new("Studenten", &heads, &words, MADE_AT).unwrap();
    for row in rows {
        let cells = row.each_ref().map(|text| if text.is_empty() { Out::Empty } else { Out::Text(text) });
        list.row(&cells).unwrap();
    }
    list.finish(Cursor::new(Vec::new())).unwrap().into_inner()
}

struct House {
    files: Files,
    office: Caller,
    reading: Reading,
}

async fn house(world: &World) -> House {
    let system = world.system();
    let mut root = None;
    for code in ["ROC", "ZORG", "ICT"] {
        let unit = AddUnit {
            id: world.id::<UnitId>(),
            parent: root,
            code: code.into(),
            name: format!("Team {code}"),
        };
        let id = add_unit(&world.db, &system, unit).await.unwrap();
        root = root.or(Some(id));
    }
    let files = Files::on_disk(&world.dir.path().join("imports")).unwrap();
    let (clock, random): (std::sync::Arc<dyn Clock>, std::sync::Arc<dyn Random>) =
        (world.clock.clone(), world.random.clone());
    let reading = Reading { files: files.clone(), clock, random };
    House { files, office: world.caller(Role::ExamOffice), reading }
}

fn running(world: &World, house: &House) -> Running {
    let settings = RunSettings { look: Duration::from_millis(20), ..RunSettings::default() };
    let jobs = Jobs::new().on("import.judge", house.reading.clone().handler());
    jobs.start(&world.db, world.id::<regie_core::id::DeviceId>().uuid(), settings)
}

/// Hands a file in and chooses its columns; the runner does the rest.
async fn handed_in(world: &World, house: &House, bytes: Vec<u8>) -> ImportId {
    let read = read(&bytes, &Ask::default()).unwrap();
    let accept = Accept { most_bytes: 20 << 20, kinds: None };
    let blob = house.files.put_bytes(bytes, accept, &*world.random).await.unwrap();
    let mapping: BTreeMap<String, u32> = (0u32..)
        .zip(&read.headers)
        .filter(|(_, header)| KEYS.contains(&header.as_str()))
        .map(|(column, header)| (header.clone(), column))
        .collect();
    let input = Begin {
        id: world.id(),
        kind: Kind::Students,
        file_name: "studenten.xlsx".into(),
        file: blob.hash.to_string(),
        sheet: read.name.clone(),
        header_row: read.header_row,
        headers: read.headers.clone(),
        rows: read.rows.len(),
    };
    let id = begin(&world.db, &house.office, input).await.unwrap();
    let mapped = Mapped {
        mapping,
        remember: BTreeMap::new(),
        sheet: read.name.clone(),
        header_row: read.header_row,
        headers: read.headers,
    };
    map(&world.db, &house.office, id, mapped).await.unwrap();
    id
}

/// Waits until the runner is done with it. The ceiling is only there to end a test that hangs.
async fn judged(world: &World, house: &House, id: ImportId) -> Import {
    let started = Instant::now();
    loop {
        let import = see(&world.db, &house.office, id).await.unwrap();
        if import.state != State::Judging {
            return import;
        }
        assert!(started.elapsed() < Duration::from_secs(300), "still {} of {}", import.done, import.total);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A mistake in a cell of a row: which column, what is written there, and by which rule it must be found.
const MISTAKES: [(&str, &str, &str); 12] = [
    ("number", "", "sheet-value-missing"),
    ("family_name", "", "sheet-value-missing"),
    ("born", "31-02-2008", "sheet-date-unreadable"),
    ("born", "14-03-08", "sheet-date-short-year"),
    ("born", "14-03-1808", "sheet-date-out-of-range"),
    ("mail", "geen adres", "told-mail-invalid"),
    ("mail", "noor@@delta.example", "told-mail-invalid"),
    ("unit", "Sterrenkunde", "import-unit-unknown"),
    ("prefix", "van den aller hoogsten berg", "sheet-text-too-long"),
    ("phone", "bel na vijven, dan is er altijd iemand", "sheet-text-too-long"),
    ("given_name", "Noor\u{7}", "sheet-text-control"),
    // The number of a student who stands in the school already, whose zero the spreadsheet ate.
    ("number", "300003", "import-number-zeros"),
];

type Found = BTreeSet<(u32, String, String)>;

/// Twelve thousand rows with 37 mistakes: three of each, and one number that stands on two rows.
fn planted() -> (Vec<[String; 8]>, Found) {
    let mut rows: Vec<[String; 8]> = (0..12_000).map(student).collect();
    let mut expected = Found::new();
    for n in 0..36 {
        let (key, wrong, rule) = MISTAKES[n % MISTAKES.len()];
        let (at, column) = (500 + n * 313, KEYS.iter().position(|known| *known == key).unwrap());
        rows[at][column] =
            if rule == "import-number-zeros" { format!("{}", 300_003 + n) } else { wrong.to_owned() };
        expected.insert((
            u32::try_from(at + 2).unwrap(),
            letters(u32::try_from(column).unwrap()),
            rule.to_owned(),
        ));
    }
    rows[11_990][0] = rows[11_980][0].clone();
    for at in [11_980u32, 11_990] {
        expected.insert((at + 2, "A".to_owned(), "import-repeated".to_owned()));
    }
    (rows, expected)
}

both! {
    async fn of_twelve_thousand_rows_the_37_mistakes_are_found_and_nothing_else(world: World) {
        let house = house(&world).await;
        let running = running(&world, &house);
        // Three hundred stand in the school already; of them a hundred have another phone number there.
        let mut standing: Vec<[String; 8]> = (0..300).map(student).collect();
        for row in &mut standing[..100] {
            row[6] = "0612345678".into();
        }
        let first = handed_in(&world, &house, sheet(&standing)).await;
        assert_eq!(judged(&world, &house, first).await.state, State::Judged);
        carry_out(&world.db, &house.office, first).await.unwrap();

        let (rows_in, expected) = planted();
        let id = handed_in(&world, &house, sheet(&rows_in)).await;
        let import = judged(&world, &house, id).await;
        running.stop().await;
        assert_eq!((import.state, import.total, import.done), (State::Judged, 12_000, 12_000));
        let refused = rows(&world.db, &house.office, id, Some(Outcome::Refused), "", 1, 1000).await.unwrap();
        let mut found = Found::new();
        for line in &refused.lines {
            for fault in line.faults() {
                found.insert((line.number, fault.column.map(letters).unwrap_or_default(), fault.code));
            }
        }
        assert_eq!(found, expected);
        assert_eq!(refused.total, 38, "the repeated number stands on two rows");
        let counts = Outcome::ALL.map(|outcome| import.count(outcome));
        assert_eq!(counts, [12_000 - 300 - 38, 100, 200, 38]);
        // All the rest goes in together.
        let done = carry_out(&world.db, &house.office, id).await.unwrap();
        assert_eq!((done.added, done.changed), (12_000 - 300 - 38, 100));
    }

    async fn an_import_killed_in_the_middle_is_taken_up_again_and_leaves_no_trace_before(world: World) {
        let house = house(&world).await;
        let all: Vec<[String; 8]> = (0..1500).map(student).collect();
        let id = handed_in(&world, &house, sheet(&all)).await;
        // A runner that dies at some moment: dropped, it breaks off what it is doing.
        for millis in [5, 40, 90] {
            let killed = running(&world, &house);
            tokio::time::sleep(Duration::from_millis(millis)).await;
            drop(killed);
            world.clock.forward(SignedDuration::from_mins(6));
        }
        let none = person::list(&world.db, &world.system(), &Filter::default()).await.unwrap();
        assert_eq!(none.total, 0);
        let alive = running(&world, &house);
        let import = judged(&world, &house, id).await;
        alive.stop().await;
        assert_eq!((import.state, import.new_rows), (State::Judged, 1500));
        carry_out(&world.db, &house.office, id).await.unwrap();
        let everybody = person::list(&world.db, &world.system(), &Filter::default()).await.unwrap();
        assert_eq!(everybody.total, 1500);
    }

    async fn a_file_that_is_gone_or_damaged_ends_in_a_sentence(world: World) {
        let house = house(&world).await;
        let id = handed_in(&world, &house, sheet(&[student(1)])).await;
        for entry in walk(&world.dir.path().join("imports")) {
            std::fs::write(entry, b"PK\x03\x04 rubbish").unwrap();
        }
        let running = running(&world, &house);
        let import = judged(&world, &house, id).await;
        assert_eq!((import.state, import.fault().unwrap().code.as_str()), (State::Failed, "import-file-gone"));
        let gone = handed_in(&world, &house, sheet(&[student(2)])).await;
        assert_eq!(judged(&world, &house, gone).await.state, State::Judged, "the next import is not bothered");
        running.stop().await;
        // Two weeks later rows and files are forgotten. The files know the machine's own time, not the test's.
        world.clock.forward(SignedDuration::from_hours(24 * 4000));
        let system = world.system();
        let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
        let school = regie_people::institution::Found {
            id: world.school, slug: "delta".into(), name: "Delta".into(),
            kind: regie_people::institution::Kind::School, brin: None, home_organization: None,
        };
        regie_people::institution::found(&world.db, &allowed, school).await.unwrap();
        forget_old(world.db.clone(), house.files.clone()).await.unwrap();
        assert!(walk(&world.dir.path().join("imports")).is_empty());
        assert!(see(&world.db, &house.office, gone).await.unwrap().forgotten);
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}
