//! A test planner: makes sessions of plannable tests, and student results of reports.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Agent;
use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::message::{
    Association, AssociationState, AssociationType, Component, Document, Names, Offering, OfferingType,
    Outcome, Person, ResultValueType,
};
use crate::outside::id_of;
use crate::score;
use crate::simulate::data::{self, SCHOOL};
use crate::timing::Timing;
use crate::wire::{Code, Consumers, Field, Id, Keyed, Moment, Ref, Wire};

/// What the planner remembers: which participation belongs to which enrolment.
#[derive(Debug, Default)]
pub(super) struct Plans {
    /// Participation to enrolment and number of the attempt.
    enrolment_of: BTreeMap<String, (String, i64)>,
    /// Sessions that were made, with their plannable test.
    made: BTreeMap<String, String>,
    /// Enrolments for which an extra attempt was planned.
    again: BTreeSet<String>,
    is_catalogue_read: bool,
    pulled_at: Option<Timestamp>,
}

impl Agent {
    pub(super) async fn step_tpl(&mut self) -> usize {
        self.read_catalogue().await;
        self.pull_plans().await;
        let mut sent = self.plan().await;
        sent += self.withdraw().await;
        sent + self.report_to_sis().await
    }

    /// Flow 0, once.
    async fn read_catalogue(&mut self) {
        if self.plans.is_catalogue_read {
            return;
        }
        let Some(client) = self.clients.get(&Role::Ta) else { return };
        if let Ok(components) = client.components().await {
            for component in components.message {
                if let Some(id) = component.key() {
                    self.stand.memory.put(SCHOOL, Shelf::Session, Kind::Component, id, &component);
                }
            }
            self.plans.is_catalogue_read = true;
        }
    }

