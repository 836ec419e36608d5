use super::State;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{ArticleId, PersonId, RegulationId};
use regie_db::{row, statements};

row! {
    pub struct Head {
        pub id: RegulationId,
        pub number: i64,
        pub title: String,
        pub introduction: String,
        pub state: State,
        pub begins: Date,
        pub drafted_by: Option<PersonId>,
        pub drafted_name: Option<String>,
        pub published_by: Option<PersonId>,
        pub published_name: Option<String>,
        pub published_at: Option<Timestamp>,
        pub version: i64,
    }

    pub struct Article {
        pub article: ArticleId,
        pub position: i64,
        pub heading: String,
        /// Which law, agreement or norm asks for it.
        pub framework: String,
        pub rule: String,
        /// Where Regie enforces it, or who does.
        pub enforcement: String,
        /// What shows that it was kept.
        pub evidence: String,
    }

    /// A setting that an article justifies.
    pub struct Stated {
        pub article: ArticleId,
        pub key: String,
        pub value: String,
    }
}

statements! {
    pub(super) fn heads() -> Head =
        "SELECT r.id, r.number, r.title, r.introduction, r.state, r.begins, r.drafted_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = r.drafted_by) AS drafted_name,
            r.published_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = r.published_by) AS published_name,
            r.published_at, r.version
         FROM regulation r WHERE r.institution = $1 ORDER BY r.number DESC";

    pub(super) fn head(id: RegulationId) -> Head =
        "SELECT r.id, r.number, r.title, r.introduction, r.state, r.begins, r.drafted_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = r.drafted_by) AS drafted_name,
            r.published_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = r.published_by) AS published_name,
            r.published_at, r.version
         FROM regulation r WHERE r.institution = $1 AND r.id = $2";

    pub(super) fn articles(regulation: RegulationId) -> Article =
        "SELECT article, position, heading, framework, rule, enforcement, evidence FROM regulation_article
         WHERE institution = $1 AND regulation = $2 ORDER BY position, article";

    pub(super) fn stated(regulation: RegulationId) -> Stated =
        "SELECT article, key, value FROM regulation_setting
         WHERE institution = $1 AND regulation = $2 ORDER BY article, key";

    pub(super) fn insert(
        id: RegulationId, number: i64, title: &str, introduction: &str, begins: Date, drafted_by: Option<PersonId>,
        drafted_at: Timestamp,
    ) = "INSERT INTO regulation (institution, id, number, title, introduction, state, begins, drafted_by, drafted_at,
            version)
         VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, 1)";

    pub(super) fn put_article(
        regulation: RegulationId, article: ArticleId, position: i64, heading: &str, framework: &str, rule: &str,
        enforcement: &str, evidence: &str,
    ) = "INSERT INTO regulation_article (institution, regulation, article, position, heading, framework, rule,
            enforcement, evidence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (institution, regulation, article) DO UPDATE SET position = excluded.position,
            heading = excluded.heading, framework = excluded.framework, rule = excluded.rule,
            enforcement = excluded.enforcement, evidence = excluded.evidence";

    pub(super) fn remove_article(regulation: RegulationId, article: ArticleId) =
        "DELETE FROM regulation_article WHERE institution = $1 AND regulation = $2 AND article = $3";

    pub(super) fn put_setting(regulation: RegulationId, article: ArticleId, key: &str, value: &str) =
        "INSERT INTO regulation_setting (institution, regulation, article, key, value) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (institution, regulation, article, key) DO UPDATE SET value = excluded.value";

    pub(super) fn remove_settings(regulation: RegulationId, article: ArticleId) =
        "DELETE FROM regulation_setting WHERE institution = $1 AND regulation = $2 AND article = $3";

    /// Every change of a draft passes here: a published version does not, and neither does who was overtaken.
    pub(super) fn change(id: RegulationId, version: i64, title: &str, introduction: &str, begins: Date) =
        "UPDATE regulation SET title = $4, introduction = $5, begins = $6, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn touch(id: RegulationId, version: i64) =
        "UPDATE regulation SET version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn publish(id: RegulationId, version: i64, by: Option<PersonId>, at: Timestamp) =
        "UPDATE regulation SET state = 'published', published_by = $4, published_at = $5, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";
}
