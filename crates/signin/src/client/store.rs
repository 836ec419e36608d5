use jiff::Timestamp;
use regie_core::Role;
use regie_core::id::{ApiClientId, InstitutionId, PersonId};
use regie_db::{global_statements, row};

row! {
    pub(super) struct Client {
        pub id: ApiClientId,
        pub at_institution: InstitutionId,
        pub name: String,
        pub role: Role,
        pub scopes: String,
        pub secret: Vec<u8>,
        pub old_secret: Option<Vec<u8>>,
        pub old_ends_at: Option<Timestamp>,
        pub owner: Option<PersonId>,
        pub created_at: Timestamp,
        pub rotated_at: Timestamp,
        pub used_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
    }

    pub(super) struct Let {
        pub client: ApiClientId,
        pub at_institution: InstitutionId,
        pub name: String,
        pub role: Role,
        pub scopes: String,
        pub owner: Option<PersonId>,
        pub used_at: Option<Timestamp>,
        pub ends_at: Timestamp,
    }
}

global_statements! {
    pub(super) fn insert(
        id: ApiClientId, at_institution: InstitutionId, name: &str, role: Role, scopes: &str, secret: &[u8],
        owner: Option<PersonId>, now: Timestamp,
    ) = "INSERT INTO api_client (id, at_institution, name, role, scopes, secret, owner, created_at, rotated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";

    pub(super) fn by_institution(at_institution: InstitutionId) -> Client =
        "SELECT id, at_institution, name, role, scopes, secret, old_secret, old_ends_at, owner, created_at,
            rotated_at, used_at, revoked_at
         FROM api_client WHERE at_institution = $1 ORDER BY name, id";

    pub(super) fn by_id(id: ApiClientId) -> Client =
        "SELECT id, at_institution, name, role, scopes, secret, old_secret, old_ends_at, owner, created_at,
            rotated_at, used_at, revoked_at
         FROM api_client WHERE id = $1";

    /// The old secret holds on for a while, so that a program can be changed without standing still.
    pub(super) fn rotate(
        id: ApiClientId, at_institution: InstitutionId, secret: &[u8], old_ends_at: Timestamp,
        owner: Option<PersonId>, now: Timestamp,
    ) = "UPDATE api_client SET old_secret = secret, old_ends_at = $4, secret = $3, owner = $5, rotated_at = $6
         WHERE id = $1 AND at_institution = $2 AND revoked_at IS NULL";

    pub(super) fn revoke(id: ApiClientId, at_institution: InstitutionId, at: Timestamp) =
        "UPDATE api_client SET revoked_at = $3 WHERE id = $1 AND at_institution = $2 AND revoked_at IS NULL";

    pub(super) fn used(id: ApiClientId, at: Timestamp) = "UPDATE api_client SET used_at = $2 WHERE id = $1";

    pub(super) fn add_token(token: &[u8], client: ApiClientId, scopes: &str, ends_at: Timestamp) =
        "INSERT INTO api_token (token, client, scopes, ends_at) VALUES ($1, $2, $3, $4)";

    pub(super) fn drop_tokens(client: ApiClientId) = "DELETE FROM api_token WHERE client = $1";

    pub(super) fn drop_ended(client: ApiClientId, now: Timestamp) =
        "DELETE FROM api_token WHERE client = $1 AND ends_at <= $2";

    pub(super) fn by_token(token: &[u8]) -> Let =
        "SELECT t.client, c.at_institution, c.name, c.role, t.scopes, c.owner, c.used_at, t.ends_at
         FROM api_token t JOIN api_client c ON c.id = t.client AND c.revoked_at IS NULL
         WHERE t.token = $1";
}

regie_db::travels! {
    api_client: "at_institution = $1", keep;
}

regie_db::stays! {
    api_token: "it lasts an hour; a client asks for a new one where it asks";
}
