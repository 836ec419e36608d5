//! What is examined: the tests of the generic units, of each field and of the keuzedelen, their instruments, and a plan
//! for every programme and cohort.

use super::Measure;
use super::crowd::Crowd;
use super::exams::{ELECTIVES, Wanted, generic, of_field, rows};
use super::people::Known;
use super::programs::{Drawn, drawn};
use super::school::{Error, Maker};
use jiff::civil::{Date, date};
use regie_catalog::approval::{self, CheckItem, Choice, Decide, Open, Point, Said};
use regie_catalog::consent::{self, Answer, Ask};
use regie_catalog::instrument::{self, AddInstrument, Route};
use regie_catalog::plan::import::{self, SheetRow};
use regie_catalog::plan::{self, AddPlan, Freeze};
use regie_catalog::platform::{self, AddPlatform, Permit};
use regie_catalog::supplier::{self, AddSupplier};
use regie_catalog::test::{self, AddTest, Kind, PutWindow};
use regie_catalog::version::{
    self, AttachDocument, Audience, Content, ConversionRow, Moment, Purpose, PutVariant, Write,
};
use regie_core::id::{ConsentId, InstrumentVersionId, PersonId, PlatformId, SupplierId, TestId};
use regie_core::{Caller, Role, conversion};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

const YEAR: i16 = 2026;
/// Wide enough for whoever looks at the demo, whenever that is.
const FROM: Date = date(YEAR - 2, 8, 1);
const UNTIL: Date = date(YEAR + 5, 7, 31);

/// The task that every written and practical instrument of the demo holds.
pub const TASK: &str = "Demo-opgave\n\nDit is de opgave van de demoschool. Lees eerst alle vragen. Schrijf je naam op elk blad.\n";
const PRACTICE: &str = "Demo-oefenexamen\n\nHiermee oefent een student. De antwoorden staan achteraan.\n";

/// The files that the demo's documents are.
pub const FILES: [&str; 2] = [TASK, PRACTICE];

/// How much was made.
pub struct Examined {
    pub tests: usize,
    pub plans: usize,
}

struct Shelf {
    facet: PlatformId,
    exam: PlatformId,
    supplier: SupplierId,
    consent: ConsentId,
}

/// How an instrument of the demo stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    Draft,
    Submitted,
    Approved,
    Active,
}

/// Who acts at which step; a committee of one would not have its quorum.
#[derive(Clone)]
struct Hands {
    author: Caller,
    chair: Caller,
    member: Caller,
}

