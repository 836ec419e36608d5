//! A party that does its part by itself, step by step.

mod sis;
mod ta;
mod tpl;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::data::SCHOOL;
use super::fault::Fault;
use super::page::{Action, Actions, Doing, shelf_of_sessions};
use super::scenario::Scenario;
use super::stand::{Stand, credentials, scopes_of};
use crate::client::{Client, Failure, Log, Partner, Quirks, Retry};
use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::outside::{Outside, id_of};
use serde_json::json;
use std::time::Duration;

/// Where the other parties are: origin and what is peculiar about each.
#[derive(Debug, Clone, Default)]
pub struct Partners {
    /// The origin of each, for example `http://127.0.0.1:9801`.
    pub origins: BTreeMap<Role, String>,
    /// The quirks of each.
    pub quirks: BTreeMap<Role, Quirks>,
}

/// Something a person has to look at: a message that will not be accepted however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Work {
    /// What was to be sent.
    pub what: String,
    /// Why it was not accepted.
    pub why: String,
}

/// A simulated party with a will of its own.
#[derive(Debug)]
pub struct Agent {
    /// What it serves.
    pub stand: Stand,
    scenario: Scenario,
    outside: Outside,
    clients: BTreeMap<Role, Client>,
    actions: Arc<Actions>,
    /// What was sent last, by path, so that nothing goes out twice without need.
    sent: BTreeMap<String, String>,
    /// What a person has to look at.
    pub work: Vec<Work>,
    happened: BTreeSet<usize>,
    plans: tpl::Plans,
    sittings: ta::Sittings,
}

impl Agent {
    /// A party with partners.
    ///
    /// # Errors
    /// If the settings of a partner cannot work.
    pub fn new(
        stand: Stand,
        scenario: Scenario,
        partners: &Partners,
        actions: Arc<Actions>,
        log: &Arc<dyn Log>,
        outside: Outside,
    ) -> Result<Self, String> {
        stand.faults.set(scenario.first_faults(stand.role));
        // Who gives up does so at once.
        let attempts = if stand.faults.gives_up() { 1 } else { 2 };
        let mut clients = BTreeMap::new();
        for (role, origin) in &partners.origins {
            let own = credentials(stand.role, SCHOOL);
            let scopes = scopes_of(stand.role, *role);
            let mut partner = Partner::new(role.name(), *role, &format!("{origin}/{role}/ooapi"))
                .with_credentials(&format!("{origin}/token"), &own.id, &own.secret, &scopes);
            partner.allow_http = true;
            partner.quirks = partners.quirks.get(role).cloned().unwrap_or_default();
            partner.retry =
                Retry { attempts, first: Duration::from_millis(20), longest: Duration::from_millis(200) };
            let client = Client::new(partner, Arc::clone(log), outside.clone())
                .map_err(|failure| failure.to_string())?;
            let faults = Arc::clone(&stand.faults);
            clients.insert(*role, client.with_changes(Arc::new(move |call| faults.spoil(call))));
        }
        scenario.school().fill(&stand.memory, stand.role);
        Ok(Self {
            stand,
            scenario,
            outside,
            clients,
            actions,
            sent: BTreeMap::new(),
            work: Vec::new(),
            happened: BTreeSet::new(),
            plans: tpl::Plans::default(),
            sittings: ta::Sittings::default(),
        })
    }

    /// Does what is to be done now; tells how many messages went out.
    pub async fn step(&mut self) -> usize {
        self.happen();
        let sent = match self.stand.role {
            Role::Sis => self.step_sis().await,
            Role::Tpl => self.step_tpl().await,
            Role::Ta => self.step_ta().await,
        };
        self.actions.tell(Doing {
            partners: self.clients.iter().map(|(role, client)| (role.name(), client.state())).collect(),
            work: self.work.iter().rev().take(50).cloned().collect(),
            faults: self.stand.faults.active().iter().map(|fault| fault.name).collect(),
        });
        sent
    }

    /// What the scenario or a person wants to happen now.
    fn happen(&mut self) {
        let now = self.outside.now();
        let school = self.scenario.school();
        let due: Vec<_> = self
            .scenario
            .events
            .iter()
            .enumerate()
            .filter(|(place, event)| !self.happened.contains(place) && school.after(event.at) <= now)
            .map(|(place, event)| (place, Action { what: event.what.clone(), which: event.which.clone() }))
            .collect();
        for (place, action) in due {
            self.happened.insert(place);
            self.act(&action);
        }
        for action in self.actions.take() {
            self.act(&action);
        }
    }

