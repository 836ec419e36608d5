//! The other side of the suite: the partners that the tested party calls.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::SignedDuration;

use crate::exchange::Role;
use crate::outside::Outside;
use crate::simulate::data::School;
use crate::simulate::{Seen, Stand, StandSettings};

/// The partners of a tested party, listening.
#[derive(Debug)]
pub struct Listening {
    stands: Vec<Stand>,
}

impl Listening {
    /// Starts every partner a party can call, with a small school to speak about; each takes the next port, or a free one if the port is 0.
    ///
    /// # Errors
    /// If an address cannot be listened on.
    pub async fn start(tested: Role, listen: SocketAddr, outside: &Outside) -> Result<Self, String> {
        let mut stands = Vec::new();
        // Something to plan: tests from tomorrow on, students, a catalogue.
        let tomorrow = SignedDuration::from_hours(24);
        let now = outside.now();
        let school = School::small(now.saturating_add(tomorrow).unwrap_or(now));
        for (index, role) in Role::ALL.into_iter().filter(|role| *role != tested).enumerate() {
            let mut address = listen;
            if listen.port() != 0 {
                let step = u16::try_from(index).unwrap_or(0);
                address.set_port(
                    listen.port().checked_add(step).ok_or("The port is too high; choose a lower one.")?,
                );
            }
            let settings = StandSettings { listen: address, ..StandSettings::new(role) };
            let stand = Stand::start(settings, outside.clone()).await?;
            school.fill(&stand.memory, role);
            stands.push(stand);
        }
        Ok(Self { stands })
    }

    /// The partner with this role.
    #[must_use]
    pub fn stand(&self, role: Role) -> Option<&Stand> {
        self.stands.iter().find(|stand| stand.role == role)
    }

    /// The first call to a partner, after call number `since`, that is the wanted one; waits for it.
    pub async fn wait(
        &self,
        role: Role,
        since: u64,
        patience: Duration,
        wanted: impl Fn(&Seen) -> bool,
    ) -> Option<Seen> {
        let stand = self.stand(role)?;
        let mut count = stand.traffic.watch();
        let found = async {
            loop {
                count.borrow_and_update();
                if let Some(seen) = stand.traffic.since(since).into_iter().find(|seen| wanted(seen)) {
                    return Some(seen);
                }
                if count.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(patience, found).await.ok().flatten()
    }
}
