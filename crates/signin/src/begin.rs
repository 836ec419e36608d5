//! Beginning: mail and password, then the second factor, then a browser that is signed in.

use crate::factor::{Spend, opened, read_code};
use crate::hat::{Hat, Hats};
use crate::letter::{Change, letter};
use crate::store::{self, Account};
use crate::{Error, Passwords, Token, mail_of};
use jiff::{SignedDuration, Timestamp};
use regie_access::Db;
use regie_core::clock::new_id;
use regie_core::id::{AccountId, InstitutionId, PersonId, RoleAssignmentId, SignInId};
use regie_core::setting::{self, Settings};
use regie_core::{Caller, Clock, Random, Role};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// For whom only a passkey counts that stays in one device and asks who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PasskeyRoles {
    Nobody,
    /// Who can do everything here.
    Administrators,
    /// And who decides about exams and results.
    Examining,
    /// Everybody who is more than a student or a parent.
    Staff,
}

impl PasskeyRoles {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "nobody" => Self::Nobody,
            "administrators" => Self::Administrators,
            "examining" => Self::Examining,
            "staff" => Self::Staff,
            _ => return None,
        })
    }

    const fn of(role: Role) -> Self {
        match role {
            Role::Administrator | Role::SuperAdministrator => Self::Administrators,
            Role::ExamOffice
            | Role::ExamOfficer
            | Role::CommitteeChair
            | Role::CommitteeSecretary
            | Role::CommitteeMember => Self::Examining,
            _ => Self::Staff,
        }
    }
}

/// How strict signing in is where a school set nothing itself.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Staff need a second factor. Off only in demo schools.
    pub second_factor_for_staff: bool,
    /// Of those, whose second factor must be such a passkey.
    pub passkeys: PasskeyRoles,
    pub failures_before_lock: i64,
    pub lock_minutes: i64,
    /// Without a click for so long, a staff browser is signed out.
    pub idle_minutes_staff: i64,
    /// A student in an exam must never be thrown out by a clock: longer than the longest sitting.
    pub idle_minutes_student: i64,
    pub longest_hours: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            second_factor_for_staff: true,
            passkeys: PasskeyRoles::Administrators,
            failures_before_lock: 5,
            lock_minutes: 15,
            idle_minutes_staff: 60,
            idle_minutes_student: 360,
            longest_hours: 12,
        }
    }
}

impl Policy {
    /// With what this school set itself.
    pub async fn at(&self, db: &Db, institution: InstitutionId) -> Result<Self, Error> {
        Ok(self.with(&regie_access::settings(&mut db.reader(institution)).await?))
    }

    /// With what a school set itself.
    pub fn with(&self, set: &Settings) -> Self {
        Self {
            second_factor_for_staff: set
                .own(&setting::SECOND_FACTOR_STAFF)
                .unwrap_or(self.second_factor_for_staff),
            passkeys: set
                .own(&setting::PASSKEY_ROLES)
                .and_then(|code| PasskeyRoles::from_code(&code))
                .unwrap_or(self.passkeys),
            failures_before_lock: set.own(&setting::SIGN_IN_FAILURES).unwrap_or(self.failures_before_lock),
            lock_minutes: set.own(&setting::SIGN_IN_LOCK).unwrap_or(self.lock_minutes),
            idle_minutes_staff: set.own(&setting::IDLE_STAFF).unwrap_or(self.idle_minutes_staff),
            idle_minutes_student: set.own(&setting::IDLE_STUDENT).unwrap_or(self.idle_minutes_student),
            longest_hours: set.own(&setting::SIGN_IN_HOURS).unwrap_or(self.longest_hours),
        }
    }

    /// Whether only a passkey that stays in one device will do for somebody who may act in this role.
    pub fn asks_passkey(&self, role: Role) -> bool {
        self.second_factor_for_staff
            && !matches!(role, Role::Student | Role::Parent)
            && self.passkeys >= PasskeyRoles::of(role)
    }

    /// Of an account at several schools: the strictest of theirs.
    pub(crate) async fn of_account(&self, db: &Db, account: AccountId) -> Result<Self, Error> {
        let mut strictest: Option<Self> = None;
        let mut reader = db.reader(InstitutionId::NIL);
        for place in reader.all(store::places(account)).await? {
            // Where the account is known, and where a grant may let it in.
            let granting = reader.all(store::granting(place.at_institution)).await?;
            for at in granting.into_iter().map(|(at,)| at).chain([place.at_institution]) {
                let there = self.at(db, at).await?;
                strictest = Some(strictest.map_or(there, |so_far| so_far.and(there)));
            }
        }
        Ok(strictest.unwrap_or(*self))
    }

