//! The routers: one line per operation of the agreement.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, get};

use super::admit::{App, Asked, Incoming};
use super::query::{EXPAND_ASSOCIATION, EXPAND_COMPONENT, EXPAND_OFFERING, EXPAND_ORGANIZATION};
use super::{Refusal, Sis, Ta, Tpl};
use crate::exchange::{Method, OPERATIONS, Operation, Role};
use crate::message::{Association, Group, Membership, Offering, Person};
use crate::wire::Uri;

/// The operation of a route. The table is the agreement itself; a route that is not in it serves nobody.
const fn of(server: Role, method: Method, path: &str) -> &'static Operation {
    let mut index = 0;
    while index < OPERATIONS.len() {
        #[allow(clippy::indexing_slicing, reason = "evaluated while compiling; the bound stands in the loop")]
        let known = &OPERATIONS[index];
        if known.server as u8 == server as u8 && known.method as u8 == method as u8 && same(known.path, path)
        {
            return known;
        }
        index += 1;
    }
    #[allow(clippy::panic, reason = "stops the build, never the program")]
    {
        panic!("no such operation in the agreement");
    }
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        #[allow(clippy::indexing_slicing, reason = "evaluated while compiling; the bound stands in the loop")]
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// A route that reads.
macro_rules! reads {
    ($server:ident, $path:literal, |$store:ident, $asked:ident| $run:expr) => {
        get(|State(app): State<App<S>>, incoming: Incoming| async move {
            const OPERATION: &Operation = of(Role::$server, Method::Get, $path);
            app.get(OPERATION, incoming, |$store, $asked| async move { $run }).await
        })
    };
}

/// A route that takes in a PUT.
macro_rules! puts {
    ($server:ident, $path:literal, |$store:ident, $asked:ident, $message:ident: $type:ty| $run:expr) => {
        MethodRouter::new().put(|State(app): State<App<S>>, incoming: Incoming| async move {
            const OPERATION: &Operation = of(Role::$server, Method::Put, $path);
            app.put(OPERATION, incoming, |$store, $asked: Asked, $message: $type| async move { $run }).await
        })
    };
}

/// A route that takes in a PATCH.
macro_rules! patches {
    ($server:ident, $path:literal, |$store:ident, $asked:ident, $patch:ident: $type:ty| $run:expr) => {
        MethodRouter::new().patch(|State(app): State<App<S>>, incoming: Incoming| async move {
            const OPERATION: &Operation = of(Role::$server, Method::Patch, $path);
            app.patch(OPERATION, incoming, |$store, $asked: Asked, $patch: super::Patch<$type>| async move {
                $run
            })
            .await
        })
    };
}

fn with_common<S: Send + Sync + 'static>(router: Router<App<S>>, app: App<S>) -> Router {
    let metadata = get(|State(app): State<App<S>>| async move { app.service() });
    router.route("/", metadata).method_not_allowed_fallback(not_allowed).fallback(not_found).with_state(app)
}

async fn not_allowed() -> Refusal {
    Refusal::Method
}

async fn not_found() -> Refusal {
    Refusal::NotFound("such path".to_owned())
}

/// The router of a student administration, to be nested under its base URL.
pub fn sis<S: Sis>(app: App<S>) -> Router {
    let router = Router::new()
        .route(
            "/offerings",
            reads!(Sis, "/offerings", |s, a| s.offerings(&a.caller, &a.query.offerings()?).await),
        )
        .route(
            "/offerings/{id}",
            reads!(Sis, "/offerings/{offeringId}", |s, a| {
                s.offering(&a.caller, a.id(), &a.query.expand(EXPAND_OFFERING)?).await
            }),
        )
        .route(
            "/offerings/{id}/associations",
            reads!(Sis, "/offerings/{offeringId}/associations", |s, a| {
                s.offering_associations(&a.caller, a.id(), &a.query.associations()?).await
            }),
        )
        .route(
            "/associations/{id}",
            reads!(Sis, "/associations/{associationId}", |s, a| {
                s.association(&a.caller, a.id(), &a.query.expand(EXPAND_ASSOCIATION)?).await
            })
            .merge(puts!(Sis, "/associations/{associationId}", |s, a, m: Association| {
                s.put_association(&a.caller, a.id(), m).await
            }))
            .merge(patches!(Sis, "/associations/{associationId}", |s, a, p: Association| {
                s.patch_association(&a.caller, a.id(), p).await
            })),
        )
        .route("/persons/{id}", reads!(Sis, "/persons/{personId}", |s, a| s.person(&a.caller, a.id()).await))
        .route(
            "/persons/{id}/associations",
            reads!(Sis, "/persons/{personId}/associations", |s, a| {
                s.person_associations(&a.caller, a.id(), &a.query.associations()?).await
            }),
        )
        .route(
            "/organizations/{id}",
            reads!(Sis, "/organizations/{organizationId}", |s, a| {
                s.organization(&a.caller, a.id(), &a.query.expand(EXPAND_ORGANIZATION)?).await
            }),
        )
        .route("/groups", reads!(Sis, "/groups", |s, a| s.groups(&a.caller, &a.query.groups()?).await))
        .route("/groups/{id}", reads!(Sis, "/groups/{groupId}", |s, a| s.group(&a.caller, a.id()).await))
        .route(
            "/groups/{id}/members",
            reads!(Sis, "/groups/{groupId}/members", |s, a| s
                .members(&a.caller, a.id(), a.query.paging()?)
                .await),
        );
    with_common(router, app)
}

