use jiff::Timestamp;
use regie_core::id::AccountId;
use regie_db::{global_statements, row};

row! {
    pub(super) struct Kept {
        pub credential: Vec<u8>,
        pub public_key: Vec<u8>,
        pub algorithm: i64,
        pub uses: i64,
        pub name: String,
        pub created_at: Timestamp,
        pub used_at: Option<Timestamp>,
        pub bound: bool,
    }
}

global_statements! {
    pub(super) fn of_account(account: AccountId) -> Kept =
        "SELECT credential, public_key, algorithm, uses, name, created_at, used_at, bound FROM passkey
         WHERE account = $1 ORDER BY created_at, credential";

    pub(super) fn insert(
        credential: &[u8], account: AccountId, public_key: &[u8], algorithm: i64, uses: i64, name: &str,
        now: Timestamp, bound: bool,
    ) = "INSERT INTO passkey (credential, account, public_key, algorithm, uses, name, created_at, bound)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub(super) fn remove(credential: &[u8], account: AccountId) =
        "DELETE FROM passkey WHERE credential = $1 AND account = $2";

    /// Two proofs of one moment: only the first counts.
    pub(super) fn used(credential: &[u8], old: i64, uses: i64, now: Timestamp, bound: bool) =
        "UPDATE passkey SET uses = $3, used_at = $4, bound = $5 WHERE credential = $1 AND uses = $2";
}
