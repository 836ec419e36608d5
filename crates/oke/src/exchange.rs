//! The operations of the seven flows: who serves what, under which scope, with which bodies.

use std::fmt;

/// A party of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Student administration (deelnemerregistratie).
    Sis,
    /// Test planning (toetsplanning).
    Tpl,
    /// Test delivery (toetsafname).
    Ta,
}

impl Role {
    /// The three parties.
    pub const ALL: [Self; 3] = [Self::Sis, Self::Tpl, Self::Ta];

    /// The short name, also the first part of the path we serve it under.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sis => "sis",
            Self::Tpl => "tpl",
            Self::Ta => "ta",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or_else(|| format!("There is no role {name}; choose sis, tpl or ta."))
    }
}

/// A scope of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The catalogue.
    Flow0,
    /// Between SIS and TPL.
    Flow1And5,
    /// Between TPL and TA.
    Flow2To4,
    /// Between TA and SIS.
    Flow6,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Flow0, Self::Flow1And5, Self::Flow2To4, Self::Flow6];

    /// The scope as it travels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flow0 => "nl-test-admin-flow-0",
            Self::Flow1And5 => "nl-test-admin-flow-1-5",
            Self::Flow2To4 => "nl-test-admin-flow-2-3-4",
            Self::Flow6 => "nl-test-admin-flow-6",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// The HTTP methods of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Write a full snapshot.
    Put,
    /// Change what is sent.
    Patch,
}

impl Method {
    /// The word as it travels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }
}

impl std::str::FromStr for Method {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_uppercase().as_str() {
            "GET" => Ok(Self::Get),
            "PUT" => Ok(Self::Put),
            "PATCH" => Ok(Self::Patch),
            _ => Err(format!("The agreement knows GET, PUT and PATCH, not {name}.")),
        }
    }
}

/// What a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Body {
    /// Nothing.
    Empty,
    /// [`crate::message::Service`].
    Service,
    /// [`crate::message::Person`].
    Person,
    /// [`crate::message::Association`].
    Association,
    /// [`crate::message::Offering`].
    Offering,
    /// [`crate::message::Component`].
    Component,
    /// [`crate::message::Organization`].
    Organization,
    /// [`crate::message::Group`].
    Group,
    /// [`crate::message::Membership`].
    Membership,
    /// [`crate::message::PatchAnswer`].
    PatchAnswer,
    /// A page of components.
    Components,
    /// A page of offerings.
    Offerings,
    /// A page of associations.
    Associations,
    /// A page of groups.
    Groups,
    /// A page of memberships.
    Memberships,
    /// An address to begin a test, as a JSON string.
    Url,
    /// Bytes.
    Document,
}

/// One operation of one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// Who serves it.
    pub server: Role,
    /// How.
    pub method: Method,
    /// Where, below the base URL.
    pub path: &'static str,
    /// In which flow, for whom, under which scope; one path can serve two flows.
    pub uses: &'static [Use],
    /// What comes in.
    pub request: Body,
    /// What goes out on success.
    pub answer: Body,
    /// Whether a party may leave it out.
    pub optional: bool,
}

/// One flow that uses an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// The number of the flow.
    pub flow: u8,
    /// Who calls.
    pub caller: Role,
    /// The scope the caller needs.
    pub scope: Scope,
}

const fn by(flow: u8, caller: Role, scope: Scope) -> Use {
    Use { flow, caller, scope }
}

const fn operation(
    server: Role,
    method: Method,
    path: &'static str,
    uses: &'static [Use],
    request: Body,
    answer: Body,
) -> Operation {
    Operation { server, method, path, uses, request, answer, optional: false }
}

const fn optional(operation: Operation) -> Operation {
    Operation { optional: true, ..operation }
}

const TPL_AT_SIS_1: &[Use] = &[by(1, Role::Tpl, Scope::Flow1And5)];
const TPL_AT_SIS_5: &[Use] = &[by(5, Role::Tpl, Scope::Flow1And5)];
const SIS_AT_TPL_1: &[Use] = &[by(1, Role::Sis, Scope::Flow1And5)];
const TPL_AT_TA_2: &[Use] = &[by(2, Role::Tpl, Scope::Flow2To4)];
const CATALOGUE: &[Use] = &[by(0, Role::Tpl, Scope::Flow0), by(0, Role::Sis, Scope::Flow0)];

use Method::{Get, Patch, Put};
use Role::{Sis, Ta, Tpl};

