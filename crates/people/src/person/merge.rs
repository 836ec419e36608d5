//! Two records of one person become one. Everything that hangs on the one goes to the other; what is left is a tombstone that
//! shows the way. Its journal stays under it and is read together with the other's.

use super::{Kind, Person, State, store};
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{MandateId, PersonId, ProgramEnrolmentId, RoleAssignmentId};
use regie_db::{Ask, Event, Expect, Outgoing, statements};
use serde_json::json;

/// Which record stays, which one goes, and the versions of both that were shown.
#[derive(Debug, Clone)]
pub struct Merge {
    pub keep: PersonId,
    pub keep_version: i64,
    pub lose: PersonId,
    pub lose_version: i64,
    pub reason: String,
}

statements! {
    fn codes_of(person: PersonId) -> (String, String) =
        "SELECT kind, code FROM person_code WHERE institution = $1 AND person = $2 ORDER BY kind, code";

    fn enrolments_of(person: PersonId) -> (ProgramEnrolmentId,) =
        "SELECT id FROM program_enrolment WHERE institution = $1 AND person = $2 ORDER BY id";

    fn roles_of(person: PersonId) -> (RoleAssignmentId,) =
        "SELECT id FROM role_assignment WHERE institution = $1 AND person = $2 ORDER BY id";

    fn standing_roles_of(person: PersonId, today: Date) -> (i64,) =
        "SELECT count(*) FROM role_assignment
         WHERE institution = $1 AND person = $2 AND withdrawn_at IS NULL AND (ends IS NULL OR ends >= $3)";

    fn mandates_of(person: PersonId) -> (MandateId,) =
        "SELECT id FROM mandate WHERE institution = $1 AND holder = $2 ORDER BY id";

    fn give_codes(from: PersonId, to: PersonId) =
        "UPDATE person_code SET person = $3 WHERE institution = $1 AND person = $2";

    fn give_code(kind: &str, code: &str, to: PersonId) =
        "INSERT INTO person_code (institution, kind, code, person) VALUES ($1, $2, $3, $4)
         ON CONFLICT (institution, kind, code) DO UPDATE SET person = excluded.person";

    /// An enrolment that both have stays with the tombstone: it says nothing new.
    fn give_enrolments(from: PersonId, to: PersonId) =
        "UPDATE program_enrolment SET person = $3 WHERE institution = $1 AND person = $2
           AND NOT EXISTS (SELECT 1 FROM program_enrolment o WHERE o.institution = $1 AND o.person = $3
                AND o.offering = program_enrolment.offering AND o.begins = program_enrolment.begins)";

    fn give_memberships(from: PersonId, to: PersonId) =
        "UPDATE group_member SET person = $3 WHERE institution = $1 AND person = $2
           AND NOT EXISTS (SELECT 1 FROM group_member o WHERE o.institution = $1 AND o.person = $3
                AND o.learning_group = group_member.learning_group AND o.begins = group_member.begins)";

    fn give_needs(from: PersonId, to: PersonId) =
        "UPDATE assigned_need SET person = $3 WHERE institution = $1 AND person = $2";

    fn give_roles(from: PersonId, to: PersonId) =
        "UPDATE role_assignment SET person = $3 WHERE institution = $1 AND person = $2";

    fn give_mandates(from: PersonId, to: PersonId) =
        "UPDATE mandate SET holder = $3 WHERE institution = $1 AND holder = $2";

    /// Who was merged into this one before now leads to the one that stays.
    fn give_tombstones(from: PersonId, to: PersonId) =
        "UPDATE person SET merged_into = $3 WHERE institution = $1 AND merged_into = $2";

    fn bury(id: PersonId, version: i64, into: PersonId) =
        "UPDATE person SET state = 'merged', merged_into = $4, number = NULL, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state IN ('active', 'inactive')";

    /// What the one that stays did not say itself, the other does.
    fn fill(
        id: PersonId, version: i64, number: Option<&str>, mail: Option<&str>, phone: Option<&str>, born: Option<Date>,
        unit: Option<regie_core::id::UnitId>, search: &str,
    ) = "UPDATE person SET number = coalesce(number, $4), mail = coalesce(mail, $5), phone = coalesce(phone, $6),
            born = coalesce(born, $7), unit = coalesce(unit, $8), search = $9, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state IN ('active', 'inactive')";

    pub(super) fn merged_into(id: PersonId) -> (PersonId,) =
        "SELECT id FROM person WHERE institution = $1 AND merged_into = $2 ORDER BY id";
}

