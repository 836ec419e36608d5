//! The test delivery system in memory.

use bytes::Bytes;
use serde_json::Value;

use super::shelf::Key;
use super::{
    Kind, Memory, Shelf, contains, found, page_from, patch_answer, understood, unknown_association,
    without_person,
};
use crate::message::{Association, Component, Offering, Page, PatchAnswer};
use crate::server::{Answer, AssociationQuery, Caller, ComponentQuery, Patch, Put, Refusal, Ta};
use crate::wire::Wire;

const HERE: Shelf = Shelf::Session;

impl Ta for Memory {
    async fn components(&self, caller: &Caller, query: &ComponentQuery) -> Answer<Page<Component>> {
        let all: Vec<Component> = self.all(&caller.institution, HERE, Kind::Component);
        let matching = all.into_iter().filter(|component| matches(component, query));
        Ok(page_from(matching, query.paging))
    }

    async fn component(&self, caller: &Caller, id: &str, expand: &[String]) -> Answer<Component> {
        let value = self.value(&Key::new(&caller.institution, HERE, Kind::Component, id));
        let whole = value.map(|value| self.expanded(&caller.institution, HERE, value, expand));
        found(whole.and_then(understood), "component")
    }

    async fn offering(&self, caller: &Caller, id: &str, expand: &[String]) -> Answer<Offering> {
        let value = self.value(&Key::new(&caller.institution, HERE, Kind::Offering, id));
        let whole = value.map(|value| self.expanded(&caller.institution, HERE, value, expand));
        found(whole.and_then(understood), "offering")
    }

    async fn put_offering(&self, caller: &Caller, id: &str, offering: Offering) -> Answer<Put> {
        let mut value = offering.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("offeringId".to_owned(), id.into());
        }
        self.take_apart(&caller.institution, HERE, &mut value, "component", 2);
        Ok(self.put_value(&Key::new(&caller.institution, HERE, Kind::Offering, id), &value, 2))
    }

    async fn patch_offering(&self, caller: &Caller, id: &str, patch: Patch<Offering>) -> Answer<()> {
        let key = Key::new(&caller.institution, HERE, Kind::Offering, id);
        found(self.patch_value(&key, patch.changes, 2), "offering").map(|_| ())
    }

    async fn offering_associations(
        &self,
        caller: &Caller,
        id: &str,
        query: &AssociationQuery,
    ) -> Answer<Page<Association>> {
        let offering = Key::new(&caller.institution, HERE, Kind::Offering, id);
        if !self.has(&offering) {
            return Err(Refusal::NotFound("offering with this id".to_owned()));
        }
        self.association_page(&offering, query, HERE)
    }

    async fn association(&self, caller: &Caller, id: &str, expand: &[String]) -> Answer<Association> {
        let value = self.value(&Key::new(&caller.institution, HERE, Kind::Association, id));
        let whole = value.map(|value| self.expanded(&caller.institution, HERE, value, expand));
        found(whole.and_then(understood), "association")
    }

    async fn put_association(&self, caller: &Caller, id: &str, association: Association) -> Answer<Put> {
        let institution = &caller.institution;
        let mut value = association.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("associationId".to_owned(), id.into());
            // Flow 2 carries no result: one that was delivered stays, one that comes along is ignored.
            object.remove("result");
            let known = self.value(&Key::new(institution, HERE, Kind::Association, id));
            if let Some(result) = known.and_then(|mut known| known.get_mut("result").map(Value::take)) {
                object.insert("result".to_owned(), result);
            }
        }
        // Needs of the school are not for the delivery system, should they come along anyway.
        forget_assigned_needs(&mut value);
        self.take_apart(institution, HERE, &mut value, "offering", 2);
        let offering = value.get("offering").and_then(Value::as_str).unwrap_or_default();
        if !self.has(&Key::new(institution, HERE, Kind::Offering, offering)) {
            return Err(Refusal::Bad(
                "/offering: this session is not known here; send it with PUT before its participations."
                    .to_owned(),
            ));
        }
        let value = without_person(value);
        Ok(self.put_value(&Key::new(institution, HERE, Kind::Association, id), &value, 2))
    }

    async fn patch_association(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> Answer<PatchAnswer> {
        let key = Key::new(&caller.institution, HERE, Kind::Association, id);
        let value = self.patch_value(&key, patch.changes, 2).ok_or_else(|| unknown_association(id))?;
        let kept = without_person(value.clone());
        if kept != value {
            self.put_value(&key, &kept, 2);
        }
        Ok(patch_answer(id, &kept, "De deelname is bijgewerkt."))
    }

    async fn start_url(&self, caller: &Caller, id: &str) -> Answer<String> {
        let association: Association =
            found(self.get(&caller.institution, HERE, Kind::Association, id), "association")?;
        if association.is_over() {
            return Err(Refusal::NotFound("association in force with this id".to_owned()));
        }
        Ok(format!("{}/{id}", self.start_url))
    }

    async fn document(&self, caller: &Caller, id: &str) -> Answer<Bytes> {
        self.document_of(&caller.institution, id)
    }
}

fn matches(component: &Component, query: &ComponentQuery) -> bool {
    let note = component.note();
    let texts = [
        component.name.get().and_then(|name| name.dutch()),
        component.description.get().and_then(|text| text.dutch()),
        crate::message::line(&component.abbreviation),
    ];
    query.component_type.as_deref().is_none_or(|wanted| wanted == "test")
        && query.search.as_deref().is_none_or(|wanted| texts.into_iter().any(|text| contains(text, wanted)))
        && query.licensed.is_none_or(|wanted| note.and_then(|note| note.licensed.get()) == Some(&wanted))
        && query
            .primary_code
            .as_deref()
            .is_none_or(|wanted| component.primary_code.get().and_then(|code| code.code()) == Some(wanted))
}

fn forget_assigned_needs(value: &mut Value) {
    let consumers =
        value.get_mut("person").and_then(|person| person.get_mut("consumers")).and_then(Value::as_array_mut);
    for consumer in consumers.into_iter().flatten().filter_map(Value::as_object_mut) {
        consumer.remove("assignedNeeds");
    }
}

impl Memory {
    /// Gives the delivery system's own result to a participation, as flow 3 will report it.
    pub fn record_result(&self, institution: &str, id: &str, changes: Value) -> Option<Value> {
        self.patch_value(&Key::new(institution, HERE, Kind::Association, id), changes, 0)
    }
}
