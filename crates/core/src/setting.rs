//! Settings of a school: what each is called, may be, is when nobody said anything, and who may change it.
//!
//! One line below makes a setting. It is read by `regie_access::setting`, changed and shown by `platform`, and stands
//! here only when something reads it: a test walks this list and shows for each that changing it changes behaviour.

use crate::id::{Id, SettingId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use uuid::Uuid;

/// Under which heading it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    SignIn,
    Mail,
    Pages,
    Access,
    Examining,
    Planning,
}

impl Group {
    pub const ALL: [Group; 6] =
        [Group::Planning, Group::SignIn, Group::Mail, Group::Pages, Group::Access, Group::Examining];

    pub const fn code(self) -> &'static str {
        match self {
            Group::SignIn => "sign-in",
            Group::Mail => "mail",
            Group::Pages => "pages",
            Group::Access => "access",
            Group::Examining => "examining",
            Group::Planning => "planning",
        }
    }
}

/// Whose decision it is. Configuration is the administrator's, examining the committee's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Configuration,
    Examining,
}

/// What a whole number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Times,
    Minutes,
    Hours,
    Days,
    Percent,
    People,
}

impl Unit {
    pub const fn code(self) -> &'static str {
        match self {
            Unit::Times => "times",
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Percent => "percent",
            Unit::People => "people",
        }
    }
}

/// What it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    YesNo,
    Whole {
        least: i64,
        most: i64,
        unit: Unit,
    },
    OneOf(&'static [&'static str]),
    /// One line, which may be empty.
    Line {
        most: usize,
    },
    /// A mail address or nothing.
    MailAddress,
}

/// Why a value is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("say yes or no")]
    NotYesNo,
    #[error("a whole number from {least} to {most}")]
    NotWhole { least: i64, most: i64 },
    #[error("none of the choices")]
    NotOneOf,
    #[error("longer than {0} characters, or more than one line")]
    NotALine(usize),
    #[error("not a mail address")]
    NotAnAddress,
}

/// A setting as the page, the history and the regulation see it. Values are text, written in one way only.
#[derive(Debug)]
pub struct Spec {
    pub key: &'static str,
    pub group: Group,
    pub owner: Owner,
    pub allowed: Allowed,
    /// What holds when the school said nothing.
    pub fallback: &'static str,
}

impl Spec {
    /// Its name in the journal.
    pub fn id(&self) -> SettingId {
        // FNV-1a: the same key is the same id on every machine and for ever.
        let hash = self.key.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        SettingId::from_uuid(Uuid::from_u128(hash))
    }

    /// The value in its one spelling, or why it is none.
    pub fn check(&self, text: &str) -> Result<String, Wrong> {
        let text = text.trim();
        match self.allowed {
            Allowed::YesNo => match text {
                "yes" | "no" => Ok(text.to_owned()),
                _ => Err(Wrong::NotYesNo),
            },
            Allowed::Whole { least, most, .. } => text
                .parse::<i64>()
                .ok()
                .filter(|number| (least..=most).contains(number))
                .map(|number| number.to_string())
                .ok_or(Wrong::NotWhole { least, most }),
            Allowed::OneOf(codes) if codes.contains(&text) => Ok(text.to_owned()),
            Allowed::OneOf(_) => Err(Wrong::NotOneOf),
            Allowed::Line { most } if text.chars().count() <= most && !text.chars().any(char::is_control) => {
                Ok(text.to_owned())
            }
            Allowed::Line { most } => Err(Wrong::NotALine(most)),
            Allowed::MailAddress if text.is_empty() || is_address(text) => Ok(text.to_owned()),
            Allowed::MailAddress => Err(Wrong::NotAnAddress),
        }
    }
}

fn is_address(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|sign| sign.is_whitespace() || sign.is_control())
        && text.matches('@').count() == 1
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        })
}

/// A type a setting can have.
pub trait Value: Sized {
    fn of(text: &str) -> Option<Self>;
}

