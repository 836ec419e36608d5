//! Which claims say who somebody is at this school: data that the school sets, not code.

use crate::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How this school knows the people its provider signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mapping {
    /// The claim that says which organisation vouches, and what it must say.
    pub home: Home,
    /// Tried in this order; the first that names exactly one active person links.
    pub links: Vec<Link>,
    /// Levels of assurance (`acr`) that count as a second factor.
    #[serde(default)]
    pub strong: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Home {
    pub claim: String,
    pub value: String,
    /// Only the first so many characters count: a BRIN with or without its location.
    #[serde(default)]
    pub first: Option<usize>,
}

/// What a claim is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum By {
    /// A name that another system has for the person: `accountId`.
    AccountId,
    /// A chain pseudonym.
    EckId,
    /// Student or staff number.
    Number,
    /// Only when the school says that its mail addresses are never given to somebody else.
    Mail,
}

impl By {
    pub const fn code(self) -> &'static str {
        match self {
            By::AccountId => "accountId",
            By::EckId => "eckId",
            By::Number => "number",
            By::Mail => "mail",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    pub by: By,
    pub claim: String,
    /// Stands before the value that counts: `urn:schac:…:studentid:`. Values without it do not count.
    #[serde(default)]
    pub prefix: String,
    /// What follows the value, behind an `@`: another claim.
    #[serde(default)]
    pub at: Option<String>,
}

impl Mapping {
    /// SURFconext: organisation by domain; `uid@domain`, then the student number if the school releases it.
    pub fn surfconext(domain: &str) -> Self {
        let plain = |by, claim: &str| Link { by, claim: claim.into(), prefix: String::new(), at: None };
        let home = "schac_home_organization";
        Self {
            home: Home { claim: home.into(), value: domain.into(), first: None },
            links: vec![
                Link { at: Some(home.into()), ..plain(By::AccountId, "uids") },
                plain(By::AccountId, "eduperson_principal_name"),
                Link {
                    prefix: format!("urn:schac:personalUniqueCode:nl:local:{domain}:studentid:"),
                    ..plain(By::Number, "schac_personal_unique_codes")
                },
                Link {
                    prefix: format!("urn:schac:personalUniqueCode:nl:local:{domain}:employeeid:"),
                    ..plain(By::Number, "schac_personal_unique_codes")
                },
            ],
            strong: Vec::new(),
        }
    }

    /// Entree Federatie: organisation by BRIN; the profile id, then the real id, then the chain pseudonym.
    pub fn entree(brin: &str) -> Self {
        let plain = |by, claim: &str| Link { by, claim: claim.into(), prefix: String::new(), at: None };
        Self {
            home: Home { claim: "nlEduPersonHomeOrganizationId".into(), value: brin.into(), first: Some(4) },
            links: vec![
                plain(By::AccountId, "nlEduPersonProfileId"),
                plain(By::AccountId, "nlEduPersonRealId"),
                plain(By::Number, "employeeNumber"),
                plain(By::EckId, "eckId"),
            ],
            strong: Vec::new(),
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let word = |text: &str| !text.trim().is_empty() && text.len() <= 300;
        if !word(&self.home.claim) || !word(&self.home.value) {
            return Err(Error::ProviderField("home"));
        }
        if self.links.is_empty() || self.links.len() > 12 || !self.links.iter().all(|link| word(&link.claim))
        {
            return Err(Error::ProviderField("links"));
        }
        Ok(())
    }

    /// Whether the organisation behind these claims is this school.
    pub(super) fn is_home(&self, claims: &Value) -> Result<bool, Error> {
        let found = values(claims, &self.home.claim);
        if found.is_empty() {
            return Err(Error::ClaimMissing(self.home.claim.clone()));
        }
        let cut = |text: &str| -> String {
            let text = text.to_lowercase();
            self.home.first.map_or_else(|| text.clone(), |most| text.chars().take(most).collect())
        };
        let value = cut(&self.home.value);
        Ok(found.iter().all(|text| cut(text) == value))
    }

    /// What to look for, in order.
    pub(super) fn candidates(&self, claims: &Value) -> Vec<(By, String)> {
        let mut found = Vec::new();
        for link in &self.links {
            let behind = match &link.at {
                None => Some(String::new()),
                Some(claim) => values(claims, claim).first().map(|value| format!("@{value}")),
            };
            let Some(behind) = behind else { continue };
            for value in values(claims, &link.claim) {
                if let Some(value) = value.strip_prefix(&link.prefix).filter(|value| !value.is_empty()) {
                    found.push((link.by, format!("{value}{behind}")));
                }
            }
        }
        found
    }

    pub(super) fn is_strong(&self, claims: &Value) -> bool {
        claims.get("acr").and_then(Value::as_str).is_some_and(|acr| self.strong.iter().any(|one| one == acr))
    }
}

/// A claim as a list, whether it came as one text or as several, in the older spelling or the newer.
fn values(claims: &Value, name: &str) -> Vec<String> {
    let other = match name.split_once("eduperson_") {
        Some(("", rest)) => format!("edu_person_{rest}"),
        _ => name.replacen("edu_person_", "eduperson_", 1),
    };
    let found = claims.get(name).or_else(|| claims.get(&other));
    match found {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|text| !text.is_empty() && text.len() <= 500 && !text.chars().any(char::is_control))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn surfconext_names_a_person_by_uid_and_domain_or_by_number() {
        let mapping = Mapping::surfconext("delta.nl");
        let claims = json!({
            "schac_home_organization": "Delta.nl", "uids": ["noor", "n.devries"],
            "edu_person_principal_name": "noor@delta.nl",
            "schac_personal_unique_codes": [
                "urn:schac:personalUniqueCode:nl:local:other.nl:studentid:9",
                "urn:schac:personalUniqueCode:nl:local:delta.nl:studentid:400001",
            ],
        });
        assert_eq!(mapping.is_home(&claims), Ok(true));
        let found: Vec<String> = mapping.candidates(&claims).into_iter().map(|(_, value)| value).collect();
        assert_eq!(found, ["noor@Delta.nl", "n.devries@Delta.nl", "noor@delta.nl", "400001"]);
        assert_eq!(mapping.is_home(&json!({ "schac_home_organization": "eduid.nl" })), Ok(false));
        assert_eq!(mapping.is_home(&json!({ "schac_home_organization": ["delta.nl", "x.nl"] })), Ok(false));
        assert!(matches!(mapping.is_home(&json!({})), Err(Error::ClaimMissing(_))));
        assert!(mapping.candidates(&json!({ "uids": 7 })).is_empty());
    }

    #[test]
    fn entree_names_a_school_by_brin_with_or_without_location() {
        let mapping = Mapping::entree("11ZZ");
        for brin in ["11ZZ", "11zz03"] {
            assert_eq!(mapping.is_home(&json!({ "nlEduPersonHomeOrganizationId": brin })), Ok(true));
        }
        assert_eq!(mapping.is_home(&json!({ "nlEduPersonHomeOrganizationId": "11ZY" })), Ok(false));
    }
}