impl Maker<'_> {
    pub async fn catalog(
        &self,
        caller: &Caller,
        measure: &Measure,
        known: &Known,
    ) -> Result<Examined, Error> {
        let person = |role| known.of(role).map(|placed| placed.id);
        let hands = Hands {
            author: acting(caller, person(Role::ItemAuthor)),
            chair: acting(caller, person(Role::CommitteeChair)),
            member: acting(caller, person(Role::CommitteeMember)),
        };
        let shelf = self.shelf(caller, &hands, acting(caller, person(Role::CompetentAuthority))).await?;
        let programs = drawn(measure.programs, measure.teams);
        let mut wanted = generic();
        wanted.extend(ELECTIVES.iter().map(|(code, name, kind)| {
            let minutes = if *kind == Kind::Practical { 180 } else { 60 };
            Wanted::new(*code, format!("Keuzedeel {name}"), minutes, *kind)
        }));
        let fields: BTreeSet<(usize, u32)> = programs.iter().map(|one| (one.field, one.level)).collect();
        wanted.extend(fields.into_iter().flat_map(|(field, level)| of_field(field, level)));
        let mut crowd = Crowd::default();
        for (n, wanted) in wanted.iter().enumerate() {
            self.test(&mut crowd, caller, &hands, &shelf, wanted, reached(n, wanted)).await?;
        }
        crowd.end().await?;
        let plans = self.plans(caller, &hands, &programs).await?;
        Ok(Examined { tests: wanted.len(), plans })
    }

    /// What instruments stand on: a platform for central exams and one for the school's own, a supplier, and the
    /// board's word that the school may make some itself.
    async fn shelf(&self, caller: &Caller, hands: &Hands, board: Caller) -> Result<Shelf, Error> {
        let mut platforms = Vec::new();
        for (code, name, permitted) in [
            ("FACET", "Facet (centrale examens)", true),
            ("TOETSWEB", "Toetsweb", true),
            ("OEFENPLEIN", "Oefenplein", false),
        ] {
            let input = AddPlatform {
                id: self.id(),
                code: code.into(),
                name: name.into(),
                needs_device: true,
                secure: permitted,
            };
            let platform = platform::add(self.db, caller, input).await?;
            platforms.push(platform);
            if permitted {
                let grounds = "Veilige afname getoetst; verwerkersovereenkomst getekend".into();
                let input =
                    Permit { platform, version: 1, from: FROM, until: None, grounds, decision: self.id() };
                platform::permit(self.db, &hands.chair, input).await?;
            }
        }
        let mut suppliers = Vec::new();
        for (code, name, until) in [
            ("EXA", "Examenmakers Nederland", Some(UNTIL)),
            ("TPL", "Toetsplaats", Some(date(YEAR, 12, 31))),
            ("OUD", "Oude examendienst", Some(date(YEAR - 1, 7, 31))),
        ] {
            let input = AddSupplier {
                id: self.id(),
                code: code.into(),
                name: name.into(),
                mail: Some(format!("examens@{}.example", code.to_lowercase())),
                certified_until: until,
            };
            suppliers.push(supplier::add(self.db, caller, input).await?);
        }
        let mut consents = Vec::new();
        for title in ["Examens van de beroepsgerichte onderdelen", "Keuzedelen met een regionale kleur"] {
            let input = Ask {
                id: self.id(),
                title: title.into(),
                grounds: "Leveranciers bieden hier niets voor aan; de examens worden extern gevalideerd"
                    .into(),
                begins: FROM,
                ends: UNTIL,
            };
            consents.push(consent::ask(self.db, &hands.chair, input).await?);
        }
        let consent = consents.first().copied().unwrap_or(ConsentId::NIL);
        // The second one still waits for the board.
        let answer = Answer {
            id: consent,
            version: 1,
            state: consent::State::Given,
            answer: "Akkoord voor twee schooljaren, met verslag aan het eind".into(),
            decision: self.id(),
        };
        consent::answer(self.db, &board, answer).await?;
        let platform = |n: usize| platforms.get(n).copied().unwrap_or(PlatformId::NIL);
        Ok(Shelf {
            facet: platform(0),
            exam: platform(1),
            supplier: suppliers.first().copied().unwrap_or(SupplierId::NIL),
            consent,
        })
    }

    async fn test(
        &self,
        crowd: &mut Crowd,
        caller: &Caller,
        hands: &Hands,
        shelf: &Shelf,
        wanted: &Wanted,
        reached: Reached,
    ) -> Result<(), Error> {
        let platform = match wanted.kind {
            Kind::Central => Some(shelf.facet),
            Kind::Digital => Some(shelf.exam),
            _ => None,
        };
        let bought = matches!(wanted.kind, Kind::Digital | Kind::Oral);
        let input = AddTest {
            id: self.id(),
            code: wanted.code.clone(),
            name: wanted.name.clone(),
            minutes: wanted.minutes,
            kind: wanted.kind,
            subject: wanted.subject.map(Into::into),
            reference_level: wanted.level.map(Into::into),
            platform,
            needs_device: platform.is_some(),
            supplier: bought.then_some(shelf.supplier),
            needs: needs(wanted.kind).iter().map(|need| (*need).to_owned()).collect(),
        };
        let windows: Vec<PutWindow> = match wanted.kind {
            Kind::Central => windows()
                .into_iter()
                .map(|(name, opens, closes)| PutWindow {
                    id: self.id(),
                    test: input.id,
                    name: name.into(),
                    opens,
                    closes,
                })
                .collect(),
            _ => Vec::new(),
        };
        let route = match wanted.kind {
            Kind::Central => Route::Central,
            _ if bought => Route::Bought,
            _ => Route::Validated,
        };
        let instrument = AddInstrument {
            id: self.id(),
            version: self.id(),
            test: input.id,
            code: format!("I-{}", wanted.code),
            name: wanted.name.clone(),
            route,
            supplier: bought.then_some(shelf.supplier),
            consent: route.own().then_some(shelf.consent),
        };
        let make = Making {
            write: write(instrument.version, wanted),
            variants: ["A", "B"]
                .map(|code| PutVariant {
                    id: instrument.version,
                    version: 0,
                    variant: self.id(),
                    code: code.into(),
                    name: format!("Vorm {code}"),
                })
                .into(),
            documents: documents(instrument.version, wanted.kind, [self.id(), self.id()]),
            open: Open { id: self.id(), version: instrument.version, meeting: date(YEAR, 8, 4) },
            decision: self.id(),
            instrument,
            reached,
        };
        let (db, caller, hands) = (self.db.clone(), caller.clone(), hands.clone());
        crowd
            .start(async move {
                let test: TestId = test::add(&db, &caller, input).await?;
                for mut window in windows {
                    window.test = test;
                    test::put_window(&db, &caller, window).await?;
                }
                make.carry_out(&db, &hands).await
            })
            .await
    }

    /// A plan for each cohort of each programme; of the youngest cohort a few are still drafts.
    async fn plans(&self, caller: &Caller, hands: &Hands, programs: &[Drawn]) -> Result<usize, Error> {
        let mut crowd = Crowd::default();
        let mut made = 0;
        for (n, drawn) in programs.iter().enumerate() {
            let sheet: Vec<SheetRow> = (2..)
                .zip(rows(drawn, n))
                .map(|(number, cells)| SheetRow {
                    number,
                    cells: cells.into_iter().map(|cell| Some(cell).filter(|cell| !cell.is_empty())).collect(),
                })
                .collect();
            let years = i16::try_from(drawn.level.min(3)).unwrap_or(3);
            for back in 0..years {
                let input = AddPlan {
                    id: self.id(),
                    crebo: format!("{}", 25_000 + n * 3),
                    cohort: u32::try_from(YEAR - back).unwrap_or_default(),
                    name: drawn.name.into(),
                    level: drawn.level,
                };
                let freeze = (back > 0 || n % 12 != 5).then(|| Freeze {
                    id: input.id,
                    version: 2,
                    decision: self.id(),
                });
                let (db, caller, chair, sheet) =
                    (self.db.clone(), caller.clone(), hands.chair.clone(), sheet.clone());
                made += 1;
                crowd
                    .start(async move {
                        let id = plan::add(&db, &caller, input).await?;
                        import::carry_out(&db, &caller, id, 1, sheet).await?;
                        if let Some(freeze) = freeze {
                            plan::freeze(&db, &chair, freeze).await?;
                        }
                        Ok(())
                    })
                    .await?;
            }
        }
        crowd.end().await?;
        Ok(made)
    }
}

