//! Language and theme: two small forms in the shell, remembered in cookies. They work without script
//! and before sign-in.

use crate::door::Door;
use crate::error::Error;
use crate::url::{Url as _, own_path};
use crate::urls;
use crate::viewer::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};
use axum::Form;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use regie_texts::Language;
use serde::Deserialize;

urls! {
    /// Chooses the language of the pages.
    pub ChooseLanguage = "/language";
    /// Chooses light, dark, or as the machine is set.
    pub ChooseTheme = "/theme";
}

pub(crate) fn door<S: Clone + Send + Sync + 'static>() -> Door<S> {
    Door::default().post(ChooseLanguage::at(), language).post(ChooseTheme::at(), theme)
}

#[derive(Deserialize)]
struct Choice {
    choice: String,
    #[serde(default)]
    back: String,
}

async fn language(Form(form): Form<Choice>) -> Result<Response, Error> {
    let language = Language::from_code(&form.choice).ok_or(Error::Unreadable)?;
    Ok(remember(LANGUAGE_COOKIE, language.code(), &form.back))
}

async fn theme(Form(form): Form<Choice>) -> Result<Response, Error> {
    let theme = Theme::from_code(&form.choice).ok_or(Error::Unreadable)?;
    Ok(remember(THEME_COOKIE, theme.code(), &form.back))
}

fn remember(cookie: &str, value: &str, back: &str) -> Response {
    let set = format!("{cookie}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    ([(header::SET_COOKIE, set)], Redirect::to(own_path(back))).into_response()
}
