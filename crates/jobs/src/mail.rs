//! Sends the mails that outbox rows ask for (`mail.send`): by a mail server, or into the cabinet of a demo school.
//!
//! Sent once, as far as that can be had: what a server took is written down before the row goes, under the row's own
//! id, so a row that comes back is not sent again. Between the server's yes and that line lies a moment in which a
//! killed process leaves a second mail; it carries the same message id, and mailboxes show it once.

use crate::{Failure, Job};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use regie_core::Role;
use regie_core::day::school_day;
use regie_core::id::{Id, MailId, PersonId};
use regie_core::setting::{self, Settings};
use regie_db::{Ask, Db, statements};
use regie_platform::mail::{Letter, State, is_settled, settle};
use regie_platform::mail_text;
use regie_post::{Address, Fault, Invitation, Mail, Method, Post, Refusal, Smtp, Template, Then};
use regie_texts::{Language, Texts};
use serde::Deserialize;
use serde_json::{Value, json};

/// Which way mail takes.
pub enum Way {
    Server(Smtp),
    /// Nothing leaves: the school's cabinet keeps it.
    Cabinet,
    /// Nobody said where to. Mail waits, and after the last try it is a dead letter.
    Nowhere,
}

/// What sending needs besides the row.
pub struct Courier {
    pub post: Post,
    pub way: Way,
    /// The address mail comes from; its name is used for a school without a name.
    pub sender: Address,
    /// The address that readers use, without a slash at its end.
    pub address: String,
}

/// `mail.send`, version 1: a template, somebody, and what the template needs that no table holds.
#[derive(Debug, Deserialize)]
struct Wanted {
    template: String,
    to: String,
    name: Option<String>,
    language: Option<String>,
    token: Option<String>,
    hours: Option<i64>,
    days: Option<i64>,
    inviter: Option<String>,
    /// For the templates of areas, which bring their own.
    data: Option<Value>,
    appointment: Option<Appointment>,
}

/// What goes into the receiver's calendar; a later mail with the same uid and a higher sequence moves or withdraws it.
#[derive(Debug, Deserialize)]
struct Appointment {
    uid: String,
    #[serde(default)]
    sequence: u32,
    method: Method,
    start: Timestamp,
    end: Timestamp,
    summary: String,
    description: Option<String>,
    location: Option<String>,
}

impl Courier {
    /// One row.
    pub async fn send(&self, db: &Db, job: &Job) -> Result<(), Failure> {
        let wanted: Wanted = job.row.read()?;
        let id = MailId::from_uuid(job.row.id.uuid());
        if is_settled(db, job.institution, id).await.map_err(later)? {
            return Ok(());
        }
        let person = (job.row.subject_kind == PersonId::KIND).then(|| PersonId::from_uuid(job.row.subject));
        let set = regie_access::settings(&mut db.reader(job.institution)).await?;
        let language = wanted.language.clone().unwrap_or_else(|| set.get(&setting::MAIL_LANGUAGE));
        let texts = Texts::new(Language::from_code(&language).unwrap_or_default());
        let data = self.data(db, job, &wanted, person, texts).await?;
        let language = texts.language().code();
        let own = mail_text::own(db, job.institution, &wanted.template, language).await.map_err(later)?;
        let template = own.as_ref().map(|own| Template {
            subject: own.subject.clone(),
            text: own.plain.clone(),
            html: own.html.clone(),
        });
        let rendered = self
            .post
            .render(&wanted.template, language, template.as_ref(), &data)
            .map_err(|error| Failure::Never(error.to_string()))?;
        if let (Some(own), Some(fault)) = (&own, &rendered.fault) {
            mail_text::fail(db, job.institution, own, &sentence(texts, fault)).await.map_err(later)?;
        }
        let school = data.get("school").and_then(Value::as_str).unwrap_or_default();
        let from = self.sender(&set, school);
        let reply = set.get(&setting::MAIL_REPLY);
        let to = Address { name: wanted.name.clone(), email: wanted.to.clone() };
        let invitation = wanted.appointment.map(|it| Invitation {
            uid: it.uid,
            sequence: it.sequence,
            method: it.method,
            start: it.start,
            end: it.end,
            summary: it.summary,
            description: it.description,
            location: it.location,
            organizer: from.clone(),
            attendee: to.clone(),
            made_at: job.row.recorded_at,
        });
        let mail = Mail {
            id,
            from,
            to,
            reply_to: (!reply.is_empty()).then(|| Address::new(&reply)),
            subject: rendered.mail.subject,
            text: rendered.mail.text,
            html: Some(rendered.mail.html),
            attachments: Vec::new(),
            invitation,
            written_at: job.row.recorded_at,
            language: language.to_owned(),
        };
        let (state, said) = match self.hand_over(&mail).await? {
            None if matches!(self.way, Way::Cabinet) => (State::Kept, None),
            None => (State::Sent, None),
            Some(said) => (State::Refused, Some(said)),
        };
        let calendar = mail.invitation.as_ref().and_then(|invitation| invitation.calendar().ok());
        let letter = Letter {
            id,
            person,
            sender: match &mail.from.name {
                Some(name) => format!("{name} <{}>", mail.from.email),
                None => mail.from.email,
            },
            reply_to: mail.reply_to.map(|reply| reply.email),
            recipient: mail.to.email,
            template: wanted.template,
            language: mail.language,
            subject: mail.subject,
            body: (state == State::Kept).then(|| (mail.text, mail.html.unwrap_or_default(), calendar)),
            state,
            said,
            written_at: mail.written_at,
        };
        settle(db, job.institution, letter).await.map_err(later)
    }

