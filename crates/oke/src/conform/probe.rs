//! Talking to the tested party, with everything said kept for the report.

use std::collections::HashMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::Stop;
use super::listen::Listening;
use crate::check::{Context, check_value};
use crate::client::{mask, reason};
use crate::exchange::{Operation, Role, Scope};
use crate::finding::Severity;
use crate::memory::{Kind, Shelf};
use crate::outside::Outside;
use crate::simulate::data::SCHOOL;
use crate::simulate::{Credentials, Seen};
use crate::wire::Dialect;
use std::sync::Arc;

/// The party under test.
#[derive(Debug, Clone)]
pub struct Target {
    /// What it is.
    pub role: Role,
    /// Its base URL.
    pub base_url: String,
    /// Its token endpoint.
    pub token_url: String,
    /// Our credentials as its ordinary caller: TPL at a SIS or TA, SIS at a TPL.
    pub caller: Credentials,
    /// What the tested party set up for us.
    pub prepared: Prepared,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long a call from the tested party may stay out.
    pub patience: Duration,
    /// Certificate authorities besides those of the system, in PEM.
    pub authorities: Vec<Vec<u8>>,
}

/// What the tested party set up: every part may be left out, and its tests are skipped.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Prepared {
    /// The other caller: SIS at a TA, TA at a TPL or SIS.
    pub second: Option<Credentials>,
    /// A caller of another institution.
    pub stranger: Option<Credentials>,
    /// SIS: a plannable test with enrolments.
    pub offering: Option<String>,
    /// SIS: the first day of a period that holds the offering.
    pub since: Option<String>,
    /// SIS: the last day of that period.
    pub until: Option<String>,
    /// SIS: an enrolment with a result expected.
    pub enrolment: Option<String>,
    /// SIS: a score that fits its result type, and another one.
    pub scores: Vec<String>,
    /// SIS: a cancelled enrolment.
    pub canceled_enrolment: Option<String>,
    /// SIS: an enrolment without attempts left.
    pub last_attempt_enrolment: Option<String>,
    /// SIS: a student.
    pub person: Option<String>,
    /// SIS: an organisation with a parent.
    pub organization: Option<String>,
    /// SIS: a group with members, and a word of its name.
    pub group: Option<String>,
    /// SIS: a word of the group's name.
    pub group_search: Option<String>,
    /// TA: a component of the catalogue.
    pub component: Option<String>,
    /// TA: a word that is in the name of that component and not in all of them.
    pub component_search: Option<String>,
    /// TPL: a session known to the second caller.
    pub session: Option<String>,
    /// TPL: a cancelled session.
    pub canceled_session: Option<String>,
    /// TPL: a participation. TA: a participation with a result.
    pub participation: Option<String>,
    /// TPL: a cancelled participation.
    pub canceled_participation: Option<String>,
    /// TPL, TA: a document.
    pub document: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// The ordinary caller.
    Main,
    /// The other caller.
    Second,
    /// A caller of another institution.
    Stranger,
    /// Nobody: no token.
    Nobody,
    /// Someone with a token nobody gave.
    Forger,
}

/// One request and its answer, as they go into the report.
#[derive(Debug, Clone, Serialize)]
pub struct Exchange {
    /// GET, PUT, PATCH, POST.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Who asked.
    pub caller: String,
    /// What was sent, without secrets.
    pub request: Option<Value>,
    /// The status; nothing if there was no answer.
    pub status: Option<u16>,
    /// The media type of the answer.
    pub media_type: String,
    /// The answer, cut to a readable size.
    pub answer: Option<Value>,
    /// Which call to which listening partner this was, if the tested party asked.
    #[serde(skip)]
    pub(super) heard: Option<(Role, u64)>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) media_type: String,
    pub(super) body: Bytes,
    pub(super) operation: Option<&'static Operation>,
    pub(super) what: String,
}

