//! Who asks: the layer that recognises a browser, and what handlers take to know who it is.

use crate::csrf::Binding;
use crate::error::Error;
use crate::house::House;
use crate::told::Refused;
use crate::viewer::{RoleChoice, SignedIn, Viewer, cookie};
use axum::extract::{FromRequestParts, OriginalUri, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::{Action, width};
use regie_core::Caller;
use regie_core::id::Id as _;
use regie_core::limit::{Asking, Limits};
use regie_core::setting;
use regie_signin::{Current, Policy, Token, resolve};
use regie_texts::{Language, Texts};
use std::sync::Arc;

/// Someone who is signed in, with a second factor where the school asks for one.
#[derive(Clone)]
pub struct Me {
    pub current: Arc<Current>,
    pub viewer: Viewer,
}

impl Me {
    pub fn caller(&self) -> &Caller {
        &self.current.caller
    }

    pub const fn texts(&self) -> Texts {
        self.viewer.texts()
    }

    /// Whether the present role may do this at all: pages show no buttons that only refuse.
    pub fn may(&self, action: Action) -> bool {
        self.caller().role.is_some_and(|role| width(role, action).is_some())
    }
}

impl Me {
    /// Nobody fills in a form that will be refused.
    pub fn must(&self, action: Action) -> Result<(), crate::told::Stop> {
        if self.may(action) {
            return Ok(());
        }
        Err(self.stop(regie_access::Refusal::NotInRole { action, role: self.caller().role }))
    }
}

/// Someone whose password was right, whether or not the second factor was given.
pub struct HalfMe(pub Me);

/// As [`HalfMe`], with what is still to be proved.
pub(crate) struct Proving(pub Me, pub Option<Missing>);

/// The layer: puts who it is in the request, and writes refused attempts down afterwards.
pub async fn recognise(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let token = cookie(request.headers(), house.cookie()).and_then(Token::read);
    let mut caller = None;
    if let Some(token) = token {
        match resolve(&house.db, &*house.clock, &token).await {
            Ok(Some(current)) => {
                if let Some(account) = current.caller.account
                    && let Some(limits) = request.extensions().get::<Arc<Limits>>()
                    && let Err(seconds) = limits.take(Asking::Account(account.uuid()), house.clock.now())
                {
                    return Error::TooMany { seconds }.into_response();
                }
                let set = match regie_access::settings_at(&house.db, current.caller.institution).await {
                    Ok(set) => set,
                    Err(error) => return Error::internal(error).into_response(),
                };
                let chosen =
                    cookie(request.headers(), crate::viewer::LANGUAGE_COOKIE).and_then(Language::from_code);
                let schools = Language::from_code(&set.get(&setting::PAGE_LANGUAGE));
                let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
                let language = chosen.or(schools).or_else(|| asked.and_then(Language::from_accept));
                let missing = missing(&house.policy.with(&set), &current);
                caller = Some(current.caller.clone());
                request.extensions_mut().insert(Binding(format!("sign-in {}", current.sign_in)));
                let mut signed_in =
                    signed_in(&current, Texts::new(language.unwrap_or_default()), missing.is_some());
                signed_in.language = language;
                if missing.is_none() {
                    match regie_platform::shell_of(&house.db, &current.caller).await {
                        Ok(shell) => around(&mut signed_in, &shell),
                        Err(error) => return Error::told(&error).into_response(),
                    }
                }
                request.extensions_mut().insert(Arc::new(signed_in));
                request.extensions_mut().insert(Arc::new(current));
                request.extensions_mut().insert(Needs(missing));
            }
            Ok(None) => {}
            // Who is kept out is told so, and may still sign in as somebody of a school that is open.
            Err(closed @ regie_signin::Error::InstitutionClosed { .. }) => {
                if !request.uri().path().starts_with("/sign-in") {
                    return Error::told(&closed).into_response();
                }
            }
            Err(error) => {
                tracing::error!(%error, "a browser could not be recognised");
                return Error::told(&error).into_response();
            }
        }
    }
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if let (Some(refused), Some(caller)) = (response.extensions().get::<Refused>(), caller) {
        regie_access::journal_refusal(&house.db, &caller, refused.0, &path).await;
    }
    response
}

/// What somebody must still prove before anything else is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    SecondFactor,
    /// Of the kind that the role asks for.
    Passkey,
}

fn missing(policy: &Policy, current: &Current) -> Option<Missing> {
    if policy.second_factor_for_staff && current.staff && !current.strong {
        return Some(Missing::SecondFactor);
    }
    let here = current.caller.institution;
    let mut hats = current.hats.iter().filter(|hat| hat.institution == here);
    (!current.bound && hats.any(|hat| policy.asks_passkey(hat.role))).then_some(Missing::Passkey)
}

#[derive(Clone, Copy)]
struct Needs(Option<Missing>);

fn signed_in(current: &Current, texts: Texts, bare: bool) -> SignedIn {
    let roles = current
        .hats
        .iter()
        .map(|hat| RoleChoice {
            value: hat.id.to_string(),
            label: texts.of("role", hat.role.code()).to_string(),
            place: match &hat.scope_name {
                Some(scope) => format!("{}, {scope}", hat.institution_name),
                None => hat.institution_name.clone(),
            },
            current: hat.worn,
        })
        .collect();
    let navigation = if bare {
        Vec::new()
    } else {
        current.caller.role.map_or_else(Vec::new, |role| crate::menu::menu(role, texts))
    };
    SignedIn {
        name: current.name.clone(),
        roles: if bare { Vec::new() } else { roles },
        navigation,
        notices: 0,
        style: None,
        logo: None,
        live: (!bare).then(|| crate::journal::Live {}.to_string()),
        language: None,
    }
}

/// What the frame of the page shows of the reader's school.
fn around(signed_in: &mut SignedIn, shell: &regie_platform::Shell) {
    signed_in.notices = shell.unread;
    if let Some(look) = shell.look.as_ref() {
        let version = look.version;
        signed_in.style = Some(format!("{}?v={version}", crate::brand::BrandStyle {}));
        signed_in.logo = look.logo.then(|| format!("{}?v={version}", crate::brand::BrandLogo {}));
    }
}

async fn half(parts: &mut Parts) -> Result<(Me, Option<Missing>), Error> {
    let Ok(viewer) = Viewer::from_request_parts(parts, &()).await;
    let Some(current) = parts.extensions.get::<Arc<Current>>().cloned() else {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let back = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        return Err(Error::SignIn { back });
    };
    let needs = parts.extensions.get::<Needs>().and_then(|needs| needs.0);
    Ok((Me { current, viewer }, needs))
}

impl<S: Sync> FromRequestParts<S> for HalfMe {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(half(parts).await?.0))
    }
}

impl<S: Sync> FromRequestParts<S> for Proving {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let (me, missing) = half(parts).await?;
        Ok(Self(me, missing))
    }
}

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match half(parts).await {
            Ok((me, None)) => Ok(me),
            Ok((_, Some(missing))) => {
                let to = match missing {
                    Missing::SecondFactor => crate::factor::SecondFactor {}.to_string(),
                    Missing::Passkey => crate::passkey::Passkeys {}.to_string(),
                };
                Err(Redirect::to(&to).into_response())
            }
            Err(error) => Err(error.into_response()),
        }
    }
}
