//! The HTML front door: pages, partials and forms, drawn on the server.
//!
//! A page is a handler, a template with a field `page` ([`Page`]) and parts ([`part`]) in it. Routes
//! stand in a [`Door`](door::Door); [`front::open`] puts the layers around it. `templates/README.md`
//! shows how each part is used, and the style guide (`/style`) how it looks.

pub mod asset;
pub mod csrf;
pub mod door;
pub mod error;
pub mod front;
pub mod layer;
pub mod page;
pub mod part;
pub mod preference;
pub mod style;
pub mod telling;
pub mod url;
pub mod viewer;

pub use error::Error;
pub use page::{Page, Partial, View};
pub use telling::Tell;
pub use viewer::Viewer;
