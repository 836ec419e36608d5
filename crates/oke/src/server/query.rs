//! Query strings: what may be asked for, and what is refused.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Refusal;
use crate::message::{AssociationRole, AssociationState, AssociationType, OfferingType, ResultState};
use crate::wire::Codes;

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// How many items: 10, 20, 50, 100 or 250.
    pub size: usize,
    /// Which page, from 1.
    pub number: usize,
}

impl Default for Paging {
    fn default() -> Self {
        Self { size: 10, number: 1 }
    }
}

impl Paging {
    /// The number of items before this page.
    #[must_use]
    pub const fn skip(self) -> usize {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }
}

/// What is asked of the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComponentQuery {
    /// Which page.
    pub paging: Paging,
    /// Only components of this type; everything in the catalogue is a test.
    pub component_type: Option<String>,
    /// Only those with this in name, abbreviation or description.
    pub search: Option<String>,
    /// Only those the caller does, or does not, have a licence for.
    pub licensed: Option<bool>,
    /// Only the one with this code.
    pub primary_code: Option<String>,
}

/// What is asked of the plannable tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferingQuery {
    /// Which page.
    pub paging: Paging,
    /// Only offerings of this type.
    pub offering_type: Option<OfferingType>,
    /// Only those that have not ended before this moment.
    pub since: Option<Timestamp>,
    /// Only those that begin at or before this moment; a day counts as a whole.
    pub until: Option<Timestamp>,
    /// Only those with this in name or description.
    pub search: Option<String>,
    /// Only those with this expectation.
    pub result_expected: Option<bool>,
    /// What to embed.
    pub expand: Vec<String>,
}

/// What is asked of enrolments or participations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationQuery {
    /// Which page.
    pub paging: Paging,
    /// Only this type.
    pub association_type: Option<AssociationType>,
    /// Only this role.
    pub role: Option<AssociationRole>,
    /// Only this state.
    pub state: Option<AssociationState>,
    /// Only with a result in this state.
    pub result_state: Option<ResultState>,
    /// What to embed.
    pub expand: Vec<String>,
}

/// What is asked of groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupQuery {
    /// Which page.
    pub paging: Paging,
    /// Only those with this in name, code or description.
    pub search: Option<String>,
    /// Only the one with this code.
    pub primary_code: Option<String>,
}

