//! The pool. A line that was left in the middle of something is thrown away, never reused.

use super::PostgresSettings;
use super::line::Line;
use crate::Error;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(crate) struct Pool {
    pub(super) free: Arc<Mutex<Vec<Connected>>>,
    permits: Arc<Semaphore>,
    size: usize,
    config: Config,
    tls: MakeRustlsConnect,
    row_security: bool,
}

/// An open line with what it has prepared, keyed by the statement's text in memory.
pub(crate) struct Connected {
    pub(super) client: tokio_postgres::Client,
    pub(super) prepared: HashMap<(usize, usize), tokio_postgres::Statement>,
}

impl Pool {
    pub(crate) fn new(settings: &PostgresSettings) -> Result<Self, Error> {
        let mut config: Config =
            settings.url.parse().map_err(|error| Error::Refused(format!("database address: {error}")))?;
        config.application_name("regie");
        config.connect_timeout(std::time::Duration::from_secs(3));
        config.keepalives_idle(std::time::Duration::from_secs(30));
        Ok(Self {
            free: Arc::default(),
            permits: Arc::new(Semaphore::new(settings.connections)),
            size: settings.connections,
            config,
            tls: tls(settings)?,
            row_security: settings.row_security,
        })
    }

    /// Lines that are lent out, and how many there may be.
    pub(crate) fn in_use(&self) -> (usize, usize) {
        (self.size.saturating_sub(self.permits.available_permits()), self.size)
    }

    /// A free line, or a new one. Lines that died while idle are dropped on the way.
    pub(crate) async fn line(&self) -> Result<Line, Error> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|e| Error::Bug(e.to_string()))?;
        loop {
            let idle = self.free.lock().map_err(|_| Error::Bug("the pool is poisoned".into()))?.pop();
            match idle {
                Some(connected) if connected.client.is_closed() => {}
                Some(connected) => {
                    return Ok(Line::new(connected, self.free.clone(), permit, self.row_security));
                }
                None => break,
            }
        }
        let client = self.connect().await?;
        let connected = Connected { client, prepared: HashMap::new() };
        Ok(Line::new(connected, self.free.clone(), permit, self.row_security))
    }

    async fn connect(&self) -> Result<tokio_postgres::Client, Error> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a line to the database ended");
            }
        });
        // A statement that runs too long, or a transaction that nobody ends, would hold rows and the journal's seal.
        client
            .batch_execute(
                "SET TIME ZONE 'UTC'; SET jit = off; SET statement_timeout = '10s';
                 SET idle_in_transaction_session_timeout = '30s'",
            )
            .await?;
        Ok(client)
    }

    /// A line of its own, outside the pool, whose notices go to `heard`.
    pub(crate) async fn listen(
        &self,
        channel: &str,
        heard: tokio::sync::mpsc::UnboundedSender<String>,
    ) -> Result<(tokio_postgres::Client, tokio::task::JoinHandle<()>), Error> {
        let (client, mut connection) = self.config.connect(self.tls.clone()).await?;
        let task = tokio::spawn(async move {
            loop {
                let next = std::future::poll_fn(|context| connection.poll_message(context)).await;
                match next {
                    Some(Ok(tokio_postgres::AsyncMessage::Notification(notice))) => {
                        if heard.send(notice.payload().into()).is_err() {
                            return;
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                }
            }
        });
        client.batch_execute(&format!("LISTEN {channel}")).await?;
        Ok((client, task))
    }
}

/// Encryption is used when the address asks for it (`sslmode=require`); the server's name is then always checked.
fn tls(settings: &PostgresSettings) -> Result<MakeRustlsConnect, Error> {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(path) = &settings.authority {
        use rustls_pki_types::pem::PemObject;
        let unreadable = |error: &dyn std::fmt::Display| {
            Error::Refused(format!("the database's certificate authority {}: {error}", path.display()))
        };
        for certificate in
            rustls_pki_types::CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))?
        {
            let certificate = certificate.map_err(|error| unreadable(&error))?;
            roots.add(certificate).map_err(|error| unreadable(&error))?;
        }
    } else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Bug(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
