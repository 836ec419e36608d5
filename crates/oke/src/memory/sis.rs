//! The student administration in memory.

use super::shelf::Key;
use super::{Kind, Memory, Shelf, contains, found, page_from, patch_answer, understood, unknown_association};
use crate::message::{
    Association, AssociationType, Group, Membership, Offering, Organization, Page, PatchAnswer, Person,
};
use crate::score;
use crate::server::{
    Answer, AssociationQuery, Caller, GroupQuery, OfferingQuery, Paging, Patch, Put, Refusal, Sis,
};
use crate::wire::{Code, Moment, Wire};

const HERE: Shelf = Shelf::Plan;

impl Memory {
    /// A score must be written as the plannable test asks.
    fn check_score(
        &self,
        institution: &str,
        offering: Option<&str>,
        association: &Association,
    ) -> Answer<()> {
        let Some(score) = association.result.get().and_then(|result| result.score.get()) else {
            return Ok(());
        };
        let offering: Option<Offering> =
            offering.and_then(|id| self.get(institution, HERE, Kind::Offering, id));
        let kind =
            offering.as_ref().and_then(|offering| offering.result_value_type.get()).and_then(Code::known);
        match kind {
            Some(kind) if !score::fits(kind, score) => Err(Refusal::Bad(format!(
                "/result/score: the score does not fit the result type {}; convert it before sending.",
                kind.word()
            ))),
            _ => Ok(()),
        }
    }
}

impl Sis for Memory {
    async fn offerings(&self, caller: &Caller, query: &OfferingQuery) -> Answer<Page<Offering>> {
        let all: Vec<Offering> = self.all(&caller.institution, HERE, Kind::Offering);
        let matching = all.into_iter().filter(|offering| matches(offering, query));
        let mut page = page_from(matching, query.paging);
        if !query.expand.is_empty() {
            page.items = page
                .items
                .iter()
                .map(|offering| self.expanded(&caller.institution, HERE, offering.write(), &query.expand))
                .filter_map(understood)
                .collect();
        }
        Ok(page)
    }

    async fn offering(&self, caller: &Caller, id: &str, expand: &[String]) -> Answer<Offering> {
        let value = self.value(&Key::new(&caller.institution, HERE, Kind::Offering, id));
        let whole = value.map(|value| self.expanded(&caller.institution, HERE, value, expand));
        found(whole.and_then(understood), "offering")
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

    async fn patch_association(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> Answer<PatchAnswer> {
        let key = Key::new(&caller.institution, HERE, Kind::Association, id);
        let known: Association =
            self.value(&key).and_then(understood).ok_or_else(|| unknown_association(id))?;
        let offering = known.offering.get().and_then(|offering| offering.id());
        self.check_score(&caller.institution, offering, &patch.message)?;
        let value = self.patch_value(&key, patch.changes, 5).ok_or_else(|| unknown_association(id))?;
        Ok(patch_answer(id, &value, "Het resultaat is ontvangen."))
    }

    async fn put_association(&self, caller: &Caller, id: &str, association: Association) -> Answer<Put> {
        let institution = &caller.institution;
        let enrolment = association.note().and_then(|note| note.org_association.get());
        let Some(enrolment) = enrolment else {
            return Err(Refusal::Bad(
                "/consumers/0/orgAssociationId: name the enrolment this attempt belongs to.".to_owned(),
            ));
        };
        let enrolment_key = Key::new(institution, HERE, Kind::Association, enrolment);
        if !self.has(&enrolment_key) {
            return Err(Refusal::Bad(format!(
                "/consumers/0/orgAssociationId: there is no enrolment {} here.",
                enrolment.chars().take(64).collect::<String>()
            )));
        }
        let offering = association.offering.get().and_then(|offering| offering.id()).unwrap_or_default();
        if !self.has(&Key::new(institution, HERE, Kind::Offering, offering)) {
            return Err(Refusal::Bad(
                "/offering: this offering is not known here; use the id it came with.".to_owned(),
            ));
        }
        self.check_score(institution, Some(offering), &association)?;
        let mut value = association.write();
        if let Some(object) = value.as_object_mut() {
            object.insert("associationId".to_owned(), id.into());
        }
        self.take_apart(institution, HERE, &mut value, "person", 5);
        Ok(self.put_value(&Key::new(institution, HERE, Kind::Association, id), &value, 5))
    }

    async fn person(&self, caller: &Caller, id: &str) -> Answer<Person> {
        found(self.get(&caller.institution, HERE, Kind::Person, id), "person")
    }

    async fn organization(&self, caller: &Caller, id: &str, expand: &[String]) -> Answer<Organization> {
        let value = self.value(&Key::new(&caller.institution, HERE, Kind::Organization, id));
        let whole = value.map(|value| self.expanded(&caller.institution, HERE, value, expand));
        found(whole.and_then(understood), "organization")
    }

    async fn groups(&self, caller: &Caller, query: &GroupQuery) -> Answer<Page<Group>> {
        let all: Vec<Group> = self.all(&caller.institution, HERE, Kind::Group);
        let matching = all.into_iter().filter(|group| {
            let code = group.primary_code.get().and_then(|code| code.code());
            let name = group.name.get().and_then(|name| name.dutch());
            query.search.as_deref().is_none_or(|wanted| contains(name, wanted) || contains(code, wanted))
                && query.primary_code.as_deref().is_none_or(|wanted| code == Some(wanted))
        });
        Ok(page_from(matching, query.paging))
    }

    async fn group(&self, caller: &Caller, id: &str) -> Answer<Group> {
        found(self.get(&caller.institution, HERE, Kind::Group, id), "group")
    }

    async fn members(&self, caller: &Caller, id: &str, paging: Paging) -> Answer<Page<Membership>> {
        let key = Key::new(&caller.institution, HERE, Kind::Group, id);
        if !self.has(&key) {
            return Err(Refusal::NotFound("group with this id".to_owned()));
        }
        let members: Vec<_> = self
            .lock()
            .members
            .get(&key)
            .map(|members| members.values().cloned().collect())
            .unwrap_or_default();
        Ok(page_from(members.into_iter().filter_map(understood), paging))
    }

    async fn person_associations(
        &self,
        caller: &Caller,
        id: &str,
        query: &AssociationQuery,
    ) -> Answer<Page<Association>> {
        let person = Key::new(&caller.institution, HERE, Kind::Person, id);
        if !self.has(&person) {
            return Err(Refusal::NotFound("person with this id".to_owned()));
        }
        let mut query = query.clone();
        // Flow 6 is about programmes; the person is never embedded there, the delivery system has it already.
        query.association_type = query.association_type.or(Some(AssociationType::Program));
        query.expand.retain(|path| path != "person");
        self.association_page(&person, &query, HERE)
    }
}

fn matches(offering: &Offering, query: &OfferingQuery) -> bool {
    let start = offering.start_date_time.get().and_then(Moment::instant);
    let end = offering.end_date_time.get().and_then(Moment::instant);
    query.offering_type.is_none_or(|wanted| offering.kind() == wanted)
        && query.result_expected.is_none_or(|wanted| offering.result_expected.get() == Some(&wanted))
        && query.since.is_none_or(|since| end.is_none_or(|end| end >= since))
        && query.until.is_none_or(|until| start.is_none_or(|start| start < until))
        && query.search.as_deref().is_none_or(|wanted| {
            contains(offering.name.get().and_then(|name| name.dutch()), wanted)
                || contains(offering.description.get().and_then(|text| text.dutch()), wanted)
        })
}