    /// The address is the installation's, because mail servers check it; the name is the school's.
    fn sender(&self, set: &Settings, school: &str) -> Address {
        let own = set.get(&setting::MAIL_SENDER);
        let name = [own.as_str(), school].into_iter().find(|name| !name.is_empty()).map(str::to_owned);
        Address { name: name.or_else(|| self.sender.name.clone()), email: self.sender.email.clone() }
    }

    /// What a server said when it refused for good; an error when it should be tried again.
    async fn hand_over(&self, mail: &Mail) -> Result<Option<String>, Failure> {
        let refused = match &self.way {
            Way::Server(smtp) => smtp.send(mail).await.err(),
            // The same checks as on the way to a server.
            Way::Cabinet => mail.message().err().map(|error| Refusal {
                then: Then::Bounce,
                code: None,
                said: error.to_string(),
            }),
            Way::Nowhere => {
                return Err(Failure::Later(
                    "no mail server is configured: set smtp-host and smtp-sender, restart, and retry".into(),
                ));
            }
        };
        match refused {
            None => Ok(None),
            // A wrong address is about this mail alone: the person's next mail must not wait behind it.
            Some(Refusal { then: Then::Bounce, said, .. }) => Ok(Some(said)),
            Some(Refusal { said, .. }) => Err(Failure::Later(said)),
        }
    }

    async fn data(
        &self,
        db: &Db,
        job: &Job,
        wanted: &Wanted,
        person: Option<PersonId>,
        texts: Texts,
    ) -> Result<Value, Failure> {
        let mut reader = db.reader(job.institution);
        let (school,) = reader.opt(school()).await?.unwrap_or_default();
        let named = match person {
            Some(person) => reader.opt(named(person)).await?.map(|(name,)| name),
            None => None,
        };
        let name = wanted.name.clone().or(named).unwrap_or_else(|| wanted.to.clone());
        let help = match regie_access::setting(&mut reader, &setting::MAIL_REPLY).await? {
            none if none.is_empty() => texts.t("mail-help").to_string(),
            reply => reply,
        };
        let mut data = json!({
            "school": school,
            "name": name,
            "link": self.link(&wanted.template, wanted.token.as_deref()),
            "expires": expires(job.row.recorded_at, wanted).to_string(),
            "at": job.row.recorded_at.to_string(),
            "help": help,
        });
        if wanted.template == "invitation" {
            let roles = match person {
                Some(person) => reader.all(roles(person, school_day(job.row.recorded_at))).await?,
                None => Vec::new(),
            };
            let roles: Vec<String> = roles
                .into_iter()
                .map(|(role,)| texts.of("role", role.code()).to_string().to_lowercase())
                .collect();
            let guest = || texts.t("mail-guest").to_string();
            set(&mut data, "role", if roles.is_empty() { guest() } else { roles.join(", ") }.into());
            set(&mut data, "inviter", wanted.inviter.clone().unwrap_or(school).into());
        }
        for (key, value) in wanted.data.as_ref().and_then(Value::as_object).into_iter().flatten() {
            set(&mut data, key, value.clone());
        }
        Ok(data)
    }

    fn link(&self, template: &str, token: Option<&str>) -> String {
        let path = match template {
            "password-reset" => "password/reset",
            "invitation" => "invitation",
            _ => return self.address.clone(),
        };
        format!("{}/{path}/{}", self.address, token.unwrap_or_default())
    }
}

/// What is wrong with a school's own text, in its language.
fn sentence(texts: Texts, fault: &Fault) -> String {
    let mut text = texts.stored(fault.code);
    for (name, value) in &fault.args {
        text = text.with(name, value.clone());
    }
    text.to_string()
}

fn set(data: &mut Value, key: &str, value: Value) {
    if let Some(fields) = data.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}

fn expires(written: Timestamp, wanted: &Wanted) -> Timestamp {
    let hours = wanted.hours.unwrap_or_default() + 24 * wanted.days.unwrap_or_default();
    written.checked_add(SignedDuration::from_hours(hours)).unwrap_or(written)
}

fn later(error: regie_platform::Error) -> Failure {
    match error {
        regie_platform::Error::Db(error) => error.into(),
        error => Failure::Later(error.to_string()),
    }
}

statements! {
    fn school() -> (String,) = "SELECT name FROM pub_institution WHERE id = $1";

    fn named(person: PersonId) -> (String,) =
        "SELECT display_name FROM pub_person WHERE institution = $1 AND id = $2";

    fn roles(person: PersonId, today: Date) -> (Role,) =
        "SELECT DISTINCT role FROM pub_role WHERE institution = $1 AND person = $2 AND withdrawn_at IS NULL
            AND begins <= $3 AND (ends IS NULL OR ends >= $3) ORDER BY role";
}
