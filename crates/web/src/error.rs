//! What can go wrong at the door, and the page that says so in human words.
//!
//! A handler returns an [`Error`]; the layer [`humanise`](crate::layer::humanise) turns it into a page
//! in the reader's language, or into a partial for htmx.

use crate::layer::RequestName;
use crate::page::Page;
use crate::part::{Button, Refusal};
use crate::telling::Telling;
use crate::viewer::Viewer;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use regie_core::Standing;
use regie_texts::Texts;
use std::sync::Arc;

/// Every way a request ends without what was asked.
#[derive(Debug, Clone)]
pub enum Error {
    /// Nobody is signed in; `back` is where they were going.
    SignIn {
        back: String,
    },
    /// There is no such thing, or its existence is not for this reader.
    NotFound,
    /// The thing exists, this way of asking does not.
    NotThisWay,
    /// A rule forbids it: 403.
    Forbidden(Box<Refusal>),
    /// It clashes with how things stand now: 409.
    Conflict(Box<Refusal>),
    /// What an area refused; made with [`Error::told`] or [`Tell::told`](crate::telling::Tell::told).
    Told(Box<Telling>),
    /// The request could not be read; forms answer with their own page and errors per field instead.
    Unreadable,
    /// The form's token is missing or of another sign-in.
    Forged,
    TooLarge,
    TooMany {
        seconds: u64,
    },
    /// A bug or a broken part. The reason goes to the log, never to the page.
    Internal {
        reason: String,
    },
}

/// Carries the error from the handler to the layer that draws it.
#[derive(Debug, Clone)]
pub struct Problem(pub Arc<Error>);

impl Error {
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        Error::Internal { reason: reason.to_string() }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Error::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::NotThisWay => StatusCode::METHOD_NOT_ALLOWED,
            Error::Forbidden(_) | Error::Forged => StatusCode::FORBIDDEN,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Told(telling) => match telling.standing {
                Standing::NoCaller => StatusCode::UNAUTHORIZED,
                Standing::Refused => StatusCode::FORBIDDEN,
                Standing::NotFound => StatusCode::NOT_FOUND,
                Standing::Conflict => StatusCode::CONFLICT,
                Standing::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                Standing::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                Standing::Bug => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Error::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The member of the text families `error-title` and `error-text`.
    fn code(&self) -> &'static str {
        match self {
            Error::SignIn { .. } => "sign-in",
            Error::NotFound => "not-found",
            Error::NotThisWay => "not-this-way",
            Error::Forbidden(_) => "forbidden",
            Error::Conflict(_) => "conflict",
            Error::Told(telling) => match telling.standing {
                Standing::NoCaller => "sign-in",
                Standing::Refused => "forbidden",
                Standing::NotFound => "not-found",
                Standing::Conflict => "conflict",
                Standing::Invalid => "unreadable",
                Standing::Unavailable => "unavailable",
                Standing::Bug => "internal",
            },
            Error::Unreadable => "unreadable",
            Error::Forged => "forged",
            Error::TooLarge => "too-large",
            Error::TooMany { .. } => "too-many",
            Error::Internal { .. } => "internal",
        }
    }

    fn icon(&self) -> &'static str {
        match self {
            Error::SignIn { .. } => "log-in",
            Error::NotFound | Error::NotThisWay => "circle-help",
            Error::Forbidden(_) | Error::Forged => "lock",
            Error::Conflict(_) => "hand",
            Error::Told(telling) => match telling.standing {
                Standing::NoCaller => "log-in",
                Standing::Refused => "lock",
                Standing::NotFound => "circle-help",
                Standing::Conflict => "hand",
                Standing::Invalid => "file-text",
                Standing::Unavailable => "hourglass",
                Standing::Bug => "wrench",
            },
            Error::Unreadable => "file-text",
            Error::TooLarge => "archive",
            Error::TooMany { .. } => "hourglass",
            Error::Internal { .. } => "wrench",
        }
    }

    fn refusal(&self, texts: &Texts) -> Option<Refusal> {
        match self {
            Error::Forbidden(refusal) | Error::Conflict(refusal) => Some((**refusal).clone()),
            Error::Told(telling) if matches!(telling.standing, Standing::Refused | Standing::Conflict) => {
                Some(crate::telling::refusal(telling, *texts))
            }
            _ => None,
        }
    }

    /// What the page says under its title.
    fn text(&self, texts: &Texts) -> String {
        match self {
            Error::Told(telling) if telling.standing != Standing::NoCaller => telling.sentence(*texts),
            error => texts.of("error-text", error.code()).to_string(),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::SignIn { back } = &self {
            let place = crate::url::with_query("/sign-in", [("back", back.as_str())]);
            let mut response = Redirect::to(&place).into_response();
            response.extensions_mut().insert(Problem(Arc::new(self)));
            return response;
        }
        let mut response = self.status().into_response();
        if let Error::TooMany { seconds } = self {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Problem(Arc::new(self)));
        response
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Error::internal(error)
    }
}

#[derive(Template)]
#[template(path = "error/page.html")]
struct ErrorPage<'a> {
    page: Page,
    error: &'a Error,
    request: Option<&'a str>,
    acts: Vec<Button>,
}

#[derive(Template)]
#[template(path = "error/part.html")]
struct ErrorPart<'a> {
    page: Page,
    error: &'a Error,
    request: Option<&'a str>,
}

/// Draws an error for its reader; `partial` when htmx asked for a part of a page.
pub fn page(error: &Error, viewer: Viewer, request: Option<&RequestName>, partial: bool) -> String {
    let internal = matches!(error, Error::Internal { .. });
    let request = request.filter(|_| internal).map(|name| name.0.as_str());
    let page = Page::new(viewer, "");
    let texts = page.texts;
    let drawn = if partial {
        ErrorPart { page, error, request }.render()
    } else {
        let here = page.viewer.here.clone();
        let mut acts = vec![Button::link(texts.t("error-home"), "/").icon("house")];
        if matches!(error, Error::Internal { .. } | Error::TooMany { .. } | Error::Forged)
            || error.status() == StatusCode::SERVICE_UNAVAILABLE
        {
            acts.insert(0, Button::link(texts.t("error-again"), here).icon("rotate-ccw").primary());
        }
        ErrorPage { page, error, request, acts }.render()
    };
    // The last line of defence: a page that cannot even say that it failed.
    drawn.unwrap_or_else(|_| "Regie".to_owned())
}
