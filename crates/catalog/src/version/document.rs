use super::write::draft;
use super::{Document, State, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{DocumentId, Id, InstitutionId, InstrumentVersionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

codes! {
    pub enum Purpose {
        Task = "task",
        Key = "key",
        Scheme = "scheme",
        Form = "form",
        StudentInstruction = "student-instruction",
        StaffInstruction = "staff-instruction",
        Practice = "practice",
        /// What the delivery platform takes in.
        Package = "package",
    }

    pub enum Audience {
        Student = "student",
        Invigilator = "invigilator",
        Assessor = "assessor",
        Office = "office",
        Committee = "committee",
    }

    /// From when its audience may open it.
    pub enum Moment {
        /// As soon as the version is approved.
        Approved = "approved",
        /// So many days before the session.
        DaysBefore = "days-before",
        Start = "start",
        End = "end",
        /// After the last session of the window.
        WindowEnd = "window-end",
    }
}

/// A document of a draft; its bytes lie in the file store under their hash.
#[derive(Debug, Clone)]
pub struct AttachDocument {
    pub id: InstrumentVersionId,
    pub version: i64,
    pub document: DocumentId,
    /// Of one variant, or of all when empty.
    pub variant_code: String,
    pub name: String,
    pub purpose: Purpose,
    pub audience: Audience,
    pub moment: Moment,
    pub days: i64,
    pub file: String,
    pub media_type: String,
    pub size: i64,
}

pub async fn attach(db: &Db, caller: &Caller, input: AttachDocument) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    within("days", input.days, 0, 400)?;
    let name: String = input.name.chars().filter(|sign| !sign.is_control()).collect();
    let input = AttachDocument { name: filled("name", &name, 200)?, ..input };
    // Neither the task nor its key reaches a student before the start.
    let secret = matches!(input.purpose, Purpose::Task | Purpose::Key | Purpose::Scheme | Purpose::Package);
    let early = matches!(input.moment, Moment::Approved | Moment::DaysBefore);
    if secret && early && input.audience == Audience::Student {
        return Err(Error::TooEarly);
    }
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            draft(tx, it.id, it.version).await?;
            let variants = tx.all(store::variants(it.id)).await?;
            if !it.variant_code.is_empty() && !variants.iter().any(|one| one.code == it.variant_code) {
                return Err(Error::NotFound(regie_core::id::FormVariantId::KIND));
            }
            tx.queue(
                store::put_document(
                    it.document,
                    it.id,
                    &it.variant_code,
                    &it.name,
                    it.purpose,
                    it.audience,
                    it.moment,
                    it.days,
                    &it.file,
                    &it.media_type,
                    it.size,
                ),
                Expect::any(),
            );
            let new = json!({
                "document": it.name, "purpose": it.purpose.code(), "audience": it.audience.code(),
                "moment": it.moment.code(), "sha256": it.file, "size": it.size,
            });
            Ok(tx.done((), Event::new("instrument.edited", it.id).new_value(new)))
        })
    })
    .await
}

pub async fn detach(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    document: DocumentId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            draft(tx, id, version).await?;
            let missing = Error::NotFound(DocumentId::KIND);
            tx.queue(store::remove_document(id, document), Expect::one(missing));
            let event = Event::new("instrument.edited", id).old(json!({ "document": document }));
            Ok(tx.done((), event))
        })
    })
    .await
}

/// Lets somebody open a document, and writes down that they did: content is secret, so every opening has a line.
pub async fn open(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    document: DocumentId,
) -> Result<(State, Document), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::OpenInstruments).await?;
    let found = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
    let all = reader.all(store::documents(id)).await?;
    let one = all.into_iter().find(|it| it.id == document).ok_or(Error::NotFound(DocumentId::KIND))?;
    let acting = Caller { request: None, ..allowed.caller().clone() };
    let new = json!({ "document": one.name, "purpose": one.purpose.code(), "sha256": one.file });
    db.write::<(), Error, _, _>(&acting, new, move |tx, new| {
        Box::pin(async move { Ok(tx.done((), Event::new("instrument.opened", id).new_value(new))) })
    })
    .await?;
    Ok((found.state, one))
}

/// Whether a document of this school is made of these bytes: then they are not thrown away.
pub async fn keeps(db: &Db, institution: InstitutionId, file: &str) -> Result<bool, regie_db::Error> {
    let (count,) = db.reader(institution).one(store::with_file(file)).await?;
    Ok(count > 0)
}
