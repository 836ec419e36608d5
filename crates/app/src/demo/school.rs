use super::{Measure, SLUG, Size};
use jiff::Timestamp;
use jiff::civil::time;
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use regie_access::Db;
use regie_core::clock::new_id;
use regie_core::id::{CampusId, Id, InstitutionId, UnitId};
use regie_core::{Caller, Clock, Random};
use regie_people::campus::{self, AddCampus};
use regie_people::institution::{self, Found};
use regie_people::room::{self, AddRoom};
use regie_people::unit::{self, AddUnit};
use regie_platform::setting;
use std::sync::Mutex;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("this database holds a school already; the demo only fills an empty one")]
    NotEmpty,
    #[error(transparent)]
    People(#[from] regie_people::Error),
    #[error(transparent)]
    Platform(#[from] regie_platform::Error),
    #[error(transparent)]
    Catalog(#[from] regie_catalog::Error),
    #[error(transparent)]
    SignIn(#[from] regie_signin::Error),
    #[error(transparent)]
    Access(#[from] regie_access::Refusal),
    #[error("a part of the filling broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// The morning on which everything of the demo was entered, so that ids do not depend on today.
struct FirstDay;

impl Clock for FirstDay {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_785_800_000).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

pub struct Seeded(Mutex<StdRng>);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        if let Ok(mut random) = self.0.lock() {
            random.fill_bytes(bytes);
        }
    }
}

const CITIES: &[(&str, &str)] = &[
    ("Kanaal", "Delfstad"),
    ("Noord", "Delfstad"),
    ("Haven", "Maasveen"),
    ("Park", "Rijnburg"),
    ("Station", "Rijnburg"),
    ("Techniekhof", "Maasveen"),
    ("Buiten", "Oosterdam"),
];

/// At the same place as their field of programmes.
const TEAMS: &[&str] = &[
    "Verpleegkunde",
    "Maatschappelijke zorg",
    "Pedagogisch werk",
    "Software development",
    "IT systems and devices",
    "Mediavormgeving",
    "Handel en ondernemen",
    "Financiële beroepen",
    "Juridisch en HR",
    "Horeca en bakkerij",
    "Toerisme",
    "Luchtvaart",
    "Mobiliteit",
    "Elektrotechniek",
    "Werktuigbouw",
    "Bouw en infra",
    "Logistiek",
    "Beveiliging",
    "Sport en bewegen",
    "Entree",
];

/// Fills the database and says what it made.
pub async fn fill(db: &Db, size: Size, seed: u64) -> Result<String, Error> {
    if !institution::all(db).await?.is_empty() {
        return Err(Error::NotEmpty);
    }
    let measure = size.measure();
    let mut random = StdRng::seed_from_u64(seed);
    let ids = Seeded(Mutex::new(StdRng::seed_from_u64(seed ^ 0x5eed)));
    let maker = Maker { db, ids: &ids };
    let platform = maker.institution("regie-platform", "Regie platform", institution::Kind::Platform).await?;
    let school = maker.institution(SLUG, "ROC Delta (demo)", institution::Kind::School).await?;
    let caller = Caller::system(school, db.now());
    maker.settings(&caller).await?;
    maker.settings(&Caller::system(platform, db.now())).await?;
    let mut units = maker.units(&caller, &measure).await?;
    units.campuses = maker.places(&caller, &measure, &mut random).await?;
    let known = maker.roles(&caller, platform, &units).await?;
    let people = maker.people(&caller, &measure, &units, &mut random).await?;
    let learnt = maker.learning(&caller, &measure, &units, &people, &known, &mut random).await?;
    maker.companies(&caller, &measure, &mut random).await?;
    maker.mandates(&caller, &units, &people.staff, &known).await?;
    let examined = maker.catalog(&caller, &measure, &known).await?;
    Ok(format!(
        "ROC Delta: {} students, {} staff, {} teams, {} rooms on {} campuses, {} programmes in {} offerings, {} groups, \
         {} tests in {} exam plans",
        measure.students,
        measure.staff,
        measure.teams,
        measure.rooms,
        measure.campuses,
        learnt.programs,
        learnt.offerings,
        learnt.groups,
        examined.tests,
        examined.plans
    ))
}

pub struct Maker<'a> {
    pub db: &'a Db,
    pub ids: &'a Seeded,
}

/// The school itself and its teams.
pub struct Units {
    pub school: UnitId,
    pub teams: Vec<UnitId>,
    pub campuses: Vec<CampusId>,
}

impl Units {
    pub fn team(&self, n: usize) -> UnitId {
        self.teams.get(n % self.teams.len().max(1)).copied().unwrap_or(self.school)
    }
}

impl Maker<'_> {
    pub fn id<T: Id>(&self) -> T {
        new_id(&FirstDay, self.ids)
    }

    async fn institution(
        &self,
        slug: &str,
        name: &str,
        kind: institution::Kind,
    ) -> Result<InstitutionId, Error> {
        let id: InstitutionId = self.id();
        let caller = Caller::system(id, self.db.now());
        let allowed = regie_access::platform(&mut self.db.reader(id), &caller).await?;
        let input =
            Found { id, slug: slug.into(), name: name.into(), kind, brin: None, home_organization: None };
        Ok(institution::found(self.db, &allowed, input).await?)
    }

    async fn settings(&self, caller: &Caller) -> Result<(), Error> {
        for (key, value, reason) in [
            // The passwords stand on the sign-in page; a second factor would guard nothing.
            ("second-factor-staff", "no", "demo: de wachtwoorden staan op de inlogpagina"),
            ("auditor-days", "366", "demo: de auditor blijft een schooljaar"),
        ] {
            let change = setting::Change {
                key: key.into(),
                value: value.into(),
                version: 0,
                reason: Some(reason.into()),
            };
            setting::change(self.db, caller, change).await?;
        }
        Ok(())
    }

    async fn units(&self, caller: &Caller, measure: &Measure) -> Result<Units, Error> {
        let add = async |parent, code: String, name: &str| {
            unit::add(self.db, caller, AddUnit { id: self.id(), parent, code, name: name.into() }).await
        };
        let school = add(None, "delta".into(), "ROC Delta").await?;
        add(Some(school), "eb".into(), "Examenbureau").await?;
        let mut colleges = Vec::new();
        for (code, name) in
            [("zw", "Zorg en welzijn"), ("td", "Techniek en digitaal"), ("ed", "Economie en dienstverlening")]
        {
            colleges.push(add(Some(school), code.into(), name).await?);
        }
        let mut teams = Vec::new();
        for n in 0..measure.teams {
            let name = TEAMS.get(n % TEAMS.len()).copied().unwrap_or("Team");
            let round = n / TEAMS.len();
            let name = if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) };
            let college = colleges.get(n % colleges.len().max(1)).copied();
            teams.push(add(college, format!("t{:02}", n + 1), &name).await?);
        }
        Ok(Units { school, teams, campuses: Vec::new() })
    }

    async fn places(
        &self,
        caller: &Caller,
        measure: &Measure,
        random: &mut StdRng,
    ) -> Result<Vec<CampusId>, Error> {
        let mut campuses: Vec<CampusId> = Vec::new();
        for (n, (name, city)) in CITIES.iter().take(measure.campuses).enumerate() {
            let input = AddCampus {
                id: self.id(),
                code: format!("{}{n}", name.chars().next().unwrap_or('C')),
                name: (*name).into(),
                street: None,
                city: Some((*city).into()),
            };
            campuses.push(campus::add(self.db, caller, input).await?);
        }
        for n in 0..measure.rooms {
            let Some(campus) = campuses.get(n % campuses.len().max(1)).copied() else { continue };
            let hall = n % 15 == 14;
            let seats = if hall { 120 } else { random.random_range(14..=34) };
            let devices = if n % 3 == 0 { seats } else { 0 };
            let input = AddRoom {
                id: self.id(),
                campus,
                code: format!(
                    "{}{}.{:02}",
                    ['K', 'N', 'H', 'P'].get(n % 4).copied().unwrap_or('K'),
                    n / 20,
                    n % 20 + 1
                ),
                name: hall.then(|| "Hal".to_owned()),
                seats,
                device_seats: devices,
                secure: n % 6 == 0,
                accessible: n % 4 != 3,
                opens: time(8, 0, 0, 0),
                closes: if hall { time(22, 0, 0, 0) } else { time(18, 0, 0, 0) },
            };
            room::add(self.db, caller, input).await?;
        }
        Ok(campuses)
    }
}
