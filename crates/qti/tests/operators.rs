//! Every operator by example: what it gives, when it is NULL, and when scoring stops.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests"
)]

use regie_qti::import::import_item;
use regie_qti::item::Item;
use regie_qti::render::{Lang, State, prepare, render};
use regie_qti::score::{Engine, Raw, Responses, Scratch, Session};
use regie_qti::value::Value;
use serde_json::{Value as Json, json};

const HEAD: &str = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:m="http://www.w3.org/1998/Math/MathML"
 identifier="x" title="x" adaptive="ADAPTIVE" time-dependent="false">"#;

fn item_of(inner: &str) -> Item {
    let text = format!("{}{inner}</qti-assessment-item>", HEAD.replace("ADAPTIVE", "false"));
    import_item(text.as_bytes(), "x").unwrap().0
}

/// The value of an expression written short: `i1` integer, `f1.5` float, `s…` string, `d…` identifier, `p1 2` point,
/// `t` and `f` booleans, `n` NULL, `u…` duration; anything else is an element without `qti-` and its operands.
fn value(cardinality: &str, base: &str, expression: &str) -> Result<Json, String> {
    let item = item_of(&format!(
        r#"<qti-outcome-declaration identifier="N" cardinality="single" base-type="integer"><qti-default-value><qti-value>2</qti-value></qti-default-value></qti-outcome-declaration>
<qti-outcome-declaration identifier="OUT" cardinality="{cardinality}" base-type="{base}"/>
<qti-response-processing><qti-set-outcome-value identifier="OUT">{}</qti-set-outcome-value></qti-response-processing>"#,
        spell(expression)
    ));
    let engine = Engine::new();
    let (session, _) = Session::start(&engine, &item, 1, &[]);
    let mut scratch = Scratch::new();
    let responses = Responses::new();
    let scored = engine.score(&item, &session, &responses, &mut scratch).map_err(|e| e.message)?;
    Ok(Value::from(scored.get("OUT").unwrap()).json())
}

/// `name attr=v (a, b)` to XML.
fn spell(text: &str) -> String {
    let text = text.trim();
    let base =
        |kind: &str, value: &str| format!(r#"<qti-base-value base-type="{kind}">{value}</qti-base-value>"#);
    if let Some(open) = text.find('(') {
        let head = text[..open].trim();
        let inner = text[open + 1..].trim_end().strip_suffix(')').unwrap();
        let mut words = head.split_whitespace();
        let name = words.next().unwrap();
        let attributes: String = words
            .map(|w| {
                let (k, v) = w.split_once('=').unwrap();
                format!(" {k}=\"{}\"", v.replace('~', " "))
            })
            .collect();
        let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
        for (i, c) in inner.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&inner[start..i]);
                    start = i + 1;
                }
                _ => {}
            }
        }
        parts.push(&inner[start..]);
        let operands: String = parts.iter().filter(|p| !p.trim().is_empty()).map(|p| spell(p)).collect();
        return format!("<qti-{name}{attributes}>{operands}</qti-{name}>");
    }
    let (kind, rest) = text.split_at(1);
    match kind {
        "n" => "<qti-null/>".to_owned(),
        "t" => base("boolean", "true"),
        "f" if rest.is_empty() => base("boolean", "false"),
        "f" => base("float", rest),
        "i" => base("integer", rest),
        "s" => base("string", rest),
        "d" => base("identifier", rest),
        "p" => base("point", rest),
        "u" => base("duration", rest),
        "q" => base("pair", rest),
        "v" => format!(r#"<qti-variable identifier="{rest}"/>"#),
        _ => panic!("{text}"),
    }
}

#[track_caller]
fn gives(cardinality: &str, base: &str, cases: &[(&str, Json)]) {
    for (expression, expected) in cases {
        let found = value(cardinality, base, expression);
        assert_eq!(found.as_ref(), Ok(expected), "{expression}");
    }
}

