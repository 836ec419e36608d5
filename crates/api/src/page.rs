//! Long lists: narrowed by words, a page at a time.

use crate::problem::Problem;
use regie_people::Paging;
use schemars::JsonSchema;
use serde::Serialize;

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "{T}Page")]
pub(crate) struct Page<T> {
    pub items: Vec<T>,
    pub page_number: u32,
    pub page_size: u32,
    pub total_items: u64,
    pub has_next_page: bool,
}

/// What was asked of a list, judged.
pub(crate) struct Asking {
    pub text: String,
    pub paging: Paging,
}

impl Asking {
    pub fn of(q: Option<&str>, number: Option<u32>, size: Option<u32>) -> Result<Self, Problem> {
        let (page, size) = (number.unwrap_or(1), size.unwrap_or(50));
        let within = |name, value: u32, most| match (1..=most).contains(&value) {
            true => Ok(()),
            false => Err(Problem::parameter(name, format!("{name} is 1 to {most}."))),
        };
        within("pageNumber", page, 100_000)?;
        within("pageSize", size, 250)?;
        let text = q.unwrap_or_default();
        if text.chars().count() > 100 {
            return Err(Problem::parameter("q", "q has at most 100 characters."));
        }
        Ok(Self { text: text.to_owned(), paging: Paging { page, size } })
    }

    pub fn page<L, T>(&self, found: regie_people::Page<L>, shown: impl Fn(L) -> T) -> Page<T> {
        let Paging { page, size } = self.paging;
        let items: Vec<T> = found.lines.into_iter().map(shown).collect();
        let before = u64::from(page - 1) * u64::from(size);
        Page {
            has_next_page: before + (items.len() as u64) < found.total,
            items,
            page_number: page,
            page_size: size,
            total_items: found.total,
        }
    }
}

/// A query with fields of its own beside words and paging.
macro_rules! asked {
    ($name:ident { $($(#[$own:meta])* $extra:ident : $type:ty),* $(,)? }) => {
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $name {
            /// Words that must all occur; accents and capitals do not matter.
            #[schemars(length(max = 100))]
            q: Option<String>,
            $($(#[$own])* $extra: $type,)*
            /// From 1.
            #[schemars(range(min = 1, max = 100_000))]
            page_number: Option<u32>,
            /// 50 when left out.
            #[schemars(range(min = 1, max = 250))]
            page_size: Option<u32>,
        }

        impl $name {
            fn asking(&self) -> Result<crate::page::Asking, crate::problem::Problem> {
                crate::page::Asking::of(self.q.as_deref(), self.page_number, self.page_size)
            }
        }
    };
}

pub(crate) use asked;
