//! An appointment as a calendar part: a later mail with the same UID and a higher sequence moves or withdraws it.

use crate::mail::Address;
use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// All times are shown in the zone of the schools.
const ZONE: &str = "Europe/Amsterdam";

/// European summer time, for readers that do not know the zone by name.
const ZONE_RULES: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\n\
BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n\
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n\
BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n\
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n\
END:VTIMEZONE\r\n";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Stable over the life of the appointment, such as `participation-<id>@roc.example`.
    pub uid: String,
    /// Higher with every change.
    pub sequence: u32,
    pub method: Method,
    pub start: Timestamp,
    pub end: Timestamp,
    pub summary: String,
    pub description: Option<String>,
    pub location: Option<String>,
    pub organizer: Address,
    pub attendee: Address,
    /// When this version was made.
    pub made_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// A new or changed appointment.
    Request,
    /// It is withdrawn.
    Cancel,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CalendarError {
    #[error("the appointment {uid:?} ends before it starts")]
    EndBeforeStart { uid: String },
    #[error("an appointment needs a stable uid without spaces, not {0:?}")]
    Uid(String),
    #[error("the time zone {ZONE} is unknown on this machine")]
    Zone,
}

impl Method {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

impl Invitation {
    /// The text of the `.ics` file.
    pub fn calendar(&self) -> Result<String, CalendarError> {
        if self.end <= self.start {
            return Err(CalendarError::EndBeforeStart { uid: self.uid.clone() });
        }
        if self.uid.is_empty() || self.uid.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
            return Err(CalendarError::Uid(self.uid.clone()));
        }
        let zone = TimeZone::get(ZONE).map_err(|_| CalendarError::Zone)?;
        let mut event = Event::new();
        event.uid(&self.uid);
        event.append_property(Property::new("DTSTAMP", utc(self.made_at)));
        event.append_property(Property::new("LAST-MODIFIED", utc(self.made_at)));
        event.append_property(Property::new("SEQUENCE", self.sequence.to_string()));
        event.append_property(moment("DTSTART", self.start, &zone));
        event.append_property(moment("DTEND", self.end, &zone));
        event.summary(&plain(&self.summary));
        if let Some(description) = &self.description {
            event.description(&plain(description));
        }
        if let Some(location) = &self.location {
            event.location(&plain(location));
        }
        let status = match self.method {
            Method::Request => "CONFIRMED",
            Method::Cancel => "CANCELLED",
        };
        event.append_property(Property::new("STATUS", status));
        event.append_property(Property::new("TRANSP", "OPAQUE"));
        event.append_property(person("ORGANIZER", &self.organizer));
        let mut attendee = person("ATTENDEE", &self.attendee);
        // The seat is claimed in Regie; a click in a mail program must not seem to change it.
        attendee.add_parameter("ROLE", "REQ-PARTICIPANT").add_parameter("RSVP", "FALSE");
        event.append_property(attendee);

        let mut calendar = Calendar::empty();
        calendar.append_property(Property::new("VERSION", "2.0"));
        calendar.append_property(Property::new("PRODID", "-//Regie//Exam platform//NL"));
        calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
        calendar.append_property(Property::new("METHOD", self.method.name()));
        calendar.push(event);
        // The library can write no zone; its place is before the first component that names it.
        Ok(calendar.to_string().replacen("BEGIN:VEVENT", &format!("{ZONE_RULES}BEGIN:VEVENT"), 1))
    }
}

