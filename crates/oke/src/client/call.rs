//! One call: token, request, answer, and again when that can help.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::{SignedDuration, Timestamp};
use reqwest::header;
use serde_json::Value;

use super::log::mask_answer;
use super::token::{self, Token, reason};
use super::{Breaker, BreakerState, Entry, Failure, Log, Partner, mask};
use crate::check::not_json;
use crate::exchange::Method;
use crate::outside::Outside;

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

impl Call {
    /// A GET.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self { method: Method::Get, path: path.to_owned(), query: Vec::new(), body: None }
    }

    /// A PUT.
    #[must_use]
    pub fn put(path: &str, body: Value) -> Self {
        Self { method: Method::Put, path: path.to_owned(), query: Vec::new(), body: Some(body) }
    }

    /// A PATCH.
    #[must_use]
    pub fn patch(path: &str, body: Value) -> Self {
        Self { method: Method::Patch, path: path.to_owned(), query: Vec::new(), body: Some(body) }
    }

    /// The same with a query.
    #[must_use]
    pub fn with_query(mut self, query: &[(&str, String)]) -> Self {
        self.query.extend(query.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// The body as it was read for the log: an answer is parsed once.
    parsed: Option<Value>,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if it is none.
    pub fn json(&mut self) -> Result<Value, Failure> {
        match self.parsed.take() {
            Some(value) => Ok(value),
            None => serde_json::from_slice(&self.body)
                .map_err(|error| Failure::Unreadable(vec![not_json(&error)])),
        }
    }
}

/// What becomes of a call before it goes out; nothing, if it is kept back.
pub(crate) type OnTheWay = Arc<dyn Fn(Call) -> Option<Call> + Send + Sync>;

/// A client of one partner.
pub struct Client {
    http: reqwest::Client,
    partner: Partner,
    token: tokio::sync::Mutex<Option<Token>>,
    breaker: Breaker,
    lanes: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    log: Arc<dyn Log>,
    outside: Outside,
    on_the_way: Option<OnTheWay>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("partner", &self.partner).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of a partner.
    ///
    /// # Errors
    /// [`Failure::Settings`] if the settings cannot work.
    pub fn new(partner: Partner, log: Arc<dyn Log>, outside: Outside) -> Result<Self, Failure> {
        let mut builder = reqwest::Client::builder()
            .use_rustls_tls()
            .min_tls_version(reqwest::tls::Version::TLS_1_3)
            .https_only(!partner.allow_http)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(partner.timeout)
            .connect_timeout(partner.timeout.min(Duration::from_secs(10)))
            .user_agent(concat!("regie-oke/", env!("CARGO_PKG_VERSION")));
        for pem in &partner.authorities {
            let authority = reqwest::Certificate::from_pem(pem).map_err(|_| {
                Failure::Settings("A certificate authority is no PEM; check the file.".to_owned())
            })?;
            builder = builder.add_root_certificate(authority);
        }
        let http = builder.build().map_err(|error| Failure::Settings(format!("No HTTP client: {error}.")))?;
        Ok(Self {
            http,
            partner,
            token: tokio::sync::Mutex::new(None),
            breaker: Breaker::new(5, SignedDuration::from_secs(30)),
            lanes: Mutex::default(),
            log,
            outside,
            on_the_way: None,
        })
    }

    /// The same client of a simulated party that is broken on purpose: what it says passes here first.
    pub(crate) fn with_changes(mut self, on_the_way: OnTheWay) -> Self {
        self.on_the_way = Some(on_the_way);
        self
    }

    /// The settings.
    #[must_use]
    pub const fn partner(&self) -> &Partner {
        &self.partner
    }

    /// Whether the partner is being left alone.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.breaker.state(self.outside.now())
    }

    /// Sends a call after every earlier one about the same subject has ended.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn in_order(&self, subject: &str, call: Call) -> Result<Reply, Failure> {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            // Lanes nobody waits in are swept before they pile up.
            if lanes.len() >= 4096 {
                lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            }
            Arc::clone(lanes.entry(subject.to_owned()).or_default())
        };
        // This lock is fair: first come, first sent.
        let _turn = lane.lock().await;
        self.send(call).await
    }

    /// Sends a call, again while that can help. Every operation of the agreement may be repeated.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn send(&self, call: Call) -> Result<Reply, Failure> {
        let call = match &self.on_the_way {
            None => call,
            Some(change) => match change(call) {
                Some(call) => call,
                None => return Ok(Reply { status: 200, body: Bytes::new(), parsed: None }),
            },
        };
        let mut wait = self.partner.retry.first;
        let mut attempt = 1;
        let mut is_renewed = false;
        loop {
            self.breaker.enter(self.outside.now()).map_err(|state| Failure::Resting(state.to_string()))?;
            let (outcome, retry_after) = self.once(&call, attempt).await;
            let failure = match outcome {
                Ok(reply) => {
                    self.breaker.succeeded();
                    return Ok(reply);
                }
                Err(failure) => failure,
            };
            let is_partner_down = matches!(failure, Failure::Unreachable(_))
                || matches!(failure, Failure::Refused { status, .. } if status >= 500);
            if is_partner_down {
                self.breaker.failed(self.outside.now());
            } else {
                self.breaker.succeeded();
            }
            if matches!(failure, Failure::Refused { status: 401, .. }) && !is_renewed {
                // The token may have ended early, as after a restart of the partner.
                *self.token.lock().await = None;
                is_renewed = true;
                continue;
            }
            let is_last = attempt >= self.partner.retry.attempts;
            if is_last || !failure.is_passing() || matches!(failure, Failure::Token(_)) {
                return Err(failure);
            }
            tokio::time::sleep(
                retry_after.unwrap_or_else(|| self.jittered(wait)).min(self.partner.retry.longest),
            )
            .await;
            wait = wait.saturating_mul(2).min(self.partner.retry.longest);
            attempt += 1;
        }
    }

    /// Between half and all of the time, so that many clients do not return together.
    fn jittered(&self, wait: Duration) -> Duration {
        let half = wait / 2;
        let nanos = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX);
        half + Duration::from_nanos(self.outside.below(nanos.max(1)))
    }

    async fn once(&self, call: &Call, attempt: u32) -> (Result<Reply, Failure>, Option<Duration>) {
        let token = match self.token().await {
            Ok(token) => token,
            Err(failure) => return (Err(failure), None),
        };
        let started = self.outside.now();
        let url = format!("{}{}", self.partner.base_url, call.path);
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
        };
        let mut request = self.http.request(method, &url).header(header::ACCEPT, "application/json");
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &call.body {
            let is_merge = call.method == Method::Patch && !self.partner.quirks.patch_as_json;
            let kind = if is_merge { "application/merge-patch+json" } else { "application/json" };
            request = request.header(header::CONTENT_TYPE, kind).body(body.to_string());
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let reason = reason(&error);
                self.record(call, attempt, started, None, None, Some(reason.clone()));
                return (Err(Failure::Unreachable(reason)), None);
            }
        };
        let status = answer.status().as_u16();
        let retry_after = answer
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| retry_after(text, self.outside.now()));
        let body = self.body(answer).await;
        let shown = body.as_ref().ok().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let error = body.as_ref().err().map(ToString::to_string);
        self.record(call, attempt, started, Some(status), shown.as_ref(), error);
        let reply = match body {
            Ok(body) if (200..300).contains(&status) => Ok(Reply { status, body, parsed: shown }),
            Ok(_) => {
                let shown = shown.as_ref().map(|answer| mask_answer(answer, call.body.as_ref()));
                Err(Failure::Refused { status, detail: said(shown.as_ref(), status) })
            }
            Err(failure) => Err(failure),
        };
        (reply, retry_after)
    }

    async fn body(&self, mut answer: reqwest::Response) -> Result<Bytes, Failure> {
        let most = self.partner.largest_answer.max(self.partner.largest_document);
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| Failure::Unreachable(reason(&error)))? {
            if body.len().saturating_add(chunk.len()) > most {
                return Err(Failure::TooLarge(most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    async fn token(&self) -> Result<Option<String>, Failure> {
        let Some(url) = &self.partner.token_url else { return Ok(None) };
        let mut kept = self.token.lock().await;
        let now = self.outside.now();
        if let Some(token) = kept.as_ref().filter(|token| token.renew > now) {
            return Ok(Some(token.text.clone()));
        }
        let fetched = token::fetch(&self.http, &self.partner, url, now).await;
        let status = match &fetched {
            Ok(_) => Some(200),
            Err(Failure::Refused { status, .. }) => Some(*status),
            Err(_) => None,
        };
        self.log.record(Entry {
            at: now,
            partner: self.partner.name.clone(),
            method: "POST",
            path: url.split('?').next().unwrap_or_default().to_owned(),
            attempt: 1,
            status,
            millis: self.outside.now().as_millisecond() - now.as_millisecond(),
            request: None,
            answer: None,
            error: fetched.as_ref().err().map(ToString::to_string),
        });
        let token = fetched?;
        let text = token.text.clone();
        *kept = Some(token);
        Ok(Some(text))
    }

    fn record(
        &self,
        call: &Call,
        attempt: u32,
        started: Timestamp,
        status: Option<u16>,
        answer: Option<&Value>,
        error: Option<String>,
    ) {
        let query: Vec<_> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let path =
            if query.is_empty() { call.path.clone() } else { format!("{}?{}", call.path, query.join("&")) };
        let millis = self.outside.now().as_millisecond() - started.as_millisecond();
        self.log.record(Entry {
            at: started,
            partner: self.partner.name.clone(),
            method: call.method.name(),
            path,
            attempt,
            status,
            millis,
            request: call.body.as_ref().map(mask),
            answer: answer.map(|answer| mask_answer(answer, call.body.as_ref())),
            error,
        });
    }
}

/// How long a partner asks to wait: seconds, or until a moment.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// What a problem document says, or at least the status.
fn said(body: Option<&Value>, status: u16) -> String {
    let text = |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str);
    text("detail")
        .or_else(|| text("title"))
        .map_or_else(|| format!("no reason given (status {status})"), |text| text.chars().take(500).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_may_say_how_long_or_until_when() {
        let now = "2026-11-21T08:00:00Z".parse().unwrap();
        assert_eq!(retry_after("12", now), Some(Duration::from_secs(12)));
        assert_eq!(retry_after("Sat, 21 Nov 2026 08:00:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sat, 21 Nov 2026 07:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
