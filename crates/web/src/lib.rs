//! The HTML front door: pages, partials and forms, drawn on the server.
//!
//! A page is a handler, a template with a field `page` ([`Page`]) and parts ([`part`]) in it. Routes
//! stand in a [`Door`](door::Door); [`front::open`] puts the layers around it. `templates/README.md`
//! shows how each part is used, and the style guide (`/style`) how it looks.

pub mod account;
pub mod address;
pub mod asset;
pub mod booking;
pub mod brand;
pub mod campus;
pub mod catalog;
pub mod company;
pub mod connection;
pub mod csrf;
pub mod delivery;
pub mod door;
pub mod error;
pub mod exam;
pub mod factor;
pub mod federation;
pub mod filled;
pub mod front;
pub mod grant;
pub mod group;
pub mod home;
pub mod house;
pub mod identity;
pub mod import;
pub mod institution;
pub mod journal;
pub mod layer;
mod listing;
pub mod lost_factor;
pub mod mail;
pub mod mandate;
pub mod me;
mod menu;
pub mod module;
pub mod need;
pub mod notice;
pub mod offering;
pub mod page;
pub mod part;
pub mod passkey;
pub mod password;
pub mod period;
pub mod person;
pub mod preference;
pub mod program;
mod record;
pub mod reference;
pub mod registration;
pub mod regulation;
pub mod room;
pub mod search;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod sign_in;
pub mod style;
pub mod telling;
pub mod text;
pub mod told;
pub mod unit;
pub mod url;
pub mod view;
pub mod viewer;

pub use error::Error;
pub use house::House;
pub use page::{Page, Partial, View};
pub use telling::Tell;
pub use viewer::Viewer;

/// Every route of the HTML door.
pub fn door() -> door::Door<House> {
    door::Door::default()
        .and(home::door())
        .and(sign_in::door())
        .and(password::door())
        .and(factor::door())
        .and(account::door())
        .and(passkey::door())
        .and(lost_factor::door())
        .and(identity::door())
        .and(person::door())
        .and(program::door())
        .and(offering::door())
        .and(catalog::door())
        .and(group::door())
        .and(need::door())
        .and(company::door())
        .and(mandate::door())
        .and(grant::door())
        .and(module::door())
        .and(institution::door())
        .and(room::door())
        .and(campus::door())
        .and(unit::door())
        .and(period::door())
        .and(registration::door())
        .and(exam::door())
        .and(session::door())
        .and(booking::door())
        .and(import::door())
        .and(journal::door())
        .and(connection::door())
        .and(federation::door())
        .and(reference::door())
        .and(delivery::door())
        .and(mail::door())
        .and(setting::door())
        .and(text::door())
        .and(notice::door())
        .and(search::door())
        .and(brand::door())
        .and(regulation::door())
        .and(style::door())
}
