//! The texts of mails: the house's own, and what a school made of them.

use crate::subset;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;

/// How much a template may do, write and be.
const FUEL: u64 = 50_000;
const MOST_WRITTEN: usize = 256 << 10;
const MOST_SOURCE: usize = 64 << 10;

/// The three texts of one mail, in the template language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub subject: String,
    pub text: String,
    /// `None` makes the HTML part from the text.
    pub html: Option<String>,
}

/// One mail of the house in one language, with data to preview it.
#[derive(Debug, Clone, PartialEq)]
pub struct HouseText {
    pub name: String,
    pub language: String,
    pub template: Template,
    pub sample: serde_json::Value,
}

/// What goes into the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A rendered mail and, when the school's own text failed, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub mail: Rendered,
    /// To be shown to whoever wrote the school's text. The mail holds the house text then.
    pub fault: Option<Fault>,
}

/// What is wrong in a template: a rule code and arguments, rendered elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: &'static str,
    pub part: Part,
    pub line: Option<u32>,
    pub args: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    Subject,
    Text,
    Html,
}

/// Only a program error gives these: the tests render every house text with its sample.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PostError {
    #[error("there is no mail text named {0:?}")]
    Unknown(String),
    #[error("the house text {name:?} does not fit its data: {fault:?}")]
    House { name: String, fault: Fault },
}

/// A rule code with the arguments its text may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub code: &'static str,
    pub args: &'static [&'static str],
}

/// All of them; `locales/*/post.ftl` has a text for each.
pub const CODES: &[Code] = &[
    Code { code: "mail-template-too-long", args: &["most"] },
    Code { code: "mail-template-unclosed", args: &[] },
    Code { code: "mail-template-not-allowed", args: &["what"] },
    Code { code: "mail-template-syntax", args: &["detail"] },
    Code { code: "mail-template-undefined", args: &["detail"] },
    Code { code: "mail-template-filter", args: &["detail"] },
    Code { code: "mail-template-value", args: &["detail"] },
    Code { code: "mail-template-too-much-work", args: &[] },
    Code { code: "mail-template-writes-too-much", args: &["most"] },
    Code { code: "mail-template-empty", args: &[] },
];

/// All mail texts of the house.
#[derive(Debug, Clone, Default)]
pub struct Post {
    texts: BTreeMap<(String, String), HouseText>,
}

impl Post {
    /// The texts of sign-in and the platform itself; areas add theirs.
    pub fn house() -> Self {
        crate::template::house::texts().into_iter().fold(Self::default(), Self::with)
    }

    /// Adds a text, or replaces the one of that name and language.
    #[must_use]
    pub fn with(mut self, text: HouseText) -> Self {
        self.texts.insert((text.name.clone(), text.language.clone()), text);
        self
    }

    pub fn texts(&self) -> impl Iterator<Item = &HouseText> {
        self.texts.values()
    }

    /// The text in that language, or else in Dutch.
    pub fn text(&self, name: &str, language: &str) -> Option<&HouseText> {
        let in_language = |language: &str| self.texts.get(&(name.to_owned(), language.to_owned()));
        in_language(language).or_else(|| in_language("nl"))
    }

    /// What a school's text would look like, or what is wrong with it. Nothing is saved before this succeeds.
    pub fn preview(
        &self,
        name: &str,
        language: &str,
        own: &Template,
    ) -> Result<Result<Rendered, Fault>, PostError> {
        let text = self.text(name, language).ok_or_else(|| PostError::Unknown(name.to_owned()))?;
        Ok(render(own, language, &text.sample))
    }

    /// The mail with the school's text if it has one and it works, and else with the house's.
    pub fn render(
        &self,
        name: &str,
        language: &str,
        own: Option<&Template>,
        data: &serde_json::Value,
    ) -> Result<Sent, PostError> {
        let text = self.text(name, language).ok_or_else(|| PostError::Unknown(name.to_owned()))?;
        let fault = match own.map(|own| render(own, language, data)) {
            Some(Ok(mail)) => return Ok(Sent { mail, fault: None }),
            Some(Err(fault)) => Some(fault),
            None => None,
        };
        let mail = render(&text.template, &text.language, data)
            .map_err(|fault| PostError::House { name: name.to_owned(), fault })?;
        Ok(Sent { mail, fault })
    }
}

