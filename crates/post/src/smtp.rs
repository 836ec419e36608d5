//! Delivery to the school's or the house's mail server.

use crate::mail::{Mail, MailError};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{SmtpTransport, Transport};
use std::time::Duration;

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User and password.
    pub credentials: Option<(String, String)>,
    /// For one step of the conversation.
    pub timeout: Duration,
    /// The name this server gives itself.
    pub hello: String,
    /// An own certificate authority in PEM, besides those the machine trusts.
    pub trusted: Option<Vec<u8>>,
    pub connections: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte, usually port 465.
    Tls,
    /// Upgraded before anything is said, usually port 587; refused when the server cannot.
    StartTls,
    /// In the clear. Only for a server on the same machine.
    None,
}

/// Why the settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error(
        "mail without encryption is only for a server on this machine, not for {0}; choose starttls or tls"
    )]
    ClearAbroad(String),
    #[error("a password is only sent encrypted; choose starttls or tls")]
    ClearPassword,
    #[error("the trusted certificate is no PEM certificate: {0}")]
    Certificate(String),
    #[error("the mail server {host} cannot be used: {reason}")]
    Host { host: String, reason: String },
}

/// Why a mail did not leave, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub then: Then,
    /// The server's reply code, when there was one.
    pub code: Option<u16>,
    /// For the administrator, in the server's words.
    pub said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Busy, away or cut off: the same mail again later. It may have arrived; the message id tells.
    Retry,
    /// This address or this mail will never be accepted: tell the sender, do not try again.
    Bounce,
    /// The server does not accept us (password, certificate, relaying): keep every mail and tell the administrator.
    Settings,
}

/// A mail server, spoken to over a few kept connections.
///
/// The conversation runs on a blocking thread: the library keeps its time limits only there, and its asynchronous pool would take back
/// a connection whose user stopped waiting in the middle of a mail, so that the next mail reads that mail's answers.
#[derive(Clone)]
pub struct Smtp {
    transport: SmtpTransport,
}

impl SmtpSettings {
    fn build(&self) -> Result<SmtpTransport, SettingsError> {
        let local = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let tls = match self.security {
            Security::None if !local => return Err(SettingsError::ClearAbroad(self.host.clone())),
            Security::None if self.credentials.is_some() => return Err(SettingsError::ClearPassword),
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(self.parameters()?),
            Security::Tls => Tls::Wrapper(self.parameters()?),
        };
        let mut transport = SmtpTransport::builder_dangerous(&self.host)
            .port(self.port)
            .tls(tls)
            .timeout(Some(self.timeout))
            .hello_name(ClientId::Domain(self.hello.clone()))
            .pool_config(PoolConfig::new().max_size(self.connections).idle_timeout(Duration::from_secs(30)));
        if let Some((user, password)) = &self.credentials {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(transport.build())
    }

    fn parameters(&self) -> Result<TlsParameters, SettingsError> {
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.trusted {
            let certificate =
                Certificate::from_pem(pem).map_err(|error| SettingsError::Certificate(error.to_string()))?;
            parameters = parameters.add_root_certificate(certificate);
        }
        parameters
            .build_rustls()
            .map_err(|error| SettingsError::Host { host: self.host.clone(), reason: error.to_string() })
    }
}

impl Smtp {
    pub fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        Ok(Self { transport: settings.build()? })
    }

    /// Returns when the server has taken the mail on its own responsibility.
    pub async fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        let message = mail.message().map_err(|error| Refusal::from(&error))?;
        let unusual = message.envelope().to().iter().any(|to| !to.to_string().is_ascii());
        let transport = self.transport.clone();
        match aside(move || transport.send(&message)).await? {
            Ok(_) => Ok(()),
            // The one error of the library itself that is about the recipient: letters this server cannot address.
            Err(error) if error.is_client() && unusual => {
                Err(Refusal { then: Then::Bounce, ..Refusal::from(&error) })
            }
            Err(error) => Err(Refusal::from(&error)),
        }
    }

    /// Connects, greets and signs in, for the administrator's "does it work?".
    pub async fn test(&self) -> Result<(), Refusal> {
        let transport = self.transport.clone();
        match aside(move || transport.test_connection()).await? {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal {
                then: Then::Retry,
                code: None,
                said: "the server did not answer the greeting".to_owned(),
            }),
            Err(error) => Err(Refusal::from(&error)),
        }
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal {
        then: Then::Retry,
        code: None,
        said: "the conversation with the mail server was ended from inside".to_owned(),
    })
}

impl From<&MailError> for Refusal {
    fn from(error: &MailError) -> Self {
        Self { then: Then::Bounce, code: None, said: error.to_string() }
    }
}

impl From<&smtp::Error> for Refusal {
    fn from(error: &smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        Self { then: then(code, error), code, said: error.to_string() }
    }
}

fn then(code: Option<u16>, error: &smtp::Error) -> Then {
    match code {
        // Sign-in refused (RFC 4954) or encryption demanded: no word about the one who was to get the mail.
        Some(432 | 454 | 530 | 534 | 535 | 538) => Then::Settings,
        // Commands not known or not allowed here are about our conversation, not about the mail.
        Some(500..=504 | 521) => Then::Settings,
        Some(500..) => Then::Bounce,
        Some(_) => Then::Retry,
        None if error.is_tls() || is_encryption(error) => Then::Settings,
        // "No compatible authentication", "STARTTLS not supported": the library stops by itself.
        None if error.is_client() => Then::Settings,
        None => Then::Retry,
    }
}

/// A certificate that is not trusted, or a server that does not speak TLS here: both surface as data that makes no sense.
fn is_encryption(error: &smtp::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return io.kind() == std::io::ErrorKind::InvalidData;
        }
        source = cause.source();
    }
    false
}