#[test]
fn logic_knows_three_values() {
    gives(
        "single",
        "boolean",
        &[
            ("and(t, f, n)", json!(false)),
            ("and(t, n)", json!(null)),
            ("and(t, t)", json!(true)),
            ("or(f, t, n)", json!(true)),
            ("or(f, n)", json!(null)),
            ("or(f, f)", json!(false)),
            ("not(n)", json!(null)),
            ("not(f)", json!(true)),
            ("any-n min=1 max=1 (t, f)", json!(true)),
            ("any-n min=1 max=1 (t, n)", json!(null)),
            ("any-n min=2 max=3 (t, f, f)", json!(false)),
            ("any-n min=1 max=2 (t, n, f)", json!(true)),
            ("any-n min=1 max=1 (t, t, n)", json!(false)),
            ("any-n min=N max=3 (t, t)", json!(true)),
            ("is-null(n)", json!(true)),
            ("is-null(s)", json!(true)),
            ("is-null(multiple())", json!(true)),
            ("is-null(i0)", json!(false)),
        ],
    );
}

#[test]
fn matching_heeds_type_and_cardinality() {
    gives(
        "single",
        "boolean",
        &[
            ("match(multiple(da, db), multiple(db, da))", json!(true)),
            ("match(multiple(da, da, db), multiple(da, db, db))", json!(false)),
            ("match(ordered(da, db), ordered(db, da))", json!(false)),
            ("match(qA B, qB A)", json!(true)),
            ("match(sAb, sab)", json!(false)),
            ("match(n, da)", json!(null)),
            ("match(i2, f2.0)", json!(true)),
            ("member(da, ordered(db, da))", json!(true)),
            ("member(n, multiple(da))", json!(null)),
            ("contains(multiple(da, db, dc), multiple(dc, da))", json!(true)),
            ("contains(multiple(da, db), multiple(da, da))", json!(false)),
            ("contains(ordered(da, db, dc), ordered(db, dc))", json!(true)),
            ("contains(ordered(da, db, dc), ordered(da, dc))", json!(false)),
            ("string-match case-sensitive=false (sÉén, séén)", json!(true)),
            ("string-match case-sensitive=true (se\u{301}, s\u{e9})", json!(true)),
            ("string-match case-sensitive=true substring=true (sappeltaart, staart)", json!(true)),
            ("substring case-sensitive=false (sTAART, sappeltaart)", json!(true)),
            ("pattern-match pattern=[a-z]+\\d (sab1)", json!(true)),
            ("pattern-match pattern=[a-z]+ (sab1)", json!(false)),
            ("pattern-match pattern=a (n)", json!(null)),
        ],
    );
    for bad in ["match(da, i1)", "match(da, multiple(da))", "match(sa, da)"] {
        assert!(value("single", "boolean", bad).is_err(), "{bad}");
    }
}

#[test]
fn numbers_compare_with_tolerance() {
    gives(
        "single",
        "boolean",
        &[
            ("equal tolerance-mode=exact (f1, i1)", json!(true)),
            ("equal tolerance-mode=absolute tolerance=0.5 (f10, f9.5)", json!(true)),
            (
                "equal tolerance-mode=absolute tolerance=0.5 include-lower-bound=false (f10, f9.5)",
                json!(false),
            ),
            ("equal tolerance-mode=absolute tolerance=0.5~2 (f10, f12)", json!(true)),
            ("equal tolerance-mode=absolute tolerance=N (f10, f12)", json!(true)),
            ("equal tolerance-mode=relative tolerance=10 (f20, f18)", json!(true)),
            ("equal tolerance-mode=relative tolerance=10 (f-20, f-22)", json!(true)),
            ("equal tolerance-mode=relative tolerance=10 (f-20, f-17)", json!(false)),
            (
                "equal tolerance-mode=relative tolerance=10~20 include-lower-bound=false (f-100, f-120)",
                json!(false),
            ),
            (
                "equal tolerance-mode=relative tolerance=10~20 include-lower-bound=false (f-100, f-90)",
                json!(true),
            ),
            ("equal tolerance-mode=exact (n, f1)", json!(null)),
            ("equal-rounded rounding-mode=significantFigures figures=3 (f3.175, f3.183)", json!(true)),
            ("equal-rounded rounding-mode=significantFigures figures=3 (f3.1749, f3.183)", json!(false)),
            ("equal-rounded rounding-mode=decimalPlaces figures=2 (f1.005, f1.01)", json!(true)),
            ("lt(i1, f1.5)", json!(true)),
            ("lte(i1, i1)", json!(true)),
            ("gt(i1, i1)", json!(false)),
            ("gte(n, i1)", json!(null)),
            ("duration-lt(u1, u2)", json!(true)),
            ("duration-gte(uPT1M, u60)", json!(true)),
            ("inside shape=rect coords=0,0,10,10 (p10 10)", json!(true)),
            ("inside shape=circle coords=5,5,2 (p5 8)", json!(false)),
            ("inside shape=ellipse coords=5,5,4,2 (multiple(p0 0, p9 5))", json!(true)),
        ],
    );
}

