use super::store;
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::colour::{Colour, Theme};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The school's colours as typed; nothing is the house's own.
#[derive(Debug, Clone, Default)]
pub struct Paint {
    pub colour: String,
    /// In the dark theme; nothing is made of the other.
    pub colour_dark: String,
}

pub async fn paint(db: &Db, caller: &Caller, input: Paint) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditSettings).await?;
    let light = read("colour", &input.colour, Theme::Light)?;
    let dark = read("colour_dark", &input.colour_dark, Theme::Dark)?;
    if light.is_none() && dark.is_some() {
        return Err(Error::Missing("colour"));
    }
    db.write(allowed.caller(), (light, dark), |tx, (light, dark)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let before = tx.opt(store::brand()).await?;
            let text = |colour: Option<Colour>| colour.map(|colour| colour.to_string());
            let (light, dark) = (text(light), text(dark));
            tx.queue(store::set_colours(light.as_deref(), dark.as_deref(), now), Expect::any());
            tx.touch(tx.institution());
            let old = before.map(|old| json!({ "colour": old.colour, "colourDark": old.colour_dark }));
            let event = Event::new("brand.painted", tx.institution())
                .old(json!(old))
                .new_value(json!({ "colour": light, "colourDark": dark }));
            Ok(tx.done((), event))
        })
    })
    .await
}

fn read(field: &'static str, text: &str, theme: Theme) -> Result<Option<Colour>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let colour: Colour = text.parse().map_err(|_| Error::NoColour(field))?;
    colour.readable(theme).map(Some).map_err(|refused| Error::Unreadable(field, refused))
}

/// A mark of at most 200 kB. The door says what kind of file it is; only pictures that run nothing are taken.
#[derive(Debug, Clone)]
pub struct SetLogo {
    /// `None` takes the mark away.
    pub picture: Option<(Vec<u8>, String)>,
}

const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];
const MOST_BYTES: usize = 200 << 10;

pub async fn set_logo(db: &Db, caller: &Caller, input: SetLogo) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditSettings).await?;
    if let Some((bytes, kind)) = &input.picture {
        if !PICTURES.contains(&kind.as_str()) {
            return Err(Error::NoPicture);
        }
        if bytes.len() > MOST_BYTES {
            return Err(Error::LogoTooLarge(MOST_BYTES >> 10));
        }
    }
    db.write(allowed.caller(), input.picture, |tx, picture| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let bytes = picture.as_ref().map(|(bytes, _)| bytes.as_slice());
            let kind = picture.as_ref().map(|(_, kind)| kind.as_str());
            tx.queue(store::set_logo(bytes, kind, now), Expect::any());
            tx.touch(tx.institution());
            let new = json!({ "logo": kind, "bytes": bytes.map(<[u8]>::len) });
            Ok(tx.done((), Event::new("brand.marked", tx.institution()).new_value(new)))
        })
    })
    .await
}
