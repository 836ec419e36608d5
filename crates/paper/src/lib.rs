//! Documents: the edge between Regie's data and paper, or an archive that must be readable in fifty years.
//!
//! [`render()`] turns a [`Frame`] and a [`Content`] (a [`List`], a [`Letter`] or a [`Form`]) into one PDF that is PDF/A-2a and PDF/UA-1 at
//! once: embedded fonts, a language, a title, headings, tables with header cells, everything else marked as decoration. The templates are the
//! files in `templates/`; data goes in as JSON and is never read as template. A template sees no disk, no network and no clock, so equal input
//! gives equal bytes, and a journal may rely on their hash. Letters outside the house's fonts are replaced and reported, not fatal.
//!
//! [`check::check`] reads a finished file back and names every rule of the two standards it breaks, by our own reading of the clauses; the
//! tests plant a fault for each of [`check::RULES`].
//!
//! ```
//! use regie_paper::{Content, Frame, Language, List, ListColumn, render};
//! let frame = Frame {
//!     language: Language::Nl, school: "ROC Delta".into(), logo: None, title: "Deelnemerslijst".into(), session: None,
//!     made_at: "2026-11-20T09:30:00+01:00[Europe/Amsterdam]".parse().unwrap(), ident: "list-1".into(),
//! };
//! let list = List { columns: vec![ListColumn::new("Naam", 1)], rows: vec![vec!["Noa Visser".into()]], ..List::default() };
//! let rendered = render(&frame, &Content::List(list)).unwrap();
//! assert!(rendered.pdf.starts_with(b"%PDF-1.7"));
//! assert_eq!(regie_paper::check::check(&rendered.pdf), []);
//! ```
//!
//! The fonts are Atkinson Hyperlegible Next and Noto Sans, under the SIL Open Font License beside them in `fonts/`.

pub mod check;
mod document;
mod render;
mod world;

pub use document::{Choice, Content, Form, Frame, Language, Letter, List, ListColumn, Logo, Section, Signer};
pub use render::{PaperError, Rendered, render};
