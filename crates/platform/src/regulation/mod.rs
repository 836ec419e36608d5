//! The exam regulation: a document in versions, in which every article says which law or agreement asks for it, what
//! the school's rule is, where Regie enforces it, and what proves it. Articles name the settings they justify.
//!
//! A version is drafted by one member of the committee and published by another; published, it never changes again.

mod compare;
mod draft;
mod edit;
mod publish;
mod start;
mod store;

pub use compare::{Difference, Kind as DifferenceKind, compare};
pub use draft::{Draft, draft, first_articles};
pub use edit::{EditArticle, EditHead, edit_article, edit_head, remove_article};
pub use publish::publish;
pub use store::{Article, Head, Stated};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ArticleId, RegulationId};
use regie_core::setting::{Settings, by_key};
use regie_db::Ask;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Draft,
    Published,
}

impl State {
    pub const ALL: [State; 2] = [State::Draft, State::Published];

    pub const fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Published => "published",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

regie_db::coded!(State = State::Draft);

/// A version with all it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Regulation {
    pub head: Head,
    pub articles: Vec<Article>,
    /// The settings of the articles, with the value the published version states.
    pub stated: Vec<Stated>,
    /// What holds now.
    pub settings: Settings,
}

impl Regulation {
    pub fn stated_by(&self, article: ArticleId) -> impl Iterator<Item = &Stated> {
        self.stated.iter().filter(move |stated| stated.article == article)
    }
}

/// All versions the caller may see, newest first. A draft is for who may write one.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Head>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeRegulation).await?;
    let drafts = may_see_drafts(&mut reader, caller).await;
    Ok(reader
        .all(store::heads())
        .await?
        .into_iter()
        .filter(|head| drafts || head.state == State::Published)
        .collect())
}

/// One version.
pub async fn see(db: &Db, caller: &Caller, id: RegulationId) -> Result<Regulation, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeRegulation).await?;
    let head = reader.opt(store::head(id)).await?.ok_or(Error::NotFound("regulation"))?;
    if head.state == State::Draft && !may_see_drafts(&mut reader, caller).await {
        return Err(Error::NotFound("regulation"));
    }
    whole(&mut reader, head).await
}

async fn may_see_drafts(q: &mut impl Ask, caller: &Caller) -> bool {
    regie_access::here(q, caller, Action::EditRegulation).await.is_ok()
        || regie_access::here(q, caller, Action::PublishRegulation).await.is_ok()
}

async fn whole(q: &mut impl Ask, head: Head) -> Result<Regulation, Error> {
    let settings = regie_access::settings(q).await?;
    let mut stated = q.all(store::stated(head.id)).await?;
    if head.state == State::Draft {
        // A draft states what holds; publishing fixes it.
        for it in &mut stated {
            if let Some(spec) = by_key(&it.key) {
                it.value = settings.shown(spec);
            }
        }
    }
    Ok(Regulation { articles: q.all(store::articles(head.id)).await?, stated, settings, head })
}
