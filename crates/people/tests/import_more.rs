//! Sheets of companies, groups, who is in them, enrolments, needs and roles, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod school;

use jiff::civil::date;
use regie_core::id::{Id, RequestId};
use regie_core::{Caller, Role, Scope};
use regie_people::import::{
    Begin, Kind, Line, Mapped, Outcome, Staged, begin, carry_out, judge, map, rows, stage, take,
};
use regie_people::offering::{AddOffering, Path};
use regie_people::program::AddProgram;
use regie_people::{company, enrolment, group, need, role};
use regie_testkit::{World, both};
use school::{School, acting, school};

/// What became of a sheet: an outcome per row, and why rows were refused.
struct Seen {
    lines: Vec<Line>,
    id: regie_core::id::ImportId,
}

impl Seen {
    fn outcomes(&self) -> Vec<Outcome> {
        self.lines.iter().map(|line| line.outcome).collect()
    }

    fn rules(&self, row: usize) -> Vec<String> {
        self.lines[row].faults().into_iter().map(|fault| fault.code).collect()
    }
}

/// Hands in a sheet as far as its preview.
async fn previewed(world: &World, caller: &Caller, kind: Kind, keys: &[&str], sheet: &[&[&str]]) -> Seen {
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
    let mapped = Mapped { mapping, header_row: 1, ..Mapped::default() };
    map(&world.db, caller, id, mapped).await.unwrap();
    let cell = |row: &[&str], key: &str| {
        let index = keys.iter().position(|one| *one == key)?;
        Some(row[index].to_owned()).filter(|text| !text.is_empty())
    };
    let staged: Vec<Staged> = (2u32..)
        .zip(sheet)
        .map(|(number, row)| Staged {
            number,
            fresh: world.id::<RequestId>().uuid(),
            cells: kind.columns().iter().map(|column| cell(row, column.key)).collect(),
            found: Vec::new(),
        })
        .collect();
    let task = take(&world.db, world.school, id).await.unwrap().unwrap();
    stage(&world.db, &task, &staged).await.unwrap();
    judge(&world.db, &task).await.unwrap();
    let lines = rows(&world.db, caller, id, None, "", 1, 1000).await.unwrap().lines;
    Seen { lines, id }
}

/// The whole way twice: what was new the first time is the same the second.
async fn carried_out(
    world: &World,
    caller: &Caller,
    kind: Kind,
    keys: &[&str],
    sheet: &[&[&str]],
) -> (usize, usize) {
    let seen = previewed(world, caller, kind, keys, sheet).await;
    let why: Vec<_> = seen.lines.iter().flat_map(Line::faults).collect();
    assert!(why.is_empty(), "{why:?}");
    let done = carry_out(&world.db, caller, seen.id).await.unwrap();
    let again = previewed(world, caller, kind, keys, sheet).await;
    assert!(again.outcomes().iter().all(|outcome| *outcome == Outcome::Same), "{:?}", again.outcomes());
    (done.added, done.changed)
}

async fn delta(world: &World) -> (School, Caller) {
    let ours = school(world, world.school, "delta").await;
    let office = acting(world, Role::ExamOffice, Scope::Institution, ours.people[7]);
    (ours, office)
}

/// Numbers of the small school: student `n0` and staff `n1` of care, nurse, ict, the school, and of no unit.
const NURSE: &str = "10";
const ICT: &str = "20";

