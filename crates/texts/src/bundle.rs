//! The Fluent bundles, built once per language at first use.

use crate::{Language, number};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

pub type Bundle = FluentBundle<FluentResource>;

static DUTCH: LazyLock<Bundle> = LazyLock::new(|| build(Language::Nl));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| build(Language::En));

pub fn bundle(language: Language) -> &'static Bundle {
    match language {
        Language::Nl => &DUTCH,
        Language::En => &ENGLISH,
    }
}

pub fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Nl => NL,
        Language::En => EN,
    }
}

fn build(language: Language) -> Bundle {
    // It only chooses the rules for plurals; both codes are well formed, and the default is harmless.
    let locale: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // The marks around inserted values would be copied along with names and codes; both languages
    // run left to right, so they protect nothing here.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::Nl => |value, _| format(Language::Nl, value),
        Language::En => |value, _| format(Language::En, value),
    }));
    for (_, source) in sources(language) {
        // A broken entry is left out and found by the tests; the rest of its file still counts.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((resource, _)) => resource,
        };
        let _ = bundle.add_resource(resource);
    }
    bundle
}

fn format(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    #[allow(clippy::float_cmp, reason = "asks whether the number is whole, not whether two are near")]
    if number.value.trunc() == number.value && number.options.minimum_fraction_digits.is_none() {
        Some(number::decimal(language, number.value, 0))
    } else {
        let digits = number.options.minimum_fraction_digits.or(number.options.maximum_fraction_digits);
        Some(number::decimal(language, number.value, digits.unwrap_or(1)))
    }
}
