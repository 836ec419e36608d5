//! Signing in through somebody else: OpenID Connect, in the shapes of SURFconext and Entree Federatie.
//!
//! A provider and the way its claims name people are settings of a school. Tokens stay here and are not kept.

mod fetch;
mod flow;
mod hand;
mod jose;
mod link;
mod logout;
mod mapping;
mod provider;
mod store;

pub use fetch::Federation;
pub use flow::{Leaving, Returned, come_back, leave};
pub use hand::{link_by_hand, links, unlink};
pub use logout::{of_account, told_out, way_out};
pub use mapping::{By, Home, Link, Mapping};
pub use provider::{AddProvider, Provider, add, end, list, offered};
pub use store::Linked;

use crate::{Error, Vault};
use regie_access::Db;
use regie_core::id::InstitutionId;
use regie_core::{Caller, Random};
use regie_db::{Ask, Event, Expect};

/// Puts every provider's secret under the newest key.
pub(crate) async fn reseal(db: &Db, vault: &Vault, random: &dyn Random) -> Result<usize, Error> {
    let mut count = 0;
    for (id, old) in db.reader(InstitutionId::NIL).all(store::sealed()).await? {
        if vault.is_fresh(&old) {
            continue;
        }
        let about = provider::about(id);
        let fresh = vault.seal(random, &about, &vault.open(&about, &old)?)?;
        db.write::<(), Error, _, _>(
            &Caller::system(InstitutionId::NIL, db.now()),
            (id, old, fresh),
            |tx, (id, old, fresh)| {
                Box::pin(async move {
                    tx.queue(store::set_secret(id, &old, &fresh), Expect::any());
                    Ok(tx.done((), Event::none("the secret is what it was")))
                })
            },
        )
        .await?;
        count += 1;
    }
    Ok(count)
}