#[test]
fn sums_stay_whole_while_they_can() {
    gives(
        "single",
        "integer",
        &[
            ("sum(i1, i2)", json!(3)),
            ("sum(multiple(i1, i2), i3)", json!(6)),
            ("sum(i1, n)", json!(null)),
            ("sum(i2147483647, i1)", json!(null)),
            ("product(i65536, i65536)", json!(null)),
            ("subtract(i1, i3)", json!(-2)),
            ("max(i1, multiple(i7, i2))", json!(7)),
            ("min(i4, i2)", json!(2)),
            ("integer-divide(i-7, i2)", json!(-4)),
            ("integer-modulus(i-7, i2)", json!(1)),
            ("integer-modulus(i7, i-2)", json!(-1)),
            ("integer-divide(i1, i0)", json!(null)),
            ("integer-modulus(i1, i0)", json!(null)),
            ("round(f-6.5)", json!(-6)),
            ("round(f6.5)", json!(7)),
            ("truncate(f-6.9)", json!(-6)),
            ("round(f1e12)", json!(null)),
            ("gcd(i12, i18)", json!(6)),
            ("gcd(i0, i0)", json!(0)),
            ("lcm(i4, i6)", json!(12)),
            ("lcm(i4, i0)", json!(0)),
            ("container-size(n)", json!(0)),
            ("container-size(multiple(i1, n, i2))", json!(2)),
            ("index n=2 (ordered(i5, i6))", json!(6)),
            ("index n=3 (ordered(i5, i6))", json!(null)),
            ("index n=N (ordered(i5, i6))", json!(6)),
            ("math-operator name=floor (f-1.5)", json!(-2)),
            ("math-operator name=ceil (f1.2)", json!(2)),
            ("math-operator name=signum (f-3)", json!(-1)),
            ("random-integer min=3 max=3 ()", json!(3)),
        ],
    );
    gives(
        "single",
        "float",
        &[
            ("sum(i1, f2)", json!(3.0)),
            ("divide(i1, i4)", json!(0.25)),
            ("divide(i1, i0)", json!(null)),
            ("power(f2, f10)", json!(1024.0)),
            ("power(f-1, f0.5)", json!(null)),
            ("power(f10, f400)", json!(null)),
            ("product(f1e300, f1e300)", json!(null)),
            ("divide(f1e300, f1e-300)", json!(null)),
            ("sum(fINF, f1)", json!("INF")),
            ("integer-to-float(i3)", json!(3.0)),
            ("round-to rounding-mode=decimalPlaces figures=2 (f1.005)", json!(1.01)),
            ("round-to rounding-mode=significantFigures figures=2 (f123456)", json!(120_000.0)),
            ("math-constant name=pi ()", json!(std::f64::consts::PI)),
            ("math-operator name=atan2 (f0, f1)", json!(0.0)),
            ("math-operator name=ln (f-1)", json!(null)),
            ("math-operator name=toDegrees (math-constant name=pi ())", json!(180.0)),
            ("stats-operator name=mean (multiple(i1, i2, f6))", json!(3.0)),
            ("stats-operator name=popVariance (multiple(i1, i3))", json!(1.0)),
            ("stats-operator name=sampleVariance (multiple(i1))", json!(null)),
            ("stats-operator name=sampleSD (multiple(i1, i3))", json!(std::f64::consts::SQRT_2)),
            ("stats-operator name=mean (multiple(i1, n))", json!(null)),
        ],
    );
}

