//! The printed table is the one an exam board approved: a change in the code shows here first.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use regie_access::{Action, Width, width};
use regie_core::Role;

#[test]
fn the_printed_table_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access-table.md");
    let printed = regie_access::printed();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always") {
        std::fs::write(path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == printed,
        "docs/access-table.md differs from the table in the code; run `make accept` and read the difference"
    );
}

/// Written by hand from the handbook, section 2: what must hold whatever the table says.
#[test]
fn what_the_handbook_forbids_is_nowhere_in_the_table() {
    use Action::*;
    let never = [
        (Role::Administrator, EditExamRules, "configuration is not examining"),
        (Role::Administrator, GrantNeeds, "needs are the committee's decision"),
        (Role::Administrator, GiveMandates, "mandates are the committee's"),
        (Role::Administrator, SeeInstruments, "configuration is not examining"),
        (Role::Administrator, OpenInstruments, "no exam content for who manages the system"),
        (Role::Administrator, EditInstruments, "nor a hand in it"),
        (Role::Administrator, EditExamPlans, "nor in what must be examined"),
        (Role::CompetentAuthority, ApproveInstruments, "board members are never committee members"),
        (Role::CompetentAuthority, EditExamRules, "the board may not steer judgements"),
        (Role::ExamOffice, OpenInstruments, "the office plans with an instrument without reading it"),
        (Role::ItemAuthor, ApproveInstruments, "who makes does not approve"),
        (Role::ExamOfficer, ApproveInstruments, "approving is the committee's"),
        (Role::CompetentAuthority, SeePeople, "the board needs no files of students"),
        (Role::SuperAdministrator, SeePeople, "the platform's operator sees no people of a school"),
        (Role::SuperAdministrator, SeeJournal, "nor its journal"),
        (Role::ExamOffice, GrantNeeds, "the office applies needs, it does not grant them"),
        (Role::TeamLeader, EditPeople, "team leaders look"),
        (Role::Supporter, SeePeople, "a supporter sees only with consent"),
    ];
    for (role, action, why) in never {
        assert_eq!(width(role, action), None, "{} must not {}: {why}", role.code(), action.code());
    }
}

#[test]
fn an_auditor_only_looks() {
    for action in Action::ALL {
        if width(Role::Auditor, *action).is_some() {
            assert!(action.code().starts_with("see-"), "an auditor may {}", action.code());
        }
    }
}

#[test]
fn students_reach_only_themselves() {
    for action in [Action::SeePeople, Action::SeeNeeds] {
        assert_eq!(width(Role::Student, action), Some(Width::Own));
    }
    assert_eq!(width(Role::Teacher, Action::SeePeople), Some(Width::Groups));
}

#[test]
fn every_action_is_somebodys_and_every_code_reads_back() {
    for action in Action::ALL {
        assert!(!regie_access::who_may(*action).is_empty(), "nobody may {}", action.code());
        assert_eq!(Action::from_code(action.code()), Some(*action));
    }
    for role in Role::ALL {
        assert_eq!(Role::from_code(role.code()), Some(*role));
    }
}
