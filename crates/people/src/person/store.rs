use super::{IdCheck, Kind, State};
use jiff::civil::Date;
use regie_core::id::{CompanyId, PersonId, UnitId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Person {
        pub id: PersonId,
        pub kind: Kind,
        pub number: Option<String>,
        pub given_name: String,
        pub prefix: Option<String>,
        pub family_name: String,
        pub display_name: String,
        pub id_check: IdCheck,
        pub id_check_name: Option<String>,
        pub mail: Option<String>,
        pub phone: Option<String>,
        pub born: Option<Date>,
        pub unit: Option<UnitId>,
        pub unit_name: Option<String>,
        pub company: Option<CompanyId>,
        pub state: State,
        pub merged_into: Option<PersonId>,
        pub version: i64,
    }

    /// A person in a list.
    pub struct PersonLine {
        pub id: PersonId,
        pub kind: Kind,
        pub number: Option<String>,
        pub display_name: String,
        /// `Vries, Noor de` is made of these.
        pub given_name: String,
        pub prefix: Option<String>,
        pub family_name: String,
        pub mail: Option<String>,
        pub unit_name: Option<String>,
        pub state: State,
    }
}

fragments! {
    /// `SELECT {person_shown} LEFT JOIN unit u …`: a line of a list.
    person_shown = "p.id, p.kind, p.number, p.display_name, p.given_name, p.prefix, p.family_name, p.mail,
        u.name AS unit_name, p.state FROM person p";

    /// `{person_asked kind state unit}`: what every list of persons can be narrowed to.
    person_asked = "p.kind = coalesce({1}, p.kind) AND p.state = {2}
           AND ({3} IS NULL OR EXISTS (SELECT 1 FROM unit_tree t
                WHERE t.institution = $1 AND t.ancestor = {3} AND t.unit = p.unit))";
}

statements! {
    pub(super) fn insert(
        id: PersonId, kind: Kind, number: Option<&str>, given_name: &str, prefix: Option<&str>, family_name: &str,
        display_name: &str, id_check: IdCheck, id_check_name: Option<&str>, mail: Option<&str>,
        phone: Option<&str>, born: Option<Date>, unit: Option<UnitId>, company: Option<CompanyId>, search: &str,
        sort_name: &str,
    ) = "INSERT INTO person (institution, id, kind, number, given_name, prefix, family_name, display_name, id_check,
            id_check_name, mail, phone, born, unit, company, state, search, sort_name, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'active', $16, $17, 1)";

    /// Only while it is still the version that was shown.
    pub(super) fn update(
        id: PersonId, version: i64, number: Option<&str>, given_name: &str, prefix: Option<&str>,
        family_name: &str, display_name: &str, id_check: IdCheck, id_check_name: Option<&str>, mail: Option<&str>,
        phone: Option<&str>, born: Option<Date>, unit: Option<UnitId>, search: &str, sort_name: &str, state: State,
        company: Option<CompanyId>,
    ) = "UPDATE person SET number = $4, given_name = $5, prefix = $6, family_name = $7, display_name = $8,
            id_check = $9, id_check_name = $10, mail = $11, phone = $12, born = $13, unit = $14, search = $15,
            sort_name = $16, state = $17, company = $18, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: PersonId) -> Person =
        "SELECT p.id, p.kind, p.number, p.given_name, p.prefix, p.family_name, p.display_name, p.id_check,
            p.id_check_name, p.mail, p.phone, p.born, p.unit, u.name AS unit_name, p.company, p.state,
            p.merged_into, p.version
         FROM person p LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND p.id = $2";

    /// Sorted by name; `w1`–`w3` are folded words that must all occur.
    pub(super) fn by_name(
        kind: Option<Kind>, state: State, unit: Option<UnitId>, w1: &str, w2: &str, w3: &str,
        reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date, skip: i64, most: i64,
    ) -> PersonLine =
        "SELECT {person_shown} LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND {person_asked $2 $3 $4} AND {person_in_reach p $8 $9 $10 $11}
           AND {contains p.search $5} AND {contains p.search $6} AND {contains p.search $7}
         ORDER BY p.sort_name, p.id LIMIT $13 OFFSET $12";

    /// The active ones, those called so first, then by number, then by mail address. A word of up to three letters is not
    /// looked for inside mail addresses: it would be in half of them.
    pub(super) fn found(
        w1: &str, w2: &str, w3: &str, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date, most: i64,
    ) -> PersonLine =
        "SELECT {person_shown} LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND p.state = 'active' AND {person_in_reach p $5 $6 $7 $8}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND (length($2) > 3 OR {contains p.sort_name $2} OR {contains lower(coalesce(p.number,'')) $2})
           AND (length($3) > 3 OR {contains p.sort_name $3} OR {contains lower(coalesce(p.number,'')) $3})
           AND (length($4) > 3 OR {contains p.sort_name $4} OR {contains lower(coalesce(p.number,'')) $4})
         ORDER BY CASE WHEN {contains p.sort_name $2} AND {contains p.sort_name $3} AND {contains p.sort_name $4} THEN 0
                       WHEN {contains lower(coalesce(p.number,'')) $2} THEN 1 ELSE 2 END,
            p.sort_name, p.id LIMIT $9";

    pub(super) fn count_found(
        w1: &str, w2: &str, w3: &str, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM person p
         WHERE p.institution = $1 AND p.state = 'active' AND {person_in_reach p $5 $6 $7 $8}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND (length($2) > 3 OR {contains p.sort_name $2} OR {contains lower(coalesce(p.number,'')) $2})
           AND (length($3) > 3 OR {contains p.sort_name $3} OR {contains lower(coalesce(p.number,'')) $3})
           AND (length($4) > 3 OR {contains p.sort_name $4} OR {contains lower(coalesce(p.number,'')) $4})";

    pub(super) fn by_number(
        kind: Option<Kind>, state: State, unit: Option<UnitId>, w1: &str, w2: &str, w3: &str,
        reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date, skip: i64, most: i64,
    ) -> PersonLine =
        "SELECT {person_shown} LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND {person_asked $2 $3 $4} AND {person_in_reach p $8 $9 $10 $11}
           AND {contains p.search $5} AND {contains p.search $6} AND {contains p.search $7}
         ORDER BY p.number NULLS LAST, p.id LIMIT $13 OFFSET $12";

    pub(super) fn count(
        kind: Option<Kind>, state: State, unit: Option<UnitId>, w1: &str, w2: &str, w3: &str,
        reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM person p
         WHERE p.institution = $1 AND {person_asked $2 $3 $4} AND {person_in_reach p $8 $9 $10 $11}
           AND {contains p.search $5} AND {contains p.search $6} AND {contains p.search $7}";

    pub(super) fn taken(kind: Kind, numbers: &[String]) -> (String,) =
        "SELECT coalesce(number, '') FROM person
         WHERE institution = $1 AND kind = $2 AND number {among_texts $3} ORDER BY number";
}