    /// Flow 1 by pulling, every half hour: for what was not pushed.
    async fn pull_plans(&mut self) {
        let now = self.outside.now();
        let is_fresh = self
            .plans
            .pulled_at
            .is_some_and(|at| at.saturating_add(SignedDuration::from_mins(30)).is_ok_and(|next| now < next));
        let Some(client) = self.clients.get(&Role::Sis).filter(|_| !is_fresh) else { return };
        let since = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let Ok(offerings) = client.offerings(since, None).await else { return };
        for offering in offerings.message {
            let Some(id) = offering.key().map(str::to_owned) else { continue };
            self.stand.memory.put(SCHOOL, Shelf::Plan, Kind::Offering, &id, &offering);
            let Some(client) = self.clients.get(&Role::Sis) else { return };
            let Ok(associations) = client.offering_associations(&id, &[]).await else { return };
            for association in associations.message {
                let Some(own) = association.key() else { continue };
                let mut association = association.clone();
                association.result = Field::Absent;
                self.stand.memory.put(SCHOOL, Shelf::Plan, Kind::Association, own, &association);
                let person = association.person.get().and_then(Ref::id).unwrap_or_default();
                let known: Option<Person> = self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Person, person);
                if known.is_none()
                    && !association.is_over()
                    && let Ok(fetched) = client.person(person).await
                {
                    self.stand.memory.put(SCHOOL, Shelf::Plan, Kind::Person, person, &fetched.message);
                }
            }
        }
        self.plans.pulled_at = Some(now);
    }

    /// Flow 2: a session for every plannable test, with everybody who is enrolled.
    async fn plan(&mut self) -> usize {
        let mut sent = 0;
        let offerings: Vec<Offering> = self.stand.memory.all(SCHOOL, Shelf::Plan, Kind::Offering);
        let tests = offerings.into_iter().filter(|offering| offering.kind() == OfferingType::Component);
        for (number, plannable) in tests.enumerate() {
            let Some(id) = plannable.key().map(str::to_owned) else { continue };
            let session = id_of(&format!("session of {id}"));
            if !self.plans.made.contains_key(&session) && !plannable.is_canceled() {
                let start = plannable.start_date_time.get().and_then(Moment::instant);
                let Some(start) = start else { continue };
                let timing = self.scenario.timing(number);
                let message = self.session(&session, &plannable, start, timing);
                self.stand.memory.put(SCHOOL, Shelf::Session, Kind::Offering, &session, &message);
                self.plans.made.insert(session.clone(), id.clone());
            }
            if plannable.is_canceled() && self.plans.made.contains_key(&session) {
                let cancel =
                    json!({ "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] });
                self.stand.memory.patch(SCHOOL, Shelf::Session, Kind::Offering, &session, cancel);
            }
            sent += self.send_session(&session, &id, 1).await;
        }
        sent
    }

    /// A session made of a plannable test.
    fn session(&self, id: &str, plannable: &Offering, start: Timestamp, timing: Timing) -> Offering {
        let component = plannable
            .note()
            .and_then(|note| note.tests_to_be_used.get())
            .and_then(|tests| tests.first())
            .and_then(|test| test.component_id.get().cloned())
            .or_else(|| plannable.component.get().and_then(Ref::id).map(str::to_owned))
            .unwrap_or_default();
        let mut session = self.scenario.school().session(id, 0, start, timing);
        session.component = Ref::Id(Id(component.clone())).into();
        session.result_value_type = plannable.result_value_type.clone();
        session.name = plannable.name.clone();
        session.description = plannable.description.clone();
        session.primary_code = plannable.primary_code.clone();
        let known: Option<Component> =
            self.stand.memory.get(SCHOOL, Shelf::Session, Kind::Component, &component);
        if let (Some(length), Some(note)) = (
            known.as_ref().and_then(|component| component.duration.get()),
            session.consumers.get_mut().and_then(Consumers::get_mut),
        ) {
            note.duration = length.clone().into();
            let minutes = length.seconds().unwrap_or(3600) / 60 + 30;
            let end = start.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(start);
            session.end_date_time = Moment::from(end).into();
        }
        session
    }

    /// Sends a session and its participations; people before rooms would be refused.
    async fn send_session(&mut self, session: &str, plannable: &str, attempt: i64) -> usize {
        let Some(message): Option<Offering> =
            self.stand.memory.get(SCHOOL, Shelf::Session, Kind::Offering, session)
        else {
            return 0;
        };
        if message.is_canceled() {
            if !self.sent.contains_key(&format!("{} offerings {session}", Role::Ta)) {
                return 0;
            }
            let cancel = json!({ "offeringType": "component",
                "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] });
            return self.patch(Role::Ta, "offerings", session, "cancel", cancel).await;
        }
        let mut sent = self.put(Role::Ta, "offerings", session, plain_session(&message).write()).await;
        if !self.sent.contains_key(&format!("{} offerings {session}", Role::Ta)) {
            return sent;
        }
        let enrolments = self.stand.memory.associations_of(SCHOOL, Shelf::Plan, plannable);
        for enrolment in self.ordered(enrolments) {
            let Some(known): Option<Association> =
                self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Association, &enrolment)
            else {
                continue;
            };
            if known.is_over() || (attempt > 1 && !self.plans.again.contains(&enrolment)) {
                continue;
            }
            let person = known.person.get().and_then(Ref::id).unwrap_or_default();
            let Some(person): Option<Person> =
                self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Person, person)
            else {
                continue;
            };
            let id = id_of(&format!("participation {attempt} of {enrolment}"));
            let participation = data::participation(&id, session, person);
            if self.plans.enrolment_of.insert(id.clone(), (enrolment.clone(), attempt)).is_none() {
                self.stand.memory.put(SCHOOL, Shelf::Session, Kind::Association, &id, &participation);
            }
            sent += self.put(Role::Ta, "associations", &id, participation.write()).await;
        }
        sent
    }

    /// What was withdrawn in flow 1 is withdrawn in flow 2.
    async fn withdraw(&mut self) -> usize {
        let mut sent = 0;
        let pairs: Vec<_> = self
            .plans
            .enrolment_of
            .iter()
            .map(|(id, (enrolment, _))| (id.clone(), enrolment.clone()))
            .collect();
        for (id, enrolment) in pairs {
            let known: Option<Association> =
                self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Association, &enrolment);
            let was_sent = self.sent.contains_key(&format!("{} associations {id}", Role::Ta));
            if known.is_some_and(|known| known.is_over()) && was_sent {
                let cancel = json!({ "associationType": "componentOfferingAssociation",
                    "state": AssociationState::Canceled.word() });
                self.stand.memory.patch(SCHOOL, Shelf::Session, Kind::Association, &id, cancel.clone());
                sent += self.patch(Role::Ta, "associations", &id, "cancel", cancel).await;
            }
        }
        sent
    }

    /// Flow 5: what came in through flow 3 goes on to the student administration.
    async fn report_to_sis(&mut self) -> usize {
        let mut sent = 0;
        let pairs: Vec<_> = self
            .plans
            .enrolment_of
            .iter()
            .map(|(id, (enrolment, attempt))| (id.clone(), enrolment.clone(), *attempt))
            .collect();
        for (id, enrolment, attempt) in pairs {
            let participation: Option<Association> =
                self.stand.memory.get(SCHOOL, Shelf::Session, Kind::Association, &id);
            let Some(outcome) = participation.as_ref().and_then(|known| known.result.get()).cloned() else {
                continue;
            };
            let Some(known): Option<Association> =
                self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Association, &enrolment)
            else {
                continue;
            };
            let plannable = known.offering.get().and_then(Ref::id).unwrap_or_default().to_owned();
            let Some(plan): Option<Offering> =
                self.stand.memory.get(SCHOOL, Shelf::Plan, Kind::Offering, &plannable)
            else {
                continue;
            };
            let kind =
                plan.result_value_type.get().and_then(Code::known).unwrap_or(ResultValueType::TenPoint);
            if outcome.score.get().is_some_and(|score| !score::fits(kind, score)) {
                self.settled(
                    &format!("score of {id}"),
                    "",
                    Err(crate::client::Failure::Settings(format!("The score does not fit {}.", kind.word()))),
                );
                continue;
            }
            let Some(outcome) = self.rehosted(outcome, &plan).await else { continue };
            sent += self.send_result(&enrolment, attempt, &known, outcome.clone()).await;
            self.plan_again(&enrolment, &known, &plan, &outcome, kind);
            let again = id_of(&format!("extra session of {plannable}"));
            if self.plans.made.contains_key(&again) {
                sent += self.send_session(&again, &plannable, 2).await;
            }
        }
        sent
    }

    /// The result with its documents under our own ids: the SIS never fetches from the delivery system.
    async fn rehosted(&mut self, mut outcome: Outcome, plan: &Offering) -> Option<Outcome> {
        let name = plan.name.get().and_then(Names::dutch).unwrap_or("toets").to_owned();
        let may_be_final = plan.note().and_then(|note| note.may_be_final()) == Some(true);
        let documents: Vec<Document> =
            outcome.note().and_then(|note| note.documents.get()).cloned().unwrap_or_default();
        let mut own = Vec::new();
        for document in documents {
            let theirs = document.document_id.get().cloned().unwrap_or_default();
            let ours = id_of(&format!("copy of {theirs}"));
            if !self.sent.contains_key(&format!("document {theirs}")) {
                let client = self.clients.get(&Role::Ta)?;
                let fetched = client.document(&theirs).await;
                if let Ok((bytes, _)) = &fetched {
                    self.stand.memory.put_document(SCHOOL, &ours, bytes.clone());
                }
                let is_passing = fetched.as_ref().is_err_and(crate::client::Failure::is_passing);
                self.settled(&format!("document {theirs}"), "", fetched.map(|_| ()));
                if is_passing {
                    return None;
                }
            }
            own.push(Document { document_id: ours.into(), ..document });
        }
        if let Some(note) = outcome.consumers.get_mut().and_then(Consumers::get_mut) {
            note.executed_offering_name = name.into();
            note.documents = if own.is_empty() { Field::Absent } else { own.into() };
            if !may_be_final && note.is_final.is_there() {
                note.is_final = false.into();
            }
        }
        outcome.weight = 100.into();
        Some(outcome)
    }

    async fn send_result(
        &mut self,
        enrolment: &str,
        attempt: i64,
        known: &Association,
        outcome: Outcome,
    ) -> usize {
        let consumers =
            json!([{ "consumerKey": "nl-test-admin", "orgAssociationId": enrolment, "attempt": attempt }]);
        if attempt == 1 {
            let patch = json!({ "associationType": AssociationType::Component.word(),
                "consumers": consumers, "result": outcome.write() });
            return self.patch(Role::Sis, "associations", enrolment, "result", patch).await;
        }
        let own = id_of(&format!("attempt {attempt} of {enrolment}"));
        let reference = |value: Option<&str>| value.map_or(Value::Null, Value::from);
        let put = json!({
            "associationId": own, "associationType": AssociationType::Component.word(), "role": "student",
            "state": "associated", "person": reference(known.person.get().and_then(Ref::id)),
            "offering": reference(known.offering.get().and_then(Ref::id)),
            "consumers": consumers, "result": outcome.write(),
        });
        self.put(Role::Sis, "associations", &own, put).await
    }

    /// A failed first attempt is planned again if the SIS left an attempt.
    fn plan_again(
        &mut self,
        enrolment: &str,
        known: &Association,
        plan: &Offering,
        outcome: &Outcome,
        kind: ResultValueType,
    ) {
        let may_again = known.note().is_some_and(|note| note.attempts_left() != Some(0));
        let has_failed =
            outcome.is_completed() && outcome.score.get().is_some_and(|score| is_low(kind, score));
        if !may_again || !has_failed || !self.plans.again.insert(enrolment.to_owned()) {
            return;
        }
        let Some(plannable) = plan.key().map(str::to_owned) else { return };
        let id = id_of(&format!("extra session of {plannable}"));
        if self.plans.made.contains_key(&id) {
            return;
        }
        let Some(start) = plan.start_date_time.get().and_then(Moment::instant) else { return };
        let start = start.saturating_add(SignedDuration::from_hours(7 * 24)).unwrap_or(start);
        let session = self.session(&id, plan, start, Timing::FullTime);
        self.stand.memory.put(SCHOOL, Shelf::Session, Kind::Offering, &id, &session);
        self.plans.made.insert(id, plannable);
    }
}

/// A session without what came back about it.
fn plain_session(session: &Offering) -> Offering {
    let mut plain = session.clone();
    if let Some(note) = plain.consumers.get_mut().and_then(Consumers::get_mut) {
        note.irregularities = Field::Absent;
        note.documents = Field::Absent;
    }
    plain
}

fn is_low(kind: ResultValueType, score: &str) -> bool {
    match kind {
        ResultValueType::Hundred => score.parse::<u32>().is_ok_and(|score| score < 55),
        ResultValueType::Ten | ResultValueType::TenPoint => {
            score.parse::<f64>().is_ok_and(|score| score < 5.5)
        }
        ResultValueType::PassOrFail => score == "failed",
        ResultValueType::InsufficientSatisfactoryGood => score == "insufficient",
        _ => false,
    }
}
