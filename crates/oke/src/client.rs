//! The calling half: tokens, TLS 1.3, retries, paging, order, and a log without secrets.

mod breaker;
mod call;
mod failure;
mod log;
mod partner;
mod token;

pub use breaker::{Breaker, BreakerState};
pub use call::{Call, Client, Reply};
pub use failure::Failure;
pub use log::{Entry, Log, Ring, mask};
pub use partner::{Partner, Quirks, Retry};
pub(crate) use token::reason;

use serde_json::Value;

use crate::exchange::{Body, Method, Operation, Role};
use crate::finding::{Finding, Place};
use crate::message::{
    Association, Component, Group, Membership, Offering, Organization, Page, PatchAnswer, Person, Service,
};
use crate::server::Put;
use crate::wire::{Dialect, Direction, Reader, Uri, Wire};
use bytes::Bytes;

/// A message that was fetched, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Fetched<T> {
    /// The message.
    pub message: T,
    /// What deviates in it.
    pub findings: Vec<Finding>,
}

/// What each kind of object is fetched with.
fn operation(server: Role, method: Method, path: &str) -> Result<&'static Operation, Failure> {
    Operation::find(server, method, path)
        .ok_or_else(|| Failure::Settings(format!("A {server} does not serve {} {path}.", method.name())))
}

fn read<T: Wire>(value: Value) -> Result<Fetched<T>, Failure> {
    let root = Place::root();
    let mut reader = Reader::new(Direction::Response, false, Dialect::V1_1);
    match T::read(value, &root, &mut reader) {
        Ok(message) => Ok(Fetched { message, findings: reader.findings }),
        Err(_) => Err(Failure::Unreadable(reader.findings)),
    }
}