    fn and(self, other: Self) -> Self {
        Self {
            second_factor_for_staff: self.second_factor_for_staff || other.second_factor_for_staff,
            passkeys: self.passkeys.max(other.passkeys),
            failures_before_lock: self.failures_before_lock.min(other.failures_before_lock),
            lock_minutes: self.lock_minutes.max(other.lock_minutes),
            idle_minutes_staff: self.idle_minutes_staff.min(other.idle_minutes_staff),
            idle_minutes_student: self.idle_minutes_student.min(other.idle_minutes_student),
            longest_hours: self.longest_hours.min(other.longest_hours),
        }
    }
}

/// Where signing in stands.
#[derive(Debug)]
pub enum Begun {
    /// The token for the cookie.
    SignedIn(Token),
    /// The password was right; the code is next. The token names this half-way state.
    CodeNeeded(Token),
    /// The password was right, but this account must first set a second factor: signed in for that alone.
    FactorNeeded(Token),
}

/// What `begin` needs besides the password.
#[derive(Clone, Copy)]
pub struct With<'a> {
    pub db: &'a Db,
    pub passwords: &'a Passwords,
    pub policy: &'a Policy,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
    /// The browser, as it calls itself; shown to its owner.
    pub agent: &'a str,
}

/// A place and a hat to start in.
pub(crate) struct Start {
    institution: InstitutionId,
    person: PersonId,
    hat: Option<RoleAssignmentId>,
    staff: bool,
}

pub async fn begin(with: With<'_>, mail: &str, password: &str) -> Result<Begun, Error> {
    let now = with.clock.now();
    let account = with.db.reader(InstitutionId::NIL).opt(store::account_by_mail(&mail_of(mail))).await?;
    let locked = account.as_ref().and_then(|account| account.locked_until).filter(|until| *until > now);
    let kept = account.as_ref().and_then(|account| account.password.clone());
    let right = with.passwords.verify(password, kept).await?;
    let Some(account) = account else { return Err(Error::Wrong) };
    let policy = with.policy.of_account(with.db, account.id).await?;
    let with = With { policy: &policy, ..with };
    if let Some(until) = locked {
        // Told only to who knows the password: others hear what everybody hears.
        let minutes = (until.as_second() - now.as_second()) / 60 + 1;
        return Err(if right { Error::Locked { minutes } } else { Error::Wrong });
    }
    if !right {
        failed(&with, &account, now).await?;
        return Err(Error::Wrong);
    }
    proved(&with, account.id, None, false, now).await
}

/// Who it is was proved once, by a password or by a provider. `strong` when that was as good as two factors.
pub(crate) async fn proved(
    with: &With<'_>,
    account: AccountId,
    at: Option<InstitutionId>,
    strong: bool,
    now: Timestamp,
) -> Result<Begun, Error> {
    let start = start(with, account, at, now).await?;
    // A provider may vouch for two factors; it cannot vouch for a key that is bound to this house.
    let vouched = strong && !keyed(with, account, now).await?;
    if !vouched && crate::has_second_factor(with.db, account).await? {
        return half_way(with, account, &start, now).await.map(Begun::CodeNeeded);
    }
    let proof = if strong { Proof::Strong } else { Proof::Plain };
    let token = open(with, account, &start, proof, now).await?;
    let needed = start.staff && !strong && with.policy.second_factor_for_staff;
    Ok(if needed { Begun::FactorNeeded(token) } else { Begun::SignedIn(token) })
}

/// How well a browser proved who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Plain,
    Strong,
    /// With a passkey that stays in one device and knew who held it.
    Bound,
}

