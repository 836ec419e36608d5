//! The URL is a type: built and parsed in one place, so links, redirects and routes cannot drift.
//!
//! ```
//! regie_web::urls! {
//!     /// One room of one campus.
//!     pub RoomPage { campus: u32, room: String } = "/campuses/{campus}/rooms/{room}";
//! }
//! let room = RoomPage { campus: 3, room: "K1 04".into() };
//! assert_eq!(room.to_string(), "/campuses/3/rooms/K1%2004");
//! ```

use std::fmt;
use std::marker::PhantomData;

/// A place in the house. Made by [`urls!`](crate::urls).
pub trait Url: Sized {
    /// As the router knows it: `/rooms/{room}`.
    const PATTERN: &'static str;

    /// The place itself, without the values of its parts: what a route is registered under.
    fn at() -> At<Self> {
        At(PhantomData)
    }
}

/// A place to register a route under.
pub struct At<U>(PhantomData<U>);

/// Declares URLs as types with `Display` for links and `Deserialize` for axum's `Path`.
#[macro_export]
macro_rules! urls {
    ($($(#[$doc:meta])* $vis:vis $name:ident $({ $($field:ident : $type:ty),+ $(,)? })? = $pattern:literal;)+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, ::serde::Deserialize)]
        $vis struct $name { $($(pub $field: $type),+)? }

        impl $crate::url::Url for $name {
            const PATTERN: &'static str = $pattern;
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let parts: &[(&str, &dyn ::std::fmt::Display)] = &[$($((stringify!($field), &self.$field)),+)?];
                $crate::url::write(f, $pattern, parts)
            }
        }
    )+ };
}

/// Writes a pattern with its parts filled in, percent-encoded.
#[doc(hidden)]
pub fn write(f: &mut fmt::Formatter<'_>, pattern: &str, parts: &[(&str, &dyn fmt::Display)]) -> fmt::Result {
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        f.write_str(before)?;
        let (name, behind) = behind.split_once('}').ok_or(fmt::Error)?;
        let (_, value) = parts.iter().find(|(part, _)| *part == name).ok_or(fmt::Error)?;
        encode(f, &value.to_string())?;
        rest = behind;
    }
    f.write_str(rest)
}

fn encode(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    use fmt::Write as _;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                f.write_char(char::from(byte))?
            }
            _ => write!(f, "%{byte:02X}")?,
        }
    }
    Ok(())
}

/// A path with a query: `with_query("/people", [("q", "jansen")])`.
pub fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Where a form may send the reader back to: a path of this house, never another site.
pub fn own_path(wanted: &str) -> &str {
    let own = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.starts_with("/\\")
        && !wanted.chars().any(char::is_control);
    if own { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_sends_back_only_into_the_house() {
        assert_eq!(own_path("/people?q=jansen"), "/people?q=jansen");
        for elsewhere in
            ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", "", "/a\nb"]
        {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_query_leaves_out_what_is_empty() {
        assert_eq!(with_query("/people", [("q", "El Amrani"), ("team", "")]), "/people?q=El+Amrani");
        assert_eq!(with_query("/people", [("q", "")]), "/people");
    }

    proptest! {
        #[test]
        fn what_stands_in_a_path_never_adds_to_it(text in ".*") {
            struct Shown<'a>(&'a str);
            impl fmt::Display for Shown<'_> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write(f, "/a/{b}", &[("b", &self.0)])
                }
            }
            let url = Shown(&text).to_string();
            prop_assert!(url.is_ascii());
            prop_assert_eq!(url.matches('/').count(), 2);
            prop_assert!(!url.contains(['?', '#', '\\']));
        }
    }
}
