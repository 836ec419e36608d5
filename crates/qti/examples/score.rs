//! Scores several answers to one item, with a custom operator of our own:
//! `cargo run -p regie-qti --example score`.

use regie_qti::import::import_item;
use regie_qti::score::{Call, Engine, Raw, Responses, Scratch, Session};
use regie_qti::value::{Scalar, Val, Value};

/// The number of words of a text.
fn words<'a>(call: Call<'_, 'a>) -> Result<Val<'a>, String> {
    match call.operands {
        [Val::Null] => Ok(Val::int(0)),
        [Val::One(Scalar::Str(text))] => {
            Ok(Val::int(i32::try_from(text.split_whitespace().count()).unwrap_or(i32::MAX)))
        }
        _ => Err("one single text is needed".to_owned()),
    }
}

const ITEM: &str = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    identifier="kort" title="Kort" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body>
    <qti-extended-text-interaction response-identifier="RESPONSE">
      <qti-prompt>Vat samen in hoogstens vijf woorden.</qti-prompt>
    </qti-extended-text-interaction>
  </qti-item-body>
  <qti-response-processing>
    <qti-response-condition>
      <qti-response-if>
        <qti-lte>
          <qti-custom-operator definition="nl.voorbeeld:Words"><qti-variable identifier="RESPONSE"/></qti-custom-operator>
          <qti-base-value base-type="integer">5</qti-base-value>
        </qti-lte>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
    </qti-response-condition>
  </qti-response-processing>
</qti-assessment-item>"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (item, report) = import_item(ITEM.as_bytes(), "kort.xml")?;
    report.findings.iter().for_each(|finding| println!("{finding}"));

    let mut engine = Engine::new();
    engine.registry.register("nl.voorbeeld:Words", words);
    let (session, _) = Session::start(&engine, &item, 1, &[]);
    let mut scratch = Scratch::new();
    for answer in ["Remmen duurt langer bij regen.", "Als het regent, duurt remmen een stuk langer."] {
        let mut responses = Responses::new();
        responses.set("RESPONSE", Raw::One(answer.to_owned()));
        // A scoring error is an answer too: a person must look.
        match engine.score(&item, &session, &responses, &mut scratch) {
            Ok(scored) => {
                for (name, value) in scored.outcomes() {
                    println!("{answer:?}: {name} = {}", Value::from(value).json());
                }
            }
            Err(error) => println!("{answer:?}: stopped at {error}"),
        }
    }
    Ok(())
}
