//! How a handler stops: with what the reader sees, and the rule for the layer that writes refused attempts down.

use crate::error::Error;
use crate::me::Me;
use crate::part::Faults;
use crate::telling::Telling;
use axum::response::{IntoResponse, Response};
use regie_core::{Standing, Told};
use regie_texts::Texts;

/// Left on the response for the layer that writes refused attempts down: the rule.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub &'static str);

pub struct Stop {
    error: Error,
    refused: Option<Refused>,
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        let mut response = self.error.into_response();
        if let Some(refused) = self.refused {
            response.extensions_mut().insert(refused);
        }
        response
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self { error, refused: None }
    }
}

impl Me {
    /// Ends a request with what went wrong.
    pub fn stop<E: Told + std::fmt::Display>(&self, error: E) -> Stop {
        stop(&error)
    }
}

pub fn stop<E: Told + std::fmt::Display>(error: &E) -> Stop {
    let refused = (error.standing() == Standing::Refused).then(|| Refused(error.code()));
    Stop { error: Error::told(error), refused }
}

/// An error that a form shows beside its field or on top; anything else stops the request.
pub fn fault<E: Told + std::fmt::Display>(texts: Texts, error: E) -> Result<Faults, Stop> {
    if !matches!(error.standing(), Standing::Invalid | Standing::Conflict) {
        return Err(stop(&error));
    }
    let mut faults = Faults::none(texts);
    faults.add(error.field().unwrap_or_default(), Telling::of(&error).sentence(texts));
    Ok(faults)
}