impl Fault {
    pub(crate) fn new(code: &'static str, line: Option<u32>) -> Self {
        Self { code, part: Part::Text, line, args: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.args.push((name, value.to_owned()));
        self
    }

    fn in_part(self, part: Part) -> Self {
        Self { part, ..self }
    }
}

fn render(template: &Template, language: &str, data: &serde_json::Value) -> Result<Rendered, Fault> {
    let part = |part: Part, source: &str| {
        render_part(part, source, language, data).map_err(|fault| fault.in_part(part))
    };
    let subject = part(Part::Subject, &template.subject)?.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = tidy(&part(Part::Text, &template.text)?);
    for (part, written) in [(Part::Subject, &subject), (Part::Text, &text)] {
        if written.trim().is_empty() {
            return Err(Fault::new("mail-template-empty", None).in_part(part));
        }
    }
    let body = match &template.html {
        Some(html) => part(Part::Html, html)?,
        None => crate::template::html::from_text(&text),
    };
    let html = crate::template::html::page(&subject, language, &body);
    Ok(Rendered { subject, text, html })
}

fn render_part(part: Part, source: &str, language: &str, data: &serde_json::Value) -> Result<String, Fault> {
    if source.len() > MOST_SOURCE {
        return Err(Fault::new("mail-template-too-long", None).with("most", &(MOST_SOURCE >> 10).to_string()));
    }
    subset::check(source)?;
    let environment = environment(part, language);
    let template = environment.template_from_named_str("mail", source).map_err(|error| fault(&error))?;
    let mut written = Capped { bytes: Vec::new(), full: false };
    let outcome = template.render_captured_to(Value::from(Serde(data)), &mut written).map(|_| ());
    if written.full {
        return Err(
            Fault::new("mail-template-writes-too-much", None).with("most", &(MOST_WRITTEN >> 10).to_string())
        );
    }
    outcome.map_err(|error| fault(&error))?;
    String::from_utf8(written.bytes)
        .map_err(|_| Fault::new("mail-template-value", None).with("detail", "utf-8"))
}

/// Only what is named here exists: no functions, no other templates, no globals.
fn environment(part: Part, language: &str) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(64);
    let escape = if part == Part::Html { AutoEscape::Html } else { AutoEscape::None };
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("undefined", minijinja::tests::is_undefined);
    environment.add_test("none", minijinja::tests::is_none);
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("trim", |text: String| text.trim().to_owned());
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("join", join);
    let dutch = language != "en";
    environment.add_filter("date", move |text: String| day(&text, dutch));
    environment.add_filter("time", |text: String| clock(&text));
    environment
}

/// Of lists only: joining the letters of a text is how texts grow.
fn join(list: Value, between: Option<String>) -> Result<String, minijinja::Error> {
    if list.as_str().is_some() {
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, "join is for lists"));
    }
    let between = between.unwrap_or_else(|| ", ".to_owned());
    Ok(list.try_iter()?.map(|item| item.to_string()).collect::<Vec<_>>().join(&between))
}

/// `vrijdag 20 november 2026`.
fn day(text: &str, dutch: bool) -> Result<String, minijinja::Error> {
    const DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let date = match text.parse::<civil::Date>() {
        Ok(date) if text.len() == 10 => date,
        _ => local(text)?.date(),
    };
    if !dutch {
        return Ok(date.strftime("%A %-d %B %Y").to_string());
    }
    let named = |names: &[&str], number: i8| {
        usize::try_from(number - 1)
            .ok()
            .and_then(|index| names.get(index).copied())
            .unwrap_or_default()
            .to_owned()
    };
    let weekday = named(&DAYS, date.weekday().to_monday_one_offset());
    Ok(format!("{weekday} {} {} {}", date.day(), named(&MONTHS, date.month()), date.year()))
}

/// `09:30`.
fn clock(text: &str) -> Result<String, minijinja::Error> {
    let time = match text.parse::<civil::Time>() {
        Ok(time) if !text.contains('T') => time,
        _ => local(text)?.time(),
    };
    Ok(format!("{:02}:{:02}", time.hour(), time.minute()))
}

/// A moment in the zone of the schools.
fn local(text: &str) -> Result<civil::DateTime, minijinja::Error> {
    let no_moment =
        || minijinja::Error::new(ErrorKind::InvalidOperation, format!("{text:?} is no date or time"));
    let moment: Timestamp = text.parse().map_err(|_| no_moment())?;
    let zone = TimeZone::get("Europe/Amsterdam").map_err(|_| no_moment())?;
    Ok(moment.to_zoned(zone).datetime())
}

fn fault(error: &minijinja::Error) -> Fault {
    let code = match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => "mail-template-syntax",
        ErrorKind::UndefinedError => "mail-template-undefined",
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest => "mail-template-filter",
        ErrorKind::OutOfFuel => return Fault::new("mail-template-too-much-work", line(error)),
        _ => "mail-template-value",
    };
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Fault::new(code, line(error)).with("detail", &detail)
}

fn line(error: &minijinja::Error) -> Option<u32> {
    error.line().and_then(|line| u32::try_from(line).ok())
}

/// Stops the engine as soon as more is written than a mail can be.
struct Capped {
    bytes: Vec<u8>,
    full: bool,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_WRITTEN {
            self.full = true;
            return Err(std::io::Error::other("more than a mail can hold"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// No trailing blanks and no runs of empty lines, which loops and conditions leave behind.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}

mod house;
mod html;

#[cfg(test)]
mod tests;
