//! Signing in through a provider that can also lie, on both databases. (A certified provider stands in the browser
//! journeys.)
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod provider;

use jiff::SignedDuration;
use jiff::civil::date;
use provider::{Lying, NONCE};
use regie_core::id::{IdentityProviderId, PersonId};
use regie_core::{Caller, Role, Scope};
use regie_people::institution::{Found, Kind, found};
use regie_people::person::{self, AddPerson};
use regie_people::role::{AssignRole, assign};
use regie_signin::federation::{
    AddProvider, Federation, Mapping, Returned, add, come_back, end, leave, link_by_hand, links, told_out,
    unlink,
};
use regie_signin::{Begun, Error, Passwords, Policy, Token, With, resolve};
use regie_testkit::{World, both};
use serde_json::{Value, json};

const OWN: &str = "https://regie.delta.nl/sign-in/with/x/return";

struct House {
    passwords: Passwords,
    policy: Policy,
    federation: Federation,
    provider: IdentityProviderId,
    lying: Lying,
    student: PersonId,
}

impl House {
    fn with<'a>(&'a self, world: &'a World) -> With<'a> {
        With {
            db: &world.db,
            passwords: &self.passwords,
            policy: &self.policy,
            clock: &*world.clock,
            random: &*world.random,
            agent: "Firefox op Linux",
        }
    }

    /// A browser that leaves: its token, and what the address it went to said.
    async fn leave(&self, world: &World) -> (Token, Value) {
        let left = leave(self.with(world), &self.federation, self.provider, OWN, "/people").await.unwrap();
        let (_, query) = left.address.split_once('?').unwrap();
        let said: serde_json::Map<String, Value> = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        assert_eq!(
            (&said["response_type"], &said["code_challenge_method"]),
            (&json!("code"), &json!("S256"))
        );
        (left.token, said.into())
    }

    /// There and back, with what the provider has to say.
    async fn round(&self, world: &World, claims: Value) -> Result<(Begun, String), Error> {
        let (token, said) = self.leave(world).await;
        let code = self.lying.code(world, &said, claims);
        self.back(world, &token, &said, &code).await
    }

    async fn back(
        &self,
        world: &World,
        token: &Token,
        said: &Value,
        code: &str,
    ) -> Result<(Begun, String), Error> {
        let returned = Returned {
            code: Some(code.into()),
            state: said["state"].as_str().map(Into::into),
            iss: Some(self.lying.issuer.clone()),
            error: None,
        };
        come_back(self.with(world), &self.federation, self.provider, OWN, token, returned).await
    }
}

async fn add_person(world: &World, number: &str, role: Role) -> PersonId {
    let system = world.system();
    let id: PersonId = world.id();
    let kind = if role == Role::Student { person::Kind::Student } else { person::Kind::Staff };
    let person = AddPerson {
        number: Some(number.into()),
        mail: Some(format!("{number}@delta.nl")),
        ..AddPerson::named(id, kind, "Noor", Some("de"), "Vries")
    };
    person::add(&world.db, &system, person).await.unwrap();
    let input = AssignRole {
        id: world.id(),
        person: id,
        role,
        scope: Scope::Institution,
        begins: date(2026, 8, 1),
        ends: None,
        reason: None,
    };
    assign(&world.db, &system, input).await.unwrap();
    id
}

async fn house(world: &World) -> House {
    let system = world.system();
    let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
    let school = Found {
        id: world.school,
        slug: "delta".into(),
        name: "ROC Delta".into(),
        kind: Kind::School,
        brin: None,
        home_organization: Some("delta.nl".into()),
    };
    found(&world.db, &allowed, school).await.unwrap();
    let student = add_person(world, "400001", Role::Student).await;
    add_person(world, "m1", Role::ExamOffice).await;
    let passwords = Passwords::light(&*world.random).unwrap();
    let lying = Lying::start().await;
    let mut mapping = Mapping::surfconext("delta.nl");
    mapping.strong = vec!["http://test.surfconext.nl/assurance/loa2".into()];
    let input = AddProvider {
        id: world.id(),
        name: "ROC Delta".into(),
        issuer: lying.issuer.clone(),
        client: "regie".into(),
        secret: Some("tussen ons".into()),
        mapping,
    };
    let provider = add(&world.db, &system, passwords.vault(), &*world.random, input).await.unwrap();
    let federation = Federation::new().unwrap();
    House { passwords, policy: Policy::default(), federation, provider, lying, student }
}

