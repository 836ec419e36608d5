//! Who reads the page and how they like it: all that a page needs to know besides its own content.

use crate::csrf::Token;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use regie_texts::{Language, Texts};
use std::convert::Infallible;
use std::sync::Arc;

/// The theme a reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the machine is set.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn from_code(code: &str) -> Option<Theme> {
        [Theme::Auto, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

/// One entry of the menu. Areas give theirs per role; the shell only draws them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    pub icon: &'static str,
    pub label: String,
    pub href: String,
    /// How many things wait there.
    pub waiting: Option<u32>,
}

/// Entries under one heading; the first group usually has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NavGroup {
    pub title: Option<String>,
    pub entries: Vec<NavEntry>,
}

/// A role the reader may step into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChoice {
    /// The value the switch form sends back.
    pub value: String,
    /// *Examenbureau*
    pub label: String,
    /// *ROC Delta, campus Kanaal*
    pub place: String,
    pub current: bool,
}

/// The signed-in side of a viewer. The sign-in puts it, in an `Arc`, in the extensions of the request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignedIn {
    pub name: String,
    pub roles: Vec<RoleChoice>,
    pub navigation: Vec<NavGroup>,
    /// Unread notices behind the bell.
    pub notices: u32,
    /// The style sheet of the school's own colours.
    pub style: Option<String>,
    /// The school's mark.
    pub logo: Option<String>,
    /// Where the stream of changes is, if pages listen to one.
    pub live: Option<String>,
    /// Set when the account has its own choice, which wins over the browser's.
    pub language: Option<Language>,
}

impl SignedIn {
    pub fn role(&self) -> Option<&RoleChoice> {
        self.roles.iter().find(|role| role.current)
    }

    /// One or two letters for the round mark: *Noor van den Berg* is *NB*.
    pub fn initials(&self) -> String {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        let first = words.first().and_then(|word| word.chars().next());
        let last = words.get(1..).and_then(|rest| rest.last()).and_then(|word| word.chars().next());
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }
}

/// Who reads the page and how they like it.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    pub signed_in: Option<Arc<SignedIn>>,
    pub language: Language,
    pub theme: Theme,
    /// Goes with every form.
    pub csrf: String,
    /// The path and query of this page: where the switches come back to.
    pub here: String,
}

impl Viewer {
    pub const fn texts(&self) -> Texts {
        Texts::new(self.language)
    }

    /// Where the stream of changes is, if there is one for this reader.
    pub fn live(&self) -> Option<&str> {
        self.signed_in.as_ref().and_then(|me| me.live.as_deref())
    }

    /// The style sheet of the reader's school, if it has colours of its own.
    pub fn style(&self) -> Option<&str> {
        self.signed_in.as_ref().and_then(|me| me.style.as_deref())
    }

    /// Whether a menu entry is where the reader is now: of all entries that lie on the way, the nearest.
    pub fn is_at(&self, href: &str) -> bool {
        let entries = self.signed_in.iter().flat_map(|me| &me.navigation).flat_map(|group| &group.entries);
        let nearest =
            entries.map(|entry| entry.href.as_str()).filter(|it| self.is_under(it)).max_by_key(|it| it.len());
        nearest == Some(href)
    }

    fn is_under(&self, href: &str) -> bool {
        let path = self.here.split('?').next().unwrap_or_default();
        path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let signed_in = parts.extensions.get::<Arc<SignedIn>>().cloned();
        let chosen = signed_in.as_ref().and_then(|it| it.language);
        let asked = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        // Behind a nested router the plain URI has lost its front; the original has not.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Viewer {
            language: chosen
                .or_else(|| cookie(&parts.headers, LANGUAGE_COOKIE).and_then(Language::from_code))
                .or_else(|| asked.and_then(Language::from_accept))
                .unwrap_or_default(),
            theme: cookie(&parts.headers, THEME_COOKIE).and_then(Theme::from_code).unwrap_or_default(),
            csrf: parts.extensions.get::<Token>().map(|token| token.0.clone()).unwrap_or_default(),
            here: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            signed_in,
        })
    }
}

pub const LANGUAGE_COOKIE: &str = "regie-language";
pub const THEME_COOKIE: &str = "regie-theme";

/// The value of a cookie, if the browser sent it.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_knows_where_the_reader_is() {
        let entries = ["/", "/peo", "/people", "/people/students"].map(|href| NavEntry {
            icon: "users",
            label: String::new(),
            href: href.into(),
            waiting: None,
        });
        let navigation = vec![NavGroup { title: None, entries: entries.into() }];
        let signed_in = Some(Arc::new(SignedIn { navigation, ..SignedIn::default() }));
        let at = |here: &str, href| {
            Viewer { here: here.into(), signed_in: signed_in.clone(), ..Viewer::default() }.is_at(href)
        };
        assert!(at("/people/students?q=a", "/people/students"));
        assert!(!at("/people/students?q=a", "/people"));
        assert!(at("/people/staff", "/people"));
        assert!(!at("/people", "/"));
        assert!(!at("/people", "/peo"));
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        let of = |name: &str| SignedIn { name: name.into(), ..SignedIn::default() }.initials();
        assert_eq!(of("Noor van den Berg"), "NB");
        assert_eq!(of("élodie"), "É");
        assert_eq!(of(""), "");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; regie-theme=dark; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, THEME_COOKIE), Some("dark"));
        assert_eq!(cookie(&headers, "regie"), None);
    }
}
