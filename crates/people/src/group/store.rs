use super::Part;
use crate::person::Kind;
use jiff::civil::Date;
use regie_core::id::{GroupId, PersonId, UnitId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Group {
        pub id: GroupId,
        pub code: String,
        pub name: String,
        pub unit: UnitId,
        pub unit_name: String,
        pub begins: Date,
        pub ends: Option<Date>,
        pub version: i64,
    }

    /// A group in a list.
    pub struct GroupLine {
        pub id: GroupId,
        pub code: String,
        pub name: String,
        pub unit_name: String,
        pub begins: Date,
        pub ends: Option<Date>,
        /// In it today.
        pub students: i64,
        pub teachers: i64,
    }

    /// One stay of one person in a group.
    pub struct Member {
        pub person: PersonId,
        pub name: String,
        pub number: Option<String>,
        pub part: Part,
        pub begins: Date,
        pub ends: Option<Date>,
        /// Whether the page of this person opens for who asks.
        pub reached: bool,
    }

    /// A group seen from a person in it.
    pub struct Membership {
        pub id: GroupId,
        pub code: String,
        pub name: String,
        pub unit_name: String,
        pub part: Part,
        pub begins: Date,
        /// The last day of the stay, or of the group.
        pub ends: Option<Date>,
    }

    pub(super) struct OneStay {
        pub begins: Date,
        pub ends: Option<Date>,
    }

    /// Who is where, for an import to look through.
    pub struct Stay {
        pub learning_group: GroupId,
        pub person: PersonId,
        pub part: Part,
        pub begins: Date,
        pub ends: Option<Date>,
    }
}

fragments! {
    /// `{group_asked g unit on}`
    group_asked = "({2} IS NULL OR EXISTS (SELECT 1 FROM unit_tree x
            WHERE x.institution = $1 AND x.ancestor = {2} AND x.unit = {1}.unit))
           AND ({3} IS NULL OR ({1}.begins <= {3} AND ({1}.ends IS NULL OR {1}.ends >= {3})))";
}