both! {
    async fn companies_are_recognised_by_code_or_name(world: World) {
        let (_, office) = delta(&world).await;
        let keys = ["name", "code", "city"];
        let sheet: &[&[&str]] = &[&["Bakkerij Korenbloem", "100", "Delfstad"], &["Zorggroep Delta", "", "Delfstad"]];
        assert_eq!(carried_out(&world, &office, Kind::Companies, &keys, sheet).await, (2, 0));
        let moved: &[&[&str]] = &[&["Korenbloem BV", "100", "Maasveen"], &["zorggroep délta", "", "Delfstad"]];
        let seen = previewed(&world, &office, Kind::Companies, &keys, moved).await;
        assert_eq!(seen.outcomes(), [Outcome::Changed, Outcome::Changed]);
        carry_out(&world.db, &office, seen.id).await.unwrap();
        let all = company::list(&world.db, &office, &company::Filter::default()).await.unwrap();
        assert_eq!(all.lines.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Korenbloem BV", "zorggroep délta"]);
        let twice: &[&[&str]] = &[&["Een", "7", ""], &["Twee", "7", ""]];
        let seen = previewed(&world, &office, Kind::Companies, &keys, twice).await;
        assert_eq!((seen.rules(0), seen.rules(1)), (vec!["import-repeated".into()], vec!["import-repeated".into()]));
    }

    async fn groups_and_who_is_in_them(world: World) {
        let (ours, office) = delta(&world).await;
        let keys = ["code", "unit", "begins", "ends"];
        let sheet: &[&[&str]] = &[&["VP4-1A", "vp", "2026-08-01", "2027-07-31"], &["ICT-1", "Team ict", "2026-08-01", ""]];
        assert_eq!(carried_out(&world, &office, Kind::Groups, &keys, sheet).await, (2, 0));
        let wrong: &[&[&str]] = &[&["X", "nergens", "2026-08-01", ""], &["Y", "vp", "2026-08-01", "2026-07-01"]];
        let seen = previewed(&world, &office, Kind::Groups, &keys, wrong).await;
        assert_eq!((seen.rules(0), seen.rules(1)), (vec!["import-unit-unknown".into()], vec!["told-end-before-begin".into()]));

        let keys = ["group", "person", "part", "begins", "ends"];
        let sheet: &[&[&str]] = &[
            &["VP4-1A", NURSE, "student", "", ""], &["VP4-1A", "11", "teacher", "2026-09-01", ""],
            &["ICT-1", ICT, "", "2026-08-01", "2026-12-31"],
        ];
        assert_eq!(carried_out(&world, &office, Kind::Members, &keys, sheet).await, (3, 0));
        let groups = group::list(&world.db, &office, &group::Filter::default()).await.unwrap().lines;
        let of = |code: &str| groups.iter().find(|group| group.code == code).unwrap();
        let members = group::members(&world.db, &office, of("VP4-1A").id).await.unwrap();
        assert_eq!(members.len(), 2);
        assert_eq!(members.iter().map(|one| one.begins).max(), Some(date(2026, 9, 1)));
        let wrong: &[&[&str]] = &[
            &["VP4-1A", "11", "student", "2026-09-01", ""], &["VP4-1A", "999", "", "", ""], &["VP9", NURSE, "", "", ""],
            &["VP4-1A", ICT, "", "2026-08-01", "2027-08-15"], &["ICT-1", ICT, "", "2026-10-01", ""],
        ];
        let seen = previewed(&world, &office, Kind::Members, &keys, wrong).await;
        let rules: Vec<Vec<String>> = (0..5).map(|row| seen.rules(row)).collect();
        assert_eq!(rules[0], ["told-not-a-student", "told-member-already"]);
        assert_eq!(rules[1], ["import-person-unknown"]);
        assert_eq!(rules[2], ["import-group-unknown"]);
        assert_eq!(rules[3], ["told-outside-group"]);
        assert_eq!(rules[4], ["told-member-already"]);
        // A stay that ends earlier is a change, in the history of the one who leaves.
        let shorter: &[&[&str]] = &[&["ICT-1", ICT, "", "2026-08-01", "2026-11-30"]];
        assert_eq!(carried_out(&world, &office, Kind::Members, &keys, shorter).await, (0, 1));
        let care = acting(&world, Role::ExamOffice, Scope::Unit(ours.care), ours.people[1]);
        let seen = previewed(&world, &care, Kind::Members, &keys, &[&["ICT-1", ICT, "", "", ""]]).await;
        assert_eq!(seen.rules(0), ["import-group-out-of-reach"]);
    }

    async fn enrolments_of_a_whole_cohort(world: World) {
        let (ours, office) = delta(&world).await;
        let system = world.system();
        let program = AddProgram { id: world.id(), code: "25655".into(), crebo: Some("25655".into()), name: "Verpleegkunde".into(), level: 4 };
        let program = regie_people::program::add(&world.db, &system, program).await.unwrap();
        for (code, path) in [("VP-26-BOL", Path::Bol), ("VP-26-BBL", Path::Bbl)] {
            let offering = AddOffering { id: world.id(), program, code: code.into(), cohort: 2026, path, campus: None, unit: ours.nurse };
            regie_people::offering::add(&world.db, &system, offering).await.unwrap();
        }
        let keys = ["number", "offering", "begins", "ends", "school_days"];
        let sheet: &[&[&str]] = &[&[NURSE, "VP-26-BBL", "2026-08-01", "", "ma, vr"], &["00", "VP-26-BOL", "2026-08-01", "2029-07-31", ""]];
        assert_eq!(carried_out(&world, &office, Kind::Enrolments, &keys, sheet).await, (2, 0));
        let theirs = enrolment::of_person(&world.db, &office, ours.people[2]).await.unwrap();
        assert_eq!((theirs[0].offering_code.as_str(), theirs[0].days().code()), ("VP-26-BBL", "15".to_owned()));
        let later: &[&[&str]] = &[&[NURSE, "VP-26-BBL", "2026-08-01", "2027-01-31", "ma"]];
        assert_eq!(carried_out(&world, &office, Kind::Enrolments, &keys, later).await, (0, 1));
        let wrong: &[&[&str]] = &[
            &[NURSE, "VP-25", "2026-08-01", "", ""], &["11", "VP-26-BOL", "2026-08-01", "", ""],
            &[ICT, "VP-26-BOL", "2026-08-01", "", "ma"], &[ICT, "VP-26-BBL", "2026-08-01", "", "morgen"],
        ];
        let seen = previewed(&world, &office, Kind::Enrolments, &keys, wrong).await;
        assert_eq!(seen.rules(0), ["import-offering-unknown"]);
        assert_eq!(seen.rules(1), ["import-person-unknown"], "staff is not enrolled");
        assert_eq!(seen.rules(2), ["told-school-days"]);
        assert_eq!(seen.rules(3), ["import-days-unknown"]);
    }

    async fn needs_are_the_committees_and_only_added(world: World) {
        let (ours, office) = delta(&world).await;
        let committee = acting(&world, Role::CommitteeChair, Scope::Institution, ours.people[3]);
        let keys = ["number", "need", "minutes", "percent", "only_for", "begins", "ends"];
        let refused = regie_people::import::begin(&world.db, &office, Begin {
            id: world.id(), kind: Kind::Needs, file_name: "x.csv".into(), file: "00".repeat(32), sheet: None, header_row: 1,
            headers: Vec::new(), rows: 0,
        }).await;
        assert!(refused.is_err(), "the office grants none");
        let sheet: &[&[&str]] = &[
            &[NURSE, "extraTime", "30", "", "", "2026-08-01", "2028-07-31"], &[NURSE, "spoken", "", "", "rekenen", "2026-08-01", ""],
        ];
        assert_eq!(carried_out(&world, &committee, Kind::Needs, &keys, sheet).await, (2, 0));
        assert_eq!(need::of_person(&world.db, &committee, ours.people[2]).await.unwrap().len(), 2);
        let wrong: &[&[&str]] = &[
            &[NURSE, "extraTime", "45", "", "", "2026-09-01", ""], &[ICT, "extraTime", "", "", "", "2026-08-01", ""],
            &["00", "extraTime", "30", "25", "", "2026-08-01", ""], &["11", "spoken", "", "", "", "2026-08-01", ""],
        ];
        let seen = previewed(&world, &committee, Kind::Needs, &keys, wrong).await;
        assert_eq!(seen.rules(0), ["import-need-stands"]);
        assert_eq!(seen.rules(1), ["told-extra-time"]);
        assert_eq!(seen.rules(2), ["import-extra-twice"]);
        assert_eq!(seen.rules(3), ["import-person-unknown"]);
    }

    async fn roles_of_staff_with_their_dates(world: World) {
        let (ours, _) = delta(&world).await;
        let admin = acting(&world, Role::Administrator, Scope::Institution, ours.people[7]);
        let keys = ["person", "role", "unit", "begins", "ends"];
        let sheet: &[&[&str]] = &[&["11", "teacher", "vp", "2026-08-01", ""], &["21", "examOffice", "", "2026-08-01", "2027-07-31"]];
        assert_eq!(carried_out(&world, &admin, Kind::Roles, &keys, sheet).await, (2, 0));
        let held = role::of_person(&world.db, &admin, ours.people[3]).await.unwrap();
        assert_eq!((held[0].role, held[0].scope()), (Role::Teacher, Some(Scope::Unit(ours.nurse))));
        let wrong: &[&[&str]] = &[
            &["11", "teacher", "vp", "2026-09-01", "2027-01-01"], &[NURSE, "teacher", "", "2026-08-01", ""],
            &["01", "auditor", "", "2026-08-01", ""], &["01", "teacher", "nergens", "2026-08-01", ""],
        ];
        let seen = previewed(&world, &admin, Kind::Roles, &keys, wrong).await;
        assert_eq!(seen.rules(0), ["import-role-stands"]);
        assert_eq!(seen.rules(1), ["import-person-unknown"], "a student is no colleague");
        assert_eq!(seen.rules(2), ["told-auditor-too-long"]);
        assert_eq!(seen.rules(3), ["import-unit-unknown"]);
    }
}
