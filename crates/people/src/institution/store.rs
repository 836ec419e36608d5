use super::{Kind, State};
use jiff::Timestamp;
use regie_core::id::InstitutionId;
use regie_db::{global_statements, row};

row! {
    pub struct Institution {
        pub id: InstitutionId,
        pub slug: String,
        pub name: String,
        pub kind: Kind,
        pub state: State,
        pub brin: Option<String>,
        pub home_organization: Option<String>,
        pub version: i64,
    }
}

global_statements! {
    pub(super) fn insert(
        id: InstitutionId, slug: &str, name: &str, kind: Kind, state: State, brin: Option<&str>,
        home_organization: Option<&str>, changed_at: Timestamp,
    ) = "INSERT INTO institution (id, slug, name, kind, state, brin, home_organization, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub(super) fn by_id(id: InstitutionId) -> Institution =
        "SELECT id, slug, name, kind, state, brin, home_organization, version FROM institution WHERE id = $1";

    pub(super) fn by_slug(slug: &str) -> Institution =
        "SELECT id, slug, name, kind, state, brin, home_organization, version FROM institution WHERE slug = $1";

    pub(super) fn all() -> Institution =
        "SELECT id, slug, name, kind, state, brin, home_organization, version FROM institution ORDER BY name, id";

    pub(super) fn update(
        id: InstitutionId, version: i64, name: &str, brin: Option<&str>, home_organization: Option<&str>,
        at: Timestamp,
    ) = "UPDATE institution SET name = $3, brin = $4, home_organization = $5, changed_at = $6, version = version + 1
         WHERE id = $1 AND version = $2";

    pub(super) fn advance(id: InstitutionId, from: State, to: State, at: Timestamp) =
        "UPDATE institution SET state = $3, changed_at = $4 WHERE id = $1 AND state = $2";
}

regie_db::travels! {
    institution: "id = $1", refuse;
}
