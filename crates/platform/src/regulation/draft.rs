use super::{Regulation, State, start, store, whole};
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ArticleId, RegulationId};
use regie_core::setting::by_key;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A new version. The ids of articles are used when there is no version yet to begin from.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: RegulationId,
    pub begins: Date,
    pub articles: Vec<ArticleId>,
}

/// How many ids a first draft needs.
pub fn first_articles() -> usize {
    start::articles().len()
}

/// Begins from the newest published version, or from the house's example. One draft at a time.
pub async fn draft(db: &Db, caller: &Caller, input: Draft) -> Result<RegulationId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditRegulation).await?;
    let heads = reader.all(store::heads()).await?;
    if heads.iter().any(|head| head.state == State::Draft) {
        return Err(Error::DraftExists);
    }
    let number = heads.first().map_or(1, |head| head.number + 1);
    let from = match heads.into_iter().next() {
        Some(head) => Some(whole(&mut reader, head).await?),
        None => None,
    };
    let person = allowed.caller().person;
    db.write(allowed.caller(), (input, from), move |tx, (input, from)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let (title, introduction) = match &from {
                Some(from) => (from.head.title.clone(), from.head.introduction.clone()),
                None => start::head(),
            };
            tx.queue(
                store::insert(input.id, number, &title, &introduction, input.begins, person, now),
                Expect::unique(Error::DraftExists),
            );
            match from {
                Some(from) => copy(tx, input.id, &from),
                None => example(tx, &input),
            }
            tx.touch(input.id);
            let new = json!({ "number": number, "begins": input.begins });
            Ok(tx.done(input.id, Event::new("regulation.drafted", input.id).new_value(new)))
        })
    })
    .await
}

fn copy(tx: &mut regie_db::Tx<Error>, to: RegulationId, from: &Regulation) {
    for it in &from.articles {
        tx.queue(
            store::put_article(
                to,
                it.article,
                it.position,
                &it.heading,
                &it.framework,
                &it.rule,
                &it.enforcement,
                &it.evidence,
            ),
            Expect::any(),
        );
    }
    for it in &from.stated {
        // A setting that this release no longer has is nobody's rule any more.
        if by_key(&it.key).is_some() {
            tx.queue(store::put_setting(to, it.article, &it.key, &it.value), Expect::any());
        }
    }
}

fn example(tx: &mut regie_db::Tx<Error>, input: &Draft) {
    for ((position, it), article) in (1_i64..).zip(start::articles()).zip(&input.articles) {
        tx.queue(
            store::put_article(
                input.id,
                *article,
                position * 10,
                &it.heading,
                &it.framework,
                &it.rule,
                &it.enforcement,
                &it.evidence,
            ),
            Expect::any(),
        );
        for key in &it.settings {
            if let Some(spec) = by_key(key) {
                tx.queue(store::put_setting(input.id, *article, spec.key, spec.fallback), Expect::any());
            }
        }
    }
}
