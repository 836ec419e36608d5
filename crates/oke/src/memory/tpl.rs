//! The test planner in memory.

use bytes::Bytes;

use super::shelf::Key;
use super::{Kind, Memory, Shelf, found, patch_answer, unknown_association, without_person};
use crate::message::{Association, Group, Membership, Offering, PatchAnswer, Person};
use crate::server::{Answer, Caller, Patch, Put, Refusal, Tpl};
use crate::wire::Wire;

impl Tpl for Memory {
    async fn put_offering(&self, caller: &Caller, id: &str, offering: Offering) -> Answer<Put> {
        let institution = &caller.institution;
        let mut value = offering.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("offeringId".to_owned(), id.into());
        }
        for embedded in ["component", "organization"] {
            self.take_apart(institution, Shelf::Plan, &mut value, embedded, 1);
        }
        Ok(self.put_value(&Key::new(institution, Shelf::Plan, Kind::Offering, id), &value, 1))
    }

    async fn patch_plan(&self, caller: &Caller, id: &str, patch: Patch<Offering>) -> Answer<()> {
        let key = Key::new(&caller.institution, Shelf::Plan, Kind::Offering, id);
        found(self.patch_value(&key, patch.changes, 1), "offering").map(|_| ())
    }

    async fn report_session(&self, caller: &Caller, id: &str, patch: Patch<Offering>) -> Answer<()> {
        let key = Key::new(&caller.institution, Shelf::Session, Kind::Offering, id);
        found(self.patch_value(&key, patch.changes, 4), "offering").map(|_| ())
    }

    async fn put_association(&self, caller: &Caller, id: &str, association: Association) -> Answer<Put> {
        let institution = &caller.institution;
        let offering = association.offering.get().and_then(|offering| offering.id().map(str::to_owned));
        let mut value = association.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("associationId".to_owned(), id.into());
            // Flow 1 carries no result; what comes anyway is ignored.
            object.remove("result");
        }
        self.take_apart(institution, Shelf::Plan, &mut value, "offering", 1);
        let is_known = offering
            .is_some_and(|offering| self.has(&Key::new(institution, Shelf::Plan, Kind::Offering, &offering)));
        if !is_known {
            return Err(Refusal::Bad(
                "/offering: this offering is not known here; send it with PUT before its associations."
                    .to_owned(),
            ));
        }
        let is_over = value.get("state").and_then(|state| state.as_str()).is_some_and(is_over);
        if is_over {
            value = without_person(value);
        } else {
            self.take_apart(institution, Shelf::Plan, &mut value, "person", 1);
        }
        Ok(self.put_value(&Key::new(institution, Shelf::Plan, Kind::Association, id), &value, 1))
    }

    async fn patch_enrolment(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> Answer<PatchAnswer> {
        let key = Key::new(&caller.institution, Shelf::Plan, Kind::Association, id);
        let value = self.patch_value(&key, patch.changes, 1).ok_or_else(|| unknown_association(id))?;
        let is_over = value.get("state").and_then(|state| state.as_str()).is_some_and(is_over);
        if let Some(person) = value.get("person").and_then(|person| person.as_str()).filter(|_| is_over) {
            self.forget_idle_person(&caller.institution, Shelf::Plan, person);
        }
        Ok(patch_answer(id, &value, "De inschrijving is bijgewerkt."))
    }

    async fn report_result(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> Answer<PatchAnswer> {
        let key = Key::new(&caller.institution, Shelf::Session, Kind::Association, id);
        // Also for a cancelled participation: what happened, happened.
        let value = self.patch_value(&key, patch.changes, 3).ok_or_else(|| unknown_association(id))?;
        Ok(patch_answer(id, &value, "Het resultaat is ontvangen."))
    }

    async fn put_person(&self, caller: &Caller, id: &str, person: Person) -> Answer<Put> {
        let mut value = person.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("personId".to_owned(), id.into());
        }
        Ok(self.put_value(&Key::new(&caller.institution, Shelf::Plan, Kind::Person, id), &value, 1))
    }

    async fn put_group(&self, caller: &Caller, id: &str, group: Group) -> Answer<Put> {
        let mut value = group.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("groupId".to_owned(), id.into());
        }
        Ok(self.put_value(&Key::new(&caller.institution, Shelf::Plan, Kind::Group, id), &value, 1))
    }

    async fn put_member(
        &self,
        caller: &Caller,
        group: &str,
        person: &str,
        membership: Membership,
    ) -> Answer<Put> {
        let institution = &caller.institution;
        if !self.has(&Key::new(institution, Shelf::Plan, Kind::Group, group)) {
            return Err(Refusal::NotFound("group with this id".to_owned()));
        }
        let is_same = membership.person_id.get().is_none_or(|id| id.eq_ignore_ascii_case(person));
        if !is_same {
            return Err(Refusal::Bad(
                "/personId: the id in the body differs from the id in the path.".to_owned(),
            ));
        }
        Ok(self.put_membership(
            institution,
            Shelf::Plan,
            group,
            &person.to_ascii_lowercase(),
            membership.write(),
        ))
    }

    async fn document(&self, caller: &Caller, id: &str) -> Answer<Bytes> {
        self.document_of(&caller.institution, id)
    }
}

fn is_over(state: &str) -> bool {
    matches!(state, "canceled" | "finished")
}
