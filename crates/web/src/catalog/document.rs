//! Documents of a version: hand one in, and open one, of which every opening is written down.

use super::instrument::Instruments;
use super::version::VersionPage;
use super::{choices, id_of};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Choice, Faults, Field};
use crate::record::Shown;
use crate::sheet;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, to};
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::version::{self, AttachDocument, Audience, Moment, Purpose, Whole, attach};
use regie_core::Caller;
use regie_core::id::InstrumentVersionId;
use regie_files::{Accept, FilesError, Hash};

urls! {
    pub NewDocument { id: String } = "/versions/{id}/documents/new";
    pub DocumentPage { id: String, document: String } = "/versions/{id}/documents/{document}";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(NewDocument::at(), ask)
        .post(NewDocument::at(), take)
        .get(DocumentPage::at(), open)
}

const MOST: usize = 20 << 20;
/// What a document may be; nothing that a browser would run.
const KINDS: &[&str] = &[
    "application/pdf",
    "text/plain",
    "application/zip",
    "image/png",
    "image/jpeg",
    "audio/mpeg",
    "video/mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
];

async fn seen(house: &House, me: &Me, id: &str) -> Result<Whole, Stop> {
    me.must(Action::EditInstruments)?;
    let id: InstrumentVersionId = id_of(id)?;
    version::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

fn form(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let mut variants = vec![Choice::new("", texts.t("document-all"))];
    variants.extend(whole.variants.iter().map(|it| Choice::new(it.code.clone(), it.name.clone())));
    let purposes = choices(texts, "purpose", Purpose::ALL.iter().map(|it| it.code()));
    let audiences = choices(texts, "audience", Audience::ALL.iter().map(|it| it.code()));
    let moments =
        Moment::ALL.iter().map(|it| Choice::new(it.code(), texts.of("moment-choice", it.code()))).collect();
    let limit = texts.t("import-file-limit").with("most", i64::try_from(MOST >> 20).unwrap_or(20));
    let fields = [
        Field::file(
            texts,
            "file",
            texts.t("document-file"),
            ".pdf,.docx,.odt,.xlsx,.zip,.txt,.png,.jpg,.mp3,.mp4",
            limit.to_string(),
        ),
        Field::select(texts, "purpose", texts.t("document-purpose"), purposes),
        Field::select(texts, "variant", texts.t("variant-one"), variants),
        Field::select(texts, "audience", texts.t("document-audience"), audiences),
        Field::select(texts, "moment", texts.t("document-moment"), moments),
        Field::number(texts, "days", texts.t("document-days")).optional(),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let id = whole.version.id.to_string();
    let back = VersionPage { id: id.clone() };
    let page = Page::new(me.viewer.clone(), texts.t("document-add"))
        .under(texts.t("nav-instruments"), Instruments {})
        .under(whole.version.instrument_name.clone(), back.clone());
    let version = whole.version.version.to_string();
    let action = with_query(&NewDocument { id }.to_string(), [("version", version.as_str())]);
    FormView::new(house, me, page, action, back, fields, faults)
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewDocument>,
) -> Result<View<FormView>, Stop> {
    let whole = seen(&house, &me, &at.id).await?;
    Ok(View::new(form(&house, &me, &whole, &Filled::default(), Faults::none(me.texts()))))
}

struct Given {
    filled: Filled,
    name: String,
    bytes: Vec<u8>,
}

/// The form as it was filled in; `None` when it broke off or is too large.
async fn gathered(form: Result<Multipart, MultipartRejection>) -> Option<Given> {
    let mut given = Given { filled: Filled::default(), name: String::new(), bytes: Vec::new() };
    let Ok(mut form) = form else { return Some(given) };
    while let Some(mut field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            given.name = field.file_name().unwrap_or_default().to_owned();
        }
        let most = if name == "file" { MOST } else { 400 };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.ok()? {
            if bytes.len() + chunk.len() > most {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        match name.as_str() {
            "file" => given.bytes = bytes,
            _ => given.filled = given.filled.and(&name, [String::from_utf8_lossy(&bytes).into_owned()]),
        }
    }
    Some(given)
}

async fn take(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewDocument>,
    Query(shown): Query<Shown>,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let whole = seen(&house, &me, &at.id).await?;
    let mut faults = Faults::none(texts);
    let Some(Given { filled, name, bytes }) = gathered(sent).await else {
        faults
            .add("file", texts.t("document-too-large").with("most", i64::try_from(MOST >> 20).unwrap_or(20)));
        return Ok(View::invalid(form(&house, &me, &whole, &Filled::default(), faults)).into_response());
    };
    let mut reading = filled.reading(texts);
    let purpose = reading.code("purpose", Purpose::from_code);
    let audience = reading.code("audience", Audience::from_code);
    let moment = reading.code("moment", Moment::from_code);
    let days = filled.maybe("days").and_then(|_| reading.number("days")).unwrap_or_default();
    if bytes.is_empty() {
        reading.fault("file", texts.t("import-file-none"));
    }
    let faults = match reading.end(purpose.zip(audience).zip(moment)) {
        Ok(((purpose, audience), moment)) => {
            let accept = Accept { most_bytes: u64::try_from(MOST).unwrap_or(u64::MAX), kinds: Some(KINDS) };
            match house.files.put_bytes(bytes, accept, &*house.random).await {
                Ok(blob) => {
                    let input = AttachDocument {
                        id: whole.version.id,
                        version: shown.version,
                        document: house.new_id(),
                        variant_code: filled.text("variant").into(),
                        name,
                        purpose,
                        audience,
                        moment,
                        days: days.into(),
                        file: blob.hash.to_string(),
                        media_type: blob.kind.into(),
                        size: i64::try_from(blob.size).unwrap_or(i64::MAX),
                    };
                    let caller =
                        Caller { request: filled.text("request").parse().ok(), ..me.caller().clone() };
                    match attach(&house.db, &caller, input).await {
                        Ok(()) => return Ok(to(VersionPage { id: at.id })),
                        Err(error) => fault(texts, error)?,
                    }
                }
                Err(FilesError::Kind { .. } | FilesError::Empty) => {
                    faults.add("file", texts.t("document-kind"));
                    faults
                }
                Err(error) => return Err(Error::internal(error).into()),
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &whole, &filled, faults)).into_response())
}

/// The bytes, as something to keep: nothing of it runs in the page. The line in the journal is written first.
async fn open(State(house): State<House>, me: Me, Path(at): Path<DocumentPage>) -> Result<Response, Stop> {
    let (id, document) = (id_of(&at.id)?, id_of(&at.document)?);
    let (_, found) =
        version::open(&house.db, me.caller(), id, document).await.map_err(|error| me.stop(error))?;
    let hash: Hash = found.file.parse().map_err(|_| Error::NotFound)?;
    let bytes = house.files.read(hash, u64::MAX).await.map_err(|error| match error {
        FilesError::Unknown(_) => Error::NotFound,
        error => Error::internal(error),
    })?;
    Ok(sheet::file(bytes, &found.name, "application/octet-stream"))
}
