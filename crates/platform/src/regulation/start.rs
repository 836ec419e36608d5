//! The house's example, from which a school writes its own regulation.

use serde::Deserialize;

const EXAMPLE: &str = include_str!("../../texts/regulation.json");

#[derive(Debug, Deserialize)]
struct Example {
    title: String,
    introduction: String,
    articles: Vec<Start>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Start {
    pub(super) heading: String,
    pub(super) framework: String,
    pub(super) rule: String,
    pub(super) enforcement: String,
    pub(super) evidence: String,
    #[serde(default)]
    pub(super) settings: Vec<String>,
}

pub(super) fn head() -> (String, String) {
    example().map_or_else(Default::default, |example| (example.title, example.introduction))
}

pub(super) fn articles() -> Vec<Start> {
    example().map_or_else(Vec::new, |example| example.articles)
}

fn example() -> Option<Example> {
    serde_json::from_str(EXAMPLE).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_whole_and_names_only_settings_there_are() {
        let example = serde_json::from_str::<Example>(EXAMPLE).unwrap();
        assert!(example.articles.len() >= 8);
        for it in &example.articles {
            for text in [&it.heading, &it.framework, &it.rule, &it.enforcement, &it.evidence] {
                assert!(!text.trim().is_empty(), "{}", it.heading);
            }
            for key in &it.settings {
                assert!(regie_core::setting::by_key(key).is_some(), "{key}");
            }
        }
    }
}