#[test]
fn containers_are_flat_and_never_empty() {
    gives(
        "multiple",
        "identifier",
        &[
            ("multiple(da, n, multiple(db))", json!(["a", "b"])),
            ("multiple(n)", json!(null)),
            ("delete(da, multiple(da, db, da))", json!(["b"])),
            ("delete(da, multiple(da))", json!(null)),
        ],
    );
    gives(
        "ordered",
        "integer",
        &[
            ("repeat number-repeats=2 (i1, n, i2)", json!([1, 2, 1, 2])),
            ("repeat number-repeats=0 (i1)", json!(null)),
            ("repeat number-repeats=N (i7)", json!([7, 7])),
        ],
    );
    assert!(value("ordered", "integer", "repeat number-repeats=2000000000 (i1)").is_err());
}

#[test]
fn what_cannot_be_stops_scoring_with_a_reason() {
    for bad in [
        "sum(da, i1)",
        "and(i1, t)",
        "divide(sx, i1)",
        "index n=1 (i1)",
        "index n=1 (multiple(i1))",
        "container-size(i1)",
        "contains(da, db)",
        "contains(da, multiple(da))",
        "duration-lt(f1, u2)",
        "custom-operator class=org.none (i1)",
        "field-value field-identifier=x (i1)",
        "variable identifier=MISSING ()",
        "number-correct()",
        "mod(i1, i2)",
        "not-null(i1)",
        "random-integer min=5 max=1 ()",
        "sum()",
        "not(t, f)",
        "pattern-match pattern=[ (sx)",
    ] {
        let found = value("single", "float", bad);
        assert!(found.as_ref().is_err_and(|m| m.len() > 10), "{bad}: {found:?}");
    }
    assert!(value("single", "integer", "divide(i1, i4)").is_err(), "a fraction is no integer");
    assert_eq!(value("single", "integer", "divide(i8, i4)"), Ok(json!(2)), "nothing is lost");
}

#[test]
fn rules_without_end_stop() {
    // Each step of the outer repeats would do all of the inner ones again.
    let inner = "index n=1 (ordered(i1, repeat number-repeats=9000 (i1)))";
    let mut nested = inner.to_owned();
    for _ in 0..6 {
        nested = format!("index n=1 (repeat number-repeats=9000 ({nested}))");
    }
    assert!(value("single", "integer", &nested).is_err_and(|m| m.contains("more work")));
    assert_eq!(value("single", "integer", inner), Ok(json!(1)));
}

#[test]
fn a_response_starts_at_its_default_until_it_is_answered() {
    let item = item_of(
        r#"<qti-response-declaration identifier="R" cardinality="single" base-type="integer"><qti-default-value><qti-value>4</qti-value></qti-default-value></qti-response-declaration>
<qti-response-declaration identifier="HINT" cardinality="single" base-type="boolean"/>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="integer"/>
<qti-outcome-declaration identifier="ASKED" cardinality="single" base-type="boolean"/>
<qti-item-body><qti-end-attempt-interaction response-identifier="HINT" title="Hint"/></qti-item-body>
<qti-response-processing><qti-set-outcome-value identifier="OUT"><qti-variable identifier="R"/></qti-set-outcome-value>
<qti-set-outcome-value identifier="ASKED"><qti-not><qti-variable identifier="HINT"/></qti-not></qti-set-outcome-value></qti-response-processing>"#,
    );
    assert_eq!(outcome(&item, "OUT", &[]), json!(4));
    assert_eq!(outcome(&item, "OUT", &[("R", "")]), json!(null), "cleared is not untouched");
    assert_eq!(outcome(&item, "ASKED", &[]), json!(true), "a button that was not pressed says no");
    assert_eq!(outcome(&item, "ASKED", &[("HINT", "true")]), json!(false));
}

