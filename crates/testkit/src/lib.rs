//! What tests stand on: both real databases, a clock to move and repeatable randomness.
//!
//! ```ignore
//! regie_testkit::both! {
//!     async fn full_is_full(world: World) { … world.db … }
//! }
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)] // tests only

mod clock;
pub mod crash;
mod disk;
mod postgres;
mod small;
mod statement;
mod world;

pub use clock::{MovableClock, RealClock, SeededRandom};
pub use disk::Disk;
pub use postgres::{Cluster, Durability, cluster};
pub use small::{SmallDisk, for_postgres};
pub use statement::{statements, statements_on};
pub use world::{World, empty_database};

#[doc(hidden)]
pub use tokio;

/// Writes each test once and runs it on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)*) => { $(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[allow(unused_mut, unused_variables)]
            async fn run(mut $world: $crate::World) $body

            $(#[$meta])*
            #[test]
            fn on_sqlite() {
                $crate::tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2).enable_all().build().unwrap()
                    .block_on(async { run($crate::World::sqlite().await).await });
            }

            $(#[$meta])*
            #[test]
            fn on_postgres() {
                $crate::tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2).enable_all().build().unwrap()
                    .block_on(async { run($crate::World::postgres().await).await });
            }
        }
    )* };
}