/// The router of a test planner, to be nested under its base URL.
pub fn tpl<S: Tpl>(app: App<S>) -> Router {
    let router = Router::new()
        .route(
            "/offerings/{id}",
            puts!(Tpl, "/offerings/{offeringId}", |s, a, m: Offering| s
                .put_offering(&a.caller, a.id(), m)
                .await)
            .merge(patches!(Tpl, "/offerings/{offeringId}", |s, a, p: Offering| {
                match a.flow {
                    4 => s.report_session(&a.caller, a.id(), p).await,
                    _ => s.patch_plan(&a.caller, a.id(), p).await,
                }
            })),
        )
        .route(
            "/associations/{id}",
            puts!(Tpl, "/associations/{associationId}", |s, a, m: Association| {
                s.put_association(&a.caller, a.id(), m).await
            })
            .merge(patches!(Tpl, "/associations/{associationId}", |s, a, p: Association| {
                match a.flow {
                    3 => s.report_result(&a.caller, a.id(), p).await,
                    _ => s.patch_enrolment(&a.caller, a.id(), p).await,
                }
            })),
        )
        .route(
            "/persons/{id}",
            puts!(Tpl, "/persons/{personId}", |s, a, m: Person| s.put_person(&a.caller, a.id(), m).await),
        )
        .route(
            "/groups/{id}",
            puts!(Tpl, "/groups/{groupId}", |s, a, m: Group| s.put_group(&a.caller, a.id(), m).await),
        )
        .route(
            "/groups/{id}/members/{person}",
            puts!(Tpl, "/groups/{groupId}/members/{personId}", |s, a, m: Membership| {
                s.put_member(&a.caller, a.id(), a.second(), m).await
            }),
        )
        .route(
            "/documents/{id}",
            get(|State(app): State<App<S>>, incoming: Incoming| async move {
                document_of_tpl(app, incoming).await
            }),
        );
    with_common(router, app)
}

async fn document_of_tpl<S: Tpl>(app: App<S>, incoming: Incoming) -> Response {
    const OPERATION: &Operation = of(Role::Tpl, Method::Get, "/documents/{documentId}");
    app.get_bytes(OPERATION, incoming, |s, a| async move { s.document(&a.caller, a.id()).await }).await
}

/// The router of a test delivery system, to be nested under its base URL.
pub fn ta<S: Ta>(app: App<S>) -> Router {
    let router = Router::new()
        .route(
            "/components",
            reads!(Ta, "/components", |s, a| s.components(&a.caller, &a.query.components()?).await),
        )
        .route(
            "/components/{id}",
            reads!(Ta, "/components/{componentId}", |s, a| {
                s.component(&a.caller, a.id(), &a.query.expand(EXPAND_COMPONENT)?).await
            }),
        )
        .route(
            "/offerings/{id}",
            reads!(Ta, "/offerings/{offeringId}", |s, a| {
                s.offering(&a.caller, a.id(), &a.query.expand(EXPAND_OFFERING)?).await
            })
            .merge(puts!(Ta, "/offerings/{offeringId}", |s, a, m: Offering| {
                s.put_offering(&a.caller, a.id(), m).await
            }))
            .merge(patches!(Ta, "/offerings/{offeringId}", |s, a, p: Offering| {
                s.patch_offering(&a.caller, a.id(), p).await
            })),
        )
        .route(
            "/offerings/{id}/associations",
            reads!(Ta, "/offerings/{offeringId}/associations", |s, a| {
                s.offering_associations(&a.caller, a.id(), &a.query.associations()?).await
            }),
        )
        .route(
            "/associations/{id}",
            reads!(Ta, "/associations/{associationId}", |s, a| {
                s.association(&a.caller, a.id(), &a.query.expand(EXPAND_ASSOCIATION)?).await
            })
            .merge(puts!(Ta, "/associations/{associationId}", |s, a, m: Association| {
                s.put_association(&a.caller, a.id(), m).await
            }))
            .merge(patches!(Ta, "/associations/{associationId}", |s, a, p: Association| {
                s.patch_association(&a.caller, a.id(), p).await
            })),
        )
        .route(
            "/associations/{id}/url",
            reads!(Ta, "/associations/{associationId}/url", |s, a| {
                s.start_url(&a.caller, a.id()).await.map(Uri)
            }),
        )
        .route(
            "/documents/{id}",
            get(|State(app): State<App<S>>, incoming: Incoming| async move {
                document_of_ta(app, incoming).await
            }),
        );
    with_common(router, app)
}

async fn document_of_ta<S: Ta>(app: App<S>, incoming: Incoming) -> Response {
    const OPERATION: &Operation = of(Role::Ta, Method::Get, "/documents/{documentId}");
    app.get_bytes(OPERATION, incoming, |s, a| async move { s.document(&a.caller, a.id()).await }).await
}
