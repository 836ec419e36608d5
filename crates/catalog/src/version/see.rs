use super::{Condition, Content, ConversionRow, Document, Variant, Version, content, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, InstrumentVersionId};
use regie_db::Ask;

/// A version with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub version: Version,
    pub content: Content,
    pub conditions: Vec<(Condition, String)>,
    pub aids: Vec<String>,
    pub conversion: Vec<ConversionRow>,
    pub variants: Vec<Variant>,
    pub documents: Vec<Document>,
}

impl Whole {
    /// Of what stands here now; of a version that was handed in it equals the hash it was given.
    pub fn hash(&self) -> String {
        content::hash_of(self)
    }
}

pub async fn see(db: &Db, caller: &Caller, id: InstrumentVersionId) -> Result<Whole, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeInstruments).await?;
    let version = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
    Ok(whole(&mut reader, version).await?)
}

pub(crate) async fn whole(q: &mut impl Ask, version: Version) -> Result<Whole, regie_db::Error> {
    let id = version.id;
    let content = serde_json::from_str(&version.content)
        .map_err(|error| regie_db::Error::Decode(format!("the content of version {id}: {error}")))?;
    Ok(Whole {
        content,
        conditions: q.all(store::conditions(id)).await?,
        aids: q.all(store::aids(id)).await?.into_iter().map(|(_, name)| name).collect(),
        conversion: q
            .all(store::conversion(id))
            .await?
            .into_iter()
            .map(|(variant, score, grade)| ConversionRow { variant, score, grade })
            .collect(),
        variants: q.all(store::variants(id)).await?,
        documents: q.all(store::documents(id)).await?,
        version,
    })
}
