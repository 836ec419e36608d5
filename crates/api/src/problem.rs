//! What went wrong, as `application/problem+json` (RFC 9457): the rule by its code, a sentence for people, the place in
//! the message as a JSON pointer, and who can lift it.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regie_core::{Role, Standing, Told};
use regie_texts::{Telling, Texts};
use schemars::JsonSchema;
use serde::Serialize;

/// A refusal or an error. `code` is stable; `detail` is for people and in the language of `Accept-Language`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Problem")]
pub(crate) struct Words {
    /// The rule as a URN: `urn:regie:rule:number-taken`.
    #[serde(rename = "type")]
    kind: String,
    /// What the status means.
    title: String,
    status: u16,
    /// The rule, the value it is about and the way out, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The rule: `number-taken`.
    code: String,
    /// The place in the body that was sent, as a JSON pointer: `/givenName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The parameter of the address or the header it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// The roles that can lift it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lifted_by: Vec<String>,
    #[serde(skip)]
    #[schemars(skip)]
    headers: Vec<(HeaderName, String)>,
    /// Set when a rule of the access table refused.
    #[serde(skip)]
    #[schemars(skip)]
    refused_by: Option<&'static str>,
}

/// [`Words`], light to hand on.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Words>);

impl Problem {
    fn new(status: StatusCode, code: &str) -> Self {
        Self(Box::new(Words {
            kind: format!("urn:regie:rule:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: None,
            code: code.to_owned(),
            pointer: None,
            parameter: None,
            lifted_by: Vec::new(),
            headers: Vec::new(),
            refused_by: None,
        }))
    }

    fn saying(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// The rule that refused, for the journal.
    pub(crate) fn refused_by(&self) -> Option<&'static str> {
        self.0.refused_by
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// An area's error. `body` is what was sent: a reference in it that leads nowhere is a mistake in the message.
    pub(crate) fn told<E: Told + std::fmt::Display>(
        error: &E,
        texts: Texts,
        body: Option<&serde_json::Value>,
        versioned: bool,
    ) -> Self {
        let telling = Telling::of(error);
        let dangling = telling
            .arguments
            .iter()
            .find(|(name, _)| *name == "kind" && telling.standing == Standing::NotFound)
            .and_then(|(_, kind)| body.and_then(|body| body.get(kind)).map(|_| kind.clone()));
        let status = match telling.standing {
            Standing::NoCaller => StatusCode::UNAUTHORIZED,
            Standing::Refused => StatusCode::FORBIDDEN,
            Standing::NotFound if dangling.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
            Standing::NotFound => StatusCode::NOT_FOUND,
            Standing::Conflict if versioned && telling.code == "changed-meanwhile" => {
                StatusCode::PRECONDITION_FAILED
            }
            Standing::Conflict => StatusCode::CONFLICT,
            Standing::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Standing::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Standing::Bug => return Problem::bug(error),
        };
        let mut problem = Problem::new(status, telling.code).saying(match telling.code {
            // The sentence for pages speaks of a form.
            "request-reused" => {
                "This Idempotency-Key was used before for something else. Send a new one.".into()
            }
            _ => telling.sentence(texts),
        });
        problem.0.pointer = dangling.or_else(|| telling.field.map(camel)).map(|name| format!("/{name}"));
        problem.0.lifted_by = telling.who.iter().map(|role: &Role| role.code().to_owned()).collect();
        problem.0.refused_by = (telling.standing == Standing::Refused).then_some(telling.code);
        if telling.standing == Standing::Unavailable {
            return problem.header(header::RETRY_AFTER, "5");
        }
        problem
    }

    /// A mistake in Regie: the reason goes to the log, never to the caller.
    pub(crate) fn bug(reason: impl std::fmt::Display) -> Self {
        tracing::error!(%reason, "an operation failed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug")
            .saying("Something in Regie failed. It is in the log under this request's x-request-id.")
    }

    pub(crate) fn no_token() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "token-needed")
            .saying("Send `Authorization: Bearer …` with a token from /oauth/token.")
            .header(header::WWW_AUTHENTICATE, "Bearer realm=\"regie\"")
    }

    pub(crate) fn bad_token() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "token-invalid")
            .saying("This token is unknown, has ended or was revoked. Ask for a new one at /oauth/token.")
            .header(header::WWW_AUTHENTICATE, "Bearer realm=\"regie\", error=\"invalid_token\"")
    }

    pub(crate) fn too_many(seconds: u64) -> Self {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests")
            .saying(format!("This client asks too often. Try again after {seconds} seconds."))
            .header(header::RETRY_AFTER, seconds.to_string())
    }

    pub(crate) fn scope_needed(scope: &str) -> Self {
        Problem::new(StatusCode::FORBIDDEN, "scope-needed")
            .saying(format!("This token lacks the scope {scope}. Ask for it at /oauth/token, or have an administrator give it to this client."))
            .header(
                header::WWW_AUTHENTICATE,
                format!("Bearer realm=\"regie\", error=\"insufficient_scope\", scope=\"{scope}\""),
            )
    }

    pub(crate) fn no_such_operation() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "no-such-operation")
            .saying("There is no operation at this address. /api/openapi.json lists them.")
    }

    pub(crate) fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found").saying("There is nothing with this id.")
    }

    pub(crate) fn not_this_way(method: &Method) -> Self {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
            .saying(format!("{method} is not possible here; the header Allow says what is."))
    }

    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        let mut problem = Problem::new(StatusCode::BAD_REQUEST, "parameter-invalid").saying(detail);
        problem.0.parameter = Some(name.to_owned()).filter(|name| !name.is_empty());
        problem
    }

    pub(crate) fn not_json(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "json-invalid").saying(detail)
    }

    pub(crate) fn value(pointer: String, detail: impl Into<String>) -> Self {
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "value-invalid").saying(detail);
        problem.0.pointer = Some(pointer);
        problem
    }

    pub(crate) fn scope_of_another_kind() -> Self {
        Problem::value("/scope".into(), "`scope` is empty exactly when `scopeKind` is `institution`.")
    }

    pub(crate) fn media_type() -> Self {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type")
            .saying("Send the body as application/json.")
    }

    pub(crate) fn too_large() -> Self {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
            .saying(format!("The body is larger than {} bytes.", crate::BODY_LIMIT))
    }

    pub(crate) fn version_needed() -> Self {
        let mut problem = Problem::new(StatusCode::PRECONDITION_REQUIRED, "version-needed").saying(
            "Send If-Match with the ETag of the version you changed, so that nobody's work is overwritten.",
        );
        problem.0.parameter = Some("If-Match".into());
        problem
    }

    pub(crate) fn other_version() -> Self {
        let mut problem = Problem::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile")
            .saying("If-Match names no version of this. Read it again and look at what changed.");
        problem.0.parameter = Some("If-Match".into());
        problem
    }
}

/// `given_name` in Rust is `givenName` in JSON.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut out, word| {
        let mut letters = word.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
        out
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status(), [(header::CONTENT_TYPE, kind)], body).into_response();
        for (name, value) in self.0.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_becomes_a_pointer_into_the_message() {
        assert_eq!((camel("given_name").as_str(), camel("mail").as_str()), ("givenName", "mail"));
        assert_eq!(camel("id_check_name"), "idCheckName");
    }
}