#[test]
fn layout_around_texts_is_not_part_of_them() {
    gives(
        "single",
        "boolean",
        &[("match(sab, s\n   ab\n  )", json!(true)), ("match(sab, s ab)", json!(false))],
    );
}

#[test]
fn custom_operators_of_dutch_packages_are_built_in() {
    gives(
        "single",
        "string",
        &[
            ("custom-operator definition=qade:Trim (s  café )", json!("café")),
            ("custom-operator definition=depcp:ToAscii (scafé “œuvre”)", json!("cafe \"oeuvre\"")),
            ("custom-operator definition=qade:Trim (n)", json!(null)),
        ],
    );
    let typed = |text: &str| {
        let item = item_of(
            r#"<qti-response-declaration identifier="R" cardinality="single" base-type="string"/>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="float"/>
<qti-response-processing><qti-set-outcome-value identifier="OUT"><qti-custom-operator definition="qade:ParseCommaDecimal">
<qti-variable identifier="R"/></qti-custom-operator></qti-set-outcome-value></qti-response-processing>"#,
        );
        outcome(&item, "OUT", &[("R", text)])
    };
    assert_eq!(typed("12,5"), json!(12.5));
    assert_eq!(typed("12.5"), json!(null));
    assert_eq!(typed("twaalf"), json!(null));
}

fn outcome(item: &Item, name: &str, answers: &[(&str, &str)]) -> Json {
    let engine = Engine::new();
    let (session, _) = Session::start(&engine, item, 1, &[]);
    let mut responses = Responses::new();
    for (id, text) in answers {
        responses.set(id, Raw::One((*text).to_owned()));
    }
    let mut scratch = Scratch::new();
    let scored = engine.score(item, &session, &responses, &mut scratch).unwrap();
    Value::from(scored.get(name).unwrap()).json()
}

#[test]
fn mappings_count_equal_answers_once_and_keep_their_bounds() {
    let item = item_of(
        r#"<qti-response-declaration identifier="R" cardinality="multiple" base-type="string">
<qti-mapping default-value="-1" lower-bound="-1.5" upper-bound="3"><qti-map-entry map-key="Parijs" mapped-value="2"/>
<qti-map-entry map-key="Rome" mapped-value="2" case-sensitive="true"/></qti-mapping></qti-response-declaration>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="float"/>
<qti-response-processing><qti-set-outcome-value identifier="OUT"><qti-map-response identifier="R"/></qti-set-outcome-value></qti-response-processing>"#,
    );
    let points = |answers: &[&str]| {
        let engine = Engine::new();
        let session = Session::default();
        let mut responses = Responses::new();
        responses.set("R", Raw::Many(answers.iter().map(|a| (*a).to_owned()).collect()));
        let mut scratch = Scratch::new();
        let scored = engine.score(&item, &session, &responses, &mut scratch).unwrap();
        Value::from(scored.get("OUT").unwrap()).number().unwrap()
    };
    assert_eq!(points(&["PARIJS"]), 2.0);
    assert_eq!(points(&["Parijs", "Parijs"]), 2.0);
    assert_eq!(points(&["Parijs", "Rome"]), 3.0, "the upper bound");
    assert_eq!(points(&["rome"]), -1.0, "another spelling has no entry");
    assert_eq!(points(&["x", "y"]), -1.5, "the lower bound");
    assert_eq!(points(&[]), -1.0, "no answer gets the default once");
}

