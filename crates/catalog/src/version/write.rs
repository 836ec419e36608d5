use super::{Condition, Content, ConversionRow, Version, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, InstrumentVersionId};
use regie_db::{Ask, Event, Expect, Tx};
use serde_json::json;
use std::collections::BTreeMap;

/// What a draft says: everything but its variants and documents. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct Write {
    pub id: InstrumentVersionId,
    pub version: i64,
    pub content: Content,
    pub conditions: BTreeMap<&'static str, String>,
    pub aids: Vec<String>,
    pub conversion: Vec<ConversionRow>,
}

impl Write {
    fn checked(mut self) -> Result<Self, Error> {
        let content = &mut self.content;
        within("minutes", content.minutes.into(), 1, 6_000)?;
        if content.result().is_none() {
            return Err(Error::Missing("result"));
        }
        for score in [("max_score", content.max_score), ("cut_score", content.cut_score)] {
            if let (field, Some(score)) = score {
                within(field, score.into(), 1, 10_000)?;
            }
        }
        if let (Some(most), Some(cut)) = (content.max_score, content.cut_score) {
            within("cut_score", cut.into(), 1, most.into())?;
        }
        for (field, text) in [("blueprint", &mut content.blueprint), ("scheme", &mut content.scheme)] {
            *text = text.trim().to_owned();
            if text.chars().count() > 8_000 {
                return Err(Error::TooLong(field, 8_000));
            }
        }
        content.cohorts = content.cohorts.trim().chars().take(80).collect();
        self.conditions.retain(|_, text| !text.trim().is_empty());
        for text in self.conditions.values_mut() {
            *text = filled("conditions", text, 1_000)?;
        }
        self.aids = self.aids.iter().map(|aid| aid.trim().to_owned()).filter(|aid| !aid.is_empty()).collect();
        within("aids", i64::try_from(self.aids.len()).unwrap_or(i64::MAX), 0, 40)?;
        for aid in &self.aids {
            filled("aids", aid, 120)?;
        }
        self.conversion.sort();
        rising(&self.conversion, self.content.max_score)?;
        Ok(self)
    }
}

/// Every score once, no more than there is to score, and more points never give less.
fn rising(rows: &[ConversionRow], most: Option<u32>) -> Result<(), Error> {
    for row in rows {
        within("grade", row.grade.into(), 10, 100)?;
        if row.score > most.unwrap_or(10_000) {
            return Err(Error::Conversion(row.score.into()));
        }
    }
    let wrong = rows
        .iter()
        .zip(rows.iter().skip(1))
        .find(|(a, b)| a.variant == b.variant && (a.score == b.score || a.grade > b.grade));
    match wrong {
        Some((_, row)) => Err(Error::Conversion(row.score.into())),
        None => Ok(()),
    }
}

pub async fn write(db: &Db, caller: &Caller, input: Write) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            draft(tx, it.id, it.version).await?;
            let text = json!(it.content).to_string();
            tx.queue(store::write(it.id, &text, it.content.minutes), Expect::any());
            tx.queue(store::clear_conditions(it.id), Expect::any());
            for (code, condition) in &it.conditions {
                if let Some(kind) = Condition::from_code(code) {
                    tx.queue(store::put_condition(it.id, kind, condition), Expect::any());
                }
            }
            tx.queue(store::clear_aids(it.id), Expect::any());
            for (position, aid) in (1_i64..).zip(&it.aids) {
                tx.queue(store::put_aid(it.id, position, aid), Expect::any());
            }
            tx.queue(store::clear_conversion(it.id), Expect::any());
            let rows = it
                .conversion
                .iter()
                .map(|row| store::put_conversion(it.id, &row.variant, row.score, row.grade))
                .collect();
            tx.each(rows).await?;
            // What an instrument says is secret: the journal keeps that it changed and what the size of it is.
            let new = json!({
                "minutes": it.content.minutes, "maxScore": it.content.max_score, "cutScore": it.content.cut_score,
                "aids": it.aids.len(), "conversion": it.conversion.len(),
            });
            Ok(tx.done((), Event::new("instrument.edited", it.id).new_value(new)))
        })
    })
    .await
}

/// The draft, held for this change: what was handed in does not pass, and neither does who was overtaken.
pub(super) async fn draft(
    tx: &mut Tx<Error>,
    id: InstrumentVersionId,
    version: i64,
) -> Result<Version, Error> {
    let found = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
    if found.state != super::State::Draft {
        return Err(Error::Fixed(InstrumentVersionId::KIND));
    }
    tx.queue(store::touch(id, version), Expect::one(Error::ChangedMeanwhile));
    tx.touch(id);
    Ok(found)
}