statements! {
    pub(super) fn insert(
        id: GroupId, code: &str, name: &str, unit: UnitId, begins: Date, ends: Option<Date>, search: &str,
    ) = "INSERT INTO learning_group (institution, id, code, name, unit, begins, ends, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";

    pub(super) fn update(
        id: GroupId, version: i64, code: &str, name: &str, unit: UnitId, begins: Date, ends: Option<Date>,
        search: &str,
    ) = "UPDATE learning_group SET code = $4, name = $5, unit = $6, begins = $7, ends = $8, search = $9,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: GroupId) -> Group =
        "SELECT g.id, g.code, g.name, g.unit, u.name AS unit_name, g.begins, g.ends, g.version
         FROM learning_group g JOIN unit u ON u.institution = $1 AND u.id = g.unit
         WHERE g.institution = $1 AND g.id = $2";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, unit: Option<UnitId>, on: Option<Date>, reach: &str, me: Option<Uuid>,
        scope: Option<Uuid>, today: Date, skip: i64, most: i64,
    ) -> GroupLine =
        "SELECT g.id, g.code, g.name, u.name AS unit_name, g.begins, g.ends,
            (SELECT count(*) FROM group_member m
             WHERE m.institution = $1 AND m.learning_group = g.id AND m.part = 'student'
               AND m.begins <= $10 AND (m.ends IS NULL OR m.ends >= $10)) AS students,
            (SELECT count(*) FROM group_member m
             WHERE m.institution = $1 AND m.learning_group = g.id AND m.part = 'teacher'
               AND m.begins <= $10 AND (m.ends IS NULL OR m.ends >= $10)) AS teachers
         FROM learning_group g JOIN unit u ON u.institution = $1 AND u.id = g.unit
         WHERE g.institution = $1 AND {group_asked g $5 $6}
           AND {contains g.search $2} AND {contains g.search $3} AND {contains g.search $4}
           AND {group_in_reach g $7 $8 $9 $10}
         ORDER BY g.code, g.begins DESC, g.id LIMIT $12 OFFSET $11";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, unit: Option<UnitId>, on: Option<Date>, reach: &str, me: Option<Uuid>,
        scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM learning_group g
         WHERE g.institution = $1 AND {group_asked g $5 $6}
           AND {contains g.search $2} AND {contains g.search $3} AND {contains g.search $4}
           AND {group_in_reach g $7 $8 $9 $10}";

    /// Changes nothing: others who change the group's members wait until we are done.
    pub(super) fn hold(id: GroupId) =
        "UPDATE learning_group SET version = version WHERE institution = $1 AND id = $2";

    pub(super) fn standing(ids: &[PersonId]) -> (String, Kind, bool) =
        "SELECT display_name, kind, state = 'active' FROM person
         WHERE institution = $1 AND id {among_ids $2} ORDER BY sort_name, id";

    pub(super) fn all() -> Group =
        "SELECT g.id, g.code, g.name, g.unit, u.name AS unit_name, g.begins, g.ends, g.version
         FROM learning_group g JOIN unit u ON u.institution = $1 AND u.id = g.unit
         WHERE g.institution = $1 ORDER BY g.id";

    pub(super) fn stays() -> Stay =
        "SELECT learning_group, person, part, begins, ends FROM group_member
         WHERE institution = $1 ORDER BY learning_group, person, begins";

    pub(crate) fn set_end(group: GroupId, person: PersonId, begins: Date, last_day: Option<Date>) =
        "UPDATE group_member SET ends = $5
         WHERE institution = $1 AND learning_group = $2 AND person = $3 AND begins = $4";

    pub(crate) fn insert_member(group: GroupId, person: PersonId, part: Part, begins: Date, ends: Option<Date>) =
        "INSERT INTO group_member (institution, learning_group, person, part, begins, ends)
         VALUES ($1, $2, $3, $4, $5, $6)";

    pub(super) fn end_member(group: GroupId, person: PersonId, begins: Date, last_day: Date) =
        "UPDATE group_member SET ends = $5
         WHERE institution = $1 AND learning_group = $2 AND person = $3 AND begins = $4";

    pub(super) fn stay(group: GroupId, person: PersonId, on: Date) -> OneStay =
        "SELECT begins, ends FROM group_member
         WHERE institution = $1 AND learning_group = $2 AND person = $3
           AND begins <= $4 AND (ends IS NULL OR ends >= $4)
         ORDER BY begins DESC LIMIT 1";

    /// Stays that do not fit in these dates of the group.
    pub(super) fn outside(id: GroupId, begins: Date, ends: Option<Date>) -> (i64,) =
        "SELECT count(*) FROM group_member m
         WHERE m.institution = $1 AND m.learning_group = $2
           AND (m.begins < $3 OR m.begins > coalesce($4, m.begins) OR m.ends > coalesce($4, m.ends))";

    pub(super) fn members_outside(id: GroupId) -> (i64,) =
        "SELECT count(*) FROM group_member m JOIN learning_group g
           ON g.institution = $1 AND g.id = m.learning_group
         WHERE m.institution = $1 AND m.learning_group = $2
           AND (m.begins < g.begins OR m.begins > coalesce(g.ends, m.begins) OR m.ends > coalesce(g.ends, m.ends))";

    pub(super) fn members_twice(id: GroupId) -> (i64,) =
        "SELECT count(*) FROM group_member a JOIN group_member b
           ON b.institution = $1 AND b.learning_group = a.learning_group AND b.person = a.person
          AND b.begins > a.begins
         WHERE a.institution = $1 AND a.learning_group = $2 AND (a.ends IS NULL OR a.ends >= b.begins)";

    pub(super) fn members(id: GroupId, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> Member =
        "SELECT m.person, p.display_name AS name, p.number, m.part, m.begins, m.ends,
            {person_in_reach p $3 $4 $5 $6} AS reached
         FROM group_member m JOIN person p ON p.institution = $1 AND p.id = m.person
         WHERE m.institution = $1 AND m.learning_group = $2
           AND (m.part = 'teacher' OR {person_in_reach p $3 $4 $5 $6})
         ORDER BY m.part DESC, p.sort_name, m.begins";

    pub(super) fn of_person(person: PersonId) -> Membership =
        "SELECT g.id, g.code, g.name, u.name AS unit_name, m.part, m.begins, coalesce(m.ends, g.ends) AS ends
         FROM group_member m
         JOIN learning_group g ON g.institution = $1 AND g.id = m.learning_group
         JOIN unit u ON u.institution = $1 AND u.id = g.unit
         WHERE m.institution = $1 AND m.person = $2 ORDER BY m.begins DESC, g.code, g.id";

    pub(super) fn teachers(person: PersonId, today: Date) -> (GroupId, String) =
        "SELECT t.learning_group, p.display_name
         FROM group_member s
         JOIN group_member t ON t.institution = $1 AND t.learning_group = s.learning_group AND t.part = 'teacher'
          AND t.begins <= $3 AND (t.ends IS NULL OR t.ends >= $3)
         JOIN person p ON p.institution = $1 AND p.id = t.person
         WHERE s.institution = $1 AND s.person = $2 AND s.begins <= $3 AND (s.ends IS NULL OR s.ends >= $3)
         ORDER BY p.sort_name, p.id";
}
