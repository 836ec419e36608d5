//! One partner as settings: where it is, who we are there, what is peculiar about it.

use std::fmt;
use std::time::Duration;

use crate::exchange::{Role, Scope};

/// A system we call.
#[derive(Clone)]
pub struct Partner {
    /// The name people know it by.
    pub name: String,
    /// What it is to us.
    pub role: Role,
    /// Its base URL, for example `https://sis.example/ooapi`.
    pub base_url: String,
    /// Its token endpoint; nothing if it asks for no token.
    pub token_url: Option<String>,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// The scopes to ask for.
    pub scopes: Vec<Scope>,
    /// What is peculiar about it.
    pub quirks: Quirks,
    /// When and how often to try again.
    pub retry: Retry,
    /// How long one request may take.
    pub timeout: Duration,
    /// The largest answer in bytes.
    pub largest_answer: usize,
    /// The largest document in bytes.
    pub largest_document: usize,
    /// The most pages of one list.
    pub most_pages: u32,
    /// Certificate authorities besides those of the system, in PEM.
    pub authorities: Vec<Vec<u8>>,
    /// Allows plain HTTP: for simulators on this machine only.
    pub allow_http: bool,
}

impl fmt::Debug for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partner")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("base_url", &self.base_url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl Partner {
    /// A partner with ordinary settings.
    #[must_use]
    pub fn new(name: &str, role: Role, base_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            role,
            base_url: base_url.trim_end_matches('/').to_owned(),
            token_url: None,
            client_id: String::new(),
            client_secret: String::new(),
            scopes: Vec::new(),
            quirks: Quirks::default(),
            retry: Retry::default(),
            timeout: Duration::from_secs(30),
            largest_answer: 16 * 1024 * 1024,
            largest_document: crate::document::LARGEST,
            most_pages: 100_000,
            authorities: Vec::new(),
            allow_http: false,
        }
    }

    /// The same with credentials.
    #[must_use]
    pub fn with_credentials(mut self, token_url: &str, id: &str, secret: &str, scopes: &[Scope]) -> Self {
        self.token_url = Some(token_url.to_owned());
        self.client_id = id.to_owned();
        self.client_secret = secret.to_owned();
        self.scopes = scopes.to_vec();
        self
    }
}

/// What is peculiar about a partner.
#[derive(Debug, Clone)]
pub struct Quirks {
    /// It takes a PATCH only as `application/json`.
    pub patch_as_json: bool,
    /// It wants moments instead of days in `since` and `until`.
    pub moments_in_queries: bool,
    /// It wants id and secret in the form instead of the Authorization header.
    pub credentials_in_form: bool,
    /// Its token endpoint refuses a scope parameter.
    pub no_scope_parameter: bool,
    /// The page size to ask for.
    pub page_size: u32,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            patch_as_json: false,
            moments_in_queries: false,
            credentials_in_form: false,
            no_scope_parameter: false,
            page_size: 250,
        }
    }
}

/// When and how often to try again.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// How often at most, the first time included.
    pub attempts: u32,
    /// How long to wait after the first failure; doubled each time.
    pub first: Duration,
    /// How long to wait at most.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, first: Duration::from_millis(500), longest: Duration::from_secs(60) }
    }
}