/// The pairs of a query string.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn expand(&self, allowed: &[&str]) -> Result<Vec<String>, Refusal> {
        // Comma separated by the agreement; repeated by the style of the bundle.
        let asked = self.0.iter().filter(|(key, _)| key == "expand" || key == "expand[]");
        let mut expand = Vec::new();
        for word in
            asked.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|word| !word.is_empty())
        {
            if !allowed.contains(&word) {
                return Err(bad("expand", word, &allowed.join(", ")));
            }
            expand.push(word.to_owned());
        }
        Ok(expand)
    }

    pub(super) fn paging(&self) -> Result<Paging, Refusal> {
        let size = match self.get("pageSize") {
            None => 10,
            Some(text) => match text.parse() {
                Ok(size @ (10 | 20 | 50 | 100 | 250)) => size,
                _ => return Err(bad("pageSize", text, "10, 20, 50, 100, 250")),
            },
        };
        let number = match self.get("pageNumber") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| (1..=10_000_000).contains(number))
                .ok_or_else(|| bad("pageNumber", text, "1 or higher"))?,
        };
        Ok(Paging { size, number })
    }

    fn code<C: Codes>(&self, name: &str) -> Result<Option<C>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        C::ALL
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, code)| Some(*code))
            .ok_or_else(|| bad(name, text, C::WORDS))
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(text) => Err(bad(name, text, "true, false")),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn components(&self) -> Result<ComponentQuery, Refusal> {
        Ok(ComponentQuery {
            paging: self.paging()?,
            component_type: self.text("componentType"),
            search: self.text("q"),
            licensed: self.flag("licensed")?,
            primary_code: self.text("primaryCode"),
        })
    }

    pub(super) fn offerings(&self) -> Result<OfferingQuery, Refusal> {
        let (since, until) = (self.moment("since", false)?, self.moment("until", true)?);
        Ok(OfferingQuery {
            paging: self.paging()?,
            offering_type: self.code("offeringType")?,
            since,
            until,
            search: self.text("q"),
            result_expected: self.flag("resultExpected")?,
            expand: self.expand(EXPAND_OFFERING)?,
        })
    }

    pub(super) fn associations(&self) -> Result<AssociationQuery, Refusal> {
        let association_type = match self.get("associationType") {
            None => None,
            // Two spellings are about: flow 6 uses the short one.
            Some("programOffering") => Some(AssociationType::Program),
            Some("courseOffering") => Some(AssociationType::Course),
            Some("componentOffering") => Some(AssociationType::Component),
            Some(_) => self.code("associationType")?,
        };
        Ok(AssociationQuery {
            paging: self.paging()?,
            association_type,
            role: self.code("role")?,
            state: self.code("state")?,
            result_state: self.code("result-state")?,
            expand: self.expand(EXPAND_LIST)?,
        })
    }

    pub(super) fn groups(&self) -> Result<GroupQuery, Refusal> {
        Ok(GroupQuery {
            paging: self.paging()?,
            search: self.text("q"),
            primary_code: self.text("primaryCode"),
        })
    }

    /// A day or a moment; as the end of a period a day counts as a whole.
    fn moment(&self, name: &str, is_end: bool) -> Result<Option<Timestamp>, Refusal> {
        let Some(text) = self.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let wrong = || bad(name, text, "a date such as 2026-06-22 or a date-time with offset");
        // An unencoded plus arrives as a space.
        let text = text.replace(' ', "+");
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(Some(moment));
        }
        let day: Date = text.parse().map_err(|_| wrong())?;
        let day = if is_end { day.tomorrow().map_err(|_| wrong())? } else { day };
        // A day of the agreement is a Dutch day; one hour of slack on either side never hides an exam.
        let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?.timestamp();
        let slack = jiff::SignedDuration::from_hours(if is_end { 0 } else { -2 });
        Ok(Some(midnight.saturating_add(slack).unwrap_or(midnight)))
    }
}

pub(super) const EXPAND_OFFERING: &[&str] = &[
    "program",
    "programOffering",
    "course",
    "courseOffering",
    "component",
    "organization",
    "academicSession",
];
pub(super) const EXPAND_ASSOCIATION: &[&str] = &["person", "offering"];
pub(super) const EXPAND_LIST: &[&str] =
    &["person", "offering", "offering.program", "offering.organization", "offering.component"];
pub(super) const EXPAND_ORGANIZATION: &[&str] = &["parent", "children"];
pub(super) const EXPAND_COMPONENT: &[&str] = &["course", "organization"];

fn bad(name: &str, value: &str, known: &str) -> Refusal {
    let value: String = value.chars().take(40).collect();
    Refusal::Bad(format!("The parameter {name} cannot be {value:?}; use one of: {known}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        Pairs(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_page_is_one_of_five_sizes() {
        assert_eq!(pairs(&[]).paging(), Ok(Paging { size: 10, number: 1 }));
        assert_eq!(pairs(&[("pageSize", "250"), ("pageNumber", "3")]).paging().map(Paging::skip), Ok(500));
        for wrong in ["0", "11", "251", "-10", "x", "99999999999999999999"] {
            assert!(pairs(&[("pageSize", wrong)]).paging().is_err(), "{wrong}");
        }
        assert!(pairs(&[("pageNumber", "0")]).paging().is_err());
    }

    #[test]
    fn a_period_may_be_asked_in_days_or_moments() {
        let query = pairs(&[("since", "2026-06-22"), ("until", "2026-06-22")]).offerings().unwrap();
        assert!(query.since < query.until);
        assert!(pairs(&[("since", "2026-06-22T09:00:00 02:00")]).offerings().is_ok());
        assert!(pairs(&[("since", "22-06-2026")]).offerings().is_err());
    }

    #[test]
    fn both_spellings_of_an_association_type_are_understood() {
        for spelling in ["programOffering", "programOfferingAssociation"] {
            let query = pairs(&[("associationType", spelling)]).associations().unwrap();
            assert_eq!(query.association_type, Some(AssociationType::Program));
        }
        assert!(pairs(&[("associationType", "exam")]).associations().is_err());
    }
}
