//! What every page template holds in its field `page`, and how a template becomes an answer.

use crate::viewer::Viewer;
use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regie_texts::{Text, Texts};

/// A step in the path above the title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// The frame of a page: its reader, its title, its texts.
#[derive(Debug, Clone)]
pub struct Page {
    pub viewer: Viewer,
    pub texts: Texts,
    pub title: String,
    pub crumbs: Vec<Crumb>,
}

impl Page {
    pub fn new(viewer: Viewer, title: impl Into<String>) -> Self {
        Self { texts: viewer.texts(), viewer, title: title.into(), crumbs: Vec::new() }
    }

    #[must_use]
    pub fn under(mut self, label: impl Into<String>, href: impl ToString) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: href.to_string() });
        self
    }

    /// The text with this key, in the reader's language.
    pub fn t(&self, key: &'static str) -> Text<'static> {
        self.texts.t(key)
    }

    /// One member of a family of texts: `of("role", "student")`.
    pub fn of(&self, family: &'static str, member: &str) -> Text<'static> {
        self.texts.of(family, member)
    }
}

/// A template as an answer. A partial is a template too: one without the shell.
pub struct View<T> {
    template: T,
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl<T: Template> View<T> {
    pub const fn new(template: T) -> Self {
        Self { template, status: StatusCode::OK, headers: Vec::new() }
    }

    /// A form with errors answers with itself and this status.
    pub const fn invalid(template: T) -> Self {
        Self { template, status: StatusCode::UNPROCESSABLE_ENTITY, headers: Vec::new() }
    }

    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T: Template> IntoResponse for View<T> {
    fn into_response(self) -> Response {
        match self.template.render() {
            Ok(body) => {
                let kind = HeaderValue::from_static("text/html; charset=utf-8");
                let mut response = (self.status, [(header::CONTENT_TYPE, kind)], body).into_response();
                // The same address answers htmx with a part and a reader with the whole.
                response.headers_mut().insert(header::VARY, HeaderValue::from_static("hx-request-type"));
                response.headers_mut().extend(self.headers);
                response
            }
            Err(error) => crate::error::Error::from(error).into_response(),
        }
    }
}

/// Whether htmx asked for a part of the page, so that the shell can stay out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial(pub bool);

impl<S: Sync> axum::extract::FromRequestParts<S> for Partial {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.get("hx-request-type").is_some_and(|value| value == "partial")))
    }
}
