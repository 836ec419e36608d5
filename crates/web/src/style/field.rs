//! The fields of the style guide, right and wrong.

use crate::part::{Button, Chip, Choice, Faults, Field, Form, Tone};
use jiff::civil::date;
use regie_texts::Texts;

/// In the order in which the form page fills them.
pub fn form_fields(texts: Texts) -> Vec<Field> {
    vec![
        Field::text(texts, "name", texts.t("style-field-name")).autocomplete("name"),
        Field::email(texts, "email", texts.t("style-field-email")).hint(texts.t("style-field-email-hint")),
        Field::date(texts, "day", texts.t("style-fact-date")),
        Field::number(texts, "minutes", texts.t("style-field-minutes"))
            .unit(texts.t("style-unit-minutes"))
            .optional(),
        Field::cards(texts, "moment", texts.t("style-field-moment"), moments(texts)),
        Field::check(texts, "agree", texts.t("style-field-agree")),
    ]
}

fn moments(texts: Texts) -> Vec<Choice> {
    vec![
        Choice::new("a", texts.day(date(2026, 12, 9)))
            .note(texts.t("style-moment-a"))
            .chip(Chip::new(Tone::Ok, texts.t("style-places-many"))),
        Choice::new("b", texts.day(date(2026, 12, 10)))
            .note(texts.t("style-moment-b"))
            .chip(Chip::new(Tone::Warn, texts.t("style-places-few"))),
        Choice::new("c", texts.day(date(2026, 12, 11)))
            .note(texts.t("style-moment-c"))
            .chip(Chip::new(Tone::Plain, texts.t("style-places-none")))
            .disabled(),
    ]
}

pub fn fields(texts: Texts) -> Vec<Field> {
    vec![
        Field::text(texts, "f-name", texts.t("style-field-name")).value("Noor Aalbers"),
        Field::email(texts, "f-email", texts.t("style-field-email"))
            .hint(texts.t("style-field-email-hint"))
            .optional(),
        Field::date(texts, "f-day", texts.t("style-fact-date")).value("2026-11-20"),
        Field::number(texts, "f-minutes", texts.t("style-field-minutes"))
            .value("30")
            .unit(texts.t("style-unit-minutes")),
        Field::select(
            texts,
            "f-team",
            texts.t("style-field-team"),
            vec![Choice::new("zorg", "Zorg"), Choice::new("techniek", "Techniek")],
        ),
        Field::area(texts, "f-note", texts.t("style-fact-note")).optional().rows(3),
        Field::text(texts, "f-fixed", texts.t("style-field-fixed")).value("0412873").read_only(),
        Field::text(texts, "f-off", texts.t("style-field-off")).value("K1.04").disabled(),
        Field::checks(
            texts,
            "f-needs",
            texts.t("style-field-needs"),
            vec![
                Choice::new("extra", texts.t("style-extra-time")).note(texts.t("style-need-extra-note")),
                Choice::new("voice", texts.t("style-need-voice")),
                Choice::new("room", texts.t("style-need-room")).disabled(),
            ],
        )
        .value("extra"),
        Field::radios(
            texts,
            "f-way",
            texts.t("style-field-way"),
            vec![Choice::new("bol", texts.t("style-way-bol")), Choice::new("bbl", texts.t("style-way-bbl"))],
        )
        .value("bol"),
        Field::cards(texts, "f-moment", texts.t("style-field-moment"), moments(texts)).value("a"),
        Field::check(texts, "f-agree", texts.t("style-field-agree")).value("yes"),
        Field::file(
            texts,
            "f-file",
            texts.t("style-field-file"),
            ".xlsx,.csv",
            texts.t("style-field-file-limit"),
        ),
    ]
}

pub fn fields_wrong(texts: Texts) -> (Vec<Field>, Faults) {
    let mut faults = Faults::none(texts);
    faults.add("w-email", texts.t("style-form-email-wrong"));
    faults.add("w-day", texts.t("style-form-day-wrong"));
    faults.add("w-moment", texts.t("style-form-moment-missing"));
    let fields = vec![
        Field::email(texts, "w-email", texts.t("style-field-email"))
            .hint(texts.t("style-field-email-hint"))
            .value("noor.aalbers"),
        Field::date(texts, "w-day", texts.t("style-fact-date")),
        Field::radios(
            texts,
            "w-moment",
            texts.t("style-field-moment"),
            vec![
                Choice::new("a", texts.day(date(2026, 12, 9))),
                Choice::new("b", texts.day(date(2026, 12, 10))),
            ],
        ),
    ];
    (fields.into_iter().map(|field| field.checked(&faults)).collect(), faults)
}

/// The frame before sign-in holds a short form.
pub fn plain_form(texts: Texts, csrf: &str) -> Form {
    Form {
        action: super::StyleForm {}.to_string(),
        csrf: csrf.to_owned(),
        request: None,
        faults: Faults::none(texts),
        fields: vec![
            Field::email(texts, "email", texts.t("style-field-email")),
            Field::password(texts, "password", texts.t("style-field-password"), "current-password"),
        ],
        submit: Button::submit(texts.t("style-plain-submit")).icon("log-in"),
        others: Vec::new(),
    }
}
