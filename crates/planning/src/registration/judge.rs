//! Whether one student may register for one test: a function over what is known, without a database.

use super::store::{Candidate, Claim, Needed};
use crate::Why;
use crate::ruling::{Kind, Ruling, What};
use jiff::civil::Date;
use regie_core::id::{EntitlementId, PersonId};
use regie_core::period::{Channel, attempt_is_left};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// All that is known about the students and the test.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub people: HashMap<PersonId, Candidate>,
    /// Valid ones, those whose deadline comes first in front.
    pub claims: HashMap<PersonId, Vec<Claim>>,
    pub rulings: Vec<Ruling>,
    pub needed: Vec<Needed>,
    /// Who passed which unit or test, and who only sat it.
    pub achieved: HashSet<(PersonId, What, Uuid, bool)>,
}

/// The entitlement it goes under: the one that was named, or the first under which it is possible.
pub(super) fn judge(
    known: &Known,
    person: PersonId,
    named: Option<EntitlementId>,
    channel: Channel,
    today: Date,
) -> Result<Claim, Why> {
    let candidate = known.people.get(&person).ok_or(Why::NotYours)?;
    if candidate.state != "active" {
        return Err(Why::NotActive);
    }
    let rulings = || known.rulings.iter().filter(|ruling| ruling.person == person);
    if let Some(ruling) = rulings().find(|ruling| ruling.kind == Kind::Exclusion) {
        let until = ruling.ends.map(|ends| ends.strftime("%d-%m-%Y").to_string()).unwrap_or_default();
        return Err(Why::Excluded { until });
    }
    if rulings().any(|ruling| ruling.kind == Kind::Exemption) {
        return Err(Why::Exempt);
    }
    let claims = known.claims.get(&person).map_or(&[][..], Vec::as_slice);
    let mut first = None;
    for claim in claims.iter().filter(|claim| named.is_none_or(|named| named == claim.id)) {
        match under(known, claim, channel, today) {
            Ok(()) => return Ok(claim.clone()),
            Err(why) => first = first.or(Some(why)),
        }
    }
    Err(first.unwrap_or(match named {
        Some(_) if !claims.is_empty() => Why::OtherEntitlement,
        _ => Why::NoEntitlement,
    }))
}

