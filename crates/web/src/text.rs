//! The school's own texts of mails: written here, tried on sample data, saved only when they work there.

use crate::error::Error;
use crate::house::House;
use crate::layer::POLICY_WITH_FRAME;
use crate::mail::{framed, name_of};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Faults, Field, List, Notice, Row, Tone, Weight};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Action;
use regie_platform::mail_text::{self, OwnText, PutText};
use regie_post::{Fault, HouseText, Part, Post, Rendered, Template as Text};
use regie_texts::Texts;
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::LazyLock;

urls! {
    pub TextList = "/texts";
    pub TextPage { name: String, language: String } = "/texts/{name}/{language}";
    /// What a mail would look like: the saved text, or the one being typed.
    pub TextPreview { name: String, language: String } = "/texts/{name}/{language}/preview";
    pub RemoveText { name: String, language: String } = "/texts/{name}/{language}/remove";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(TextList::at(), list)
        .get(TextPage::at(), show)
        .post(TextPage::at(), save)
        .get(TextPreview::at(), saved)
        .post(TextPreview::at(), typed)
        .post(RemoveText::at(), remove)
}

/// The house's own texts, the same in every process.
static POST: LazyLock<Post> = LazyLock::new(Post::house);

#[derive(Template)]
#[template(path = "page/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

async fn list(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let own = mail_text::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("text-mail"), Weight::Key),
        Column::new(texts.t("text-language"), Weight::Usual),
        Column::new(texts.t("mail-subject"), Weight::Wide),
        Column::new(texts.t("text-whose"), Weight::Main),
    ];
    let rows: Vec<Row> = POST
        .texts()
        .map(|text| {
            let mine = own.iter().find(|own| own.name == text.name && own.language == text.language);
            let chip = match mine {
                None => Chip::new(Tone::Plain, texts.t("text-house")),
                Some(OwnText { fault: Some(_), .. }) => Chip::new(Tone::Danger, texts.t("text-failed")),
                Some(_) => Chip::new(Tone::Ok, texts.t("text-own")),
            };
            let place = TextPage { name: text.name.clone(), language: text.language.clone() };
            let subject = mine.map_or(&text.template.subject, |own| &own.subject);
            Row {
                id: format!("{}-{}", text.name, text.language),
                name: name_of(texts, &text.name),
                cells: vec![
                    Cell::link(name_of(texts, &text.name), place),
                    Cell::text(texts.of("setting-choice", &text.language)),
                    Cell::text(subject.clone()),
                    Cell::Chip(chip),
                ],
            }
        })
        .collect();
    let empty = Empty::new("mail", texts.t("mail-none"), "");
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "texts", texts.t("nav-texts"), columns, empty)
    };
    let page = Page::new(me.viewer.clone(), texts.t("nav-texts"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first: None, notice: None, list }))
}

fn house_text<'a>(name: &str, language: &str) -> Result<&'a HouseText, Error> {
    POST.text(name, language).filter(|text| text.language == language).ok_or(Error::NotFound)
}

#[derive(Debug, Default, Clone, Deserialize)]
struct Typed {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    plain: String,
    #[serde(default)]
    html: String,
}

impl Typed {
    fn template(&self) -> Text {
        let html = Some(self.html.clone()).filter(|html| !html.trim().is_empty());
        Text { subject: self.subject.clone(), text: self.plain.clone(), html }
    }

    fn of(own: Option<&OwnText>, house: &HouseText) -> Self {
        match own {
            Some(own) => Self {
                subject: own.subject.clone(),
                plain: own.plain.clone(),
                html: own.html.clone().unwrap_or_default(),
            },
            None => Self {
                subject: house.template.subject.clone(),
                plain: house.template.text.clone(),
                html: house.template.html.clone().unwrap_or_default(),
            },
        }
    }
}

#[derive(Template)]
#[template(path = "page/text.html")]
struct TextForm {
    page: Page,
    chip: Chip,
    notice: Option<Notice>,
    action: String,
    preview: String,
    faults: Faults,
    fields: Vec<Field>,
    /// What may stand between double braces, with an example.
    values: Vec<(String, String)>,
    remove: Option<Button>,
}

async fn draw(
    house: &House,
    me: &Me,
    (name, language): (&str, &str),
    typed: Option<Typed>,
    faults: Faults,
) -> Result<TextForm, Stop> {
    let texts = me.texts();
    let text = house_text(name, language)?;
    let own = mail_text::see(&house.db, me.caller(), name, language).await.map_err(|error| me.stop(error))?;
    let version = own.as_ref().map_or(0, |own| own.version);
    let typed = typed.unwrap_or_else(|| Typed::of(own.as_ref(), text));
    let (name, language) = (name.to_owned(), language.to_owned());
    let title = format!("{} ({})", name_of(texts, &name), texts.of("setting-choice", &language));
    let chip = match &own {
        None => Chip::new(Tone::Plain, texts.t("text-house")),
        Some(_) => Chip::new(Tone::Ok, texts.t("text-own")),
    };
    let notice = own
        .as_ref()
        .and_then(|own| own.fault.clone())
        .map(|fault| Notice::new(Tone::Danger, fault).title(texts.t("text-failed-title")));
    let remove = own.as_ref().map(|own| {
        let place = RemoveText { name: name.clone(), language: language.clone() };
        Button::post(texts.t("text-remove"), place, &me.viewer.csrf)
            .with("version", own.version)
            .danger_second()
    });
    let place = TextPage { name: name.clone(), language: language.clone() };
    let values = text.sample.as_object().into_iter().flatten().map(|(field, example)| {
        (format!("{{{{ {field} }}}}"), example.as_str().map_or_else(|| example.to_string(), str::to_owned))
    });
    Ok(TextForm {
        chip,
        notice,
        action: crate::url::with_query(&place.to_string(), [("version", version.to_string().as_str())]),
        preview: TextPreview { name, language }.to_string(),
        fields: vec![
            Field::text(texts, "subject", texts.t("mail-subject")).value(typed.subject).checked(&faults),
            Field::area(texts, "plain", texts.t("text-plain"))
                .hint(texts.t("text-plain-hint"))
                .value(typed.plain)
                .rows(14)
                .checked(&faults),
            Field::area(texts, "html", texts.t("text-html"))
                .hint(texts.t("text-html-hint"))
                .value(typed.html)
                .rows(4)
                .optional()
                .checked(&faults),
        ],
        faults,
        values: values.collect(),
        remove,
        page: Page::new(me.viewer.clone(), title).under(texts.t("nav-texts"), TextList {}),
    })
}

