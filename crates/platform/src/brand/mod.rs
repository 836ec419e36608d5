//! How the school looks: its colour and its mark. A colour with which people could not read is refused.

mod paint;
mod store;

pub use paint::{Paint, SetLogo, paint, set_logo};
pub use store::Brand;

use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::colour::{Colour, Theme};
use regie_core::id::InstitutionId;
use regie_db::Ask;

/// The look of the caller's school, if it has one of its own. Everybody inside sees it on every page.
pub async fn see(db: &Db, caller: &Caller) -> Result<Option<Brand>, Error> {
    Ok(db.reader(caller.institution).opt(store::brand()).await?)
}

/// The version of the look, for the address of its style sheet; `None` when the school has none.
pub async fn version(db: &Db, institution: InstitutionId) -> Result<Option<i64>, Error> {
    Ok(db.reader(institution).opt(store::version()).await?.map(|(version,)| version))
}

/// The mark: its bytes and media type.
pub async fn logo(db: &Db, caller: &Caller) -> Result<Option<(Vec<u8>, String)>, Error> {
    Ok(db.reader(caller.institution).opt(store::logo()).await?)
}

impl Brand {
    /// The colour in this theme.
    pub fn colour(&self, theme: Theme) -> Option<Colour> {
        let light = self.colour.as_deref().and_then(|text| text.parse::<Colour>().ok())?;
        match theme {
            Theme::Light => Some(light),
            Theme::Dark => {
                let own = self.colour_dark.as_deref().and_then(|text| text.parse().ok());
                Some(own.unwrap_or_else(|| light.nearest(Theme::Dark)))
            }
        }
    }

    /// The tokens of the school, in the place of the house's.
    pub fn style(&self) -> String {
        let (Some(light), Some(dark)) = (self.colour(Theme::Light), self.colour(Theme::Dark)) else {
            return String::new();
        };
        let pair = |of: fn(Colour, Theme) -> Colour| {
            format!("light-dark({}, {})", of(light, Theme::Light), of(dark, Theme::Dark))
        };
        format!(
            ":root {{\n  --brand: light-dark({light}, {dark});\n  --brand-strong: {};\n  --brand-soft: {};\n  \
             --on-brand: {};\n}}\n",
            pair(Colour::strong),
            pair(Colour::soft),
            pair(|_, theme| Colour::ink_on(theme)),
        )
    }
}
