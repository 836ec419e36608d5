//! The mail server of this installation, and who carries mail to it.

use crate::settings::Settings;
use regie_jobs::mail::{Courier, Way};
use regie_post::{Address, Post, Security, Smtp, SmtpSettings};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// How the conversation with the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first byte, usually port 465.
    Tls,
    /// Upgraded before anything is said, usually port 587.
    Starttls,
    /// None: only for a mail server on this machine.
    None,
}

// Two structs of one name would be two groups of one name, and those clap refuses.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(id = "mail")]
pub struct Given {
    /// The mail server. Without one mail waits in the outbox; a demo school keeps it in its mail cabinet.
    #[arg(long, env = "REGIE_SMTP_HOST", global = true)]
    pub smtp_host: Option<String>,
    /// [default: 587, or 465 with tls, or 25 with none]
    #[arg(long, env = "REGIE_SMTP_PORT", global = true)]
    pub smtp_port: Option<u16>,
    /// [default: starttls]
    #[arg(long, env = "REGIE_SMTP_SECURITY", global = true, value_enum)]
    pub smtp_security: Option<Encryption>,
    #[arg(long, env = "REGIE_SMTP_USER", global = true)]
    pub smtp_user: Option<String>,
    /// The file whose first line is the password.
    #[arg(long, env = "REGIE_SMTP_PASSWORD_FILE", global = true)]
    pub smtp_password_file: Option<PathBuf>,
    /// The address mail comes from, with or without a name: `Regie <examens@school.example>`.
    #[arg(long, env = "REGIE_SMTP_SENDER", global = true)]
    pub smtp_sender: Option<String>,
    /// The authority that signed the mail server's certificate, as PEM, besides those the machine trusts.
    #[arg(long, env = "REGIE_SMTP_CA", global = true)]
    pub smtp_ca: Option<PathBuf>,
}

impl Given {
    /// What is not said here is taken from there.
    pub fn or(self, file: Self) -> Self {
        Self {
            smtp_host: self.smtp_host.or(file.smtp_host),
            smtp_port: self.smtp_port.or(file.smtp_port),
            smtp_security: self.smtp_security.or(file.smtp_security),
            smtp_user: self.smtp_user.or(file.smtp_user),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            smtp_sender: self.smtp_sender.or(file.smtp_sender),
            smtp_ca: self.smtp_ca.or(file.smtp_ca),
        }
    }
}

/// Who carries the mail of this node. A demo school's mail stays inside, unless a server was named.
pub fn courier(settings: &Settings, demo: bool) -> Result<Courier, String> {
    let address = settings.public_url.trim_end_matches('/').to_owned();
    let given = &settings.mail;
    let way = match &given.smtp_host {
        Some(host) => Way::Server(server(given, host, &address)?),
        None if demo => Way::Cabinet,
        None => Way::Nowhere,
    };
    let sender = match &given.smtp_sender {
        Some(text) => sender(text)?,
        None if matches!(way, Way::Server(_)) => {
            return Err("smtp-host is set and smtp-sender is not: say from which address mail comes".into());
        }
        None => Address::named("Regie", "regie@localhost.example"),
    };
    Ok(Courier { post: Post::house(), way, sender, address })
}

fn server(given: &Given, host: &str, address: &str) -> Result<Smtp, String> {
    let security = given.smtp_security.unwrap_or(Encryption::Starttls);
    let (security, usual) = match security {
        Encryption::Tls => (Security::Tls, 465),
        Encryption::Starttls => (Security::StartTls, 587),
        Encryption::None => (Security::None, 25),
    };
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let credentials = match (&given.smtp_user, &given.smtp_password_file) {
        (Some(user), Some(path)) => {
            let text = String::from_utf8_lossy(&read(path)?).into_owned();
            Some((user.clone(), text.lines().next().unwrap_or_default().to_owned()))
        }
        (None, None) => None,
        _ => return Err("smtp-user and smtp-password-file belong together: set both or neither".into()),
    };
    let hello = address.split("://").nth(1).unwrap_or(address);
    let hello = hello.split([':', '/']).next().unwrap_or("localhost").to_owned();
    Smtp::new(&SmtpSettings {
        host: host.to_owned(),
        port: given.smtp_port.unwrap_or(usual),
        security,
        credentials,
        timeout: Duration::from_secs(30),
        hello,
        trusted: given.smtp_ca.as_ref().map(read).transpose()?,
        connections: 4,
    })
    .map_err(|error| error.to_string())
}

/// `Regie <examens@school.example>` or the address alone.
fn sender(text: &str) -> Result<Address, String> {
    let sender = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, email)) => Address::named(name.trim().trim_matches('"'), email.trim()),
        None => Address::new(text.trim()),
    };
    sender.check().map_err(|error| format!("smtp-sender: {error}"))?;
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_may_have_a_name() {
        assert_eq!(sender("Regie <a@b.example>").unwrap(), Address::named("Regie", "a@b.example"));
        assert_eq!(sender(" a@b.example ").unwrap(), Address::new("a@b.example"));
        assert!(sender("Regie").unwrap_err().contains("smtp-sender"));
    }
}
