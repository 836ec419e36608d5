//! The three parties in memory: for tests, the simulator and the conformance suite.
//!
//! Objects are kept as the JSON that was understood, one institution never seeing another's. The plans of flow 1 and
//! the sessions of flow 2 stand on different shelves, since a planner holds both and their ids mean different things.

mod expand;
mod shelf;
mod sis;
mod ta;
mod tpl;

pub use shelf::{Change, Kind, Shelf};

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::watch;

use crate::finding::Place;
use crate::message::{Association, AssociationState, Page, PatchAnswer};
use crate::patch::merge;
use crate::server::{Answer, AssociationQuery, Paging, Put, Refusal};
use crate::wire::{Dialect, Direction, Reader, Wire};
use shelf::{Facets, Key, Stored};

/// A party in memory.
#[derive(Debug)]
pub struct Memory {
    shelves: Mutex<Shelves>,
    changed: watch::Sender<u64>,
    /// Where students begin their tests.
    start_url: String,
}

#[derive(Debug, Default)]
struct Shelves {
    objects: BTreeMap<Key, Stored>,
    /// The associations of an offering, and those of a person.
    of_offering: HashMap<Key, BTreeMap<String, Facets>>,
    of_person: HashMap<Key, BTreeMap<String, Facets>>,
    members: HashMap<Key, BTreeMap<String, Value>>,
    documents: HashMap<(String, String), Bytes>,
    changes: Vec<Change>,
}

impl Memory {
    /// An empty party.
    #[must_use]
    pub fn new(start_url: &str) -> Self {
        let (changed, _) = watch::channel(0);
        Self { shelves: Mutex::default(), changed, start_url: start_url.to_owned() }
    }

    /// Tells when something was written; the number only goes up.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// What was written since change number `since`.
    #[must_use]
    pub fn changes_since(&self, since: u64) -> Vec<Change> {
        let since = usize::try_from(since).unwrap_or(usize::MAX);
        self.lock().changes.get(since..).map(<[Change]>::to_vec).unwrap_or_default()
    }

    /// Puts an object on a shelf.
    pub fn put<T: Wire>(&self, institution: &str, shelf: Shelf, kind: Kind, id: &str, message: &T) -> Put {
        self.put_value(&Key::new(institution, shelf, kind, id), &message.write(), 0)
    }

    /// The object with this id.
    #[must_use]
    pub fn get<T: Wire>(&self, institution: &str, shelf: Shelf, kind: Kind, id: &str) -> Option<T> {
        self.value(&Key::new(institution, shelf, kind, id)).and_then(understood)
    }

    /// Every object of a kind, in order of id.
    #[must_use]
    pub fn all<T: Wire>(&self, institution: &str, shelf: Shelf, kind: Kind) -> Vec<T> {
        self.some(institution, shelf, kind, usize::MAX)
    }

    /// The first objects of a kind, in order of id.
    #[must_use]
    pub fn some<T: Wire>(&self, institution: &str, shelf: Shelf, kind: Kind, most: usize) -> Vec<T> {
        self.lock()
            .objects
            .range(Key::first(institution, shelf, kind)..)
            .take_while(|(key, _)| key.is_of(institution, shelf, kind))
            .take(most)
            .filter_map(|(_, stored)| stored.value().and_then(understood))
            .collect()
    }

    /// Applies a patch to an object; nothing if there is none.
    pub fn patch(
        &self,
        institution: &str,
        shelf: Shelf,
        kind: Kind,
        id: &str,
        changes: Value,
    ) -> Option<Value> {
        self.patch_value(&Key::new(institution, shelf, kind, id), changes, 0)
    }

    /// Puts someone in a group.
    pub fn put_membership(
        &self,
        institution: &str,
        shelf: Shelf,
        group: &str,
        person: &str,
        membership: Value,
    ) -> Put {
        let key = Key::new(institution, shelf, Kind::Group, group);
        let before = self.lock().members.entry(key).or_default().insert(person.to_owned(), membership);
        if before.is_some() { Put::Replaced } else { Put::Created }
    }

