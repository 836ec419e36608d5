//! Results as pictures and words: SVG plots with a title, a description and a data table; advice in Dutch
//! and English; a report as one web page without scripts.

pub mod advice;
pub mod agreement_page;
pub mod dif_page;
pub mod html;
pub mod language;
pub mod page;
pub mod picture;
pub mod plot_item;
pub mod plot_scale;
pub mod plot_test;
mod section;
pub mod whole;

pub use advice::{Advice, advise};
pub use agreement_page::agreement_page;
pub use dif_page::dif_page;
pub use html::analysis_page;
pub use language::Language;
pub use picture::{DataTable, Picture};
pub use whole::{BookletReport, Request, TestReport};