pub async fn merge(db: &Db, caller: &Caller, input: Merge) -> Result<PersonId, Error> {
    let reason = filled("reason", &input.reason, 500)?;
    if input.keep == input.lose {
        return Err(Error::MergeWithItself);
    }
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::MergePeople, input.keep).await?;
    regie_access::person(&mut reader, caller, Action::MergePeople, input.lose).await?;
    let today = caller.today();
    for id in [input.keep, input.lose] {
        if reader.one(standing_roles_of(id, today)).await?.0 > 0 {
            // Otherwise a merger would be a way to give roles.
            regie_access::person(&mut reader, caller, Action::AssignRoles, input.keep).await?;
            regie_access::person(&mut reader, caller, Action::AssignRoles, input.lose).await?;
        }
    }
    db.serial(allowed.caller(), (input, reason), |tx, (input, reason)| {
        Box::pin(async move {
            let keep = tx.opt(store::by_id(input.keep)).await?.ok_or(Error::NotFound("person"))?;
            let lose = tx.opt(store::by_id(input.lose)).await?.ok_or(Error::NotFound("person"))?;
            for one in [&keep, &lose] {
                if matches!(one.state, State::Merged | State::Erased) {
                    return Err(Error::PersonInactive(one.state.code()));
                }
            }
            if keep.kind != lose.kind {
                return Err(Error::MergeKinds);
            }
            let moved = json!({
                "codes": tx.all(codes_of(lose.id)).await?,
                "enrolments": tx.all(enrolments_of(lose.id)).await?,
                "roles": tx.all(roles_of(lose.id)).await?,
                "mandates": tx.all(mandates_of(lose.id)).await?,
            });
            let (from, to) = (lose.id, keep.id);
            tx.queue(bury(from, input.lose_version, to), Expect::one(Error::ChangedMeanwhile));
            for query in [
                give_tombstones(from, to),
                give_codes(from, to),
                give_enrolments(from, to),
                give_memberships(from, to),
                give_needs(from, to),
                give_roles(from, to),
                give_mandates(from, to),
            ] {
                tx.queue(query, Expect::any());
            }
            if let Some(number) = lose.number.as_deref().filter(|_| keep.number.is_some()) {
                // A sheet with the old number still finds the right person.
                tx.queue(give_code(keep.kind.number_code(), number, to), Expect::any());
            }
            tx.queue(filled_up(&keep, &lose, input.keep_version), Expect::one(Error::ChangedMeanwhile));
            tx.send(Outgoing::new("person.merged", 1, from, json!({ "into": to })));
            let gone = Event::new("person.merged", from)
                .old(json!({ "number": lose.number, "mail": lose.mail, "state": lose.state.code() }))
                .new_value(json!({ "mergedInto": to, "moved": moved }))
                .why(reason.clone());
            tx.event(gone);
            let stays = Event::new("person.merged", to)
                .old(json!({
                    "number": keep.number, "mail": keep.mail, "phone": keep.phone, "born": keep.born,
                    "unit": keep.unit,
                }))
                .new_value(json!({ "mergedFrom": from }))
                .why(reason);
            Ok(tx.done(to, stays))
        })
    })
    .await
}

fn filled_up(keep: &Person, lose: &Person, version: i64) -> regie_db::Query<()> {
    let or = |own: &Option<String>, other: &Option<String>| own.clone().or_else(|| other.clone());
    let (number, mail) = (or(&keep.number, &lose.number), or(&keep.mail, &lose.mail));
    let search = super::AddPerson {
        number: number.clone(),
        mail: mail.clone(),
        ..super::AddPerson::named(
            keep.id,
            keep.kind,
            &keep.given_name,
            keep.prefix.as_deref(),
            &keep.family_name,
        )
    }
    .search();
    fill(
        keep.id,
        version,
        number.as_deref(),
        mail.as_deref(),
        lose.phone.as_deref(),
        lose.born,
        lose.unit,
        &search,
    )
}

/// The record itself and those that were merged into it: one person's history stands under all of them.
pub(super) async fn all_of(q: &mut impl Ask, id: PersonId) -> Result<Vec<PersonId>, Error> {
    let mut all = vec![id];
    all.extend(q.all(merged_into(id)).await?.into_iter().map(|(id,)| id));
    Ok(all)
}

/// Active and inactive records of the same kind with the same name or mail address: perhaps the same person.
pub async fn alike(db: &Db, caller: &Caller, id: PersonId) -> Result<Vec<Person>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::MergePeople, id).await?;
    let one = reader.opt(store::by_id(allowed.id())).await?.ok_or(Error::NotFound("person"))?;
    let sort = regie_core::name::sort_name(&one.given_name, one.prefix.as_deref(), &one.family_name);
    let mut found = Vec::new();
    for (other,) in reader.all(likely(one.id, one.kind, &sort, one.mail.as_deref())).await? {
        // Who lies out of reach is not offered, and not named.
        if regie_access::person(&mut reader, caller, Action::MergePeople, other).await.is_ok() {
            found.extend(reader.opt(store::by_id(other)).await?);
        }
    }
    Ok(found)
}

statements! {
    fn likely(id: PersonId, kind: Kind, sort_name: &str, mail: Option<&str>) -> (PersonId,) =
        "SELECT id FROM person
         WHERE institution = $1 AND id <> $2 AND kind = $3 AND state IN ('active', 'inactive')
           AND (sort_name = $4 OR mail = $5)
         ORDER BY sort_name, id LIMIT 20";
}
