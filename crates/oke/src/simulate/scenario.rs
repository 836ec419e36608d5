//! What a simulated party does, and how badly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::client::Quirks;
use crate::exchange::Role;
use crate::simulate::fault::Fault;
use crate::timing::Timing;
use jiff::Timestamp;

/// A scenario, as read from a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// Which supplier's habits the party has.
    pub profile: Profile,
    /// Whose habits the partners have (`sis`, `tpl`, `ta`), so as to know how to talk to them.
    pub partners: BTreeMap<String, Profile>,
    /// The start of the first session; the simulated clock begins an hour earlier.
    pub start: Timestamp,
    /// How many students.
    pub students: usize,
    /// How many plannable tests.
    pub tests: usize,
    /// How many students are enrolled for each.
    pub enrolled: usize,
    /// The ways sessions are timed, in turn: fixed, window, window-latest-start, full-time, clock-from-start,
    /// released.
    pub timings: Vec<String>,
    /// Every message is sent twice.
    pub repeat: bool,
    /// Messages of one step are sent last to first, as far as the agreement leaves their order open.
    pub reorder: bool,
    /// Results come this many minutes after their session.
    pub results_after: i64,
    /// What happens when, in minutes after the start of the first session.
    pub events: Vec<Event>,
    /// Faults the party has all along, by name.
    pub faults: Vec<String>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            profile: Profile::Plain,
            partners: BTreeMap::new(),
            start: Timestamp::from_second(1_795_420_800).unwrap_or(Timestamp::UNIX_EPOCH),
            students: 24,
            tests: 6,
            enrolled: 6,
            timings: Timing::ALL.iter().map(|timing| timing.name().to_owned()).collect(),
            repeat: false,
            reorder: false,
            results_after: 30,
            events: Vec::new(),
            faults: Vec::new(),
        }
    }
}

/// What can happen.
const EVENTS: &[&str] = &["cancel-enrolment", "cancel-session", "fault", "mend"];

/// A simulator holds everything in memory.
const MOST_PEOPLE: usize = 200_000;

/// A year.
const MOST_MINUTES: i64 = 366 * 24 * 60;

/// Where a word stands in the text: the first place it stands between quotes.
fn place_of(text: &str, word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    let before = text.split(quoted.as_str()).next().filter(|before| before.len() < text.len());
    before.map_or_else(String::new, |before| {
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("Line {line}, column {column}: ")
    })
}

/// Something that happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Event {
    /// When, in minutes after the start of the first session; before it is negative.
    pub at: i64,
    /// What: cancel-enrolment, cancel-session, fault, mend.
    #[serde(rename = "do")]
    pub what: String,
    /// Which: an id, `enrolment TEST SEAT` or `session TEST` counted from 0, or the name of a fault.
    #[serde(default)]
    pub which: String,
}

/// The habits of a kind of supplier. They are composed of deviations seen in published examples; nobody measured the
/// products they are named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// No habits: pushes and serves, exactly as agreed.
    #[default]
    Plain,
    /// Serves and pushes; says more than it must.
    Osiris,
    /// Pushes with persons embedded; takes a PATCH only as application/json.
    Eduarte,
    /// Serves only; asks nothing, pushes nothing; misspells organizationId.
    Peoplesoft,
    /// Pushes; answers as little as it may.
    Magister,
    /// Serves only; writes resultExpected as text.
    Educator,
    /// Serves and pushes; returns remoteState.
    EducationOnline,
    /// A delivery system that wants credentials in the form and reports late.
    Remindo,
    /// A delivery system with an old name for extra time.
    Toa,
}

impl Profile {
    /// Whether a student administration with these habits pushes its plans.
    #[must_use]
    pub const fn pushes(self) -> bool {
        !matches!(self, Self::Peoplesoft | Self::Educator)
    }

    /// Whether it embeds persons and tests in what it pushes.
    #[must_use]
    pub const fn embeds(self) -> bool {
        matches!(self, Self::Eduarte)
    }

    /// How one has to talk to it.
    #[must_use]
    pub fn quirks(self) -> Quirks {
        Quirks {
            patch_as_json: matches!(self, Self::Eduarte),
            credentials_in_form: matches!(self, Self::Remindo),
            ..Quirks::default()
        }
    }