fn moment(name: &str, at: Timestamp, zone: &TimeZone) -> Property {
    let local = at.to_zoned(zone.clone());
    let mut property = Property::new(name, local.strftime("%Y%m%dT%H%M%S").to_string());
    property.add_parameter("TZID", ZONE);
    property
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn person(name: &str, address: &Address) -> Property {
    let mut property = Property::new(name, format!("mailto:{}", plain(&address.email)));
    if let Some(said) = &address.name {
        // A quotation mark cannot be written inside a parameter at all.
        property.add_parameter("CN", &plain(said).replace(['"', '\n'], " "));
    }
    property
}

/// Line ends as the format knows them, and no other control characters.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|sign| *sign == '\n' || !sign.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        Invitation {
            uid: "participation-01935a1e@roc.example".to_owned(),
            sequence: 0,
            method: Method::Request,
            start: "2026-11-20T08:30:00Z".parse().unwrap(),
            end: "2026-11-20T10:00:00Z".parse().unwrap(),
            summary: "Examen Nederlands 3F, lezen; luisteren".to_owned(),
            description: Some("Neem mee:\nidentiteitsbewijs\r\nEND:VEVENT".to_owned()),
            location: Some("Lokaal B1.04".to_owned()),
            organizer: Address::named("Examenbureau; ROC", "examens@roc.example"),
            attendee: Address::named("Aïcha \"A\" Hof", "aicha@student.example"),
            made_at: "2026-11-01T12:00:00Z".parse().unwrap(),
        }
    }

    fn unfolded(invitation: &Invitation) -> Vec<String> {
        invitation.calendar().unwrap().replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn times_stand_in_the_zone_of_the_school_in_winter_and_in_summer() {
        let winter = unfolded(&invitation());
        assert!(winter.contains(&"DTSTART;TZID=Europe/Amsterdam:20261120T093000".to_owned()));
        assert!(winter.contains(&"DTEND;TZID=Europe/Amsterdam:20261120T110000".to_owned()));
        assert!(winter.contains(&"BEGIN:VTIMEZONE".to_owned()));
        let summer = Invitation {
            start: "2026-06-12T08:30:00Z".parse().unwrap(),
            end: "2026-06-12T10:00:00Z".parse().unwrap(),
            ..invitation()
        };
        assert!(unfolded(&summer).contains(&"DTSTART;TZID=Europe/Amsterdam:20260612T103000".to_owned()));
    }

    #[test]
    fn the_zone_is_explained_once_and_before_it_is_used() {
        let lines = unfolded(&invitation());
        let at = |line: &str| lines.iter().position(|found| found == line).unwrap();
        assert!(at("BEGIN:VCALENDAR") < at("BEGIN:VTIMEZONE"));
        assert!(at("METHOD:REQUEST") < at("BEGIN:VTIMEZONE"));
        assert!(at("END:VTIMEZONE") < at("BEGIN:VEVENT"));
        assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VTIMEZONE").count(), 1);
        assert_eq!(lines.iter().filter(|line| line.starts_with("DTSTAMP")).count(), 1);
    }

    #[test]
    fn a_change_and_a_withdrawal_keep_the_uid_and_raise_the_sequence() {
        let cancelled = unfolded(&Invitation { sequence: 2, method: Method::Cancel, ..invitation() });
        for line in
            ["UID:participation-01935a1e@roc.example", "SEQUENCE:2", "METHOD:CANCEL", "STATUS:CANCELLED"]
        {
            assert!(cancelled.contains(&line.to_owned()), "{line} in {cancelled:#?}");
        }
        assert_eq!(invitation().calendar(), invitation().calendar(), "no clock and no chance in it");
    }

    #[test]
    fn texts_cannot_break_out_of_their_line() {
        let lines = unfolded(&invitation());
        assert!(
            lines.contains(&r"SUMMARY:Examen Nederlands 3F\, lezen\; luisteren".to_owned()),
            "{lines:#?}"
        );
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        assert!(lines.iter().any(|line| line.starts_with("ATTENDEE;CN=Aïcha  A  Hof;")), "{lines:#?}");
        let long = Invitation { summary: "é".repeat(300), ..invitation() }.calendar().unwrap();
        assert!(long.split("\r\n").all(|line| line.len() <= 75), "lines are folded by bytes");
    }

    #[test]
    fn an_appointment_that_cannot_be_is_refused() {
        let backwards = Invitation { end: invitation().start, ..invitation() };
        assert!(matches!(backwards.calendar(), Err(CalendarError::EndBeforeStart { .. })));
        let nameless = Invitation { uid: "a b".to_owned(), ..invitation() };
        assert_eq!(nameless.calendar(), Err(CalendarError::Uid("a b".to_owned())));
    }
}
