//! From 1.0.1 to the 1.1 candidate and back: the same facts in the places either keeps them.

use super::{Association, AssociationNote, Outcome, OutcomeNote, ResultState, TestMoment};
use crate::wire::{Code, Consumers, Date, Dialect, Entry, Field, Moment};

impl Association {
    /// The same association as a partner of this dialect expects it.
    ///
    /// The candidate tells attendance, irregularities, the moment of the sitting and the name of the test apart from the
    /// result. 1.0.1 has them inside it, and cannot tell attendance without one: such a result is in progress. What
    /// 1.0.1 has no place for (room, planned times, coordinator, planning state) stays behind.
    #[must_use]
    pub fn in_dialect(self, dialect: Dialect) -> Self {
        match dialect {
            Dialect::V1_0 => self.in_agreement(),
            Dialect::V1_1 => self.in_candidate(),
        }
    }

    fn in_candidate(mut self) -> Self {
        let Some(outcome) = self.result.get_mut().and_then(|result| result.consumers.get_mut()) else {
            return self;
        };
        let Some(outcome) = outcome.get_mut() else { return self };
        let told = TestMoment {
            attendance: std::mem::take(&mut outcome.attendance),
            executed_offering_name: std::mem::take(&mut outcome.executed_offering_name),
            irregularities: std::mem::take(&mut outcome.irregularities),
            test_date_time: std::mem::take(&mut outcome.test_date),
            ..TestMoment::default()
        };
        if told == TestMoment::default() {
            return self;
        }
        let mut consumers = std::mem::take(&mut self.consumers).take().unwrap_or_default();
        if consumers.get().is_none() {
            consumers.0.push(Entry::Ours(AssociationNote::default()));
        }
        let Some(note) = consumers.get_mut() else { return self };
        let mut moment = std::mem::take(&mut note.test_moment).take().unwrap_or_default();
        or(&mut moment.attendance, told.attendance);
        or(&mut moment.executed_offering_name, told.executed_offering_name);
        or(&mut moment.irregularities, told.irregularities);
        or(&mut moment.test_date_time, told.test_date_time);
        note.test_moment = moment.into();
        self.consumers = consumers.into();
        self
    }

    fn in_agreement(mut self) -> Self {
        let Some(note) = self.consumers.get_mut().and_then(Consumers::get_mut) else { return self };
        note.planning_state = Field::Absent;
        if let Some(many) = std::mem::take(&mut note.program_associations).take()
            && let [one] = many.as_slice()
        {
            or(&mut note.program_association, one.clone().into());
        }
        let Some(moment) = std::mem::take(&mut note.test_moment).take() else { return self };
        let tells = moment.attendance.is_there()
            || moment.executed_offering_name.is_there()
            || moment.irregularities.is_there()
            || moment.test_date_time.is_there();
        if !tells {
            return self;
        }
        let day = [&moment.test_date_time, &moment.end_date_time, &moment.start_date_time]
            .into_iter()
            .find_map(|moment| moment.get().and_then(Moment::day));
        let mut result = std::mem::take(&mut self.result).take().unwrap_or_else(|| Outcome {
            state: Code::Known(ResultState::InProgress).into(),
            result_date: day.map_or(Field::Absent, |day| Date::from(day.to_string().as_str()).into()),
            weight: 100.into(),
            ..Outcome::default()
        });
        let mut consumers = std::mem::take(&mut result.consumers).take().unwrap_or_default();
        if consumers.get().is_none() {
            consumers.0.push(Entry::Ours(OutcomeNote::default()));
        }
        if let Some(outcome) = consumers.get_mut() {
            or(&mut outcome.attendance, moment.attendance);
            or(&mut outcome.executed_offering_name, moment.executed_offering_name);
            or(&mut outcome.irregularities, moment.irregularities);
            or(&mut outcome.test_date, moment.test_date_time);
        }
        result.consumers = consumers.into();
        self.result = result.into();
        self
    }
}

/// What is not told yet is told.
fn or<T>(field: &mut Field<T>, other: Field<T>) {
    if field.is_absent() {
        *field = other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Attendance;
    use crate::simulate::data;

    fn reported() -> Association {
        Association {
            result: data::outcome("7.4", "2026-11-23", Vec::new()).into(),
            ..Association::default()
        }
    }

    #[test]
    fn the_candidate_keeps_attendance_apart_from_the_result() {
        let there = reported().in_dialect(Dialect::V1_1);
        assert_eq!(there.attendance(), Some(Attendance::Present));
        let inside = there.result.get().and_then(Outcome::note).unwrap();
        assert!(inside.attendance.is_absent() && inside.test_date.is_absent());
        assert_eq!(inside.raw_score.get(), Some(&38), "what belongs to the score stays with the score");
        assert!(there.note().is_some_and(|note| note.test_moment.is_there()));
    }

    #[test]
    fn there_and_back_is_where_it_began() {
        let mut back = reported().in_dialect(Dialect::V1_1).in_dialect(Dialect::V1_0);
        // All that is left of the way is an entry of our own without contents.
        assert_eq!(back.consumers, Consumers::ours(AssociationNote::default()).into());
        back.consumers = Field::Absent;
        assert_eq!(back, reported());
        let plain = Association::default();
        assert_eq!(plain.clone().in_dialect(Dialect::V1_1), plain);
    }

    #[test]
    fn attendance_alone_becomes_a_result_in_progress() {
        let moment = TestMoment {
            attendance: Code::Known(Attendance::NotPresent).into(),
            test_date_time: Moment::from("2026-11-23T09:00:00+01:00").into(),
            room_name: "A-22".to_owned().into(),
            ..TestMoment::default()
        };
        let note = AssociationNote { test_moment: moment.into(), ..AssociationNote::default() };
        let told = Association { consumers: Consumers::ours(note).into(), ..Association::default() };
        let old = told.in_dialect(Dialect::V1_0);
        assert_eq!(old.attendance(), Some(Attendance::NotPresent));
        let result = old.result.get().unwrap();
        assert!(result.state.get().unwrap().is(ResultState::InProgress));
        assert_eq!(
            (result.weight.get(), result.result_date.get()),
            (Some(&100), Some(&Date::from("2026-11-23")))
        );
        assert!(old.note().is_some_and(|note| note.test_moment.is_absent()));
    }
}
