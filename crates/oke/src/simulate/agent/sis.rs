//! A student administration: pushes its plans, fetches the documents of results.

use super::Agent;
use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::message::{Association, AssociationType, Offering, OfferingType, Person};
use crate::simulate::data::SCHOOL;
use crate::wire::{Ref, Wire};

impl Agent {
    pub(super) async fn step_sis(&mut self) -> usize {
        let mut sent = 0;
        if self.scenario.profile.pushes() && self.clients.contains_key(&Role::Tpl) {
            sent += self.push_plans().await;
        }
        sent + self.fetch_documents().await
    }

    /// Flow 1: tests before enrolments; a cancelled enrolment as a patch.
    async fn push_plans(&mut self) -> usize {
        let mut sent = 0;
        let offerings: Vec<Offering> = self.stand.memory.all(SCHOOL, Shelf::Plan, Kind::Offering);
        for offering in offerings.into_iter().filter(|offering| offering.kind() == OfferingType::Component) {
            let Some(id) = offering.offering_id.get().cloned() else { continue };
            sent += self.put(Role::Tpl, "offerings", &id, offering.write()).await;
        }
        let all: Vec<Association> = self.stand.memory.all(SCHOOL, Shelf::Plan, Kind::Association);
        for association in self.ordered(all) {
            let Some(id) = association.association_id.get().cloned() else { continue };
            let is_test = association.kind() == AssociationType::Component;
            // What came through flow 5 is not sent back.
            let is_attempt = association.note().is_some_and(|note| {
                note.org_association.is_there()
                    && !note.attempt_left.is_there()
                    && association.result.is_there()
            });
            if !is_test || is_attempt {
                continue;
            }
            let key = format!("{} associations {id}", Role::Tpl);
            if association.is_over() {
                if self.sent.contains_key(&key) {
                    let cancel = serde_json::json!({ "associationType": "componentOfferingAssociation", "state": "canceled" });
                    sent += self.patch(Role::Tpl, "associations", &id, "cancel", cancel).await;
                }
                continue;
            }
            sent += self.push_enrolment(&id, association).await;
        }
        sent
    }

    async fn push_enrolment(&mut self, id: &str, mut association: Association) -> usize {
        let mut sent = 0;
        association.result = crate::wire::Field::Absent;
        if let Some(consumers) = association.consumers.get_mut().and_then(crate::wire::Consumers::get_mut) {
            consumers.org_association = crate::wire::Field::Absent;
        }
        let person_id = association.person.get().and_then(Ref::id).map(str::to_owned).unwrap_or_default();
        let person: Option<Person> = self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Person, &person_id);
        if let Some(person) = person {
            if self.scenario.profile.embeds() {
                association.person = Ref::Whole(Box::new(person)).into();
            } else {
                sent += self.put(Role::Tpl, "persons", &person_id, person.write()).await;
            }
        }
        sent + self.put(Role::Tpl, "associations", id, association.write()).await
    }

    /// Flow 5: the documents of a result come from the planner, never from the delivery system.
    async fn fetch_documents(&mut self) -> usize {
        if !self.clients.contains_key(&Role::Tpl) {
            return 0;
        }
        let mut fetched = 0;
        let all: Vec<Association> = self.stand.memory.all(SCHOOL, Shelf::Plan, Kind::Association);
        let documents: Vec<String> = all
            .iter()
            .filter_map(|association| association.result.get())
            .filter_map(|result| result.note())
            .flat_map(|note| note.documents.get().into_iter().flatten())
            .filter_map(|document| document.document_id.get().cloned())
            .collect();
        for id in documents {
            let key = format!("document {id}");
            if self.sent.contains_key(&key) {
                continue;
            }
            let Some(client) = self.clients.get(&Role::Tpl) else { return fetched };
            let result = client.document(&id).await;
            if let Ok((bytes, _)) = &result {
                self.stand.memory.put_document(SCHOOL, &id, bytes.clone());
                fetched += 1;
            }
            self.settled(&key, "", result.map(|_| ()));
        }
        fetched
    }
}