fn with_frame(page: TextForm, invalid: bool) -> Response {
    let view = if invalid { View::invalid(page) } else { View::new(page) };
    view.with_header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_WITH_FRAME))
        .into_response()
}

async fn show(State(house): State<House>, me: Me, Path(at): Path<TextPage>) -> Result<Response, Stop> {
    let faults = Faults::none(me.texts());
    Ok(with_frame(draw(&house, &me, (&at.name, &at.language), None, faults).await?, false))
}

/// A fault of a template in the reader's words, with its line.
fn sentence(texts: Texts, fault: &Fault) -> String {
    let mut text = texts.stored(fault.code);
    for (name, value) in &fault.args {
        text = text.with(name, value.clone());
    }
    match fault.line {
        Some(line) => {
            texts.t("text-fault-line").with("line", line).with("fault", text.to_string()).to_string()
        }
        None => text.to_string(),
    }
}

const fn field_of(part: Part) -> &'static str {
    match part {
        Part::Subject => "subject",
        Part::Text => "plain",
        Part::Html => "html",
    }
}

fn tried(name: &str, language: &str, typed: &Typed) -> Result<Result<Rendered, Fault>, Error> {
    POST.preview(name, language, &typed.template()).map_err(|_| Error::NotFound)
}

#[derive(Debug, Deserialize)]
struct Version {
    version: i64,
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<TextPage>,
    Query(seen): Query<Version>,
    Sent(given): Sent<Typed>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    house_text(&at.name, &at.language)?;
    let mut faults = Faults::none(texts);
    if let Err(fault) = tried(&at.name, &at.language, &given)? {
        faults.add(field_of(fault.part), sentence(texts, &fault));
    } else {
        let put = PutText {
            name: at.name.clone(),
            language: at.language.clone(),
            subject: given.subject.clone(),
            plain: given.plain.clone(),
            html: Some(given.html.clone()),
            version: seen.version,
        };
        match mail_text::put(&house.db, me.caller(), put).await {
            Ok(()) => return Ok(Redirect::to(&TextList {}.to_string()).into_response()),
            Err(error) => faults = told::fault(texts, error)?,
        }
    }
    let page = draw(&house, &me, (&at.name, &at.language), Some(given), faults).await?;
    Ok(with_frame(page, true))
}

async fn remove(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RemoveText>,
    Sent(seen): Sent<Version>,
) -> Result<Redirect, Stop> {
    mail_text::remove(&house.db, me.caller(), &at.name, &at.language, seen.version)
        .await
        .map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&TextList {}.to_string()))
}

async fn saved(State(house): State<House>, me: Me, Path(at): Path<TextPreview>) -> Result<Response, Stop> {
    let text = house_text(&at.name, &at.language)?;
    let own = mail_text::see(&house.db, me.caller(), &at.name, &at.language)
        .await
        .map_err(|error| me.stop(error))?;
    Ok(previewed(&me, &at, &Typed::of(own.as_ref(), text))?)
}

async fn typed(me: Me, Path(at): Path<TextPreview>, Sent(given): Sent<Typed>) -> Result<Response, Stop> {
    if !me.may(Action::EditTexts) {
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::EditTexts, role }));
    }
    Ok(previewed(&me, &at, &given)?)
}

/// The mail on sample data, its plain part below it; or what is wrong with the text.
fn previewed(me: &Me, at: &TextPreview, text: &Typed) -> Result<Response, Error> {
    let texts = me.texts();
    Ok(match tried(&at.name, &at.language, text)? {
        Ok(mail) => {
            let mut below = String::from("<hr><pre style=\"white-space:pre-wrap;font:inherit\">");
            escape(&mut below, &mail.text);
            below.push_str("</pre>");
            let mut above = String::from("<p><strong>");
            escape(&mut above, &mail.subject);
            above.push_str("</strong></p><hr>");
            let html = mail.html.replacen("<main", &format!("{above}<main"), 1);
            framed(&html.replacen("</body>", &format!("{below}</body>"), 1))
        }
        Err(fault) => {
            let mut html = format!(
                "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
                 <body style=\"font-family:sans-serif;padding:24px\"><p>",
                texts.language().code(),
                texts.t("text-failed"),
            );
            escape(&mut html, &sentence(texts, &fault));
            html.push_str("</p></body></html>");
            framed(&html)
        }
    })
}

fn escape(html: &mut String, text: &str) {
    for sign in text.chars() {
        let _ = match sign {
            '<' => html.write_str("&lt;"),
            '>' => html.write_str("&gt;"),
            '&' => html.write_str("&amp;"),
            sign => html.write_char(sign),
        };
    }
}
