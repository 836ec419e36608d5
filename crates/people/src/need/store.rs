use super::{Kind, State};
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{AssignedNeedId, PersonId, UnitId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Need {
        pub id: AssignedNeedId,
        pub person: PersonId,
        pub person_name: String,
        pub number: Option<String>,
        pub unit_name: Option<String>,
        pub kind: Kind,
        pub description: String,
        pub extra: String,
        pub amount: u32,
        pub only_for: Option<String>,
        pub begins: Date,
        pub ends: Option<Date>,
        pub withdrawn_at: Option<Timestamp>,
    }
}

fragments! {
    /// `SELECT {need_shown}`: with the student.
    need_shown = "n.id, n.person, p.display_name AS person_name, p.number, u.name AS unit_name,
            n.code AS kind, n.description, n.extra, n.amount, n.only_for, n.begins, n.ends, n.withdrawn_at
         FROM assigned_need n
         JOIN person p ON p.institution = $1 AND p.id = n.person
         LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit";

    /// `{need_asked kind unit state soon today}`. What ends soon but is followed by the same need is nobody's work.
    need_asked = "n.code = coalesce({1}, n.code) AND p.state = 'active'
           AND ({2} IS NULL OR EXISTS (SELECT 1 FROM unit_tree x
                WHERE x.institution = $1 AND x.ancestor = {2} AND x.unit = p.unit))
           AND ({3} IS NULL
             OR ({3} = 'withdrawn' AND n.withdrawn_at IS NOT NULL)
             OR ({3} = 'coming' AND n.withdrawn_at IS NULL AND n.begins > {5})
             OR ({3} = 'expired' AND n.withdrawn_at IS NULL AND n.ends < {5})
             OR ({3} = 'valid' AND n.withdrawn_at IS NULL AND n.begins <= {5} AND (n.ends IS NULL OR n.ends >= {5}))
             OR ({3} = 'expiring' AND n.withdrawn_at IS NULL AND n.begins <= {5} AND n.ends >= {5} AND n.ends <= {4}
               AND NOT EXISTS (SELECT 1 FROM assigned_need s
                 WHERE s.institution = $1 AND s.person = n.person AND s.code = n.code AND s.withdrawn_at IS NULL
                   AND (s.ends IS NULL OR s.ends > n.ends))))";
}

statements! {
    /// Changes nothing: it holds the student still and counts whether there is one who can have needs.
    pub(super) fn hold_student(id: PersonId) =
        "UPDATE person SET state = state
         WHERE institution = $1 AND id = $2 AND kind = 'student' AND state = 'active'";

    pub(super) fn standing() -> Need =
        "SELECT {need_shown} WHERE n.institution = $1 AND n.withdrawn_at IS NULL ORDER BY n.id";

    pub(super) fn insert(
        id: AssignedNeedId, person: PersonId, kind: Kind, description: &str, extra: &str, amount: u32,
        only_for: Option<&str>, begins: Date, ends: Option<Date>,
    ) = "INSERT INTO assigned_need (institution, id, person, code, description, extra, amount, only_for, begins, ends)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    pub(super) fn withdraw(id: AssignedNeedId, at: Timestamp) =
        "UPDATE assigned_need SET withdrawn_at = $3 WHERE institution = $1 AND id = $2 AND withdrawn_at IS NULL";

    pub(super) fn by_id(id: AssignedNeedId) -> Need =
        "SELECT {need_shown} WHERE n.institution = $1 AND n.id = $2";

    pub(super) fn of_person(person: PersonId) -> Need =
        "SELECT {need_shown} WHERE n.institution = $1 AND n.person = $2 ORDER BY n.begins DESC, n.code, n.id";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, kind: Option<Kind>, unit: Option<UnitId>, state: Option<State>, soon: Date,
        reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date, skip: i64, most: i64,
    ) -> Need =
        "SELECT {need_shown}
         WHERE n.institution = $1 AND {need_asked $5 $6 $7 $8 $12}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND {person_in_reach p $9 $10 $11 $12}
         ORDER BY p.sort_name, n.begins DESC, n.id LIMIT $14 OFFSET $13";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, kind: Option<Kind>, unit: Option<UnitId>, state: Option<State>, soon: Date,
        reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM assigned_need n JOIN person p ON p.institution = $1 AND p.id = n.person
         WHERE n.institution = $1 AND {need_asked $5 $6 $7 $8 $12}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND {person_in_reach p $9 $10 $11 $12}";
}
