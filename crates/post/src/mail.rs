//! One mail to one person, as a value an outbox row can hold.

use crate::calendar::Invitation;
use jiff::Timestamp;
use lettre::message::header::{ContentDisposition, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as AttachmentPart, Mailbox, Message, MultiPart, SinglePart};
use regie_core::id::MailId;
use serde::{Deserialize, Serialize};

/// A mail goes to one person: then a refusal is about that person, and nobody learns who else got it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Of the outbox row; the message id is made of it, so that a retry can be recognised as the same mail.
    pub id: MailId,
    pub from: Address,
    pub to: Address,
    pub reply_to: Option<Address>,
    pub subject: String,
    /// Always there: some people read only this.
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub invitation: Option<Invitation>,
    /// When the mail was written, not when it was tried.
    pub written_at: Timestamp,
    /// `nl` or `en`, for those who let their mail be read to them.
    pub language: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub name: Option<String>,
    pub email: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub name: String,
    /// Such as `application/pdf`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Why a mail cannot be made. It will never succeed by trying again.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MailError {
    #[error("{0:?} is not a mail address; correct it with the person it belongs to")]
    Address(String),
    #[error("a mail needs a subject on one line")]
    Subject,
    #[error("a mail needs a text part, also when it has an HTML part")]
    Text,
    #[error("the attachment {name:?} has the media type {media_type:?}, which is none")]
    MediaType { name: String, media_type: String },
    #[error("the mail with its attachments is {megabytes} MB; at most {most} MB is accepted by most servers")]
    TooLarge { megabytes: usize, most: usize },
    #[error("the calendar part cannot be made: {0}")]
    Calendar(#[from] crate::calendar::CalendarError),
    #[error("the mail cannot be put together: {0}")]
    Build(String),
}

impl Address {
    pub fn new(email: &str) -> Self {
        Self { name: None, email: email.to_owned() }
    }

    pub fn named(name: &str, email: &str) -> Self {
        Self { name: Some(name.to_owned()), email: email.to_owned() }
    }

    /// Whether mail can be sent to it at all.
    pub fn check(&self) -> Result<(), MailError> {
        self.mailbox().map(|_| ())
    }

    pub(crate) fn mailbox(&self) -> Result<Mailbox, MailError> {
        let wrong = || MailError::Address(self.email.clone());
        let name = self.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        if self.email.chars().any(|sign| sign.is_control() || sign.is_whitespace()) {
            return Err(wrong());
        }
        Ok(Mailbox::new(name, self.email.parse().map_err(|_| wrong())?))
    }

    fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

impl Mail {
    /// What most mail servers take, attachments counted as they travel.
    const MOST_BYTES: usize = 20 << 20;

    /// The same for every attempt to deliver this mail.
    pub fn message_id(&self) -> String {
        format!("<{}@{}>", self.id, self.from.domain())
    }

    /// The message as it travels. Equal mails give equal bytes.
    pub fn message(&self) -> Result<Message, MailError> {
        let subject = one_line(&self.subject);
        if subject.is_empty() {
            return Err(MailError::Subject);
        }
        if self.text.trim().is_empty() {
            return Err(MailError::Text);
        }
        let bytes: usize = self.attachments.iter().map(|part| part.bytes.len().saturating_mul(4) / 3).sum();
        let bytes =
            bytes.saturating_add(self.text.len()).saturating_add(self.html.as_deref().map_or(0, str::len));
        if bytes > Self::MOST_BYTES {
            return Err(MailError::TooLarge { megabytes: bytes >> 20, most: Self::MOST_BYTES >> 20 });
        }
        let mut message = Message::builder()
            .message_id(Some(self.message_id()))
            .date(self.written_at.into())
            .from(self.from.mailbox()?)
            .to(self.to.mailbox()?)
            .subject(subject)
            .header(ContentLanguage(self.language.clone()))
            // Absence notes and lists must not answer it.
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.mailbox()?);
        }
        let built = if self.attachments.is_empty() && self.invitation.is_none() {
            message.multipart(self.alternatives(None)?)
        } else {
            let calendar = self.invitation.as_ref().map(|invitation| invitation.calendar()).transpose()?;
            let mut mixed = MultiPart::mixed()
                .boundary(self.boundary("mixed"))
                .multipart(self.alternatives(calendar.as_deref())?);
            if let Some(calendar) = calendar {
                let kind = media_type("invite.ics", "text/calendar; charset=utf-8")?;
                mixed = mixed.singlepart(AttachmentPart::new("invite.ics".to_owned()).body(calendar, kind));
            }
            for attachment in &self.attachments {
                let kind = media_type(&attachment.name, &attachment.media_type)?;
                let name = one_line(&attachment.name);
                mixed = mixed.singlepart(AttachmentPart::new(name).body(attachment.bytes.clone(), kind));
            }
            message.multipart(mixed)
        };
        built.map_err(|error| MailError::Build(error.to_string()))
    }

    /// Plain text first, richer after it, as readers expect them.
    fn alternatives(&self, calendar: Option<&str>) -> Result<MultiPart, MailError> {
        let mut parts = MultiPart::alternative()
            .boundary(self.boundary("alternative"))
            .singlepart(SinglePart::plain(self.text.clone()));
        if let Some(html) = &self.html {
            parts = parts.singlepart(SinglePart::html(html.clone()));
        }
        if let (Some(calendar), Some(invitation)) = (calendar, &self.invitation) {
            let kind = format!("text/calendar; charset=utf-8; method={}", invitation.method.name());
            let part = SinglePart::builder()
                .header(media_type("invite.ics", &kind)?)
                .header(ContentDisposition::inline())
                .body(calendar.to_owned());
            parts = parts.singlepart(part);
        }
        Ok(parts)
    }

    /// From the id and not from chance, so that a retry sends the same bytes.
    fn boundary(&self, part: &str) -> String {
        format!("=_{}_{part}", self.id)
    }
}

