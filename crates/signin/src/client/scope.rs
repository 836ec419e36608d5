//! What a program may be let in for. The role it acts in says how far; the scopes of its token narrow that.

macro_rules! scopes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ApiScope { $($(#[doc = $doc])* $name),* }

        impl ApiScope {
            pub const ALL: &'static [ApiScope] = &[$(ApiScope::$name),*];

            /// As it stands in tokens, forms and the API document.
            pub const fn code(self) -> &'static str {
                match self { $(ApiScope::$name => $code),* }
            }

            /// One English line for the API document.
            pub const fn meaning(self) -> &'static str {
                match self { $(ApiScope::$name => concat!($($doc),*)),* }
            }

            pub fn from_code(code: &str) -> Option<ApiScope> {
                ApiScope::ALL.iter().copied().find(|scope| scope.code() == code)
            }
        }
    };
}

scopes! {
    /// See the institution, its units, campuses, rooms and companies.
    OrganisationRead = "organisation:read",
    /// Add and change units, campuses, rooms and companies.
    OrganisationWrite = "organisation:write",
    /// See persons, groups and what happened to their records.
    PeopleRead = "people:read",
    /// Add and change persons and groups.
    PeopleWrite = "people:write",
    /// See programmes and their offerings.
    ProgramsRead = "programs:read",
    /// Add and change programmes and their offerings.
    ProgramsWrite = "programs:write",
    /// See the needs of students.
    NeedsRead = "needs:read",
    /// Grant and withdraw needs.
    NeedsWrite = "needs:write",
    /// See who acts in which role and under which mandate.
    RolesRead = "roles:read",
    /// Assign and withdraw roles and mandates.
    RolesWrite = "roles:write",
    /// See periods, entitlements, registrations and demand.
    PlanningRead = "planning:read",
    /// Plan periods, take in entitlements, register students.
    PlanningWrite = "planning:write",
    /// Read the journal.
    JournalRead = "journal:read",
}

/// A set of scopes as one text, in the order of the list.
pub fn written(scopes: &[ApiScope]) -> String {
    let codes: Vec<&str> =
        ApiScope::ALL.iter().filter(|scope| scopes.contains(scope)).map(|scope| scope.code()).collect();
    codes.join(" ")
}

/// The scopes of a text; a code that this version does not know is `None`.
pub fn read(text: &str) -> Option<Vec<ApiScope>> {
    text.split_whitespace().map(ApiScope::from_code).collect()
}

/// As `read`, for what we wrote ourselves: a scope that no longer exists opens nothing.
pub(super) fn kept(text: &str) -> Vec<ApiScope> {
    text.split_whitespace().filter_map(ApiScope::from_code).collect()
}
