//! A test delivery system: holds sessions and reports on them.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Agent;
use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::message::{Association, Attendance, Component, DocumentType, Offering, Outcome, ResultValueType};
use crate::outside::id_of;
use crate::simulate::data::{self, SCHOOL};
use crate::timing::sitting;
use crate::wire::{Code, Consumers, Keyed, Moment, Ref, Wire};

/// What was held already.
#[derive(Debug, Default)]
pub(super) struct Sittings {
    held: BTreeSet<String>,
    scored: BTreeSet<String>,
}

impl Agent {
    pub(super) async fn step_ta(&mut self) -> usize {
        let now = self.outside.now();
        let mut sent = 0;
        let sessions: Vec<Offering> = self.stand.memory.all(SCHOOL, Shelf::Session, Kind::Offering);
        for session in self.ordered(sessions) {
            let Some(id) = session.key().map(str::to_owned) else { continue };
            let Some(end) = session.end_date_time.get().and_then(Moment::instant) else { continue };
            // A session that was cancelled before it began is not held; one cancelled afterwards was.
            if session.is_canceled() && !self.sittings.held.contains(&id) {
                continue;
            }
            if now >= end {
                sent += self.report_attendance(&id, &session).await;
                sent += self.report_session(&id, &session).await;
                self.sittings.held.insert(id.clone());
            }
            let scores_at =
                end.saturating_add(SignedDuration::from_mins(self.scenario.results_after)).unwrap_or(end);
            if self.sittings.held.contains(&id) && now >= scores_at {
                sent += self.report_scores(&id, &session).await;
            }
        }
        sent
    }

    fn participations(&self, session: &str) -> Vec<Association> {
        self.stand
            .memory
            .associations_of(SCHOOL, Shelf::Session, session)
            .into_iter()
            .filter_map(|id| self.stand.memory.get(SCHOOL, Shelf::Session, Kind::Association, &id))
            .filter(Association::is_student)
            .collect()
    }

    /// Flow 3, right after the session: who was there.
    async fn report_attendance(&mut self, id: &str, session: &Offering) -> usize {
        let day = day_of(session);
        let mut reports = Vec::new();
        for (seat, participation) in self.participations(id).into_iter().enumerate() {
            let Some(own) = participation.key().map(str::to_owned) else { continue };
            // Who was withdrawn before the session was not there to be seen; who was withdrawn later was.
            if participation.is_over() && participation.result.get().is_none() {
                continue;
            }
            let word = attendance_of(session, &participation, seat);
            let outcome = data::attendance(word, &day);
            reports.push((own, outcome));
        }
        let mut sent = 0;
        for (own, outcome) in self.ordered(reports) {
            if !self.sittings.held.contains(id) {
                self.stand.memory.record_result(SCHOOL, &own, json!({ "result": outcome.write() }));
            }
            sent += self.patch(Role::Tpl, "associations", &own, "attendance", patch_of(&outcome)).await;
        }
        sent
    }

    /// Flow 4, right after the session: how it went.
    async fn report_session(&mut self, id: &str, session: &Offering) -> usize {
        let document = id_of(&format!("report of {id}"));
        let name = session.name.get().and_then(|name| name.dutch()).unwrap_or("sessie").to_owned();
        self.stand.memory.put_document(SCHOOL, &document, data::pdf(&format!("Verslag {name}")));
        let report =
            data::report("Geen bijzonderheden.", &[data::document(&document, DocumentType::SessionReport)]);
        self.patch(Role::Tpl, "offerings", id, "report", report).await
    }

    /// Flow 3, later: the scores of those who were there.
    async fn report_scores(&mut self, id: &str, session: &Offering) -> usize {
        let kind = self.value_type(session);
        let mut sent = 0;
        for (seat, participation) in self.participations(id).into_iter().enumerate() {
            let Some(own) = participation.key().map(str::to_owned) else { continue };
            if participation.attendance() != Some(Attendance::Present) {
                continue;
            }
            let document = id_of(&format!("form of {own}"));
            let form = data::document(&document, DocumentType::AssessmentForm);
            let mut outcome = data::outcome(&data::score_for(kind, seat), &day_of(session), vec![form]);
            if let Some(note) = outcome.consumers.get_mut().and_then(Consumers::get_mut)
                && let Some(start) = session.start_date_time.get()
            {
                note.test_date = start.clone().into();
            }
            if self.sittings.scored.insert(own.clone()) {
                self.stand.memory.put_document(SCHOOL, &document, data::pdf("Beoordelingsformulier"));
                self.stand.memory.record_result(SCHOOL, &own, json!({ "result": outcome.write() }));
            }
            sent += self.patch(Role::Tpl, "associations", &own, "score", patch_of(&outcome)).await;
        }
        sent
    }

    /// How the scores of a session are written: as its own type says, or as its test does.
    fn value_type(&self, session: &Offering) -> ResultValueType {
        let own = session.result_value_type.get().and_then(Code::known);
        let component = session.component.get().and_then(Ref::id).unwrap_or_default();
        let component: Option<Component> =
            self.stand.memory.get(SCHOOL, Shelf::Session, Kind::Component, component);
        let test = component.as_ref().and_then(Component::note).and_then(|note| note.result_value_type.get());
        own.or_else(|| test.and_then(Code::known)).unwrap_or(ResultValueType::TenPoint)
    }
}

/// Who was there: nearly everybody. The sixth seat stays empty, the seventh comes too late to begin.
fn attendance_of(session: &Offering, participation: &Association, seat: usize) -> Attendance {
    if seat % 8 == 5 {
        return Attendance::NotPresent;
    }
    let Some(start) = session.start_date_time.get().and_then(Moment::instant) else {
        return Attendance::NotKnown;
    };
    let late = if seat % 8 == 6 { 20 } else { 2 };
    let ready = start.saturating_add(SignedDuration::from_mins(late)).unwrap_or(start);
    let released: Timestamp = start.saturating_add(SignedDuration::from_mins(3)).unwrap_or(start);
    let extra = participation.note().and_then(|note| note.extra_minutes()).unwrap_or(0);
    match sitting(session, ready, Some(released), extra) {
        Ok(_) => Attendance::Present,
        Err(_) => Attendance::NotStarted,
    }
}

fn patch_of(outcome: &Outcome) -> Value {
    json!({ "associationType": "componentOfferingAssociation", "result": outcome.write() })
}

fn day_of(session: &Offering) -> String {
    session
        .start_date_time
        .get()
        .and_then(Moment::day)
        .map_or_else(|| "2026-11-23".to_owned(), |day| day.to_string())
}
