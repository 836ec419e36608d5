//! Two records of one person, and removing a person's data, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;
use regie_access::Refusal;
use regie_core::id::PersonId;
use regie_core::{Caller, Role, Scope};
use regie_db::{Ledger, Signer, Trust};
use regie_people::Error;
use regie_people::person::{
    self, AddPerson, Erase, Filter, Kind, Merge, State, add, alike, erase, erase_history, merge, see,
};
use regie_people::role::{AssignRole, assign, of_person};
use regie_testkit::{World, both};

async fn student(world: &World, number: &str, given: &str, mail: Option<&str>) -> PersonId {
    let id = world.id();
    let input = AddPerson {
        number: Some(number.into()),
        mail: mail.map(Into::into),
        ..AddPerson::named(id, Kind::Student, given, Some("de"), "Vries")
    };
    add(&world.db, &world.system(), input).await.unwrap()
}

fn merging(keep: PersonId, lose: PersonId) -> Merge {
    Merge { keep, keep_version: 1, lose, lose_version: 1, reason: "twee keer aangemeld".into() }
}

async fn give_role(world: &World, person: PersonId, role: Role) {
    let input = AssignRole {
        id: world.id(),
        person,
        role,
        scope: Scope::Institution,
        begins: date(2026, 8, 1),
        ends: None,
        reason: None,
    };
    assign(&world.db, &world.system(), input).await.unwrap();
}

both! {
    async fn what_hangs_on_the_one_goes_to_the_other_and_the_tombstone_shows_the_way(world: World) {
        let keep = student(&world, "0301", "Noor", None).await;
        let lose = student(&world, "0999", "Noor", Some("noor@delta.example")).await;
        give_role(&world, lose, Role::Student).await;
        let office = world.caller(Role::ExamOffice);
        let found = alike(&world.db, &office, keep).await.unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [lose]);
        let refused = merge(&world.db, &office, merging(keep, lose)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotInRole { .. }))), "a merger gives no roles: {refused:?}");
        let admin = world.caller(Role::Administrator);
        let request = Caller { request: Some(world.id()), ..admin.clone() };
        assert_eq!(merge(&world.db, &request, merging(keep, lose)).await.unwrap(), keep);
        assert_eq!(merge(&world.db, &request, merging(keep, lose)).await.unwrap(), keep, "sent twice is done once");

        let stays = see(&world.db, &admin, keep).await.unwrap();
        assert_eq!((stays.number.as_deref(), stays.mail.as_deref()), (Some("0301"), Some("noor@delta.example")));
        let gone = see(&world.db, &admin, lose).await.unwrap();
        assert_eq!((gone.state, gone.merged_into, gone.number), (State::Merged, Some(keep), None));
        assert_eq!(of_person(&world.db, &admin, keep).await.unwrap().len(), 1);
        let all = person::list(&world.db, &admin, &Filter::default()).await.unwrap();
        assert_eq!(all.total, 1);
        let history = person::history(&world.db, &admin, keep).await.unwrap();
        let added = history.iter().filter(|line| line.action == "person.added").count();
        assert_eq!(added, 2, "the history of both records is read as one");
        let again = merge(&world.db, &admin, Merge { keep_version: 2, lose_version: 2, ..merging(keep, lose) }).await;
        assert_eq!(again, Err(Error::PersonInactive("merged")));
    }

    async fn a_merger_needs_what_was_shown_two_of_a_kind_and_somebody_else(world: World) {
        let keep = student(&world, "0301", "Noor", None).await;
        let lose = student(&world, "0999", "Noor", None).await;
        let admin = world.caller(Role::Administrator);
        let late = Merge { lose_version: 7, ..merging(keep, lose) };
        assert_eq!(merge(&world.db, &admin, late).await, Err(Error::ChangedMeanwhile));
        assert_eq!(merge(&world.db, &admin, merging(keep, keep)).await, Err(Error::MergeWithItself));
        let silent = Merge { reason: " ".into(), ..merging(keep, lose) };
        assert_eq!(merge(&world.db, &admin, silent).await, Err(Error::Missing("reason")));
        let staff = add(&world.db, &world.system(), AddPerson::named(world.id(), Kind::Staff, "Noor", None, "Vries"))
            .await
            .unwrap();
        assert_eq!(merge(&world.db, &admin, merging(keep, staff)).await, Err(Error::MergeKinds));
        let oneself = Caller { person: Some(keep), ..admin.clone() };
        let refused = merge(&world.db, &oneself, merging(keep, lose)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Duty { rule: "not-merge-yourself", .. }))), "{refused:?}");
        let stranger = Caller { institution: world.twin, ..admin.clone() };
        assert!(matches!(merge(&world.db, &stranger, merging(keep, lose)).await, Err(Error::Refused(_))));
        let (one, other) =
            tokio::join!(merge(&world.db, &admin, merging(keep, lose)), merge(&world.db, &admin, merging(lose, keep)));
        assert!(one.is_ok() != other.is_ok(), "of two at once one is done: {one:?} {other:?}");
    }

    async fn what_identifies_a_person_goes_and_the_journal_still_holds(world: World) {
        let id = student(&world, "0301", "Noor", Some("noor@delta.example")).await;
        let double = student(&world, "0302", "Noor", None).await;
        let other = student(&world, "0400", "Ali", None).await;
        let (admin, colleague) = (world.caller(Role::Administrator), world.caller(Role::Administrator));
        merge(&world.db, &admin, merging(id, double)).await.unwrap();
        let wish = |version| Erase { id, version, reason: "verzoek van de oud-student".into() };
        let refused = erase(&world.db, &admin, wish(2)).await;
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::Duty { rule: "merged-not-erased-by-one", .. }))),
            "{refused:?}"
        );
        assert_eq!(erase(&world.db, &colleague, wish(1)).await, Err(Error::ChangedMeanwhile));
        erase(&world.db, &colleague, wish(2)).await.unwrap();
        for one in [id, double] {
            let left = see(&world.db, &colleague, one).await.unwrap();
            assert_eq!((left.state, left.display_name.as_str(), left.number, left.mail), (State::Erased, "", None, None));
        }

        let signer = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        let ledger = Ledger::new(world.dir.path().join("erasures"));
        let all = [id, double];
        let emptied = erase_history(&world.db, world.school, &all, "verzoek", &signer, &ledger).await.unwrap();
        assert!(emptied >= 4, "{emptied}");
        let again = erase_history(&world.db, world.school, &all, "verzoek", &signer, &ledger).await.unwrap();
        assert_eq!(again, 0, "a second time there is nothing left to empty");
        for line in person::history(&world.db, &colleague, id).await.unwrap() {
            assert_eq!((line.payload, line.reason, line.person), (None, None, None), "{}", line.action);
        }
        assert!(person::history(&world.db, &colleague, other).await.unwrap()[0].payload.is_some());
        world.seal().await;
        let verdict = world.db.verify(world.school, &Trust::default()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.unsealed), (None, 0));
        assert!(verdict.erased >= 4);
        let lines = regie_people::journal::latest(&world.db, &colleague, 100).await.unwrap();
        let said = lines.iter().find(|(line, _)| line.action == "person.erased").unwrap();
        assert_eq!(said.0.reason.as_deref(), Some("verzoek van de oud-student"));
        assert!(matches!(erase(&world.db, &colleague, wish(3)).await, Err(Error::PersonInactive(_))));
    }
}
