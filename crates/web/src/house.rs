//! What every page stands on. The database is only held here to be handed to use cases.

use regie_access::Db;
use regie_core::{Clock, Random};
use regie_signin::{Passwords, Policy};
use std::sync::Arc;

/// The state of the HTML door. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub passwords: Passwords,
    pub policy: Policy,
    /// What readers hand in.
    pub files: regie_files::Files,
    /// Readers come by https.
    pub secure: bool,
    /// Sign-ins that the sign-in page of a demo school offers; empty anywhere else.
    pub demo: Arc<[DemoSignIn]>,
}

/// One account of the demo school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSignIn {
    pub mail: String,
    pub password: String,
    pub name: String,
    pub role: regie_core::Role,
}

impl House {
    pub fn new_id<T: regie_core::id::Id>(&self) -> T {
        regie_core::clock::new_id(&*self.clock, &*self.random)
    }

    /// The cookie that holds a browser's token.
    pub const fn cookie(&self) -> &'static str {
        if self.secure { "__Host-regie" } else { "regie" }
    }
}