fn noor() -> Value {
    json!({
        "sub": "noor-at-regie", "schac_home_organization": "delta.nl",
        "schac_personal_unique_codes": ["urn:schac:personalUniqueCode:nl:local:delta.nl:studentid:400001"],
    })
}

fn but(name: &str, value: Value) -> Value {
    let mut claims = noor();
    claims[name] = value;
    claims
}

both! {
    async fn a_student_is_linked_once_and_known_ever_after(world: World) {
        let house = house(&world).await;
        let (begun, back) = house.round(&world, noor()).await.unwrap();
        assert_eq!(back, "/people");
        let Begun::SignedIn(token) = begun else { panic!("{begun:?}") };
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(current.caller.person, Some(house.student));
        assert!(!current.strong);
        // The provider calls her differently now and releases nothing else; the subject is enough.
        let (begun, _) = house.round(&world, json!({ "sub": "noor-at-regie" })).await.unwrap();
        let Begun::SignedIn(token) = begun else { panic!("{begun:?}") };
        let again = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(again.account, current.account);
    }

    async fn staff_need_a_second_factor_unless_the_provider_vouches_for_one(world: World) {
        let house = house(&world).await;
        let office = |acr: Option<&str>| json!({
            "sub": "office", "schac_home_organization": "delta.nl", "acr": acr,
            "schac_personal_unique_codes": ["urn:schac:personalUniqueCode:nl:local:delta.nl:employeeid:m1"],
        });
        let (begun, _) = house.round(&world, office(None)).await.unwrap();
        assert!(matches!(begun, Begun::FactorNeeded(_)), "{begun:?}");
        let (begun, _) = house.round(&world, office(Some("http://test.surfconext.nl/assurance/loa2"))).await.unwrap();
        let Begun::SignedIn(token) = begun else { panic!("{begun:?}") };
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap().strong);
    }

    async fn who_cannot_be_named_stays_outside(world: World) {
        let house = house(&world).await;
        let round = async |claims| house.round(&world, claims).await.unwrap_err();
        assert!(matches!(round(but("schac_personal_unique_codes", json!([]))).await, Error::PersonUnknown(_)));
        assert_eq!(round(but("schac_home_organization", json!("eduid.nl"))).await, Error::ForeignHome);
        assert_eq!(round(but("schac_home_organization", json!(null))).await, Error::ClaimMissing("schac_home_organization".into()));
        // The mail address is hers, and it opens nothing.
        let mut claims = but("schac_personal_unique_codes", json!([]));
        claims["email"] = json!("400001@delta.nl");
        assert!(matches!(round(claims).await, Error::PersonUnknown(_)));
        end(&world.db, &world.system(), house.provider).await.unwrap();
        let left = leave(house.with(&world), &house.federation, house.provider, OWN, "/").await;
        assert_eq!(left.unwrap_err(), Error::LinkExpired, "switched off");
    }

    async fn who_was_not_found_is_linked_by_hand(world: World) {
        let house = house(&world).await;
        let claims = || json!({ "sub": "nobody-knows", "schac_home_organization": "delta.nl" });
        let Err(Error::PersonUnknown(code)) = house.round(&world, claims()).await else { panic!() };
        let again = house.round(&world, claims()).await.unwrap_err();
        assert_eq!(again, Error::PersonUnknown(code.clone()), "the code stays while one waits");
        let admin = world.caller(Role::Administrator);
        let link = async |caller: &Caller, code: &str| {
            link_by_hand(house.with(&world), caller, house.student, code).await
        };
        assert!(matches!(link(&world.caller(Role::ExamOffice), &code).await, Err(Error::Refused(_))));
        let herself = Caller { person: Some(house.student), ..admin.clone() };
        assert!(matches!(link(&herself, &code).await, Err(Error::Refused(_))), "not one's own");
        let twin = Caller { institution: world.twin, ..admin.clone() };
        assert!(matches!(link(&twin, &code).await, Err(Error::Refused(_))), "not of another school");
        assert_eq!(link(&admin, "AAAA-AAAA").await, Err(Error::CodeUnknown));
        link(&admin, &format!(" {} ", code.to_lowercase())).await.unwrap();
        let (begun, _) = house.round(&world, claims()).await.unwrap();
        let Begun::SignedIn(token) = begun else { panic!("{begun:?}") };
        let current = resolve(&world.db, &*world.clock, &token).await.unwrap().unwrap();
        assert_eq!(current.caller.person, Some(house.student));
        assert_eq!(link(&admin, &code).await, Err(Error::CodeUnknown), "it was spent");
        // A second identity at the same provider is somebody else's.
        let other = json!({ "sub": "another", "schac_home_organization": "delta.nl" });
        let Err(Error::PersonUnknown(second)) = house.round(&world, other).await else { panic!() };
        assert_eq!(link(&admin, &second).await, Err(Error::AlreadyLinked));
        let known = links(&world.db, &admin, house.student).await.unwrap();
        assert_eq!((known.len(), known[0].linked_by.as_str()), (1, "hand"));
        unlink(&world.db, &admin, house.student, house.provider).await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none(), "signed out");
        assert_eq!(unlink(&world.db, &admin, house.student, house.provider).await, Err(Error::ProviderUnknown));
        link(&admin, &second).await.unwrap();
        // Who waits too long begins again.
        let third = json!({ "sub": "third", "schac_home_organization": "delta.nl" });
        let Err(Error::PersonUnknown(third)) = house.round(&world, third).await else { panic!() };
        world.clock.forward(SignedDuration::from_hours(15 * 24));
        assert_eq!(link(&admin, &third).await, Err(Error::CodeUnknown));
    }

    async fn lies_are_refused(world: World) {
        let house = house(&world).await;
        let lies = [
            (NONCE, json!("another"), "nonce"),
            ("iss", json!("https://elsewhere.example"), "issuer"),
            ("aud", json!("somebody-else"), "audience"),
            ("aud", json!(["regie", "somebody-else"]), "audience"),
            ("azp", json!("somebody-else"), "audience"),
            ("exp", json!(-130), "time"),
            ("iat", json!(130), "time"),
            ("nbf", json!(130), "time"),
            ("sub", json!(""), "subject"),
            ("userinfo_sub", json!("somebody-else"), "subject"),
            ("alg", json!("none"), "algorithm"),
            ("alg", json!("HS256"), "algorithm"),
            ("key", json!("other"), "signature"),
            ("kid", json!("nobody"), "unknown-key"),
        ];
        for (what, value, check) in lies {
            let told = house.round(&world, but(what, value.clone())).await.unwrap_err();
            assert_eq!(told, Error::FederationFailed(check), "{what} {value}");
        }
        // Two minutes of difference between two clocks are no lie.
        for (what, seconds) in [("exp", -110), ("iat", 110)] {
            assert!(house.round(&world, but(what, json!(seconds))).await.is_ok(), "{what} {seconds}");
        }
    }

    async fn only_the_browser_that_left_comes_back_and_once(world: World) {
        let house = house(&world).await;
        let (token, said) = house.leave(&world).await;
        let code = house.lying.code(&world, &said, noor());
        let (other, other_said) = house.leave(&world).await;
        // Somebody slips a victim the answer to their own sign-in.
        assert_eq!(house.back(&world, &other, &said, &code).await.unwrap_err(), Error::FederationFailed("state"));
        // Another provider's answer at this provider's address.
        let mixed = Returned {
            code: Some(code.clone()),
            state: said["state"].as_str().map(Into::into),
            iss: Some("https://elsewhere.example".into()),
            error: None,
        };
        let told = come_back(house.with(&world), &house.federation, house.provider, OWN, &token, mixed.clone()).await;
        assert_eq!(told.unwrap_err(), Error::FederationFailed("mix-up"));
        assert_eq!(house.back(&world, &token, &said, &code).await.unwrap_err(), Error::LinkExpired, "the way back is spent");

        let silent = Returned { iss: None, state: other_said["state"].as_str().map(Into::into), ..mixed };
        let told = come_back(house.with(&world), &house.federation, house.provider, OWN, &other, silent).await;
        assert_eq!(told.unwrap_err(), Error::FederationFailed("mix-up"), "it promised to name itself");

        let (token, said) = house.leave(&world).await;
        let elsewhere = come_back(house.with(&world), &house.federation, world.id(), OWN, &token, Returned::default()).await;
        assert_eq!(elsewhere.unwrap_err(), Error::LinkExpired, "it left for another provider");
        let code = house.lying.code(&world, &said, noor());
        house.back(&world, &token, &said, &code).await.unwrap();
        assert_eq!(house.back(&world, &token, &said, &code).await.unwrap_err(), Error::LinkExpired);
        let (token, said) = house.leave(&world).await;
        let told = house.back(&world, &token, &said, &code).await.unwrap_err();
        assert_eq!(told, Error::FederationFailed("refused"), "a code works once, and only with its own verifier");

        let (token, said) = house.leave(&world).await;
        let code = house.lying.code(&world, &said, noor());
        world.clock.forward(SignedDuration::from_mins(16));
        assert_eq!(house.back(&world, &token, &said, &code).await.unwrap_err(), Error::LinkExpired);
    }

    async fn a_provider_may_change_its_keys_and_may_be_away(world: World) {
        let house = house(&world).await;
        house.round(&world, noor()).await.unwrap();
        house.lying.change_keys();
        assert_eq!(house.round(&world, noor()).await.unwrap_err(), Error::FederationFailed("unknown-key"), "asked a moment ago");
        world.clock.forward(SignedDuration::from_secs(31));
        house.round(&world, noor()).await.unwrap();
        house.lying.stop();
        world.clock.forward(SignedDuration::from_hours(7));
        let left = leave(house.with(&world), &house.federation, house.provider, OWN, "/").await;
        assert!(matches!(left, Err(Error::FederationAway(_))), "{left:?}");
    }

    async fn a_provider_signs_somebody_out_with_a_message_that_counts_once(world: World) {
        let house = house(&world).await;
        let (begun, _) = house.round(&world, noor()).await.unwrap();
        let Begun::SignedIn(token) = begun else { panic!("{begun:?}") };
        let message = |change: Value| {
            let mut claims = json!({
                "sub": "noor-at-regie", "jti": "one",
                "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            });
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            house.lying.signed(&world, claims)
        };
        let tell = async |text: &str| told_out(house.with(&world), &house.federation, house.provider, text).await;
        for (change, check) in [
            (json!({ "nonce": "x" }), "event"),
            (json!({ "events": {} }), "event"),
            (json!({ "jti": null }), "event"),
            (json!({ "aud": "somebody-else" }), "audience"),
            (json!({ "exp": -600 }), "time"),
        ] {
            assert_eq!(tell(&message(change.clone())).await, Err(Error::FederationFailed(check)), "{change}");
        }
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_some());
        let right = message(json!({}));
        tell(&right).await.unwrap();
        assert!(resolve(&world.db, &*world.clock, &token).await.unwrap().is_none());
        assert_eq!(tell(&right).await, Err(Error::FederationFailed("replayed")));
    }

    async fn only_its_own_administration_sets_a_provider(world: World) {
        let house = house(&world).await;
        let stranger = Caller::system(world.twin, world.db.now());
        assert_eq!(end(&world.db, &stranger, house.provider).await, Err(Error::ProviderUnknown));
        let office = Caller { role: Some(Role::ExamOffice), ..world.caller(Role::ExamOffice) };
        assert!(matches!(end(&world.db, &office, house.provider).await, Err(Error::Refused(_))));
        let input = |issuer: &str| AddProvider {
            id: world.id(),
            name: "x".into(),
            issuer: issuer.into(),
            client: "x".into(),
            secret: None,
            mapping: Mapping::entree("11ZZ"),
        };
        let put = async |issuer| {
            add(&world.db, &world.system(), house.passwords.vault(), &*world.random, input(issuer)).await
        };
        assert_eq!(put("http://connect.surfconext.nl").await, Err(Error::ProviderField("issuer")));
        // Its discovery document names somebody else.
        let twin = put(&house.lying.issuer.replace("127.0.0.1", "localhost")).await.unwrap();
        let left = leave(house.with(&world), &house.federation, twin, OWN, "/").await;
        assert_eq!(left.unwrap_err(), Error::FederationFailed("issuer"));
    }
}
