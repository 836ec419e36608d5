use super::store;
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Allowed, Db};
use regie_core::Caller;
use regie_core::id::{ArticleId, InstitutionId, RegulationId};
use regie_core::setting::by_key;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// What stands above the articles. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditHead {
    pub id: RegulationId,
    pub version: i64,
    pub title: String,
    pub introduction: String,
    pub begins: Date,
}

/// An article as it should be; a new one has a new id.
#[derive(Debug, Clone)]
pub struct EditArticle {
    pub regulation: RegulationId,
    pub version: i64,
    pub article: ArticleId,
    pub position: i64,
    pub heading: String,
    pub framework: String,
    pub rule: String,
    pub enforcement: String,
    pub evidence: String,
    /// The keys of the settings it justifies.
    pub settings: Vec<String>,
}

async fn allowed(db: &Db, caller: &Caller) -> Result<Allowed<InstitutionId>, Error> {
    Ok(regie_access::here(&mut db.reader(caller.institution), caller, Action::EditRegulation).await?)
}

pub async fn edit_head(db: &Db, caller: &Caller, input: EditHead) -> Result<(), Error> {
    let allowed = allowed(db, caller).await?;
    let input = EditHead {
        title: filled("title", &input.title, 200)?,
        introduction: filled("introduction", &input.introduction, 5_000)?,
        ..input
    };
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let before = tx.opt(store::head(it.id)).await?.ok_or(Error::NotFound("regulation"))?;
            tx.queue(
                store::change(it.id, it.version, &it.title, &it.introduction, it.begins),
                Expect::one(Error::ChangedMeanwhile),
            );
            let old = json!({
                "title": before.title, "introduction": before.introduction, "begins": before.begins,
            });
            let new = json!({ "title": it.title, "introduction": it.introduction, "begins": it.begins });
            tx.touch(it.id);
            Ok(tx.done((), Event::new("regulation.edited", it.id).old(old).new_value(new)))
        })
    })
    .await
}

pub async fn edit_article(db: &Db, caller: &Caller, input: EditArticle) -> Result<(), Error> {
    let allowed = allowed(db, caller).await?;
    let input = EditArticle {
        heading: filled("heading", &input.heading, 200)?,
        framework: filled("framework", &input.framework, 5_000)?,
        rule: filled("rule", &input.rule, 5_000)?,
        enforcement: filled("enforcement", &input.enforcement, 5_000)?,
        evidence: filled("evidence", &input.evidence, 5_000)?,
        ..input
    };
    let settings = input
        .settings
        .iter()
        .map(|key| by_key(key).ok_or(Error::NotFound("setting")))
        .collect::<Result<Vec<_>, _>>()?;
    db.write(allowed.caller(), input, move |tx, it| {
        let settings = settings.clone();
        Box::pin(async move {
            let articles = tx.all(store::articles(it.regulation)).await?;
            let before = articles.into_iter().find(|article| article.article == it.article);
            tx.queue(store::touch(it.regulation, it.version), Expect::one(Error::ChangedMeanwhile));
            tx.queue(
                store::put_article(
                    it.regulation,
                    it.article,
                    it.position,
                    &it.heading,
                    &it.framework,
                    &it.rule,
                    &it.enforcement,
                    &it.evidence,
                ),
                Expect::any().or_foreign(Error::NotFound("regulation")),
            );
            tx.queue(store::remove_settings(it.regulation, it.article), Expect::any());
            for spec in settings {
                // The value is stated at publication; until then the default stands in its place.
                tx.queue(
                    store::put_setting(it.regulation, it.article, spec.key, spec.fallback),
                    Expect::any(),
                );
            }
            let shown = |heading: &str, framework: &str, rule: &str, enforcement: &str, evidence: &str| {
                json!({ "heading": heading, "framework": framework, "rule": rule, "enforcement": enforcement,
                    "evidence": evidence })
            };
            let new = shown(&it.heading, &it.framework, &it.rule, &it.enforcement, &it.evidence);
            let event = Event::new("regulation.edited", it.regulation).new_value(new);
            let event = match before {
                Some(old) => {
                    event.old(shown(&old.heading, &old.framework, &old.rule, &old.enforcement, &old.evidence))
                }
                None => event,
            };
            tx.touch(it.regulation);
            Ok(tx.done((), event))
        })
    })
    .await
}

pub async fn remove_article(
    db: &Db,
    caller: &Caller,
    regulation: RegulationId,
    version: i64,
    article: ArticleId,
) -> Result<(), Error> {
    let allowed = allowed(db, caller).await?;
    db.write(allowed.caller(), (regulation, version, article), |tx, (regulation, version, article)| {
        Box::pin(async move {
            let articles = tx.all(store::articles(regulation)).await?;
            let before =
                articles.into_iter().find(|it| it.article == article).ok_or(Error::NotFound("article"))?;
            tx.queue(store::touch(regulation, version), Expect::one(Error::ChangedMeanwhile));
            tx.queue(store::remove_settings(regulation, article), Expect::any());
            tx.queue(store::remove_article(regulation, article), Expect::any());
            let old = json!({ "heading": before.heading, "rule": before.rule });
            tx.touch(regulation);
            Ok(tx.done((), Event::new("regulation.edited", regulation).old(old)))
        })
    })
    .await
}
