use super::{Article, Regulation, see};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{ArticleId, RegulationId};
use regie_core::setting::by_key;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

impl Kind {
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
        }
    }
}

/// One article that is not the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub heading: String,
    pub kind: Kind,
    /// Field or setting, before, after.
    pub fields: Vec<(String, String, String)>,
}

/// What the later version says otherwise, article by article in its order; what was removed comes last.
pub async fn compare(
    db: &Db,
    caller: &Caller,
    from: RegulationId,
    to: RegulationId,
) -> Result<(Regulation, Regulation, Vec<Difference>), Error> {
    let (from, to) = (see(db, caller, from).await?, see(db, caller, to).await?);
    let differences = differences(&from, &to);
    Ok((from, to, differences))
}

fn differences(from: &Regulation, to: &Regulation) -> Vec<Difference> {
    let find = |of: &Regulation, id: ArticleId| of.articles.iter().find(|it| it.article == id).cloned();
    let mut found = Vec::new();
    for now in &to.articles {
        let before = find(from, now.article);
        let kind = if before.is_some() { Kind::Changed } else { Kind::Added };
        let fields = changed(before.as_ref(), Some(now), from, to);
        if !fields.is_empty() {
            found.push(Difference { heading: now.heading.clone(), kind, fields });
        }
    }
    for gone in from.articles.iter().filter(|it| find(to, it.article).is_none()) {
        let fields = changed(Some(gone), None, from, to);
        found.push(Difference { heading: gone.heading.clone(), kind: Kind::Removed, fields });
    }
    found
}

/// A field of an article: what it is called, what it said, what it says.
type Line = (String, String, String);
type Read = fn(&Article) -> &String;

fn changed(before: Option<&Article>, now: Option<&Article>, from: &Regulation, to: &Regulation) -> Vec<Line> {
    let fields: [(&str, Read); 5] = [
        ("heading", |it| &it.heading),
        ("framework", |it| &it.framework),
        ("rule", |it| &it.rule),
        ("enforcement", |it| &it.enforcement),
        ("evidence", |it| &it.evidence),
    ];
    let text = |it: Option<&Article>, of: Read| it.map(|it| of(it).clone()).unwrap_or_default();
    let mut all: Vec<Line> =
        fields.into_iter().map(|(name, of)| (name.to_owned(), text(before, of), text(now, of))).collect();
    let id = before.or(now).map(|it| it.article);
    let stated = |of: &Regulation, key: &str| {
        let value = of.stated.iter().find(|it| Some(it.article) == id && it.key == key);
        value.map(|it| it.value.clone()).unwrap_or_default()
    };
    let mut keys: Vec<&str> = from
        .stated
        .iter()
        .chain(&to.stated)
        .filter(|it| Some(it.article) == id && by_key(&it.key).is_some())
        .map(|it| it.key.as_str())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    all.extend(keys.into_iter().map(|key| (key.to_owned(), stated(from, key), stated(to, key))));
    all.retain(|(_, before, now)| before != now);
    all
}
