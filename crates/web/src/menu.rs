//! The menu: what stands under which heading, and for whom. Each role sees only what it may open.

use crate::viewer::{NavEntry, NavGroup};
use regie_access::{Action, Width, width};
use regie_core::Role;
use regie_texts::Texts;

/// For whom an entry is.
enum For {
    Everybody,
    /// Who may do one of these.
    May(&'static [Action]),
    /// Who may do this to others than themselves.
    Others(Action),
    /// Who may do this to themselves alone.
    Own(Action),
}

struct Entry {
    icon: &'static str,
    word: &'static str,
    place: fn() -> String,
    seen: For,
}

const fn entry(icon: &'static str, word: &'static str, place: fn() -> String, seen: For) -> Entry {
    Entry { icon, word, place, seen }
}

/// Headings with their entries. Work comes first and has none.
const MENU: &[(Option<&str>, &[Entry])] = {
    use Action::*;
    use For::{Everybody, May, Others, Own};
    &[
        (
            None,
            &[
                entry("list-checks", "nav-work", || crate::home::Home {}.to_string(), Everybody),
                entry(
                    "calendar-clock",
                    "nav-periods",
                    || crate::period::Periods {}.to_string(),
                    Others(SeeRegistrations),
                ),
                entry(
                    "calendar-clock",
                    "nav-exams",
                    || crate::exam::MyExams {}.to_string(),
                    Own(SeeRegistrations),
                ),
            ],
        ),
        (
            Some("nav-persons"),
            &[
                entry("users", "nav-people", || crate::person::People {}.to_string(), Others(SeePeople)),
                entry(
                    "book-open-check",
                    "nav-groups",
                    || crate::group::Groups {}.to_string(),
                    Others(SeePeople),
                ),
                entry("clock-plus", "nav-needs", || crate::need::Needs {}.to_string(), Others(SeeNeeds)),
                entry(
                    "shield-check",
                    "nav-mandates",
                    || crate::mandate::Mandates {}.to_string(),
                    May(&[SeeRoles]),
                ),
            ],
        ),
        (
            Some("nav-learning"),
            &[
                entry(
                    "graduation-cap",
                    "nav-programs",
                    || crate::program::Programs {}.to_string(),
                    May(&[SeePrograms]),
                ),
                entry(
                    "calendar-days",
                    "nav-offerings",
                    || crate::offering::Offerings {}.to_string(),
                    May(&[SeePrograms]),
                ),
            ],
        ),
        (
            Some("nav-examined"),
            &[
                entry(
                    "clipboard-list",
                    "nav-plans",
                    || crate::catalog::ExamPlans {}.to_string(),
                    May(&[SeeExamPlans]),
                ),
                entry("file-text", "nav-tests", || crate::catalog::Tests {}.to_string(), May(&[SeeTests])),
                entry(
                    "clipboard-check",
                    "nav-instruments",
                    || crate::catalog::Instruments {}.to_string(),
                    May(&[SeeInstruments]),
                ),
                entry(
                    "monitor",
                    "nav-platforms",
                    || crate::catalog::Platforms {}.to_string(),
                    May(&[SeeTests]),
                ),
                entry(
                    "building-2",
                    "nav-suppliers",
                    || crate::catalog::Suppliers {}.to_string(),
                    May(&[SeeTests]),
                ),
            ],
        ),
        (
            Some("nav-committee"),
            &[
                entry(
                    "gavel",
                    "nav-approvals",
                    || crate::catalog::Approvals {}.to_string(),
                    May(&[ApproveInstruments]),
                ),
                entry(
                    "scroll-text",
                    "nav-decisions",
                    || crate::catalog::Decisions {}.to_string(),
                    May(&[SeeDecisions]),
                ),
                entry(
                    "award",
                    "nav-construction",
                    || crate::catalog::Construction {}.to_string(),
                    May(&[AskConstruction, ConsentConstruction]),
                ),
            ],
        ),
        (
            Some("nav-school"),
            &[
                entry(
                    "building-2",
                    "nav-rooms",
                    || crate::room::Rooms {}.to_string(),
                    May(&[SeeOrganisation]),
                ),
                entry(
                    "map-pin",
                    "nav-campuses",
                    || crate::campus::Campuses {}.to_string(),
                    May(&[EditOrganisation]),
                ),
                entry("network", "nav-units", || crate::unit::Units {}.to_string(), May(&[SeeOrganisation])),
                entry(
                    "toggle-left",
                    "nav-modules",
                    || crate::module::Modules {}.to_string(),
                    May(&[ActivateModules]),
                ),
                entry("key-round", "nav-grants", || crate::grant::Grants {}.to_string(), May(&[GrantAccess])),
                entry(
                    "school",
                    "nav-institutions",
                    || crate::institution::Institutions {}.to_string(),
                    May(&[ManageInstitutions]),
                ),
                entry(
                    "id-card",
                    "nav-companies",
                    || crate::company::Companies {}.to_string(),
                    May(&[SeeOrganisation]),
                ),
            ],
        ),
        (
            Some("nav-rules"),
            &[
                entry(
                    "book-open-check",
                    "nav-regulation",
                    || crate::regulation::Newest {}.to_string(),
                    May(&[SeeRegulation]),
                ),
                entry(
                    "settings",
                    "nav-settings",
                    || crate::setting::SettingList {}.to_string(),
                    May(&[SeeSettings]),
                ),
                entry(
                    "scroll-text",
                    "nav-journal",
                    || crate::journal::JournalPage {}.to_string(),
                    May(&[SeeJournal]),
                ),
            ],
        ),
        (
            Some("nav-manage"),
            &[
                entry(
                    "file-spreadsheet",
                    "nav-imports",
                    || crate::import::Imports {}.to_string(),
                    May(&[ImportPeople, EditOrganisation, GrantNeeds, AssignRoles]),
                ),
                entry(
                    "link",
                    "nav-connections",
                    || crate::connection::Connections {}.to_string(),
                    May(&[ManageApiClients]),
                ),
                entry(
                    "log-in",
                    "nav-providers",
                    || crate::federation::Providers {}.to_string(),
                    May(&[ManageAccounts]),
                ),
                entry(
                    "send",
                    "nav-deliveries",
                    || crate::delivery::Deliveries {}.to_string(),
                    May(&[SeeDeliveries]),
                ),
                entry("mail", "nav-mail", || crate::mail::Cabinet {}.to_string(), May(&[SeeMail])),
                entry("file-text", "nav-texts", || crate::text::TextList {}.to_string(), May(&[EditTexts])),
                entry("school", "nav-brand", || crate::brand::BrandPage {}.to_string(), May(&[EditSettings])),
            ],
        ),
    ]
};

impl For {
    fn is(&self, role: Role) -> bool {
        match self {
            For::Everybody => true,
            For::May(actions) => actions.iter().any(|action| width(role, *action).is_some()),
            For::Others(action) => width(role, *action).is_some_and(|width| width != Width::Own),
            For::Own(action) => width(role, *action) == Some(Width::Own),
        }
    }
}

/// The menu of a role.
pub(crate) fn menu(role: Role, texts: Texts) -> Vec<NavGroup> {
    let groups = MENU.iter().map(|(title, entries)| NavGroup {
        title: title.map(|title| texts.stored(title).to_string()),
        entries: entries
            .iter()
            .filter(|entry| entry.seen.is(role))
            .map(|entry| NavEntry {
                icon: entry.icon,
                label: texts.stored(entry.word).to_string(),
                href: (entry.place)(),
                waiting: None,
            })
            .collect(),
    });
    groups.filter(|group| !group.entries.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_has_words_in_both_languages_and_no_long_stretch_without_a_heading() {
        for language in regie_texts::Language::ALL {
            let texts = Texts::new(*language);
            for (title, entries) in MENU {
                assert!(title.is_none_or(|title| texts.stored(title).exists()), "{title:?}");
                assert!(entries.len() <= 7, "{title:?} holds more than one looks over at a glance");
                for entry in *entries {
                    assert!(texts.stored(entry.word).exists(), "{}", entry.word);
                }
            }
        }
    }

    #[test]
    fn a_student_sees_no_lists_of_others() {
        let student = menu(Role::Student, Texts::default());
        let places: Vec<String> =
            student.into_iter().flat_map(|group| group.entries).map(|entry| entry.href).collect();
        assert!(places.contains(&"/rooms".to_owned()) && !places.contains(&"/people".to_owned()));
    }
}
