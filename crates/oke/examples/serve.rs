//! Serves a delivery system from memory until Ctrl-C: `cargo run -p regie-oke --example serve`.

use regie_oke::exchange::Role;
use regie_oke::outside::Outside;
use regie_oke::simulate::data::School;
use regie_oke::simulate::{Stand, StandSettings, prepare};

#[tokio::main]
async fn main() -> Result<(), String> {
    #[allow(clippy::disallowed_methods, reason = "a program of its own: it owns the clock and the dice")]
    let outside = Outside::new(jiff::Timestamp::now, |bytes| rand::Rng::fill(&mut rand::rng(), bytes));
    let start = outside.now();
    let stand = Stand::start(StandSettings::new(Role::Ta), outside).await?;
    let prepared = prepare(&stand, &School::small(start));
    println!("{} with component {:?}; stop with Ctrl-C", stand.base_url(), prepared.component);
    tokio::signal::ctrl_c().await.map_err(|error| format!("Ctrl-C cannot be awaited: {error}."))
}