    /// What is wrong with its answers all along.
    #[must_use]
    pub fn faults(self, role: Role) -> Vec<Fault> {
        let names: &[&str] = match self {
            Self::Plain | Self::Remindo => &[],
            Self::Eduarte => &["sis-patch-only-plain-type"],
            Self::Osiris => &["odd-chatty"],
            Self::Peoplesoft => &["sis-organisation-misspelled", "odd-closed-metadata"],
            Self::Magister => &["odd-terse", "odd-strict"],
            Self::Educator => &["sis-result-expected-as-text"],
            Self::EducationOnline => &["sis-remote-state-returned"],
            Self::Toa => &["ta-extra-time-under-old-name"],
        };
        names.iter().filter_map(|name| Fault::find(name, role)).collect()
    }
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// What is wrong with the file, with line and column.
    pub fn read(text: &str, role: Role) -> Result<Self, String> {
        let scenario: Self = serde_json::from_str(text).map_err(|error| {
            let said = error.to_string();
            let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
            format!("Line {}, column {}: {what}.", error.line(), error.column())
        })?;
        scenario.check(role).map_err(|(word, reason)| format!("{}{reason}", place_of(text, &word)))?;
        Ok(scenario)
    }

    /// What cannot be, with the word in the file that says so.
    fn check(&self, role: Role) -> Result<(), (String, String)> {
        let wrong = |word: &str, reason: String| Err((word.to_owned(), reason));
        for name in self.partners.keys() {
            if let Err(reason) = name.parse::<Role>() {
                return wrong(name, reason);
            }
        }
        for name in &self.timings {
            if !Timing::ALL.iter().any(|timing| timing.name() == name) {
                let known: Vec<_> = Timing::ALL.iter().map(|timing| timing.name()).collect();
                return wrong(name, format!("There is no timing {name}; choose from {}.", known.join(", ")));
            }
        }
        for event in &self.events {
            if !EVENTS.contains(&event.what.as_str()) {
                return wrong(
                    &event.what,
                    format!("There is no event {}; choose {}.", event.what, EVENTS.join(", ")),
                );
            }
            if event.what != "mend" && event.which.is_empty() {
                return wrong(&event.what, format!("The event {} does not say which.", event.what));
            }
            if event.at.abs() > MOST_MINUTES {
                return wrong(
                    "at",
                    format!("An event happens within a year of the first session, not at {}.", event.at),
                );
            }
        }
        let named = self.events.iter().filter(|event| event.what == "fault").map(|event| &event.which);
        for name in self.faults.iter().chain(named) {
            if Fault::find(name, role).is_none() {
                let reason =
                    format!("There is no fault {name} for a {role}; see `regie-oke simulate faults`.");
                return wrong(name, reason);
            }
        }
        if !(0..=MOST_MINUTES).contains(&self.results_after) {
            return wrong(
                "results-after",
                "Results come between 0 minutes and a year after their session.".to_owned(),
            );
        }
        for (word, number, most) in [("students", self.students, MOST_PEOPLE), ("tests", self.tests, 5_000)] {
            if !(1..=most).contains(&number) {
                return wrong(word, format!("{word} is {number}; a school has 1 to {most}."));
            }
        }
        if self.enrolled > self.students {
            let (enrolled, students) = (self.enrolled, self.students);
            return wrong(
                "enrolled",
                format!("{enrolled} students cannot be enrolled for a test if there are {students}."),
            );
        }
        let all = self.tests.saturating_mul(self.enrolled);
        if all > MOST_PEOPLE {
            return wrong(
                "enrolled",
                format!("{all} enrolments are too many to hold in memory; at most {MOST_PEOPLE}."),
            );
        }
        Ok(())
    }

    /// How the session of a plannable test is timed.
    #[must_use]
    pub fn timing(&self, number: usize) -> Timing {
        let name = number.checked_rem(self.timings.len()).and_then(|place| self.timings.get(place));
        name.and_then(|name| Timing::ALL.into_iter().find(|timing| timing.name() == name))
            .unwrap_or(Timing::Fixed)
    }

    /// The school this scenario is about.
    #[must_use]
    pub const fn school(&self) -> super::data::School {
        super::data::School {
            start: self.start,
            students: self.students,
            tests: self.tests,
            enrolled: self.enrolled,
        }
    }

    /// The faults it begins with.
    #[must_use]
    pub fn first_faults(&self, role: Role) -> Vec<Fault> {
        let mut faults = self.profile.faults(role);
        faults.extend(self.faults.iter().filter_map(|name| Fault::find(name, role)));
        faults
    }
}