impl Value for bool {
    fn of(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
}

impl Value for i64 {
    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for String {
    fn of(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// A setting that reads as a `T`.
pub struct Setting<T> {
    pub spec: Spec,
    kind: PhantomData<fn() -> T>,
}

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $key:literal, $group:ident, $owner:ident, $allowed:expr, $fallback:literal;)+) => {
        $(
            $(#[$doc])*
            pub static $name: Setting<$type> = Setting {
                spec: Spec {
                    key: $key,
                    group: Group::$group,
                    owner: Owner::$owner,
                    allowed: $allowed,
                    fallback: $fallback,
                },
                kind: PhantomData,
            };
        )+

        /// Every setting there is, in the order in which the page shows them.
        pub static ALL: &[&Spec] = &[$(&$name.spec),+];
    };
}

const fn whole(least: i64, most: i64, unit: Unit) -> Allowed {
    Allowed::Whole { least, most, unit }
}

settings! {
    /// Who registers after closing: asks the exam office, or is refused.
    LATE_REGISTRATION: String = "late-registration", Planning, Configuration, Allowed::OneOf(&["approval", "refused"]), "approval";
    /// Students take, move and give back their seats themselves.
    BOOKING_STUDENT: bool = "booking-student", Planning, Configuration, Allowed::YesNo, "no";
    /// Booking closes so many working days before the sitting.
    BOOKING_CLOSE_DAYS: i64 = "booking-close-days", Planning, Configuration, whole(0, 30, Unit::Days), "3";
    /// So many working days before, one's seat can no longer be changed.
    CANCEL_DAYS: i64 = "cancel-days", Planning, Configuration, whole(0, 30, Unit::Days), "5";
    /// This share of the seats of a room stays free.
    SEAT_RESERVE: i64 = "seat-reserve", Planning, Configuration, whole(0, 50, Unit::Percent), "10";
    /// For so many candidates one invigilator.
    PER_INVIGILATOR: i64 = "candidates-per-invigilator", Planning, Configuration, whole(1, 200, Unit::People), "25";
    /// Never fewer invigilators than this.
    LEAST_INVIGILATORS: i64 = "invigilators-least", Planning, Configuration, whole(1, 10, Unit::People), "2";
    /// Staff sign in with a second factor.
    SECOND_FACTOR_STAFF: bool = "second-factor-staff", SignIn, Configuration, Allowed::YesNo, "yes";
    /// For whom only a passkey counts that stays in one device and asks who holds it. Only where staff need a second step.
    PASSKEY_ROLES: String = "passkey-roles", SignIn, Configuration, Allowed::OneOf(&["nobody", "administrators", "examining", "staff"]), "administrators";
    /// Wrong passwords in a row before an account is locked.
    SIGN_IN_FAILURES: i64 = "sign-in-failures", SignIn, Configuration, whole(3, 20, Unit::Times), "5";
    /// How long it is locked then.
    SIGN_IN_LOCK: i64 = "sign-in-lock", SignIn, Configuration, whole(1, 1_440, Unit::Minutes), "15";
    /// Without a click for so long, a staff browser is signed out.
    IDLE_STAFF: i64 = "idle-staff", SignIn, Configuration, whole(5, 720, Unit::Minutes), "60";
    /// The same for students; longer than the longest sitting, because no clock may end an exam.
    IDLE_STUDENT: i64 = "idle-student", SignIn, Configuration, whole(240, 720, Unit::Minutes), "360";
    /// After so long one signs in again, clicks or not.
    SIGN_IN_HOURS: i64 = "sign-in-hours", SignIn, Configuration, whole(6, 24, Unit::Hours), "12";
    /// How long a mailed link for a new password works.
    RESET_HOURS: i64 = "reset-hours", SignIn, Configuration, whole(1, 48, Unit::Hours), "2";
    /// How long a mailed invitation works.
    INVITATION_DAYS: i64 = "invitation-days", SignIn, Configuration, whole(1, 60, Unit::Days), "14";
    /// The name mail comes from; the school's own when empty.
    MAIL_SENDER: String = "mail-sender", Mail, Configuration, Allowed::Line { most: 80 }, "";
    /// Where answers to mail go.
    MAIL_REPLY: String = "mail-reply", Mail, Configuration, Allowed::MailAddress, "";
    /// The language of mail to somebody who chose none.
    MAIL_LANGUAGE: String = "mail-language", Mail, Configuration, Allowed::OneOf(&["nl", "en"]), "nl";
    /// The language of pages for somebody who chose none.
    PAGE_LANGUAGE: String = "page-language", Pages, Configuration, Allowed::OneOf(&["browser", "nl", "en"]), "browser";
    /// How names stand in lists.
    NAME_ORDER: String = "name-order", Pages, Configuration, Allowed::OneOf(&["given-first", "family-first"]), "given-first";
    /// For how long an auditor may look at most.
    AUDITOR_DAYS: i64 = "auditor-days", Access, Examining, whole(1, 366, Unit::Days), "14";
    /// Members of the committee that must have voted before an instrument is approved or rejected.
    INSTRUMENT_QUORUM: i64 = "instrument-quorum", Examining, Examining, whole(1, 20, Unit::People), "2";
}

/// The setting with this key.
pub fn by_key(key: &str) -> Option<&'static Spec> {
    ALL.iter().copied().find(|spec| spec.key == key)
}

/// What a school set, or what it had set when a period began: a running period keeps its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    pub fn new(set: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(set.into_iter().collect())
    }

    /// The school's own value. One that is no longer allowed counts as none.
    pub fn own<T: Value>(&self, setting: &Setting<T>) -> Option<T> {
        self.text_of(&setting.spec).and_then(|text| T::of(&text))
    }

    /// What holds.
    pub fn get<T: Value + Default>(&self, setting: &Setting<T>) -> T {
        self.own(setting).or_else(|| T::of(setting.spec.fallback)).unwrap_or_default()
    }

    /// What holds, as text.
    pub fn shown(&self, spec: &Spec) -> String {
        self.text_of(spec).unwrap_or_else(|| spec.fallback.to_owned())
    }

    fn text_of(&self, spec: &Spec) -> Option<String> {
        self.0.get(spec.key).and_then(|text| spec.check(text).ok())
    }

    /// Everything as it holds now, defaults included, so that neither the school nor a later release of Regie changes
    /// what was begun with it.
    pub fn snapshot(&self) -> Settings {
        Self(ALL.iter().map(|spec| (spec.key.to_owned(), self.shown(spec))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_setting_has_its_own_key_and_id_and_a_default_that_is_allowed() {
        let keys: BTreeSet<_> = ALL.iter().map(|spec| spec.key).collect();
        let ids: BTreeSet<_> = ALL.iter().map(|spec| spec.id()).collect();
        assert_eq!((keys.len(), ids.len()), (ALL.len(), ALL.len()));
        for spec in ALL {
            assert_eq!(spec.check(spec.fallback).as_deref(), Ok(spec.fallback), "{}", spec.key);
            assert_eq!(by_key(spec.key).map(Spec::id), Some(spec.id()));
        }
        assert_eq!(
            SIGN_IN_FAILURES.spec.id().to_string(),
            "bb64df02-1236-426d-52fd-739fe76f91ac",
            "never another"
        );
    }

    #[test]
    fn a_value_has_one_spelling_and_its_bounds() {
        let failures = &SIGN_IN_FAILURES.spec;
        assert_eq!(failures.check(" 007 ").as_deref(), Ok("7"));
        for wrong in ["2", "21", "", "vijf", "5.0", "99999999999999999999"] {
            assert_eq!(failures.check(wrong), Err(Wrong::NotWhole { least: 3, most: 20 }), "{wrong}");
        }
        assert_eq!(MAIL_REPLY.spec.check("x@y.example\r\nBcc: z@y.example"), Err(Wrong::NotAnAddress));
        assert_eq!(MAIL_SENDER.spec.check("a\nb"), Err(Wrong::NotALine(80)));
        assert_eq!(NAME_ORDER.spec.check("sideways"), Err(Wrong::NotOneOf));
        assert_eq!(SECOND_FACTOR_STAFF.spec.check("ja"), Err(Wrong::NotYesNo));
    }

    #[test]
    fn a_running_period_keeps_what_it_began_with() {
        let school = Settings::new([("sign-in-failures".to_owned(), "8".to_owned())]);
        let period = school.snapshot();
        let later = Settings::new([("sign-in-failures".to_owned(), "4".to_owned())]);
        assert_eq!((period.get(&SIGN_IN_FAILURES), later.get(&SIGN_IN_FAILURES)), (8, 4));
        assert_eq!(
            period.own(&SIGN_IN_LOCK),
            Some(15),
            "the default of that day, whatever the default becomes"
        );
        // What a later release adds is not in it: then the default of that release holds.
        assert_eq!(Settings::default().get(&SIGN_IN_LOCK), 15);
    }

    #[test]
    fn a_stored_value_that_is_no_longer_allowed_counts_as_none() {
        let school = Settings::new([("sign-in-failures".to_owned(), "900".to_owned())]);
        assert_eq!((school.own(&SIGN_IN_FAILURES), school.get(&SIGN_IN_FAILURES)), (None, 5));
    }
}
