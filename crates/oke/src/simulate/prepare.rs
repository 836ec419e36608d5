//! What a stand sets up for a conformance run, and the prepared file that says so.

use serde_json::Value;

use super::data::{
    OTHER_SCHOOL, SCHOOL, School, component_id, document, outcome, participation, pdf, person_id, student,
};
use super::stand::{Stand, credentials};
use crate::conform::Prepared;
use crate::exchange::Role;
use crate::memory::{Kind, Memory, Shelf};
use crate::message::{AssociationState, DocumentType};
use crate::outside::id_of;
use crate::timing::Timing;
use crate::wire::{Code, Wire};

/// Fills a stand with the small school and says what is in it.
#[must_use]
pub fn prepare(stand: &Stand, school: &School) -> Prepared {
    school.fill(&stand.memory, stand.role);
    let second = match stand.role {
        Role::Sis | Role::Tpl => Role::Ta,
        Role::Ta => Role::Sis,
    };
    let main = main_caller(stand.role);
    let mut prepared = Prepared {
        second: Some(credentials(second, SCHOOL)),
        stranger: Some(credentials(main, OTHER_SCHOOL)),
        ..Prepared::default()
    };
    match stand.role {
        Role::Sis => sis(stand, school, &mut prepared),
        Role::Tpl | Role::Ta => sessions(&stand.memory, school, stand.role, &mut prepared),
    }
    prepared
}

/// The ordinary caller of a party.
#[must_use]
pub const fn main_caller(role: Role) -> Role {
    match role {
        Role::Sis | Role::Ta => Role::Tpl,
        Role::Tpl => Role::Sis,
    }
}

fn sis(stand: &Stand, school: &School, prepared: &mut Prepared) {
    let canceled = id_of("enrolment 0 1");
    let cancel = serde_json::json!({ "state": AssociationState::Canceled.word() });
    stand.memory.patch(SCHOOL, Shelf::Plan, Kind::Association, &canceled, cancel);
    let day = |days: i64| school.after(days * 1440).to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    prepared.offering = Some(id_of("plannable 0"));
    prepared.since = Some(day(-1));
    prepared.until = Some(day(10));
    prepared.enrolment = Some(id_of("enrolment 0 0"));
    prepared.scores = vec!["61".to_owned(), "74".to_owned()];
    prepared.canceled_enrolment = Some(canceled);
    prepared.last_attempt_enrolment = Some(id_of("enrolment 0 2"));
    prepared.person = Some(person_id(0));
    prepared.organization = Some(id_of("organization 2"));
    prepared.group = Some(id_of("group 1"));
    prepared.group_search = Some("ICT".to_owned());
}

/// Sessions a planner made, or a delivery system was told about.
fn sessions(memory: &Memory, school: &School, role: Role, prepared: &mut Prepared) {
    let (session, canceled_session) = (id_of("prepared session"), id_of("prepared canceled session"));
    for (id, is_canceled) in [(&session, false), (&canceled_session, true)] {
        let offering = school.session(id, 0, school.start, Timing::Window);
        memory.put(SCHOOL, Shelf::Session, Kind::Offering, id, &offering);
        if is_canceled {
            let cancel = serde_json::json!({ "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] });
            memory.patch(SCHOOL, Shelf::Session, Kind::Offering, id, cancel);
        }
    }
    let document_id = id_of("prepared document");
    memory.put_document(SCHOOL, &document_id, pdf("Beoordeling"));
    let (live, canceled) = (id_of("prepared participation"), id_of("prepared canceled participation"));
    for (id, seat, is_canceled) in [(&live, 0, false), (&canceled, 1, true)] {
        let mut message = participation(id, &session, student(seat));
        if is_canceled {
            message.state = Code::Known(AssociationState::Canceled).into();
            message.person = crate::wire::Ref::Id(crate::wire::Id(person_id(seat))).into();
        }
        memory.put(SCHOOL, Shelf::Session, Kind::Association, id, &message);
    }
    if role == Role::Ta {
        let result = outcome("66", "2026-11-10", vec![document(&document_id, DocumentType::AssessmentForm)]);
        let changes: Value = serde_json::json!({ "result": result.write() });
        memory.record_result(SCHOOL, &live, changes);
        prepared.component = Some(component_id(0));
        prepared.component_search = Some("rekenen 3F".to_owned());
    }
    prepared.session = Some(session);
    prepared.canceled_session = Some(canceled_session);
    prepared.participation = Some(live);
    prepared.canceled_participation = Some(canceled);
    prepared.document = Some(document_id);
}
