//! Why a request is refused, with a status the agreement lists and a sentence that says what to do.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt;

use crate::finding::Finding;
use crate::message::{Problem, ProblemStatus};
use crate::wire::Wire;

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// 400: the request itself is wrong.
    Bad(String),
    /// 401: no token, or one that is not (or no longer) valid.
    NoToken,
    /// 403: the token is good, but not for this.
    Forbidden(String),
    /// 404: not there, or not for this caller: the two look the same.
    NotFound(String),
    /// 405: the path does not serve this method.
    Method,
    /// 429: too many requests.
    TooMany,
    /// 500: our fault.
    Internal(String),
}

impl Refusal {
    /// The refusal of a message for what was found in it.
    #[must_use]
    pub fn findings(findings: &[Finding]) -> Self {
        let texts: Vec<_> = findings
            .iter()
            .take(5)
            .map(|finding| {
                let place = if finding.pointer.is_empty() { "/" } else { &finding.pointer };
                format!("{place}: {}", finding.en())
            })
            .collect();
        Self::Bad(texts.join(" "))
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem document.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let title = match self {
            Self::Bad(_) => "Bad request",
            Self::NoToken => "Unauthorized",
            Self::Forbidden(_) => "Forbidden",
            Self::NotFound(_) => "Not found",
            Self::Method => "Method not allowed",
            Self::TooMany => "Too many requests",
            Self::Internal(_) => "Internal server error",
        };
        Problem {
            status: ProblemStatus(self.status().as_u16().to_string()).into(),
            title: title.to_owned().into(),
            detail: self.to_string().into(),
            ..Problem::default()
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(reason) | Self::Forbidden(reason) | Self::Internal(reason) => f.write_str(reason),
            Self::NotFound(what) => {
                write!(f, "There is no {what} here for you; check the id and the base URL.")
            }
            Self::NoToken => {
                f.write_str("Ask a bearer token at the token endpoint and send it with every request.")
            }
            Self::Method => f.write_str("This path does not serve this method."),
            Self::TooMany => f.write_str("Slow down and try again after the time in Retry-After."),
        }
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.problem().write().to_string()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::NoToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooMany => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}
