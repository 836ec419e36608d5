//! An OpenID provider that says what a test wants it to say.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use regie_testkit::World;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The member of a test's claims that stands in the place of the nonce.
pub const NONCE: &str = "nonce";

struct Key {
    pair: EcdsaKeyPair,
    name: String,
}

fn key(name: String) -> Key {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
    Key { pair, name }
}

struct Codes {
    key: Key,
    other: Key,
    /// Code → challenge, id token, userinfo. Taken out when used.
    given: HashMap<String, (String, String, Value)>,
    /// Access token → userinfo.
    infos: HashMap<String, Value>,
    count: usize,
}

#[derive(Clone)]
struct Shared {
    issuer: String,
    codes: Arc<Mutex<Codes>>,
}

pub struct Lying {
    pub issuer: String,
    codes: Arc<Mutex<Codes>>,
    serving: JoinHandle<()>,
}

impl Lying {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let codes = Codes {
            key: key("first".into()),
            other: key("first".into()),
            given: HashMap::new(),
            infos: HashMap::new(),
            count: 0,
        };
        let codes = Arc::new(Mutex::new(codes));
        let shared = Shared { issuer: issuer.clone(), codes: codes.clone() };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(shared);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { issuer, codes, serving }
    }

    pub fn stop(&self) {
        self.serving.abort();
    }

    pub fn change_keys(&self) {
        self.codes.lock().unwrap().key = key("second".into());
    }

    /// A code for a browser that came by, good for these claims. Some members are not claims but orders: `alg`, `key`,
    /// `kid`, `userinfo_sub`; times are seconds from now.
    pub fn code(&self, world: &World, said: &Value, mut claims: Value) -> String {
        let members = claims.as_object_mut().unwrap();
        members.entry(NONCE).or_insert(said["nonce"].clone());
        let info_sub = members.remove("userinfo_sub");
        let order = |members: &mut serde_json::Map<String, Value>, name: &str| {
            members.remove(name).and_then(|value| value.as_str().map(str::to_owned))
        };
        let (alg, key, kid) = (order(members, "alg"), order(members, "key"), order(members, "kid"));
        let mut info = claims.clone();
        info["sub"] = info_sub.unwrap_or(info["sub"].clone());
        // The signed half says who; the rest comes from userinfo, as SURFconext does it.
        let signed = ["sub", "nonce", "iss", "aud", "azp", "exp", "iat", "nbf", "acr"];
        claims.as_object_mut().unwrap().retain(|name, _| signed.contains(&name.as_str()));
        let id_token = self.written(world, claims, alg.as_deref(), key.is_some(), kid);
        let mut codes = self.codes.lock().unwrap();
        codes.count += 1;
        let code = format!("code-{}", codes.count);
        let challenge = said["code_challenge"].as_str().unwrap().to_owned();
        codes.given.insert(code.clone(), (challenge, id_token, info));
        code
    }

    /// A message of this provider that is no id token.
    pub fn signed(&self, world: &World, claims: Value) -> String {
        self.written(world, claims, None, false, None)
    }

    fn written(
        &self,
        world: &World,
        mut claims: Value,
        alg: Option<&str>,
        other: bool,
        kid: Option<String>,
    ) -> String {
        let now = world.db.now().as_second();
        let members = claims.as_object_mut().unwrap();
        for (name, usual) in [("iat", 0), ("exp", 300)] {
            let from_now = members.get(name).and_then(Value::as_i64).unwrap_or(usual);
            members.insert(name.into(), (now + from_now).into());
        }
        if let Some(from_now) = members.get("nbf").and_then(Value::as_i64) {
            members.insert("nbf".into(), (now + from_now).into());
        }
        members.entry("iss").or_insert(self.issuer.clone().into());
        members.entry("aud").or_insert("regie".into());
        let codes = self.codes.lock().unwrap();
        let key = if other { &codes.other } else { &codes.key };
        let head = json!({ "alg": alg.unwrap_or("ES256"), "kid": kid.unwrap_or(key.name.clone()) });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&head), part(&claims));
        let signature = match alg {
            Some("none") => Vec::new(),
            Some(_) => vec![7; 32],
            None => key.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec(),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Drop for Lying {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn discovery(State(shared): State<Shared>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", shared.issuer);
    Json(json!({
        "issuer": shared.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "userinfo_endpoint": at("/me"), "end_session_endpoint": at("/end"),
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(shared): State<Shared>) -> Json<Value> {
    let codes = shared.codes.lock().unwrap();
    let point = codes.key.pair.public_key().as_ref().to_vec();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({ "keys": [
        { "kty": "strange" },
        { "kty": "EC", "crv": "P-256", "use": "sig", "kid": codes.key.name, "x": part(&point[1..33]), "y": part(&point[33..]) },
    ] }))
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    axum::Form(form): axum::Form<HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let expected = format!("Basic {}", STANDARD.encode("regie:tussen+ons"));
    if headers["authorization"] != expected.as_str() || form["redirect_uri"] != super::OWN {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let mut codes = shared.codes.lock().unwrap();
    let (challenge, id_token, info) = codes.given.remove(&form["code"]).ok_or(StatusCode::BAD_REQUEST)?;
    if URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes())) != challenge {
        return Err(StatusCode::BAD_REQUEST);
    }
    let access = form["code"].clone();
    codes.infos.insert(access.clone(), info);
    Ok(Json(json!({ "id_token": id_token, "access_token": access, "token_type": "Bearer" })))
}

async fn me(State(shared): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let access = headers["authorization"].to_str().unwrap().replace("Bearer ", "");
    let codes = shared.codes.lock().unwrap();
    codes.infos.get(&access).cloned().map(Json).ok_or(StatusCode::UNAUTHORIZED)
}
