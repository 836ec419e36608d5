//! The serving half: one axum router per role over one trait each.
//!
//! A request is admitted (token, role, scope), its body read within limits and judged, and only then handed to the
//! trait as a typed message. Every refusal is `application/problem+json` with a status the agreement lists.

mod admit;
mod authority;
mod query;
mod refusal;
mod routes;

pub use admit::{App, Caller, Limits};
pub use authority::{Authority, Client};
pub use query::{AssociationQuery, ComponentQuery, GroupQuery, OfferingQuery, Paging};
pub use refusal::Refusal;
pub use routes::{sis, ta, tpl};

use bytes::Bytes;
use std::future::Future;

use crate::message::{
    Association, Component, Group, Membership, Offering, Organization, Page, PatchAnswer, Person, Service,
    Version,
};
use serde_json::Value;

/// What a trait answers.
pub type Answer<T> = Result<T, Refusal>;

/// What a PUT did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The id was new: 201.
    Created,
    /// The id was known and its object replaced: 200.
    Replaced,
}

/// A patch that was read and judged: as types, and as it came, for merging.
#[derive(Debug, Clone)]
pub struct Patch<T> {
    /// What it says.
    pub message: T,
    /// The patch itself, without what this flow ignores.
    pub changes: Value,
}

/// The student administration.
pub trait Sis: Send + Sync + 'static {
    /// Flow 1: the plannable tests that overlap a period.
    fn offerings(
        &self,
        caller: &Caller,
        query: &OfferingQuery,
    ) -> impl Future<Output = Answer<Page<Offering>>> + Send;
    /// Flow 1: one plannable test.
    fn offering(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Offering>> + Send;
    /// Flow 1: the enrolments of a plannable test.
    fn offering_associations(
        &self,
        caller: &Caller,
        id: &str,
        query: &AssociationQuery,
    ) -> impl Future<Output = Answer<Page<Association>>> + Send;
    /// Flow 1: one enrolment.
    fn association(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Association>> + Send;
    /// Flow 5: the result of an enrolment.
    fn patch_association(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> impl Future<Output = Answer<PatchAnswer>> + Send;
    /// Flow 5: the result of an extra attempt, under an id of its own.
    fn put_association(
        &self,
        caller: &Caller,
        id: &str,
        association: Association,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 1: a person.
    fn person(&self, caller: &Caller, id: &str) -> impl Future<Output = Answer<Person>> + Send;
    /// Flow 1: an organisational unit.
    fn organization(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Organization>> + Send;
    /// Flow 1: groups.
    fn groups(&self, caller: &Caller, query: &GroupQuery)
    -> impl Future<Output = Answer<Page<Group>>> + Send;
    /// Flow 1: one group.
    fn group(&self, caller: &Caller, id: &str) -> impl Future<Output = Answer<Group>> + Send;
    /// Flow 1: the members of a group.
    fn members(
        &self,
        caller: &Caller,
        id: &str,
        paging: Paging,
    ) -> impl Future<Output = Answer<Page<Membership>>> + Send;
    /// Flow 6: the programme enrolments of a student.
    fn person_associations(
        &self,
        caller: &Caller,
        id: &str,
        query: &AssociationQuery,
    ) -> impl Future<Output = Answer<Page<Association>>> + Send;
}

/// Test planning.
pub trait Tpl: Send + Sync + 'static {
    /// Flow 1: a plannable test, whole.
    fn put_offering(
        &self,
        caller: &Caller,
        id: &str,
        offering: Offering,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 1: changes to a plannable test.
    fn patch_plan(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Offering>,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// Flow 4: the report of a session.
    fn report_session(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Offering>,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// Flow 1: an enrolment, whole.
    fn put_association(
        &self,
        caller: &Caller,
        id: &str,
        association: Association,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 1: changes to an enrolment.
    fn patch_enrolment(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> impl Future<Output = Answer<PatchAnswer>> + Send;
    /// Flow 3: attendance and result of a participation.
    fn report_result(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> impl Future<Output = Answer<PatchAnswer>> + Send;
    /// Flow 1: a person, whole.
    fn put_person(
        &self,
        caller: &Caller,
        id: &str,
        person: Person,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 1: a group, whole.
    fn put_group(&self, caller: &Caller, id: &str, group: Group) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 1: someone's membership of a group.
    fn put_member(
        &self,
        caller: &Caller,
        group: &str,
        person: &str,
        membership: Membership,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 5: a document of a result.
    fn document(&self, caller: &Caller, id: &str) -> impl Future<Output = Answer<Bytes>> + Send;
}

/// Test delivery.
pub trait Ta: Send + Sync + 'static {
    /// Flow 0: the catalogue.
    fn components(
        &self,
        caller: &Caller,
        query: &ComponentQuery,
    ) -> impl Future<Output = Answer<Page<Component>>> + Send;
    /// Flow 0: one test.
    fn component(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Component>> + Send;
    /// Flow 2: a session, read back.
    fn offering(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Offering>> + Send;
    /// Flow 2: a session, whole.
    fn put_offering(
        &self,
        caller: &Caller,
        id: &str,
        offering: Offering,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 2: changes to a session.
    fn patch_offering(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Offering>,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// Flow 2: the participations of a session.
    fn offering_associations(
        &self,
        caller: &Caller,
        id: &str,
        query: &AssociationQuery,
    ) -> impl Future<Output = Answer<Page<Association>>> + Send;
    /// Flow 3: a participation with its result, read back.
    fn association(
        &self,
        caller: &Caller,
        id: &str,
        expand: &[String],
    ) -> impl Future<Output = Answer<Association>> + Send;
    /// Flow 2: a participation, whole.
    fn put_association(
        &self,
        caller: &Caller,
        id: &str,
        association: Association,
    ) -> impl Future<Output = Answer<Put>> + Send;
    /// Flow 2: changes to a participation.
    fn patch_association(
        &self,
        caller: &Caller,
        id: &str,
        patch: Patch<Association>,
    ) -> impl Future<Output = Answer<PatchAnswer>> + Send;
    /// Flow 2: where the student begins.
    fn start_url(&self, caller: &Caller, id: &str) -> impl Future<Output = Answer<String>> + Send;
    /// Flow 3 and 4: a document.
    fn document(&self, caller: &Caller, id: &str) -> impl Future<Output = Answer<Bytes>> + Send;
}

/// What a system of ours says about itself.
#[must_use]
pub fn service(contact: &str, specification: &str, documentation: &str) -> Service {
    Service {
        contact_email: contact.into(),
        specification: specification.into(),
        documentation: documentation.into(),
        supported_versions: vec!["v5".to_owned()].into(),
        supported_consumers: vec![Version {
            consumer_key: crate::wire::CONSUMER_KEY.to_owned().into(),
            version: "1.0".to_owned().into(),
            ..Version::default()
        }]
        .into(),
        ..Service::default()
    }
}

impl From<&str> for crate::wire::Field<crate::wire::Mail> {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<&str> for crate::wire::Field<crate::wire::Uri> {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}