/// Texts from templates and forms may hold line ends; a header may not.
fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn media_type(name: &str, media_type: &str) -> Result<ContentType, MailError> {
    ContentType::parse(media_type)
        .map_err(|_| MailError::MediaType { name: name.to_owned(), media_type: media_type.to_owned() })
}

macro_rules! header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), one_line(&self.0))
            }
        }
    };
}

header!(ContentLanguage, "Content-Language");
header!(AutoSubmitted, "Auto-Submitted");

#[cfg(test)]
mod tests {
    use super::*;
    use regie_core::id::Id;

    pub(crate) fn mail() -> Mail {
        Mail {
            id: MailId::from_uuid("01935a1e-7c00-7000-8000-000000000001".parse().unwrap()),
            from: Address::named("Examenbureau ROC Delta", "examens@roc.example"),
            to: Address::named("Aïcha van 't Hof", "aicha@student.example"),
            reply_to: None,
            subject: "Je examen Nederlands 3F – zaal é".to_owned(),
            text: "Beste Aïcha,\n\nJe examen is op vrijdag 20 november.\n".to_owned(),
            html: Some("<p>Beste Aïcha</p>".to_owned()),
            attachments: Vec::new(),
            invitation: None,
            written_at: "2026-11-20T08:30:00Z".parse().unwrap(),
            language: "nl".to_owned(),
        }
    }

    fn formatted(mail: &Mail) -> String {
        String::from_utf8(mail.message().unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_retry_sends_the_same_bytes_under_the_same_message_id() {
        let first = formatted(&mail());
        assert_eq!(first, formatted(&mail()));
        assert!(first.contains("Message-ID: <01935a1e-7c00-7000-8000-000000000001@roc.example>"));
        assert!(first.contains("Date: Fri, 20 Nov 2026 08:30:00 +0000"));
        assert!(first.contains("Auto-Submitted: auto-generated"));
        assert!(first.find("text/plain").unwrap() < first.find("text/html").unwrap());
    }

    #[test]
    fn nothing_in_a_mail_can_add_a_header() {
        let mut sly = mail();
        sly.subject = "Hallo\r\nBcc: alle@student.example\r\n\r\ntekst".to_owned();
        sly.from.name = Some("Bureau\r\nBcc: x@y.example".to_owned());
        sly.attachments = vec![Attachment {
            name: "a.pdf\"\r\nBcc: q@y.example".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: vec![1],
        }];
        let formatted = formatted(&sly);
        assert!(!formatted.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{formatted}");
        for wrong in ["a@b.example\r\nBcc: c@d.example", "geen adres", "a@b@c.example", "", "a b@c.example"] {
            let refused = Mail { to: Address::new(wrong), ..mail() }.message().unwrap_err();
            assert_eq!(refused, MailError::Address(wrong.to_owned()));
        }
    }

    #[test]
    fn what_can_never_be_sent_is_refused_before_it_is_queued() {
        assert_eq!(Mail { subject: " \n".to_owned(), ..mail() }.message().unwrap_err(), MailError::Subject);
        assert_eq!(Mail { text: "\n".to_owned(), ..mail() }.message().unwrap_err(), MailError::Text);
        let attachment = |media_type: &str, size| Attachment {
            name: "x".to_owned(),
            media_type: media_type.to_owned(),
            bytes: vec![0; size],
        };
        let wrong = Mail { attachments: vec![attachment("pdf", 1)], ..mail() };
        assert!(matches!(wrong.message().unwrap_err(), MailError::MediaType { .. }));
        let large = Mail { attachments: vec![attachment("application/pdf", 16 << 20)], ..mail() };
        assert!(matches!(large.message().unwrap_err(), MailError::TooLarge { .. }));
    }

    #[test]
    fn a_mail_survives_its_outbox_row() {
        let row = serde_json::to_string(&mail()).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&row).unwrap(), mail());
    }
}
