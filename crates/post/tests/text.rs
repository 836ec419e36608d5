//! Every fault of a template has its sentence in both languages, and no sentence asks for what its code does not give.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use regie_post::CODES;

#[test]
fn every_fault_has_a_sentence_in_dutch_and_english() {
    for language in ["nl", "en"] {
        let path = format!("{}/../../locales/{language}/post.ftl", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap();
        let resource =
            FluentResource::try_new(source).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
        let mut texts = FluentBundle::new(vec![language.parse().unwrap()]);
        texts.set_use_isolating(false);
        texts.add_resource(resource).unwrap();
        for code in CODES {
            let message = texts.get_message(code.code).unwrap_or_else(|| panic!("{language}: {}", code.code));
            let mut args = FluentArgs::new();
            for name in code.args {
                args.set(*name, format!("<{name}>"));
            }
            let mut errors = Vec::new();
            let said = texts.format_pattern(message.value().unwrap(), Some(&args), &mut errors);
            assert!(errors.is_empty(), "{language} {}: {errors:?}", code.code);
            for name in code.args {
                assert!(said.contains(&format!("<{name}>")), "{language} {} leaves {name} out", code.code);
            }
        }
    }
}
