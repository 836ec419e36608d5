//! The demo school: the same for the same seed, filled through the use cases people use.

mod catalog;
mod company;
mod crowd;
mod exams;
mod learning;
mod names;
mod people;
mod programs;
mod school;

pub use catalog::FILES;
pub use school::fill;

use regie_access::Db;
use regie_core::Role;
use regie_web::house::DemoSignIn;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    Tiny,
    Small,
    Medium,
    Large,
}

/// What a size means.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub students: usize,
    pub staff: usize,
    pub campuses: usize,
    pub rooms: usize,
    pub teams: usize,
    pub programs: usize,
    pub companies: usize,
}

impl Size {
    pub const fn measure(self) -> Measure {
        match self {
            Size::Tiny => {
                Measure { students: 40, staff: 6, campuses: 2, rooms: 6, teams: 3, programs: 6, companies: 3 }
            }
            Size::Small => Measure {
                students: 600,
                staff: 40,
                campuses: 2,
                rooms: 16,
                teams: 8,
                programs: 24,
                companies: 20,
            },
            Size::Medium => Measure {
                students: 3_000,
                staff: 220,
                campuses: 4,
                rooms: 45,
                teams: 20,
                programs: 90,
                companies: 80,
            },
            Size::Large => Measure {
                students: 12_000,
                staff: 900,
                campuses: 7,
                rooms: 120,
                teams: 60,
                programs: 230,
                companies: 300,
            },
        }
    }
}

/// Everybody's password in the demo. It is shown on the sign-in page.
pub const PASSWORD: &str = "welkom-in-de-demo";
/// The demo school's short name; its sign-in page alone offers ready accounts.
pub const SLUG: &str = "roc-delta-demo";

/// The accounts that the sign-in page offers: one per role. Empty when this is no demo.
pub async fn sign_ins(db: &Db) -> Result<Vec<DemoSignIn>, regie_people::Error> {
    if regie_people::institution::by_slug(db, SLUG).await?.is_none() {
        return Ok(Vec::new());
    }
    Ok(Role::ALL
        .iter()
        .map(|role| DemoSignIn {
            mail: mail(*role),
            password: PASSWORD.into(),
            name: names::of_role(*role),
            role: *role,
        })
        .collect())
}

fn mail(role: Role) -> String {
    format!("{}@delta.example", role.code().to_lowercase())
}