/// The hand that feels around.
pub(crate) struct Probe {
    pub(super) target: Arc<Target>,
    pub(super) outside: Outside,
    pub(super) listening: Option<Arc<Listening>>,
    pub(super) exchanges: Vec<Exchange>,
    http: reqwest::Client,
    tokens: HashMap<(Who, Option<Scope>), String>,
    /// What was made, to be cancelled in the end.
    pub(super) made: Vec<String>,
}

impl Probe {
    pub(super) fn new(
        target: Arc<Target>,
        outside: Outside,
        listening: Option<Arc<Listening>>,
    ) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder()
            .use_rustls_tls()
            .redirect(reqwest::redirect::Policy::none())
            // A party may close a connection after a refusal; the next request is not to suffer for it.
            .pool_max_idle_per_host(0)
            .timeout(target.timeout);
        for pem in &target.authorities {
            let authority = reqwest::Certificate::from_pem(pem)
                .map_err(|_| "A certificate authority is no PEM; check the file.".to_owned())?;
            builder = builder.add_root_certificate(authority);
        }
        let http = builder.build().map_err(|error| format!("No HTTP client: {error}."))?;
        Ok(Self {
            target,
            outside,
            listening,
            exchanges: Vec::new(),
            http,
            tokens: HashMap::new(),
            made: Vec::new(),
        })
    }

    pub(super) fn id(&self) -> String {
        self.outside.id()
    }

    /// Whether there is anybody to test at all: an address that answers, and a token for us.
    pub(super) async fn reach(&mut self) -> Result<(), String> {
        let url = self.target.base_url.clone();
        self.http.get(format!("{url}/")).send().await.map_err(|error| {
            format!("Nobody answers at {url}: {}. Check --url, and whether the system is up.", reason(&error))
        })?;
        let url = self.target.token_url.clone();
        let form = [("grant_type", "client_credentials")];
        let caller = self.target.caller.clone();
        let request = self.http.post(&url).basic_auth(&caller.id, Some(&caller.secret)).form(&form);
        let response = request.send().await.map_err(|error| {
            format!("The token endpoint {url} does not answer: {}. Check --token-url.", reason(&error))
        })?;
        let status = response.status().as_u16();
        let body: Value = serde_json::from_slice(&body_of(response).await).unwrap_or_default();
        if body.get("access_token").is_none() {
            let said = body.get("error").and_then(Value::as_str).unwrap_or("no reason given");
            return Err(format!(
                "The token endpoint {url} gave {} no token: status {status}, {said}. Check --client-id, --client-secret and --token-url.",
                caller.id
            ));
        }
        Ok(())
    }

    /// Notes a call of the tested party to a partner that listens, for the report.
    pub(super) fn heard(&mut self, seen: &Seen) {
        if self.exchanges.iter().any(|known| known.heard == Some((seen.server, seen.number))) {
            return;
        }
        self.exchanges.push(Exchange {
            method: seen.method.clone(),
            path: seen.path.clone(),
            caller: format!("the tested {} at the {} that listens", self.target.role, seen.server),
            request: seen.request.as_ref().map(cut),
            status: Some(seen.status),
            media_type: String::new(),
            answer: seen.answer.as_ref().map(cut),
            heard: Some((seen.server, seen.number)),
        });
    }

    /// Something the tested party should have set up.
    pub(super) fn prepared<T: Clone>(
        &self,
        part: impl FnOnce(&Prepared) -> Option<T>,
        name: &str,
    ) -> Result<T, Stop> {
        part(&self.target.prepared).ok_or_else(|| {
            Stop::Skipped(format!("The prepared file names no {name}; add it to have this tested."))
        })
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Got, Stop> {
        self.ask(Who::Main, "GET", path, None).await
    }

    pub(super) async fn get_as(&mut self, who: Who, path: &str) -> Result<Got, Stop> {
        self.ask(who, "GET", path, None).await
    }

    pub(super) async fn put(&mut self, path: &str, body: &Value) -> Result<Got, Stop> {
        self.ask(Who::Main, "PUT", path, Some(body)).await
    }

    pub(super) async fn patch(&mut self, path: &str, body: &Value) -> Result<Got, Stop> {
        self.ask(Who::Main, "PATCH", path, Some(body)).await
    }

    pub(super) async fn patch_as(&mut self, who: Who, path: &str, body: &Value) -> Result<Got, Stop> {
        self.ask(who, "PATCH", path, Some(body)).await
    }

    /// One request with its usual media type.
    pub(super) async fn ask(
        &mut self,
        who: Who,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Got, Stop> {
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        self.send(who, method, path, body.map(|body| (kind, body.to_string()))).await
    }

    /// One request with exactly these bytes.
    pub(super) async fn send(
        &mut self,
        who: Who,
        method: &str,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Result<Got, Stop> {
        let token = self.token(who, None).await?;
        self.send_with(token, who, method, path, body).await
    }

    /// One request with this token.
    pub(super) async fn send_with(
        &mut self,
        token: Option<String>,
        who: Who,
        method: &str,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Result<Got, Stop> {
        let url = format!("{}{path}", self.target.base_url);
        let verb = reqwest::Method::from_bytes(method.as_bytes())
            .map_err(|_| Stop::Failed(format!("{method} is no method.")))?;
        let mut request = self.http.request(verb, &url).header("accept", "application/json");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let shown = body.as_ref().map(|(_, text)| {
            serde_json::from_str(text).map_or_else(|_| short(text), |value: Value| cut(&value))
        });
        let is_put = method == "PUT";
        let told = body.as_ref().and_then(|(_, text)| serde_json::from_str::<Value>(text).ok());
        if let Some((kind, text)) = body {
            request = request.header("content-type", kind).body(text);
        }
        let mut exchange = Exchange {
            method: method.to_owned(),
            path: path.to_owned(),
            caller: format!("{who:?}").to_lowercase(),
            request: shown,
            status: None,
            media_type: String::new(),
            answer: None,
            heard: None,
        };
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                self.exchanges.push(exchange);
                let reason = if error.is_timeout() { "in time" } else { "at all" };
                return Err(Stop::Failed(format!("{method} {path} was not answered {reason}.")));
            }
        };
        let status = response.status().as_u16();
        let media_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = body_of(response).await;
        exchange.status = Some(status);
        exchange.media_type.clone_from(&media_type);
        exchange.answer = serde_json::from_slice(&bytes).ok().map(|value| cut(&value));
        self.exchanges.push(exchange);
        if is_put && (200..300).contains(&status) && !self.made.iter().any(|made| made == path) {
            self.made.push(path.to_owned());
        }
        if (200..300).contains(&status) && who == Who::Main {
            self.remember(method, path, told.as_ref());
        }
        let operation =
            method.parse().ok().and_then(|method| Operation::find(self.target.role, method, path));
        if status >= 500 {
            return Err(Stop::Failed(format!(
                "{method} {path} answered {status}: a server error is never right."
            )));
        }
        Ok(Got { status, media_type, body: bytes, operation, what: format!("{method} {path}") })
    }

    /// What the suite tells a planner as its student administration, the administration that listens knows too: the
    /// planner will come back to it with results.
    fn remember(&self, method: &str, path: &str, told: Option<&Value>) {
        let (Role::Tpl, Some(told)) = (self.target.role, told) else { return };
        let Some(sis) = self.listening.as_ref().and_then(|listening| listening.stand(Role::Sis)) else {
            return;
        };
        let mut parts = path.split('/').skip(1);
        let kind = match parts.next() {
            Some("offerings") => Kind::Offering,
            Some("associations") => Kind::Association,
            Some("persons") => Kind::Person,
            _ => return,
        };
        let (Some(id), None) = (parts.next(), parts.next()) else { return };
        match method {
            "PUT" => {
                sis.memory.put(SCHOOL, Shelf::Plan, kind, id, told);
            }
            "PATCH" => {
                sis.memory.patch(SCHOOL, Shelf::Plan, kind, id, told.clone());
            }
            _ => {}
        }
    }

    /// A token for someone, perhaps for one scope only.
    pub(super) async fn token(&mut self, who: Who, scope: Option<Scope>) -> Result<Option<String>, Stop> {
        let credentials = match who {
            Who::Main => self.target.caller.clone(),
            Who::Second => self.prepared(|prepared| prepared.second.clone(), "second caller (second)")?,
            Who::Stranger => self.prepared(|prepared| prepared.stranger.clone(), "stranger")?,
            Who::Nobody => return Ok(None),
            Who::Forger => return Ok(Some("a-token-nobody-gave".to_owned())),
        };
        if let Some(token) = self.tokens.get(&(who, scope)) {
            return Ok(Some(token.clone()));
        }
        let (status, body) = self.ask_token(&credentials, scope.map(Scope::name)).await?;
        let token = body.get("access_token").and_then(Value::as_str).filter(|_| (200..300).contains(&status));
        let token = token
            .ok_or_else(|| Stop::Failed(format!("The token endpoint answered {status} without a token.")))?;
        self.tokens.insert((who, scope), token.to_owned());
        Ok(Some(token.to_owned()))
    }

    /// Asks the token endpoint.
    pub(super) async fn ask_token(
        &mut self,
        credentials: &Credentials,
        scope: Option<&str>,
    ) -> Result<(u16, Value), Stop> {
        let mut form = vec![("grant_type", "client_credentials")];
        if let Some(scope) = scope {
            form.push(("scope", scope));
        }
        let response = self
            .http
            .post(&self.target.token_url)
            .basic_auth(&credentials.id, Some(&credentials.secret))
            .form(&form)
            .send()
            .await
            .map_err(|_| Stop::Failed("The token endpoint does not answer.".to_owned()))?;
        let status = response.status().as_u16();
        let body: Value = serde_json::from_slice(&body_of(response).await).unwrap_or_default();
        self.exchanges.push(Exchange {
            method: "POST".to_owned(),
            path: self.target.token_url.clone(),
            caller: credentials.id.clone(),
            request: None,
            status: Some(status),
            media_type: "application/json".to_owned(),
            answer: Some(mask(&body)),
            heard: None,
        });
        Ok((status, body))
    }
}

impl Got {
    pub(super) const fn is_fine(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// One of these statuses.
    pub(super) fn status_in(self, wanted: &[u16]) -> Result<Self, Stop> {
        if wanted.contains(&self.status) {
            return Ok(self);
        }
        let wanted: Vec<_> = wanted.iter().map(ToString::to_string).collect();
        let said = self.value().ok().and_then(|value| {
            value
                .get("detail")
                .or_else(|| value.get("title"))
                .and_then(Value::as_str)
                .map(|text| format!(" ({text})"))
        });
        Err(Stop::Failed(format!(
            "{} answered {}{}; expected {}.",
            self.what,
            self.status,
            said.unwrap_or_default(),
            wanted.join(" or ")
        )))
    }

    /// A refusal with one of these statuses, as problem+json with its status as a string.
    pub(super) fn problem(self, wanted: &[u16]) -> Result<(), Stop> {
        let got = self.status_in(wanted)?;
        let what = got.what.clone();
        if !got.media_type.starts_with("application/problem+json") {
            return Err(Stop::Failed(format!(
                "{what} was refused with media type {:?}; expected application/problem+json.",
                got.media_type
            )));
        }
        let value = got.value()?;
        let status = value.get("status").and_then(Value::as_str);
        if status != Some(got.status.to_string().as_str()) {
            return Err(Stop::Failed(format!(
                "{what}: status in the problem must be the string \"{}\".",
                got.status
            )));
        }
        expect(
            value.get("title").is_some_and(Value::is_string),
            &format!("{what}: the problem has no title."),
        )
    }

    pub(super) fn value(&self) -> Result<Value, Stop> {
        serde_json::from_slice(&self.body)
            .map_err(|_| Stop::Failed(format!("{}: the answer is no JSON.", self.what)))
    }

    /// A 200 whose body is the message the agreement says, without errors or warnings of schema and agreement.
    pub(super) fn valid(self) -> Result<Value, Stop> {
        let got = self.status_in(&[200])?;
        let value = got.value()?;
        if !got.media_type.starts_with("application/json") {
            return Err(Stop::Failed(format!(
                "{}: media type {:?}, expected application/json.",
                got.what, got.media_type
            )));
        }
        if let Some(operation) = got.operation {
            let flow = operation.uses.first().map_or(0, |used| used.flow);
            let context = Context { dialect: Dialect::V1_1, ..Context::answer(operation, flow) };
            let checked = check_value(value.clone(), &context);
            let serious = checked.findings.iter().find(|finding| {
                finding.severity > Severity::Note && finding.level != crate::finding::Level::Advice
            });
            if let Some(finding) = serious {
                return Err(Stop::Failed(format!("{}: {finding}", got.what)));
            }
            let written =
                checked.findings.iter().find(|finding| finding.rule == crate::rule::Rule::WriteOnly);
            if let Some(finding) = written {
                return Err(Stop::Failed(format!("{}: {finding}", got.what)));
            }
        }
        Ok(value)
    }
}

/// No answer of a tested party is larger than this; the rest is not read.
const MOST_BYTES: usize = 32 * 1024 * 1024;

async fn body_of(mut response: reqwest::Response) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > MOST_BYTES {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    body.freeze()
}

/// Something that must be so.
pub(super) fn expect(is_so: bool, otherwise: &str) -> Result<(), Stop> {
    if is_so { Ok(()) } else { Err(Stop::Failed(otherwise.to_owned())) }
}

/// The value at a JSON pointer must be this.
pub(super) fn equal(value: &Value, pointer: &str, wanted: &Value) -> Result<(), Stop> {
    let found = value.pointer(pointer).unwrap_or(&Value::Null);
    expect(found == wanted, &format!("{pointer} is {}, expected {}.", cut(found), cut(wanted)))
}

/// The attribute of our consumer entry.
pub(super) fn consumer<'v>(value: &'v Value, name: &str) -> &'v Value {
    value
        .get("consumers")
        .and_then(Value::as_array)
        .and_then(|list| {
            list.iter().find(|entry| entry.get("consumerKey").is_some_and(|key| key == "nl-test-admin"))
        })
        .and_then(|entry| entry.get(name))
        .unwrap_or(&Value::Null)
}

/// The items of a page.
pub(super) fn items(value: &Value) -> Vec<Value> {
    value.get("items").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The moment a text stands for, for comparing across offsets.
pub(super) fn moment(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// The id of a reference, embedded or not.
pub(super) fn reference(value: &Value, id: &str) -> Option<String> {
    value.as_str().or_else(|| value.get(id).and_then(Value::as_str)).map(str::to_ascii_lowercase)
}

fn short(text: &str) -> Value {
    let mut shown: String = text.chars().take(400).collect();
    if shown.len() < text.len() {
        shown.push_str(" ...");
    }
    Value::String(shown)
}

/// A value cut to what a reader of a report can take in.
fn cut(value: &Value) -> Value {
    match value {
        Value::Array(list) if list.len() > 3 => {
            let mut few: Vec<_> = list.iter().take(3).map(cut).collect();
            few.push(Value::String(format!("... {} more", list.len() - 3)));
            Value::Array(few)
        }
        Value::Array(list) => Value::Array(list.iter().map(cut).collect()),
        Value::Object(object) => {
            Value::Object(object.iter().map(|(name, value)| (name.clone(), cut(value))).collect())
        }
        Value::String(text) => short(text),
        other => other.clone(),
    }
}
