//! Words that stand in rows and messages, one list each.

macro_rules! codes {
    ($($(#[$meta:meta])* $vis:vis enum $name:ident {
        $(#[$head:meta])* $first:ident = $word:literal
        $(, $(#[$doc:meta])* $variant:ident = $code:literal)* $(,)?
    })*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $(#[$head])* $first $(, $(#[$doc])* $variant)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$name::$first $(, $name::$variant)*];

            pub const fn code(self) -> &'static str {
                match self { $name::$first => $word $(, $name::$variant => $code)* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
        regie_db::coded!($name = $name::$first);
    )* };
}