#[test]
fn tables_look_up_and_fall_back() {
    let item = |table: &str| {
        item_of(&format!(
            r#"<qti-response-declaration identifier="R" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="float">{table}</qti-outcome-declaration>
<qti-response-processing><qti-lookup-outcome-value identifier="OUT"><qti-variable identifier="R"/></qti-lookup-outcome-value></qti-response-processing>"#
        ))
    };
    let steps = item(
        r#"<qti-interpolation-table default-value="0"><qti-interpolation-table-entry source-value="8" target-value="2"/>
<qti-interpolation-table-entry source-value="5" include-boundary="false" target-value="1"/></qti-interpolation-table>"#,
    );
    for (raw, expected) in [("9", 2.0), ("8", 2.0), ("5.5", 1.0), ("5", 0.0), ("1", 0.0)] {
        assert_eq!(outcome(&steps, "OUT", &[("R", raw)]), json!(expected), "{raw}");
    }
    let exact = |base: &str| {
        item_of(&format!(
            r#"<qti-response-declaration identifier="R" cardinality="single" base-type="{base}"/>
<qti-outcome-declaration identifier="OUT" cardinality="single" base-type="float"><qti-match-table>
<qti-match-table-entry source-value="2" target-value="7"/></qti-match-table></qti-outcome-declaration>
<qti-response-processing><qti-lookup-outcome-value identifier="OUT"><qti-variable identifier="R"/></qti-lookup-outcome-value></qti-response-processing>"#
        ))
    };
    let (float, exact) = (exact("float"), exact("integer"));
    let mut responses = Responses::new();
    responses.set("R", Raw::One("2".to_owned()));
    let (engine, session) = (Engine::new(), Session::default());
    assert!(
        engine.score(&float, &session, &responses, &mut Scratch::new()).is_err(),
        "a match table takes integers"
    );
    assert_eq!(outcome(&exact, "OUT", &[]), json!(null), "NULL matches no entry");
    assert_eq!(outcome(&exact, "OUT", &[("R", "2")]), json!(7.0));
    assert_eq!(outcome(&exact, "OUT", &[("R", "3")]), json!(null));
}

const TEMPLATE: &str = r#"<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="integer"/>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-template-declaration identifier="A" cardinality="single" base-type="integer" math-variable="true"/>
<qti-template-declaration identifier="B" cardinality="single" base-type="integer"/>
<qti-template-declaration identifier="KIND" cardinality="single" base-type="identifier"/>
<qti-template-processing>
<qti-set-template-value identifier="A"><qti-random-integer min="1" max="50"/></qti-set-template-value>
<qti-set-template-value identifier="B"><qti-random-integer min="1" max="50"/></qti-set-template-value>
<qti-template-constraint><qti-gt><qti-variable identifier="A"/><qti-variable identifier="B"/></qti-gt></qti-template-constraint>
<qti-set-template-value identifier="KIND"><qti-base-value base-type="identifier">minus</qti-base-value></qti-set-template-value>
<qti-set-correct-response identifier="RESPONSE"><qti-subtract><qti-variable identifier="A"/><qti-variable identifier="B"/></qti-subtract></qti-set-correct-response>
</qti-template-processing>
<qti-item-body><p><m:math><m:mi>A</m:mi><m:mo>-</m:mo><m:mi>x</m:mi></m:math> met x = <qti-printed-variable identifier="B"/></p>
<p><qti-template-inline template-identifier="KIND" identifier="minus" show-hide="show">aftrekken</qti-template-inline>
<qti-template-inline template-identifier="KIND" identifier="plus" show-hide="show">optellen</qti-template-inline>
<qti-text-entry-interaction response-identifier="RESPONSE"/></p></qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>"#;

#[test]
fn templates_draw_once_meet_their_constraint_and_replay() {
    let item = item_of(TEMPLATE);
    let engine = Engine::new();
    let mut drawn = std::collections::HashSet::new();
    for seed in 0..40 {
        let (session, flag) = Session::start(&engine, &item, seed, &[]);
        assert_eq!(flag, None);
        assert_eq!(session, Session::start(&engine, &item, seed, &[]).0);
        let number = |name: &str| {
            let (slot, _) = item.variables.named(name).unwrap();
            session.template(&item, slot).number().unwrap()
        };
        let (a, b) = (number("A"), number("B"));
        assert!(a > b);
        drawn.insert((a as i32, b as i32));
        let mut responses = Responses::new();
        responses.set("RESPONSE", Raw::One(format!("{}", a - b)));
        let mut scratch = Scratch::new();
        let scored = engine.score(&item, &session, &responses, &mut scratch).unwrap();
        assert_eq!(Value::from(scored.get("SCORE").unwrap()).json(), json!(1.0));
        let state = State { seed, ..State::default() };
        let prepared = prepare(&engine, &item, &[], &state, Lang::Nl).unwrap();
        let page = render(&prepared.copy, &prepared.responses, &prepared.options);
        assert!(page.contains(&format!("<mn>{a}</mn><mo>-</mo><mi>x</mi>")), "{page}");
        assert!(
            page.contains(&format!("met x = {b}"))
                && page.contains("aftrekken")
                && !page.contains("optellen")
        );
    }
    assert!(drawn.len() > 20, "the draws differ");
}

