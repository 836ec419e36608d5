//! The arithmetic of the chain: what a line commits to, and how one link follows from the one before.

use jiff::Timestamp;
use regie_core::id::{AccountId, ApiClientId, DeviceId, Id, InstitutionId, JournalId, MandateId, PersonId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A hash of SHA-256.
pub type Hash = [u8; 32];

crate::row! {
    /// A journal line as it is stored, whole.
    pub(crate) struct Stored {
        pub(crate) stamp: i64,
        pub(crate) id: JournalId,
        pub(crate) recorded_at: Timestamp,
        pub(crate) occurred_at: Timestamp,
        pub(crate) account: Option<AccountId>,
        pub(crate) person: Option<PersonId>,
        pub(crate) client: Option<ApiClientId>,
        pub(crate) role: Option<String>,
        pub(crate) mandate: Option<MandateId>,
        pub(crate) source: String,
        pub(crate) device: Option<DeviceId>,
        pub(crate) device_sequence: Option<i64>,
        pub(crate) action: String,
        pub(crate) subject_kind: String,
        pub(crate) subject: Uuid,
        pub(crate) reason: Option<String>,
        pub(crate) payload: Option<String>,
        pub(crate) salt: Option<Vec<u8>>,
        pub(crate) erased_at: Option<Timestamp>,
    }
}

/// Fields one after the other, each with its length in front, so that no two lines give the same bytes.
struct Canonical(Sha256);

impl Canonical {
    fn field(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            None => self.0.update([0]),
            Some(bytes) => {
                self.0.update([1]);
                self.0.update((bytes.len() as u64).to_be_bytes());
                self.0.update(bytes);
            }
        }
        self
    }

    fn id<I: Id>(&mut self, id: Option<I>) -> &mut Self {
        self.field(id.map(Id::uuid).as_ref().map(|id| id.as_bytes().as_slice()))
    }

    fn text(&mut self, text: Option<&str>) -> &mut Self {
        self.field(text.map(str::as_bytes))
    }

    fn int(&mut self, n: Option<i64>) -> &mut Self {
        self.field(n.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))
    }

    fn time(&mut self, time: Option<Timestamp>) -> &mut Self {
        self.int(time.map(Timestamp::as_microsecond))
    }
}

impl Stored {
    /// What the chain holds of this line. The salt comes first: without it the text cannot be guessed.
    pub(crate) fn commitment(&self, institution: InstitutionId) -> Hash {
        self.hash(b"regie journal line 1", institution)
    }

    /// What must still stand there after an erasure; the erasure line promises it.
    pub(crate) fn remains(&self, institution: InstitutionId) -> Hash {
        self.hash(b"regie erased line 1", institution)
    }

    fn hash(&self, purpose: &[u8], institution: InstitutionId) -> Hash {
        let mut canonical = Canonical(Sha256::new());
        canonical
            .field(Some(purpose))
            .field(self.salt.as_deref())
            .id(Some(institution))
            .id(Some(self.id))
            .time(Some(self.recorded_at))
            .time(Some(self.occurred_at))
            .id(self.account)
            .id(self.person)
            .id(self.client)
            .text(self.role.as_deref())
            .id(self.mandate)
            .text(Some(&self.source))
            .id(self.device)
            .int(self.device_sequence)
            .text(Some(&self.action))
            .text(Some(&self.subject_kind))
            .field(Some(self.subject.as_bytes()))
            .text(self.reason.as_deref())
            .text(self.payload.as_deref())
            .time(self.erased_at);
        canonical.0.finalize().into()
    }
}

/// Where a school's chain begins.
pub(crate) fn genesis(institution: InstitutionId) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"regie journal chain 1");
    hasher.update(institution.uuid().as_bytes());
    hasher.finalize().into()
}

pub(crate) fn link(before: &Hash, seq: i64, entry: Uuid, commitment: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    hasher.update(entry.as_bytes());
    hasher.update(commitment);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Stored {
        let id = |n: u128| Uuid::from_u128(n);
        Stored {
            stamp: 1,
            id: Id::from_uuid(id(1)),
            recorded_at: Timestamp::UNIX_EPOCH,
            occurred_at: Timestamp::UNIX_EPOCH,
            account: None,
            person: None,
            client: None,
            role: Some("student".into()),
            mandate: None,
            source: "page".into(),
            device: None,
            device_sequence: None,
            action: "booking.made".into(),
            subject_kind: "person".into(),
            subject: id(2),
            reason: None,
            payload: Some("{}".into()),
            salt: Some(vec![7; 16]),
            erased_at: None,
        }
    }

    #[test]
    fn no_two_lines_commit_to_the_same() {
        let school = InstitutionId::from_uuid(Uuid::from_u128(9));
        let one = line().commitment(school);
        // Text that moves from one field into the next is another line.
        let moved = Stored { action: "booking.madeperson".into(), subject_kind: String::new(), ..line() };
        assert_ne!(one, moved.commitment(school));
        // Nothing is not the same as empty.
        assert_ne!(one, Stored { reason: Some(String::new()), ..line() }.commitment(school));
        assert_ne!(one, Stored { salt: None, ..line() }.commitment(school));
        assert_ne!(one, line().commitment(InstitutionId::from_uuid(Uuid::from_u128(8))));
        assert_eq!(one, Stored { stamp: 99, ..line() }.commitment(school), "a restore gives new stamps");
    }
}