/// Regie itself, in somebody's name: the demo fills through the use cases people use.
fn acting(caller: &Caller, person: Option<PersonId>) -> Caller {
    Caller { person, ..caller.clone() }
}

/// Most are in use; some wait, some are still being made.
fn reached(n: usize, wanted: &Wanted) -> Reached {
    match n % 17 {
        _ if wanted.subject.is_some() => Reached::Active,
        6 => Reached::Draft,
        11 => Reached::Submitted,
        3 | 14 => Reached::Approved,
        _ => Reached::Active,
    }
}

const fn needs(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Digital | Kind::Central => {
            &["extraTime", "spoken", "spell-checker-on-screen", "separateRoom", "largePrint"]
        }
        Kind::Written => &["extraTime", "separateRoom", "largePrint", "writer"],
        Kind::Oral | Kind::Practical => &["extraTime", "separateRoom", "other"],
    }
}

/// The national windows of the year.
fn windows() -> [(&'static str, Date, Date); 5] {
    [
        ("Periode 1", date(YEAR, 9, 14), date(YEAR, 9, 18)),
        ("Periode 2", date(YEAR, 11, 16), date(YEAR, 12, 11)),
        ("Periode 3", date(YEAR + 1, 1, 18), date(YEAR + 1, 2, 12)),
        ("Periode 4", date(YEAR + 1, 3, 22), date(YEAR + 1, 4, 16)),
        ("Periode 5", date(YEAR + 1, 5, 24), date(YEAR + 1, 7, 2)),
    ]
}

fn write(id: InstrumentVersionId, wanted: &Wanted) -> Write {
    let scored = !matches!(wanted.kind, Kind::Practical);
    let (most, cut) = (50, 30);
    let conversion = conversion::linear(most, cut).filter(|_| scored).unwrap_or_default();
    Write {
        id,
        version: 1,
        content: Content {
            minutes: wanted.minutes,
            extra_time: true,
            result: if scored { "grade" } else { "letter" }.into(),
            max_score: scored.then_some(most),
            cut_score: scored.then_some(cut),
            cohorts: "2024, 2025, 2026".into(),
            blueprint: format!("{}: kennis 40 %, toepassen 40 %, inzicht 20 %", wanted.name),
            scheme: "Een punt per goed antwoord, hooguit drie per open vraag".into(),
        },
        conditions: [
            ("place", "Op een locatie van de school, of bij een erkend leerbedrijf"),
            ("supervision", "Een surveillant per 25 kandidaten, met een minimum van twee"),
            ("material", "Pen en kladpapier; kladpapier wordt ingenomen"),
        ]
        .map(|(kind, text)| (kind, text.to_owned()))
        .into(),
        aids: match wanted.subject {
            Some("rekenen") => vec!["Rekenmachine".into(), "Kladpapier".into()],
            Some(_) => vec!["Woordenboek".into()],
            None => vec!["Beroepscode".into()],
        },
        conversion: (0..)
            .zip(conversion)
            .map(|(score, grade)| ConversionRow { variant: String::new(), score, grade })
            .collect(),
    }
}

fn documents(
    id: InstrumentVersionId,
    kind: Kind,
    [task, practice]: [regie_core::id::DocumentId; 2],
) -> Vec<AttachDocument> {
    let one = |document, name: &str, purpose, audience, moment, text: &str| AttachDocument {
        id,
        version: 0,
        document,
        variant_code: String::new(),
        name: name.into(),
        purpose,
        audience,
        moment,
        days: 0,
        file: hex::encode(Sha256::digest(text.as_bytes())),
        media_type: "text/plain".into(),
        size: i64::try_from(text.len()).unwrap_or_default(),
    };
    let purpose = if matches!(kind, Kind::Practical | Kind::Oral) { Purpose::Form } else { Purpose::Task };
    let audience = if purpose == Purpose::Form { Audience::Assessor } else { Audience::Student };
    vec![
        one(task, "opgave.txt", purpose, audience, Moment::Start, TASK),
        one(practice, "oefenexamen.txt", Purpose::Practice, Audience::Student, Moment::Approved, PRACTICE),
    ]
}

struct Making {
    instrument: AddInstrument,
    write: Write,
    variants: Vec<PutVariant>,
    documents: Vec<AttachDocument>,
    open: Open,
    decision: regie_core::id::DecisionId,
    reached: Reached,
}

impl Making {
    async fn carry_out(self, db: &regie_access::Db, hands: &Hands) -> Result<(), Error> {
        let (author, id) = (&hands.author, self.instrument.version);
        let central = self.instrument.route == Route::Central;
        instrument::add(db, author, self.instrument).await?;
        version::write(db, author, self.write).await?;
        let mut shown = 2;
        for variant in self.variants {
            version::put_variant(db, author, PutVariant { version: shown, ..variant }).await?;
            shown += 1;
        }
        for document in self.documents {
            version::attach(db, author, AttachDocument { version: shown, ..document }).await?;
            shown += 1;
        }
        if self.reached == Reached::Draft {
            return Ok(());
        }
        version::submit(db, author, id, shown).await?;
        shown += 2;
        if !central {
            if self.reached == Reached::Submitted {
                return Ok(());
            }
            let approval = approval::open(db, &hands.chair, self.open).await?;
            let list =
                Point::ALL.iter().map(|point| CheckItem { point: *point, said: Said::Yes, remark: None });
            approval::answer(db, &hands.chair, approval, 1, list.collect()).await?;
            for who in [&hands.chair, &hands.member] {
                approval::cast(db, who, approval, Choice::For, None).await?;
            }
            let decide = Decide {
                id: approval,
                version: 2,
                approved: true,
                findings: None,
                valid_from: FROM,
                valid_until: Some(UNTIL),
                decision: self.decision,
            };
            approval::decide(db, &hands.chair, decide).await?;
            shown += 1;
        }
        if self.reached == Reached::Active {
            version::activate(db, &hands.chair, id, shown).await?;
        }
        Ok(())
    }
}
