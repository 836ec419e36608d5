//! `simulate sis|tpl|ta`: a party to test against.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use super::runtime;
use crate::client::Log;
use crate::exchange::Role;
use crate::outside::Outside;
use crate::server::Limits;
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::Fault;
use crate::simulate::{Actions, Agent, Partners, Scenario, Stand, StandSettings, credentials, page, prepare};

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Which party: sis, tpl or ta; or `faults`, to list what can be made to go wrong.
    party: String,
    /// The port to listen on; without it sis 9801, tpl 9802, ta 9803.
    #[arg(long)]
    port: Option<u16>,
    /// A scenario file; without it a small school without trouble.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// How many times faster than real the clock runs.
    #[arg(long, default_value_t = 60.0)]
    speed: f64,
    /// Where the SIS is, for example http://127.0.0.1:9801.
    #[arg(long)]
    sis: Option<String>,
    /// Where the planner is.
    #[arg(long)]
    tpl: Option<String>,
    /// Where the delivery system is.
    #[arg(long)]
    ta: Option<String>,
    /// Call nobody; only serve.
    #[arg(long)]
    alone: bool,
    /// Set up what `conform` asks for, and write the file for its --prepared here.
    #[arg(long)]
    prepare: Option<PathBuf>,
}

impl Simulate {
    pub(super) fn run(self, outside: &Outside, out: &mut dyn Write) -> Result<bool, String> {
        let broken = |error: std::io::Error| format!("The output cannot be written: {error}.");
        if self.party == "faults" {
            for fault in Fault::all() {
                writeln!(
                    out,
                    "{:<3}  {:<9}  {}",
                    fault.role.name(),
                    format!("{:?}", fault.class),
                    fault.name
                )
                .map_err(broken)?;
            }
            return Ok(true);
        }
        let role: Role = self.party.parse().map_err(|_| {
            format!(
                "There is no party {}; choose sis, tpl or ta, or faults to see what can go wrong.",
                self.party
            )
        })?;
        let scenario = match &self.scenario {
            None => Scenario::default(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
                Scenario::read(&text, role).map_err(|reason| format!("{}: {reason}", file.display()))?
            }
        };
        if !(self.speed.is_finite() && self.speed > 0.0) {
            return Err("The speed must be more than zero; 60 is a minute a second.".to_owned());
        }
        let port = |role| match role {
            Role::Sis => 9801,
            Role::Tpl => 9802,
            Role::Ta => 9803,
        };
        let mut partners = Partners::default();
        if !self.alone {
            let given =
                BTreeMap::from([(Role::Sis, &self.sis), (Role::Tpl, &self.tpl), (Role::Ta, &self.ta)]);
            for (other, origin) in given.into_iter().filter(|(other, _)| *other != role) {
                let origin = origin.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", port(other)));
                partners.origins.insert(other, origin.trim_end_matches('/').to_owned());
                if let Some(profile) = scenario.partners.get(other.name()) {
                    partners.quirks.insert(other, profile.quirks());
                }
            }
        }
        let clock = running(outside, &scenario, self.speed);
        let listen = SocketAddr::from(([127, 0, 0, 1], self.port.unwrap_or_else(|| port(role))));
        runtime()?.block_on(async move {
            let actions = Arc::new(Actions::default());
            let settings = StandSettings {
                role,
                listen,
                limits: Limits::default(),
                faults: scenario.first_faults(role),
            };
            let desk = Arc::clone(&actions);
            let stand = Stand::start_with(settings, clock.clone(), |memory, traffic| {
                page(role, memory, traffic, &desk)
            })
            .await?;
            let log: Arc<dyn Log> = Arc::clone(&stand.traffic) as Arc<dyn Log>;
            let school = scenario.school();
            let mut agent = Agent::new(stand, scenario, &partners, actions, &log, clock)?;
            if let Some(file) = &self.prepare {
                let prepared = prepare(&agent.stand, &school);
                let text = serde_json::to_string_pretty(&prepared).unwrap_or_default();
                std::fs::write(file, text)
                    .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
            }
            introduce(out, &agent.stand).map_err(broken)?;
            let mut told = 0;
            loop {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => return Ok(true),
                    () = tokio::time::sleep(Duration::from_millis(200)) => {}
                }
                agent.step().await;
                for work in agent.work.iter().skip(told) {
                    writeln!(out, "work: {} {}", work.what, work.why).map_err(broken)?;
                }
                told = agent.work.len();
            }
        })
    }
}

/// The simulated clock: an hour before the first session, running at the wanted speed.
fn running(outside: &Outside, scenario: &Scenario, speed: f64) -> Outside {
    let begin = scenario.school().after(-60);
    let started = Instant::now();
    outside.with_clock(move || {
        let passed = started.elapsed().mul_f64(speed.min(100_000.0));
        let passed = jiff::SignedDuration::try_from(passed).unwrap_or(jiff::SignedDuration::MAX);
        begin.saturating_add(passed).unwrap_or(begin)
    })
}

fn introduce(out: &mut dyn Write, stand: &Stand) -> std::io::Result<()> {
    writeln!(out, "{} at {}", stand.role, stand.base_url())?;
    writeln!(out, "tokens at {}; page at http://{}/", stand.token_url(), stand.address)?;
    for caller in Role::ALL.into_iter().filter(|caller| *caller != stand.role) {
        let own = credentials(caller, SCHOOL);
        writeln!(out, "a {caller} calls with client id {} and secret {}", own.id, own.secret)?;
    }
    writeln!(out, "Stop with Ctrl-C.")?;
    out.flush()
}