/// Whether somebody of these roles signs in with such a passkey only.
pub(crate) async fn asks_passkey(with: &With<'_>, account: AccountId, now: Timestamp) -> Result<bool, Error> {
    for hat in Hats::of(with.db, account, None, now).await?.hats {
        if with.policy.at(with.db, hat.institution).await?.asks_passkey(hat.role) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As `asks_passkey`, and there is one: then nothing else will do. Who has none yet makes one after signing in.
pub(crate) async fn keyed(with: &With<'_>, account: AccountId, now: Timestamp) -> Result<bool, Error> {
    let (keys,) = with.db.reader(InstitutionId::NIL).one(store::bound_keys(account)).await?;
    Ok(keys > 0 && asks_passkey(with, account, now).await?)
}

/// The code after the password. Five wrong ones end the half-way state.
pub async fn second_step(with: With<'_>, half_way: &Token, code: &str) -> Result<Token, Error> {
    let now = with.clock.now();
    let hash = half_way.hash();
    let (account, start, caller) = half_way_of(&with, &hash, now).await?;
    if keyed(&with, account, now).await? {
        return Err(Error::PasskeyNeeded);
    }
    let factor = with.db.reader(InstitutionId::NIL).opt(store::factor(account)).await?;
    let mail = with.db.reader(InstitutionId::NIL).opt(store::account_by_id(account)).await?;
    let mail = mail.map(|account| account.mail).unwrap_or_default();
    let person = caller.person.unwrap_or(PersonId::NIL);
    let used = letter(&mail, person, Change::RecoveryUsed);
    // Without an app only a recovery code will do.
    let secret = match factor.filter(|factor| factor.confirmed_at.is_some()) {
        Some(factor) => opened(with.passwords.vault(), account, &factor.secret)?,
        None => Vec::new(),
    };
    let spent = match read_code(&secret, code, now) {
        Ok(spend) => {
            with.db
                .write::<(), Error, _, _>(
                    &caller,
                    (hash.clone(), account, spend_of(spend), used),
                    |tx, (hash, account, spend, used)| {
                        Box::pin(async move {
                            let now = tx.recorded_at();
                            match spend {
                                Ok(step) => {
                                    tx.queue(store::spend_step(account, step), Expect::one(Error::CodeWrong))
                                }
                                Err(code) => {
                                    tx.queue(
                                        store::spend_recovery(account, &code, now),
                                        Expect::one(Error::CodeWrong),
                                    );
                                    used.into_iter().for_each(|mail| tx.send(mail));
                                }
                            }
                            tx.queue(store::use_one_time(&hash, now), Expect::one(Error::LinkExpired));
                            Ok(tx.done((), Event::none("opening the browser has the line")))
                        })
                    },
                )
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(Error::CodeWrong) = spent {
        refused_step(&with, &caller, hash).await?;
    }
    spent?;
    open(&with, account, &start, Proof::Strong, now).await
}

/// Who stands half-way, if the state still holds. Five failures end it.
pub(crate) async fn half_way_of(
    with: &With<'_>,
    hash: &[u8],
    now: Timestamp,
) -> Result<(AccountId, Start, Caller), Error> {
    let mut reader = with.db.reader(InstitutionId::NIL);
    let step = reader.opt(store::one_time(hash, "second-step")).await?.ok_or(Error::LinkExpired)?;
    let account = step.account.ok_or(Error::LinkExpired)?;
    if step.ends_at <= now || step.failures >= with.policy.failures_before_lock {
        return Err(Error::LinkExpired);
    }
    let start = start(with, account, step.at_institution, now).await?;
    let caller = caller(&start, account, now);
    Ok((account, start, caller))
}

/// A second step that was not right counts, and stands in the journal.
pub(crate) async fn refused_step(with: &With<'_>, caller: &Caller, hash: Vec<u8>) -> Result<(), Error> {
    let person = caller.person.ok_or(Error::LinkExpired)?;
    with.db
        .write::<(), Error, _, _>(caller, (hash, person), |tx, (hash, person)| {
            Box::pin(async move {
                tx.queue(store::fail_one_time(&hash), Expect::any());
                Ok(tx.done((), Event::new("account.code-refused", person)))
            })
        })
        .await
}

fn spend_of(spend: Spend) -> Result<i64, Vec<u8>> {
    match spend {
        Spend::Step(step) => Ok(step),
        Spend::Recovery(code) => Err(code),
    }
}

fn caller(start: &Start, account: AccountId, now: Timestamp) -> Caller {
    Caller {
        account: Some(account),
        person: Some(start.person),
        assignment: start.hat,
        source: regie_core::Source::Page,
        ..Caller::system(start.institution, now)
    }
}

pub(crate) async fn failed(with: &With<'_>, account: &Account, now: Timestamp) -> Result<(), Error> {
    let failures = account.failures + 1;
    let lock = failures >= with.policy.failures_before_lock;
    let until =
        lock.then(|| now.checked_add(SignedDuration::from_mins(with.policy.lock_minutes)).ok()).flatten();
    // The journal of the first school of the account keeps it; without a school there is nobody to tell.
    let place = with.db.reader(InstitutionId::NIL).opt(store::places(account.id)).await?;
    let (institution, person) =
        place.map_or((InstitutionId::NIL, None), |place| (place.at_institution, Some(place.at_person)));
    let system = Caller::system(institution, now);
    let id = account.id;
    with.db
        .write(&system, (id, failures, until, person), |tx, (id, failures, until, person)| {
            Box::pin(async move {
                let kept = if until.is_some() { 0 } else { failures };
                tx.queue(store::set_failures(id, kept, until), Expect::any());
                let new = json!({ "failures": failures, "lockedUntil": until });
                let event = match person {
                    Some(person) => Event::new("account.sign-in-refused", person),
                    None => Event::new("account.sign-in-refused", id),
                };
                Ok(tx.done((), event.new_value(new)))
            })
        })
        .await
}

/// The first place with a role today, `at` first of all; a person without one gets in nowhere.
async fn start(
    with: &With<'_>,
    account: AccountId,
    at: Option<InstitutionId>,
    now: Timestamp,
) -> Result<Start, Error> {
    let Hats { hats, closed } = Hats::of(with.db, account, None, now).await?;
    let first = hats.iter().find(|hat| Some(hat.institution) == at).or(hats.first());
    let Some(first) = first else { return Err(closed.unwrap_or(Error::NoRole)) };
    let beyond = |hat: &Hat| !matches!(hat.role, Role::Student | Role::Parent);
    Ok(Start {
        institution: first.institution,
        person: first.person,
        hat: Some(first.id),
        staff: hats.iter().any(|hat| hat.institution == first.institution && beyond(hat)),
    })
}

async fn half_way(
    with: &With<'_>,
    account: AccountId,
    start: &Start,
    now: Timestamp,
) -> Result<Token, Error> {
    let token = Token::new(with.random);
    let ends = now.checked_add(SignedDuration::from_mins(10)).unwrap_or(now);
    let caller = caller(start, account, now);
    let values = (token.hash(), account, start.institution, ends);
    with.db
        .write::<(), Error, _, _>(&caller, values, |tx, (hash, account, at, ends)| {
            Box::pin(async move {
                tx.queue(
                    store::add_one_time(&hash, "second-step", Some(account), Some(at), None, ends),
                    Expect::any(),
                );
                Ok(tx.done((), Event::none("nobody is signed in yet")))
            })
        })
        .await?;
    Ok(token)
}

pub(crate) async fn open(
    with: &With<'_>,
    account: AccountId,
    start: &Start,
    proof: Proof,
    now: Timestamp,
) -> Result<Token, Error> {
    let token = Token::new(with.random);
    let id: SignInId = new_id(with.clock, with.random);
    let ends = now.checked_add(SignedDuration::from_hours(with.policy.longest_hours)).unwrap_or(now);
    let idle = if start.staff { with.policy.idle_minutes_staff } else { with.policy.idle_minutes_student };
    let agent: String = with.agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let place = (start.institution, start.person, start.hat);
    let (strong, bound) = (proof != Proof::Plain, proof == Proof::Bound);
    let caller = caller(start, account, now);
    with.db
        .write::<(), Error, _, _>(
            &caller,
            (id, token.hash(), account, place, ends, idle, (strong, bound), agent),
            |tx, (id, hash, account, (institution, person, hat), ends, idle, (strong, bound), agent)| {
                Box::pin(async move {
                    let now = tx.recorded_at();
                    tx.queue(store::set_failures(account, 0, None), Expect::any());
                    tx.queue(
                        store::add_browser(
                            id,
                            &hash,
                            account,
                            institution,
                            person,
                            hat,
                            now,
                            ends,
                            idle,
                            strong,
                            bound,
                            &agent,
                        ),
                        Expect::any(),
                    );
                    let new = json!({ "signIn": id, "strong": strong, "bound": bound });
                    Ok(tx.done((), Event::new("account.signed-in", person).new_value(new)))
                })
            },
        )
        .await?;
    Ok(token)
}