impl Client {
    /// What the partner says about itself.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn service(&self) -> Result<Fetched<Service>, Failure> {
        self.fetch("/", &[]).await
    }

    /// A person from the SIS.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn person(&self, id: &str) -> Result<Fetched<Person>, Failure> {
        self.fetch(&format!("/persons/{}", segment(id)), &[]).await
    }

    /// An offering.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn offering(&self, id: &str, expand: &[&str]) -> Result<Fetched<Offering>, Failure> {
        self.fetch(&format!("/offerings/{}", segment(id)), &expand_of(expand)).await
    }

    /// An association.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn association(&self, id: &str, expand: &[&str]) -> Result<Fetched<Association>, Failure> {
        self.fetch(&format!("/associations/{}", segment(id)), &expand_of(expand)).await
    }

    /// A test from the catalogue.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn component(&self, id: &str) -> Result<Fetched<Component>, Failure> {
        self.fetch(&format!("/components/{}", segment(id)), &[]).await
    }

    /// An organisational unit.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn organization(&self, id: &str, expand: &[&str]) -> Result<Fetched<Organization>, Failure> {
        self.fetch(&format!("/organizations/{}", segment(id)), &expand_of(expand)).await
    }

    /// The whole catalogue.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn components(&self) -> Result<Fetched<Vec<Component>>, Failure> {
        self.list("/components", &[("componentType", "test".to_owned())]).await
    }

    /// The plannable tests of a period; `since` is always sent, because the default of the bundle is today.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn offerings(
        &self,
        since: jiff::civil::Date,
        until: Option<jiff::civil::Date>,
    ) -> Result<Fetched<Vec<Offering>>, Failure> {
        let form = |day: jiff::civil::Date| {
            if self.partner().quirks.moments_in_queries {
                format!("{day}T00:00:00Z")
            } else {
                day.to_string()
            }
        };
        let mut query = vec![
            ("offeringType", "component".to_owned()),
            ("component.componentType", "test".to_owned()),
            ("since", form(since)),
        ];
        if let Some(until) = until {
            query.push(("until", form(until)));
        }
        self.list("/offerings", &query).await
    }

    /// The associations of an offering.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn offering_associations(
        &self,
        id: &str,
        expand: &[&str],
    ) -> Result<Fetched<Vec<Association>>, Failure> {
        let mut query = expand_of(expand);
        query.push(("associationType", "componentOfferingAssociation".to_owned()));
        self.list(&format!("/offerings/{}/associations", segment(id)), &query).await
    }

    /// Flow 6: the programme enrolments of a student.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn programs_of(&self, person: &str) -> Result<Fetched<Vec<Association>>, Failure> {
        let query = [
            ("associationType", "programOffering".to_owned()),
            ("expand", "offering,offering.program,offering.organization".to_owned()),
        ];
        self.list(&format!("/persons/{}/associations", segment(person)), &query).await
    }

    /// The groups with this in their name.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn groups(&self, search: &str) -> Result<Fetched<Vec<Group>>, Failure> {
        self.list("/groups", &[("q", search.to_owned())]).await
    }

    /// The members of a group.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn members(&self, group: &str) -> Result<Fetched<Vec<Membership>>, Failure> {
        self.list(&format!("/groups/{}/members", segment(group)), &[]).await
    }

    /// Where a student begins a test.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn start_url(&self, association: &str) -> Result<Uri, Failure> {
        let path = format!("/associations/{}/url", segment(association));
        Ok(self.fetch::<Uri>(&path, &[]).await?.message)
    }

    /// A document, looked at before it is handed on.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn document(&self, id: &str) -> Result<(Bytes, crate::document::Inspected), Failure> {
        let reply = self.send(Call::get(&format!("/documents/{}", segment(id)))).await?;
        let seen = crate::document::inspect(&reply.body, self.partner().largest_document)
            .map_err(Failure::Document)?;
        Ok((reply.body, seen))
    }

    /// Sends a whole object; in order after everything sent before about the same id.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn put<T: Wire>(&self, kind: &str, id: &str, message: &T) -> Result<Put, Failure> {
        let path = format!("/{kind}/{}", segment(id));
        let reply = self.in_order(&path, Call::put(&path, message.write())).await?;
        Ok(if reply.status == 201 { Put::Created } else { Put::Replaced })
    }

    /// Sends changes to an object; in order after everything sent before about the same id.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn patch(&self, kind: &str, id: &str, changes: Value) -> Result<Option<PatchAnswer>, Failure> {
        let path = format!("/{kind}/{}", segment(id));
        let mut reply = self.in_order(&path, Call::patch(&path, changes)).await?;
        // A body is welcome, an empty one is enough.
        Ok(reply.json().ok().and_then(|value| read(value).ok()).map(|read| read.message))
    }

    /// Fetches one object.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch<T: Wire>(&self, path: &str, query: &[(&str, String)]) -> Result<Fetched<T>, Failure> {
        let known = operation(self.partner().role, Method::Get, path)?;
        debug_assert!(!matches!(known.answer, Body::Empty));
        let mut reply = self.send(Call::get(path).with_query(query)).await?;
        read(reply.json()?)
    }

    /// Fetches a list to its end: as long as a page says there is a next one.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn list<T: Wire>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Fetched<Vec<T>>, Failure> {
        operation(self.partner().role, Method::Get, path)?;
        let mut all = Fetched { message: Vec::new(), findings: Vec::new() };
        let mut before: Option<Bytes> = None;
        for number in 1..=self.partner().most_pages {
            let mut query = query.to_vec();
            query.push(("pageSize", self.partner().quirks.page_size.to_string()));
            query.push(("pageNumber", number.to_string()));
            let mut reply = self.send(Call::get(path).with_query(&query)).await?;
            let page: Fetched<Page<T>> = read(reply.json()?)?;
            all.findings.extend(page.findings);
            all.message.extend(page.message.items);
            if !page.message.has_next {
                return Ok(all);
            }
            if before.as_ref() == Some(&reply.body) {
                return Err(Failure::Endless(path.to_owned()));
            }
            before = Some(reply.body);
        }
        Err(Failure::Endless(path.to_owned()))
    }
}

fn expand_of(expand: &[&str]) -> Vec<(&'static str, String)> {
    if expand.is_empty() { Vec::new() } else { vec![("expand", expand.join(","))] }
}

/// An id as one segment of a path: nothing in it can reach another path.
fn segment(id: &str) -> String {
    id.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
            b'.' if id.bytes().any(|byte| byte != b'.') => ".".to_owned(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_reach_another_path() {
        assert_eq!(segment("123e4567-e89b"), "123e4567-e89b");
        assert_eq!(segment("../x?y#z"), "..%2Fx%3Fy%23z");
        assert_eq!(segment(".."), "%2E%2E");
    }
}