/// Every operation, per party.
pub const OPERATIONS: &[Operation] = &[
    operation(Sis, Get, "/", &[], Body::Empty, Body::Service),
    operation(Sis, Get, "/offerings", TPL_AT_SIS_1, Body::Empty, Body::Offerings),
    operation(Sis, Get, "/offerings/{offeringId}", TPL_AT_SIS_1, Body::Empty, Body::Offering),
    operation(
        Sis,
        Get,
        "/offerings/{offeringId}/associations",
        TPL_AT_SIS_1,
        Body::Empty,
        Body::Associations,
    ),
    operation(Sis, Get, "/associations/{associationId}", TPL_AT_SIS_1, Body::Empty, Body::Association),
    operation(
        Sis,
        Patch,
        "/associations/{associationId}",
        TPL_AT_SIS_5,
        Body::Association,
        Body::PatchAnswer,
    ),
    operation(Sis, Put, "/associations/{associationId}", TPL_AT_SIS_5, Body::Association, Body::Empty),
    operation(Sis, Get, "/persons/{personId}", TPL_AT_SIS_1, Body::Empty, Body::Person),
    optional(operation(
        Sis,
        Get,
        "/organizations/{organizationId}",
        TPL_AT_SIS_1,
        Body::Empty,
        Body::Organization,
    )),
    optional(operation(Sis, Get, "/groups", TPL_AT_SIS_1, Body::Empty, Body::Groups)),
    optional(operation(Sis, Get, "/groups/{groupId}", TPL_AT_SIS_1, Body::Empty, Body::Group)),
    optional(operation(Sis, Get, "/groups/{groupId}/members", TPL_AT_SIS_1, Body::Empty, Body::Memberships)),
    optional(operation(
        Sis,
        Get,
        "/persons/{personId}/associations",
        &[by(6, Role::Ta, Scope::Flow6)],
        Body::Empty,
        Body::Associations,
    )),
    operation(Tpl, Get, "/", &[], Body::Empty, Body::Service),
    operation(Tpl, Put, "/offerings/{offeringId}", SIS_AT_TPL_1, Body::Offering, Body::Empty),
    operation(
        Tpl,
        Patch,
        "/offerings/{offeringId}",
        &[by(1, Role::Sis, Scope::Flow1And5), by(4, Role::Ta, Scope::Flow2To4)],
        Body::Offering,
        Body::Empty,
    ),
    operation(Tpl, Put, "/associations/{associationId}", SIS_AT_TPL_1, Body::Association, Body::Empty),
    operation(
        Tpl,
        Patch,
        "/associations/{associationId}",
        &[by(1, Role::Sis, Scope::Flow1And5), by(3, Role::Ta, Scope::Flow2To4)],
        Body::Association,
        Body::PatchAnswer,
    ),
    operation(Tpl, Put, "/persons/{personId}", SIS_AT_TPL_1, Body::Person, Body::Empty),
    operation(
        Tpl,
        Get,
        "/documents/{documentId}",
        &[by(5, Role::Sis, Scope::Flow1And5)],
        Body::Empty,
        Body::Document,
    ),
    optional(operation(Tpl, Put, "/groups/{groupId}", SIS_AT_TPL_1, Body::Group, Body::Empty)),
    optional(operation(
        Tpl,
        Put,
        "/groups/{groupId}/members/{personId}",
        SIS_AT_TPL_1,
        Body::Membership,
        Body::Empty,
    )),
    operation(Ta, Get, "/", &[], Body::Empty, Body::Service),
    operation(Ta, Get, "/components", CATALOGUE, Body::Empty, Body::Components),
    operation(Ta, Get, "/components/{componentId}", CATALOGUE, Body::Empty, Body::Component),
    operation(Ta, Get, "/offerings/{offeringId}", TPL_AT_TA_2, Body::Empty, Body::Offering),
    operation(Ta, Put, "/offerings/{offeringId}", TPL_AT_TA_2, Body::Offering, Body::Empty),
    operation(Ta, Patch, "/offerings/{offeringId}", TPL_AT_TA_2, Body::Offering, Body::Empty),
    operation(Ta, Get, "/offerings/{offeringId}/associations", TPL_AT_TA_2, Body::Empty, Body::Associations),
    operation(
        Ta,
        Get,
        "/associations/{associationId}",
        &[by(3, Role::Tpl, Scope::Flow2To4)],
        Body::Empty,
        Body::Association,
    ),
    operation(Ta, Put, "/associations/{associationId}", TPL_AT_TA_2, Body::Association, Body::Empty),
    operation(Ta, Patch, "/associations/{associationId}", TPL_AT_TA_2, Body::Association, Body::PatchAnswer),
    operation(Ta, Get, "/associations/{associationId}/url", TPL_AT_TA_2, Body::Empty, Body::Url),
    operation(
        Ta,
        Get,
        "/documents/{documentId}",
        &[by(3, Role::Tpl, Scope::Flow2To4), by(4, Role::Tpl, Scope::Flow2To4)],
        Body::Empty,
        Body::Document,
    ),
];

impl Operation {
    /// The operation of a party with this method and path, where the path may be the template or a real one.
    #[must_use]
    pub fn find(server: Role, method: Method, path: &str) -> Option<&'static Self> {
        let path = path.split('?').next().unwrap_or(path);
        OPERATIONS
            .iter()
            .find(|known| known.server == server && known.method == method && is_path_of(known.path, path))
    }

    /// Whether this operation belongs to the flow.
    #[must_use]
    pub fn is_in(&self, flow: u8) -> bool {
        self.uses.iter().any(|used| used.flow == flow)
    }
}

fn is_path_of(template: &str, path: &str) -> bool {
    let mut want = template.trim_matches('/').split('/');
    let mut have = path.trim_matches('/').split('/');
    loop {
        match (want.next(), have.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want.starts_with('{') || want == have => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_path_finds_its_operation() {
        let found =
            Operation::find(Role::Ta, Method::Put, "/associations/123e4567-e89b-12d3-a456-426614174000");
        assert_eq!(found.map(|operation| operation.path), Some("/associations/{associationId}"));
        assert!(Operation::find(Role::Sis, Method::Put, "/offerings/1").is_none());
        assert!(Operation::find(Role::Ta, Method::Get, "/components?componentType=test").is_some());
    }

    #[test]
    fn no_operation_stands_twice() {
        for (index, one) in OPERATIONS.iter().enumerate() {
            for other in OPERATIONS.iter().skip(index + 1) {
                assert!(
                    (one.server, one.method, one.path) != (other.server, other.method, other.path),
                    "{one:?}"
                );
            }
        }
    }
}
