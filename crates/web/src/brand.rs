//! The school's colour and mark: a page to set them, and the style sheet and picture that every page then asks for.

use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Chip, Faults, Field, Form, Notice, Tone};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Action;
use regie_core::colour::Theme;
use regie_platform::brand::{self, Paint, SetLogo};
use serde::Deserialize;

urls! {
    pub BrandPage = "/brand";
    pub BrandStyle = "/brand/style.css";
    pub BrandLogo = "/brand/logo";
    pub RemoveLogo = "/brand/logo/remove";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(BrandPage::at(), show)
        .post(BrandPage::at(), paint)
        .get(BrandStyle::at(), style)
        .get(BrandLogo::at(), logo)
        .post(BrandLogo::at(), set_logo)
        .post(RemoveLogo::at(), remove_logo)
}

#[derive(Template)]
#[template(path = "page/brand.html")]
struct BrandForm {
    page: Page,
    chip: Chip,
    notice: Option<Notice>,
    colours: Option<Form>,
    logo: Option<String>,
    logo_form: Option<Form>,
    remove: Option<Button>,
}

#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    colour: String,
    #[serde(default)]
    colour_dark: String,
}

async fn draw(
    house: &House,
    me: &Me,
    typed: Option<Typed>,
    faults: Faults,
    logo_faults: Faults,
) -> Result<BrandForm, Stop> {
    let texts = me.texts();
    if !me.may(Action::SeeSettings) {
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::SeeSettings, role }));
    }
    let brand = brand::see(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let own = brand.as_ref().and_then(|brand| brand.colour(Theme::Light));
    let typed = typed.unwrap_or_else(|| Typed {
        colour: brand.as_ref().and_then(|brand| brand.colour.clone()).unwrap_or_default(),
        colour_dark: brand.as_ref().and_then(|brand| brand.colour_dark.clone()).unwrap_or_default(),
    });
    let chip = match own {
        Some(colour) => Chip::new(Tone::Info, colour.to_string()),
        None => Chip::new(Tone::Plain, texts.t("brand-house")),
    };
    let may = me.may(Action::EditSettings);
    let logo = brand.as_ref().filter(|brand| brand.logo_type.is_some());
    Ok(BrandForm {
        chip,
        notice: (!may).then(|| Notice::new(Tone::Info, texts.t("brand-look-only"))),
        colours: may.then(|| Form {
            action: BrandPage {}.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::text(texts, "colour", texts.t("brand-colour"))
                    .hint(texts.t("brand-colour-hint"))
                    .value(typed.colour)
                    .optional()
                    .short()
                    .checked(&faults),
                Field::text(texts, "colour_dark", texts.t("brand-colour-dark"))
                    .hint(texts.t("brand-colour-dark-hint"))
                    .value(typed.colour_dark)
                    .optional()
                    .short()
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("form-save")),
            others: Vec::new(),
        }),
        logo: logo.map(|brand| format!("{}?v={}", BrandLogo {}, brand.version)),
        remove: (may && logo.is_some()).then(|| {
            Button::post(texts.t("brand-logo-remove"), RemoveLogo {}, &me.viewer.csrf).danger_second()
        }),
        logo_form: may.then(|| Form {
            action: BrandLogo {}.to_string(),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::file(
                    texts,
                    "logo",
                    texts.t("brand-logo"),
                    ".png,.jpg,.jpeg,.webp",
                    texts.t("brand-logo-limit"),
                )
                .checked(&logo_faults),
            ],
            faults: logo_faults,
            submit: Button::submit(texts.t("brand-logo-save")),
            others: Vec::new(),
        }),
        page: Page::new(me.viewer.clone(), texts.t("nav-brand")),
    })
}

async fn show(State(house): State<House>, me: Me) -> Result<View<BrandForm>, Stop> {
    let none = || Faults::none(me.texts());
    Ok(View::new(draw(&house, &me, None, none(), none()).await?))
}

async fn paint(State(house): State<House>, me: Me, Sent(typed): Sent<Typed>) -> Result<Response, Stop> {
    let input = Paint { colour: typed.colour.clone(), colour_dark: typed.colour_dark.clone() };
    match brand::paint(&house.db, me.caller(), input).await {
        Ok(()) => Ok(Redirect::to(&BrandPage {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            let none = Faults::none(me.texts());
            Ok(View::invalid(draw(&house, &me, Some(typed), faults, none).await?).into_response())
        }
    }
}

/// The kind is told by the first bytes, never by the name.
fn kind(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

async fn set_logo(State(house): State<House>, me: Me, mut form: Multipart) -> Result<Response, Stop> {
    let mut bytes = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| crate::Error::Unreadable)? {
        if field.name() == Some("logo") {
            bytes = field.bytes().await.map_err(|_| crate::Error::TooLarge)?.to_vec();
        }
    }
    let kind = kind(&bytes).to_owned();
    match brand::set_logo(&house.db, me.caller(), SetLogo { picture: Some((bytes, kind)) }).await {
        Ok(()) => Ok(Redirect::to(&BrandPage {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            let none = Faults::none(me.texts());
            Ok(View::invalid(draw(&house, &me, None, none, faults).await?).into_response())
        }
    }
}

async fn remove_logo(State(house): State<House>, me: Me) -> Result<Redirect, Stop> {
    brand::set_logo(&house.db, me.caller(), SetLogo { picture: None })
        .await
        .map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&BrandPage {}.to_string()))
}

/// The school's own tokens; nothing when it has none.
async fn style(State(house): State<House>, me: Me) -> Result<Response, Stop> {
    let brand = brand::see(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let style = brand.map(|brand| brand.style()).unwrap_or_default();
    Ok(kept(style.into_response(), "text/css; charset=utf-8"))
}

async fn logo(State(house): State<House>, me: Me) -> Result<Response, Stop> {
    let logo = brand::logo(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let (bytes, kind) = logo.ok_or(crate::Error::NotFound)?;
    Ok(kept(bytes.into_response(), &kind))
}

/// The address carries the version, so a browser may keep it for the day; nobody else may.
fn kept(mut response: Response, kind: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), "image/webp");
        for other in [&b""[..], b"<svg xmlns", b"RIFF\0\0\0\0WAVE", b"GIF89a"] {
            assert_eq!(kind(other), "application/octet-stream");
        }
    }
}
