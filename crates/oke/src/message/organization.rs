//! Organisations, groups and terms.

use super::{GroupType, Identifier, Names, OrganizationType, PrimaryCode};
use crate::wire::{Code, Consumers, Date, Id, Keyed, Line, Ref, Uri, object};
use serde_json::Value;

object! {
    /// An organisational unit.
    Organization {
        /// Its id.
        organization_id: Id = "organizationId" | "organizationID" [required, read_only];
        /// Its code.
        primary_code: PrimaryCode = "primaryCode" [required];
        /// What it is.
        organization_type: Code<OrganizationType> = "organizationType" [required];
        /// Its name.
        name: Names = "name" [required];
        /// Its short name.
        short_name: Line = "shortName" | "shortname" [required];
        /// What it does.
        description: Names = "description";
        /// A page about it.
        link: Uri = "link";
        /// Other codes.
        other_codes: Vec<Identifier> = "otherCodes";
        /// The unit above.
        parent: Ref<Organization> = "parent";
        /// The units below.
        children: Vec<Ref<Organization>> = "children";
        /// Consumers of others.
        consumers: Consumers<Value> = "consumers";
    }
}

impl Keyed for Organization {
    fn key(&self) -> Option<&str> {
        self.organization_id.get().map(Id::as_str)
    }
}

object! {
    /// A group of students, for ad hoc planning.
    Group {
        /// Its id.
        group_id: Id = "groupId" [required];
        /// Its code.
        primary_code: PrimaryCode = "primaryCode" [required];
        /// What it is.
        group_type: Code<GroupType> = "groupType" [required];
        /// Its name.
        name: Names = "name" [required];
        /// What it is for.
        description: Names = "description";
        /// From this day.
        start_date: Date = "startDate";
        /// Until and including this day.
        end_date: Date = "endDate";
        /// How many members.
        person_count: i64 = "personCount";
        /// Other codes.
        other_codes: Vec<Identifier> = "otherCodes";
        /// Whose group it is.
        organization: Ref<Organization> = "organization";
        /// Consumers of others.
        consumers: Consumers<Value> = "consumers";
    }
}

impl Keyed for Group {
    fn key(&self) -> Option<&str> {
        self.group_id.get().map(Id::as_str)
    }
}

object! {
    /// A term; the agreement ignores it.
    AcademicSession {
        /// Its id.
        academic_session_id: Id = "academicSessionId" [required, read_only];
        /// Its name.
        name: Names = "name" [required];
        /// Its first day.
        start_date: Date = "startDate" [required];
        /// Its last day.
        end_date: Date = "endDate" [required];
    }
}

impl Keyed for AcademicSession {
    fn key(&self) -> Option<&str> {
        self.academic_session_id.get().map(Id::as_str)
    }
}