    /// Lets one thing happen; what cannot happen is something to look at, never silence.
    fn act(&mut self, action: &Action) {
        let role = self.stand.role;
        let which = named(role, &action.which);
        let is_done = match action.what.as_str() {
            "cancel-enrolment" => {
                let cancel = json!({ "state": "canceled" });
                self.stand.memory.patch(SCHOOL, Shelf::Plan, Kind::Association, &which, cancel).is_some()
            }
            "cancel-session" => {
                let cancel =
                    json!({ "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] });
                let shelf = shelf_of_sessions(role);
                self.stand.memory.patch(SCHOOL, shelf, Kind::Offering, &which, cancel).is_some()
            }
            "fault" => match Fault::find(&action.which, role) {
                Some(fault) => {
                    let mut faults = self.stand.faults.active();
                    faults.retain(|known| known.name != fault.name);
                    faults.push(fault);
                    self.stand.faults.set(faults);
                    true
                }
                None => false,
            },
            "mend" => {
                let first = self.scenario.first_faults(role);
                self.stand.faults.set(first);
                true
            }
            _ => false,
        };
        if !is_done {
            let what = format!("{} {}", action.what, action.which);
            let why = format!("There is nothing of this name at this {role} now.");
            self.work.push(Work { what, why });
        }
    }

    /// Sends a whole object if it is not what was sent last.
    async fn put(&mut self, to: Role, kind: &str, id: &str, message: Value) -> usize {
        self.deliver(to, kind, id, message, false).await
    }

    /// Sends a patch if it is not what was sent last; `topic` keeps different patches of one object apart.
    async fn patch(&mut self, to: Role, kind: &str, id: &str, topic: &str, changes: Value) -> usize {
        let key = format!("{to} {kind} {id} {topic}");
        let text = changes.to_string();
        if self.sent.get(&key) == Some(&text) {
            return 0;
        }
        let times = if self.scenario.repeat { 2 } else { 1 };
        for _ in 0..times {
            let Some(client) = self.clients.get(&to) else { return 0 };
            let result = client.patch(kind, id, changes.clone()).await;
            if !self.settled(&key, &text, result.map(|_| ())) {
                return 0;
            }
        }
        times
    }

    async fn deliver(&mut self, to: Role, kind: &str, id: &str, message: Value, always: bool) -> usize {
        let key = format!("{to} {kind} {id}");
        let text = message.to_string();
        if !always && self.sent.get(&key) == Some(&text) {
            return 0;
        }
        let times = if self.scenario.repeat { 2 } else { 1 };
        for _ in 0..times {
            let Some(client) = self.clients.get(&to) else { return 0 };
            let result = client.put(kind, id, &message).await;
            if !self.settled(&key, &text, result.map(|_| ())) {
                return 0;
            }
        }
        times
    }

    /// Whether a message is done with: accepted, or never to be accepted and then on the work list.
    fn settled(&mut self, key: &str, text: &str, result: Result<(), Failure>) -> bool {
        match result {
            Ok(()) => {
                self.sent.insert(key.to_owned(), text.to_owned());
                true
            }
            Err(failure) if failure.is_passing() && !self.stand.faults.gives_up() => false,
            Err(failure) => {
                self.sent.insert(key.to_owned(), text.to_owned());
                self.work.push(Work { what: key.to_owned(), why: failure.to_string() });
                false
            }
        }
    }

    /// The order in which things of one step are sent.
    fn ordered<T>(&self, mut things: Vec<T>) -> Vec<T> {
        if self.scenario.reorder {
            things.reverse();
        }
        things
    }
}

/// What a scenario or a page means: an id as it is, `enrolment 0 1` or `session 0` by its name.
fn named(role: Role, which: &str) -> String {
    let which = which.trim();
    match which.strip_prefix("session ") {
        Some(number) => {
            let plannable = id_of(&format!("plannable {number}"));
            if role == Role::Sis { plannable } else { id_of(&format!("session of {plannable}")) }
        }
        None if which.starts_with("enrolment ") => id_of(which),
        None => which.to_owned(),
    }
}