/// Whether this entitlement carries it: an attempt is left, and what its plan asks first is there.
fn under(known: &Known, claim: &Claim, channel: Channel, today: Date) -> Result<(), Why> {
    if !attempt_is_left(claim.attempts_used, claim.attempts_left) {
        return Err(Why::NoAttempts { used: claim.attempts_used });
    }
    let has = |what, subject: Option<Uuid>, passed| {
        subject.is_some_and(|subject| known.achieved.contains(&(claim.person, what, subject, passed)))
    };
    let year = study_year(claim.cohort, today);
    for needed in known.needed.iter().filter(|it| it.crebo == claim.crebo && it.cohort == claim.cohort) {
        let name = || needed.name.clone().unwrap_or_default();
        match needed.kind.as_str() {
            "unit-passed" if !has(What::Unit, needed.subject, true) => {
                return Err(Why::NeedsUnit { unit: name() });
            }
            "test-passed" if !has(What::Test, needed.subject, true) => {
                return Err(Why::NeedsTest { test: name() });
            }
            "test-taken"
                if !has(What::Test, needed.subject, true) && !has(What::Test, needed.subject, false) =>
            {
                return Err(Why::NeedsTest { test: name() });
            }
            "year" if needed.year.is_some_and(|from| year < from) => {
                return Err(Why::NeedsYear { year: needed.year.unwrap_or_default(), now: year });
            }
            // Staff who register a student agree by doing so.
            "agreement" if channel == Channel::Student => {
                return Err(Why::NeedsAgreement { by: needed.who.clone().unwrap_or_default() });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The year of study on a day; a school year begins on the first of August.
fn study_year(cohort: u32, today: Date) -> u32 {
    let year = if today.month() >= 8 { today.year() } else { today.year() - 1 };
    u32::try_from(year).unwrap_or_default().saturating_sub(cohort) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use regie_core::id::{Id, ProgramEnrolmentId, UnitId};

    const TODAY: Date = date(2026, 11, 20);

    fn person() -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(1))
    }

    fn claim(number: u128, used: u32, left: Option<u32>) -> Claim {
        Claim {
            id: EntitlementId::from_uuid(Uuid::from_u128(number)),
            person: person(),
            enrolment: ProgramEnrolmentId::from_uuid(Uuid::from_u128(2)),
            attempts_used: used,
            attempts_left: left,
            campus: None,
            unit: UnitId::from_uuid(Uuid::from_u128(3)),
            cohort: 2025,
            crebo: Some("25001".into()),
        }
    }

    fn known(claims: Vec<Claim>) -> Known {
        let candidate = Candidate { id: person(), name: "Noor de Vries".into(), state: "active".into() };
        Known {
            people: HashMap::from([(person(), candidate)]),
            claims: HashMap::from([(person(), claims)]),
            ..Known::default()
        }
    }

    fn asked(known: &Known) -> Result<u128, Why> {
        judge(known, person(), None, Channel::Teacher, TODAY).map(|claim| claim.id.uuid().as_u128())
    }

    fn needed(kind: &str, subject: u128) -> Needed {
        Needed {
            crebo: Some("25001".into()),
            cohort: 2025,
            kind: kind.into(),
            subject: Some(Uuid::from_u128(subject)),
            name: Some("B1-K1".into()),
            year: None,
            who: None,
        }
    }

    #[test]
    fn the_first_entitlement_that_carries_it_is_taken_and_a_named_one_is_not_replaced() {
        let known = known(vec![claim(10, 1, Some(0)), claim(11, 0, Some(0))]);
        assert_eq!(asked(&known), Ok(11));
        let tenth = claim(10, 0, None).id;
        let named = judge(&known, person(), Some(tenth), Channel::Teacher, TODAY);
        assert_eq!(named, Err(Why::NoAttempts { used: 1 }));
        let other = claim(12, 0, None).id;
        let named = judge(&known, person(), Some(other), Channel::Teacher, TODAY);
        assert_eq!(named, Err(Why::OtherEntitlement));
    }

    #[test]
    fn what_the_plan_asks_first_must_be_there() {
        let mut known = known(vec![claim(10, 0, None)]);
        known.needed = vec![needed("unit-passed", 7)];
        assert_eq!(asked(&known), Err(Why::NeedsUnit { unit: "B1-K1".into() }));
        known.achieved.insert((person(), What::Unit, Uuid::from_u128(7), false));
        assert_eq!(asked(&known), Err(Why::NeedsUnit { unit: "B1-K1".into() }), "sat is not passed");
        known.achieved.insert((person(), What::Unit, Uuid::from_u128(7), true));
        assert_eq!(asked(&known), Ok(10));
        known.needed = vec![needed("test-taken", 8)];
        assert!(asked(&known).is_err());
        known.achieved.insert((person(), What::Test, Uuid::from_u128(8), false));
        assert_eq!(asked(&known), Ok(10));
        known.needed = vec![Needed { year: Some(3), ..needed("year", 0) }];
        assert_eq!(asked(&known), Err(Why::NeedsYear { year: 3, now: 2 }));
        known.needed = vec![Needed { cohort: 2024, ..needed("unit-passed", 9) }];
        assert_eq!(asked(&known), Ok(10), "another cohort has another plan");
        known.needed = vec![Needed { who: Some("coach".into()), ..needed("agreement", 0) }];
        assert_eq!(asked(&known), Ok(10));
        let own = judge(&known, person(), None, Channel::Student, TODAY);
        assert_eq!(own, Err(Why::NeedsAgreement { by: "coach".into() }));
    }

    #[test]
    fn nobody_unknown_inactive_or_without_a_right() {
        assert_eq!(asked(&Known::default()), Err(Why::NotYours));
        assert_eq!(asked(&known(Vec::new())), Err(Why::NoEntitlement));
        let mut gone = known(vec![claim(10, 0, None)]);
        gone.people.entry(person()).and_modify(|it| it.state = "inactive".into());
        assert_eq!(asked(&gone), Err(Why::NotActive));
    }

    #[test]
    fn a_school_year_begins_in_august() {
        assert_eq!(study_year(2025, date(2026, 7, 31)), 1);
        assert_eq!(study_year(2025, date(2026, 8, 1)), 2);
        assert_eq!(study_year(2027, date(2026, 8, 1)), 1);
    }
}