#[test]
fn a_constraint_that_cannot_be_met_leaves_the_defaults() {
    let item = item_of(
        r#"<qti-template-declaration identifier="A" cardinality="single" base-type="integer"><qti-default-value><qti-value>9</qti-value></qti-default-value></qti-template-declaration>
<qti-template-processing><qti-set-template-value identifier="A"><qti-base-value base-type="integer">1</qti-base-value></qti-set-template-value>
<qti-template-constraint><qti-null/></qti-template-constraint></qti-template-processing>"#,
    );
    let (session, flag) = Session::start(&Engine::new(), &item, 0, &[]);
    assert!(flag.is_some());
    let (slot, _) = item.variables.named("A").unwrap();
    assert_eq!(session.template(&item, slot).number(), Some(9.0));
}

#[test]
fn adaptive_items_go_on_from_where_they_were() {
    let text = format!(
        "{}{}",
        HEAD.replace("ADAPTIVE", "true"),
        r#"<qti-response-declaration identifier="HINT" cardinality="single" base-type="boolean"/>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body><qti-end-attempt-interaction response-identifier="HINT" title="Hint"/></qti-item-body>
<qti-response-processing>
<qti-set-outcome-value identifier="SCORE"><qti-sum><qti-variable identifier="SCORE"/><qti-base-value base-type="float">1</qti-base-value></qti-sum></qti-set-outcome-value>
<qti-response-condition><qti-response-if><qti-gte><qti-variable identifier="SCORE"/><qti-base-value base-type="float">2</qti-base-value></qti-gte>
<qti-set-outcome-value identifier="completionStatus"><qti-base-value base-type="identifier">completed</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>
</qti-response-processing></qti-assessment-item>"#
    );
    let item = import_item(text.as_bytes(), "x").unwrap().0;
    let engine = Engine::new();
    let (mut session, _) = Session::start(&engine, &item, 0, &[]);
    let mut scratch = Scratch::new();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let before = session.clone();
        let responses = Responses::new();
        let scored = engine.score(&item, &before, &responses, &mut scratch).unwrap();
        seen.push(Value::from(scored.get("SCORE").unwrap()).json());
        session.outcomes = scored.owned();
    }
    assert_eq!(seen, [json!(1.0), json!(2.0)]);
    assert!(session.is_completed(&item));
}

#[test]
fn feedback_is_there_when_it_is_earned_and_not_before() {
    let item = item_of(
        r#"<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>
<qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>?</qti-prompt>
<qti-simple-choice identifier="A">een<qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show"> KLOPT</qti-feedback-inline></qti-simple-choice>
<qti-simple-choice identifier="B">twee</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-response-processing><qti-set-outcome-value identifier="F"><qti-variable identifier="R"/></qti-set-outcome-value></qti-response-processing>
<qti-modal-feedback outcome-identifier="F" identifier="A" show-hide="hide"><qti-content-body><p>KIJK NOG EENS</p></qti-content-body></qti-modal-feedback>"#,
    );
    let show = |answer: &str, feedback: bool| {
        let state = State { responses: json!({"R": answer}), feedback, ..State::default() };
        let prepared = prepare(&Engine::new(), &item, &[], &state, Lang::Nl).unwrap();
        render(&prepared.copy, &prepared.responses, &prepared.options)
    };
    assert!(!show("A", false).contains("KLOPT") && !show("B", false).contains("NOG EENS"));
    assert!(show("A", true).contains("KLOPT") && !show("A", true).contains("NOG EENS"));
    assert!(!show("B", true).contains("KLOPT") && show("B", true).contains("NOG EENS"));
}