    /// Keeps a document.
    pub fn put_document(&self, institution: &str, id: &str, bytes: Bytes) {
        self.lock().documents.insert((institution.to_owned(), id.to_ascii_lowercase()), bytes);
    }

    /// The ids of the associations of an offering.
    #[must_use]
    pub fn associations_of(&self, institution: &str, shelf: Shelf, offering: &str) -> Vec<String> {
        let key = Key::new(institution, shelf, Kind::Offering, offering);
        self.lock().of_offering.get(&key).map(|ids| ids.keys().cloned().collect()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn value(&self, key: &Key) -> Option<Value> {
        self.lock().objects.get(key).and_then(Stored::value)
    }

    fn has(&self, key: &Key) -> bool {
        self.lock().objects.contains_key(key)
    }

    fn document_of(&self, institution: &str, id: &str) -> Answer<Bytes> {
        self.lock()
            .documents
            .get(&(institution.to_owned(), id.to_ascii_lowercase()))
            .cloned()
            .ok_or_else(|| Refusal::NotFound("document with this id".to_owned()))
    }

    fn put_value(&self, key: &Key, value: &Value, flow: u8) -> Put {
        let mut shelves = self.lock();
        let stored = Stored::of(value);
        // The same snapshot again has no effect, not even a change that others would look at.
        if shelves.objects.get(key).is_some_and(|known| known.json == stored.json) {
            return Put::Replaced;
        }
        shelves.index(key, &stored);
        let before = shelves.objects.insert(key.clone(), stored);
        let put = if before.is_some() { Put::Replaced } else { Put::Created };
        let number = shelves.note(key, flow);
        drop(shelves);
        self.changed.send_replace(number);
        put
    }

    fn patch_value(&self, key: &Key, changes: Value, flow: u8) -> Option<Value> {
        let mut shelves = self.lock();
        let mut value = shelves.objects.get(key)?.value()?;
        merge(&mut value, changes);
        let stored = Stored::of(&value);
        if shelves.objects.get(key).is_some_and(|known| known.json == stored.json) {
            return Some(value);
        }
        shelves.index(key, &stored);
        shelves.objects.insert(key.clone(), stored);
        let number = shelves.note(key, flow);
        drop(shelves);
        self.changed.send_replace(number);
        Some(value)
    }

    /// Forgets a person who has nothing left in force here: cancelling obliges one to.
    fn forget_idle_person(&self, institution: &str, shelf: Shelf, person: &str) {
        let key = Key::new(institution, shelf, Kind::Person, person);
        let mut shelves = self.lock();
        let is_busy = shelves.of_person.get(&key).into_iter().flatten().any(|(id, _)| {
            let association = Key::new(institution, shelf, Kind::Association, id);
            shelves.objects.get(&association).is_some_and(|stored| !stored.is_over())
        });
        if !is_busy {
            shelves.objects.remove(&key);
        }
    }

    /// One page of the associations of an offering or a person.
    fn association_page(
        &self,
        owner: &Key,
        query: &AssociationQuery,
        shelf: Shelf,
    ) -> Answer<Page<Association>> {
        let shelves = self.lock();
        let ids = match owner.kind {
            Kind::Person => shelves.of_person.get(owner),
            _ => shelves.of_offering.get(owner),
        };
        let found: Vec<_> = ids
            .into_iter()
            .flatten()
            .filter(|(_, facets)| facets.match_query(query))
            .skip(query.paging.skip())
            .take(query.paging.size + 1)
            .filter_map(|(id, _)| {
                let key = Key::new(&owner.institution, shelf, Kind::Association, id);
                shelves.objects.get(&key).map(|stored| stored.json.clone())
            })
            .collect();
        drop(shelves);
        let items = found
            .iter()
            .take(query.paging.size)
            .filter_map(|json| serde_json::from_str(json).ok())
            .map(|value| self.expanded(&owner.institution, shelf, value, &query.expand))
            .filter_map(understood)
            .collect();
        Ok(page_of(items, query.paging, found.len() > query.paging.size))
    }
}

impl Shelves {
    /// Remembers which offering and person an association belongs to.
    fn index(&mut self, key: &Key, stored: &Stored) {
        if key.kind != Kind::Association {
            return;
        }
        if let Some(before) = self.objects.get(key) {
            let owners = [(Kind::Offering, before.offering.clone()), (Kind::Person, before.person.clone())];
            for (kind, owner) in owners {
                let Some(owner) = owner else { continue };
                let owner = Key::new(&key.institution, key.shelf, kind, &owner);
                let lists = if kind == Kind::Person { &mut self.of_person } else { &mut self.of_offering };
                if let Some(ids) = lists.get_mut(&owner) {
                    ids.remove(&key.id);
                }
            }
        }
        if let Some(offering) = &stored.offering {
            let owner = Key::new(&key.institution, key.shelf, Kind::Offering, offering);
            self.of_offering.entry(owner).or_default().insert(key.id.clone(), stored.facets);
        }
        if let Some(person) = &stored.person {
            let owner = Key::new(&key.institution, key.shelf, Kind::Person, person);
            self.of_person.entry(owner).or_default().insert(key.id.clone(), stored.facets);
        }
    }

    fn note(&mut self, key: &Key, flow: u8) -> u64 {
        self.changes.push(Change {
            institution: key.institution.clone(),
            shelf: key.shelf,
            kind: key.kind,
            id: key.id.clone(),
            flow,
        });
        u64::try_from(self.changes.len()).unwrap_or(u64::MAX)
    }
}

/// A stored value as a message. What stands on a shelf was understood before.
fn understood<T: Wire>(value: Value) -> Option<T> {
    let root = Place::root();
    T::read(value, &root, &mut Reader::new(Direction::Request, false, Dialect::V1_1)).ok()
}

fn found<T>(object: Option<T>, what: &str) -> Answer<T> {
    object.ok_or_else(|| Refusal::NotFound(format!("{what} with this id")))
}

/// A PATCH of an unknown association is a bad request by the bundle, which knows no 404 there.
fn unknown_association(id: &str) -> Refusal {
    let id: String = id.chars().take(64).collect();
    Refusal::Bad(format!("There is no association {id} here; send it with PUT first."))
}

fn page_of<T>(items: Vec<T>, paging: Paging, has_next: bool) -> Page<T> {
    Page {
        size: i64::try_from(paging.size).unwrap_or(10),
        number: i64::try_from(paging.number).unwrap_or(1),
        has_previous: paging.number > 1,
        has_next,
        total: None,
        items,
    }
}

/// A page of a list that was already filtered.
fn page_from<T>(items: impl Iterator<Item = T>, paging: Paging) -> Page<T> {
    let mut rest: Vec<T> = items.skip(paging.skip()).take(paging.size + 1).collect();
    let has_next = rest.len() > paging.size;
    rest.truncate(paging.size);
    page_of(rest, paging, has_next)
}

/// What a PATCH of an association answers.
fn patch_answer(id: &str, value: &Value, text: &str) -> PatchAnswer {
    let association: Option<Association> = understood(value.clone());
    PatchAnswer {
        association_id: crate::wire::Id::from(id).into(),
        message: crate::message::Names::from(text).into(),
        state: association.and_then(|association| association.state.take()).into_field(),
        ..PatchAnswer::default()
    }
}

trait IntoField<T> {
    fn into_field(self) -> crate::wire::Field<T>;
}

impl<T> IntoField<T> for Option<T> {
    fn into_field(self) -> crate::wire::Field<T> {
        self.map_or(crate::wire::Field::Absent, crate::wire::Field::Value)
    }
}

/// A cancelled or finished association keeps its place, without the person's data.
fn without_person(mut value: Value) -> Value {
    let is_over = value.get("state").and_then(Value::as_str).is_some_and(|state| {
        [AssociationState::Canceled, AssociationState::Finished].iter().any(|s| s.word() == state)
    });
    if is_over
        && let Some(object) = value.as_object_mut()
        && let Some(id) = object.get("person").and_then(|person| person.get("personId")).cloned()
    {
        object.insert("person".to_owned(), id);
    }
    value
}

/// Whether a text contains another, whatever the case.
fn contains(text: Option<&str>, wanted: &str) -> bool {
    text.is_some_and(|text| text.to_lowercase().contains(&wanted.to_lowercase()))
}
