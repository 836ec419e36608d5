//! Reach: one definition that gives the decision about one thing and the filter of a list.
//!
//! The conditions stand below as fragments. A list says `AND {person_in_reach p $2 $3 $4 $5}`; a decision asks the
//! same fragment about one row. They cannot disagree, and a test over a filled school shows that no list forgets it.

use jiff::civil::Date;
use regie_core::{Caller, Scope};
use regie_db::{fragments, statements};
use uuid::Uuid;

use crate::Width;
use regie_core::id::{GroupId, Id, PersonId, UnitId};

/// A caller's reach for one action, as the fragments take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// `all`, `own`, `groups`, `unit`, `program` or `none`.
    pub kind: &'static str,
    pub me: Option<Uuid>,
    pub scope: Option<Uuid>,
    pub today: Date,
}

impl Reach {
    pub(crate) fn of(caller: &Caller, width: Width) -> Self {
        let (kind, scope) = match (width, caller.scope) {
            (Width::Own, _) => ("own", None),
            (Width::Groups, _) => ("groups", None),
            (Width::Everywhere, _) | (Width::Scope, Scope::Institution) => ("all", None),
            (Width::Scope, Scope::Unit(unit)) => ("unit", Some(unit.uuid())),
            (Width::Scope, Scope::Program(program)) => ("program", Some(program.uuid())),
            // Sessions and practical exams reach nobody by themselves; their areas say whom.
            (Width::Scope, Scope::Session(_) | Scope::ProficiencyTest(_)) => ("none", None),
        };
        Self { kind, me: caller.person.map(Id::uuid), scope, today: caller.today() }
    }

    /// The whole institution.
    pub fn is_all(&self) -> bool {
        self.kind == "all"
    }
}

fragments! {
    /// `{person_in_reach p $kind $me $scope $today}`: `p` has `id` and `unit`.
    person_in_reach = "({2} = 'all'
        OR ({2} = 'own' AND {1}.id = {3})
        OR ({2} = 'groups' AND ({1}.id = {3} OR EXISTS (
            SELECT 1 FROM pub_group_member s JOIN pub_group_member t
              ON t.institution = $1 AND t.learning_group = s.learning_group AND t.person = {3} AND t.part = 'teacher'
             AND t.begins <= {5} AND (t.ends IS NULL OR t.ends >= {5})
            WHERE s.institution = $1 AND s.person = {1}.id AND s.part = 'student'
              AND s.begins <= {5} AND (s.ends IS NULL OR s.ends >= {5}))))
        OR ({2} = 'unit' AND (
            EXISTS (SELECT 1 FROM pub_unit_tree u
                    WHERE u.institution = $1 AND u.ancestor = {4} AND u.unit = {1}.unit)
            OR EXISTS (SELECT 1 FROM pub_enrolment e JOIN pub_unit_tree u
                ON u.institution = $1 AND u.ancestor = {4} AND u.unit = e.unit
                WHERE e.institution = $1 AND e.person = {1}.id)))
        OR ({2} = 'program' AND EXISTS (
            SELECT 1 FROM pub_enrolment e
            WHERE e.institution = $1 AND e.person = {1}.id AND e.program = {4})))";

    /// `{group_in_reach g $kind $me $scope $today}`: `g` has `id` and `unit`. One's own groups are those one is in.
    group_in_reach = "({2} = 'all'
        OR ({2} IN ('own', 'groups') AND EXISTS (
            SELECT 1 FROM pub_group_member m
            WHERE m.institution = $1 AND m.learning_group = {1}.id AND m.person = {3}
              AND m.begins <= {5} AND (m.ends IS NULL OR m.ends >= {5})))
        OR ({2} = 'unit' AND EXISTS (
            SELECT 1 FROM pub_unit_tree u WHERE u.institution = $1 AND u.ancestor = {4} AND u.unit = {1}.unit))
        OR ({2} = 'program' AND EXISTS (
            SELECT 1 FROM pub_group_member m JOIN pub_enrolment e
              ON e.institution = $1 AND e.person = m.person AND e.program = {4}
            WHERE m.institution = $1 AND m.learning_group = {1}.id)))";

    /// `{unit_in_reach u $kind $me $scope $today}`: `u` has `id`.
    unit_in_reach = "({2} = 'all' OR ({2} = 'unit' AND EXISTS (
        SELECT 1 FROM pub_unit_tree x WHERE x.institution = $1 AND x.ancestor = {4} AND x.unit = {1}.id)))";
}

statements! {
    pub(crate) fn person_there(id: PersonId) -> (i64,) =
        "SELECT count(*) FROM pub_person WHERE institution = $1 AND id = $2";

    pub(crate) fn person_reached(id: PersonId, kind: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> (i64,) =
        "SELECT count(*) FROM pub_person p
         WHERE p.institution = $1 AND p.id = $2 AND {person_in_reach p $3 $4 $5 $6}";

    pub(crate) fn unit_there(id: UnitId) -> (i64,) =
        "SELECT count(*) FROM pub_unit WHERE institution = $1 AND id = $2";

    pub(crate) fn unit_reached(id: UnitId, kind: &str, scope: Option<Uuid>) -> (i64,) =
        "SELECT count(*) FROM pub_unit u
         WHERE u.institution = $1 AND u.id = $2 AND {unit_in_reach u $3 $1 $4 $1}";

    pub(crate) fn group_there(id: GroupId) -> (i64,) =
        "SELECT count(*) FROM pub_group WHERE institution = $1 AND id = $2";

    pub(crate) fn group_reached(id: GroupId, kind: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> (i64,) =
        "SELECT count(*) FROM pub_group g
         WHERE g.institution = $1 AND g.id = $2 AND {group_in_reach g $3 $4 $5 $6}";
}
