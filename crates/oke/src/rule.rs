//! Every rule a message can break, with its text in both languages and its place in the agreement.

use serde::{Serialize, Serializer};

/// A sentence in Dutch and English; `{}` stands for the particulars.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Dutch.
    pub nl: &'static str,
    /// English.
    pub en: &'static str,
}

macro_rules! rules {
    ($( $name:ident $id:literal $place:literal $nl:literal $en:literal; )+) => {
        /// A rule of the schema, of the written agreement, or of good practice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $( #[doc = $en] $name, )+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[ $( Rule::$name, )+ ];

            /// The stable name, used in reports and for settings.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $( Rule::$name => $id, )+ }
            }

            /// Where the rule stands: a section of the written agreement, or the published bundle.
            #[must_use]
            pub const fn place(self) -> &'static str {
                match self { $( Rule::$name => $place, )+ }
            }

            /// The sentence, with `{}` for the particulars.
            #[must_use]
            pub const fn text(self) -> Text {
                match self { $( Rule::$name => Text { nl: $nl, en: $en }, )+ }
            }
        }
    };
}

rules! {
    NotJson "not-json" "RFC 8259" "Dit is geen geldige JSON: {}." "This is not valid JSON: {}.";
    TooDeep "too-deep" "bundle" "De nesting is dieper dan {} niveaus." "Nested deeper than {} levels.";
    WrongType "type" "bundle" "Verwacht: {}." "Expected: {}.";
    Required "required" "bundle" "Het attribuut {} ontbreekt." "The attribute {} is missing.";
    Format "format" "bundle" "De waarde heeft niet de vorm {}." "The value does not have the form {}.";
    UnknownCode "enum" "bundle" "Onbekende waarde; bekend zijn: {}." "Unknown value; known are: {}.";
    TooLong "max-length" "bundle" "Langer dan {} tekens." "Longer than {} characters.";
    OutOfRange "range" "bundle" "Buiten het bereik {}." "Outside the range {}.";
    EmptyList "min-items" "bundle" "De lijst mag hier niet leeg zijn; laat {} weg." "The list may not be empty here; leave {} out.";
    ReadOnly "read-only" "bundle" "{} is volgens de bundel alleen-lezen; de afspraak eist het hier wel, dus negeer dit." "{} is read-only in the bundle; the agreement asks for it here, so ignore this.";
    WriteOnly "write-only" "bundle" "{} hoort nooit in een antwoord." "{} never belongs in an answer.";
    ClosedObject "additional-property" "bundle" "Het attribuut {} mag hier niet staan." "The attribute {} is not allowed here.";
    NullValue "null" "bundle" "Null mag alleen in een PATCH (om {} te verwijderen)." "Null is only allowed in a PATCH (to remove {}).";
    Discriminator "discriminator" "OKE 1.0.1, PATCH" "{} is verplicht in elke PATCH." "{} is mandatory in every PATCH.";
    CodeType "code-type" "OKE 1.0.1, codeTypes" "codeType {} staat niet in de lijst en begint niet met x-." "codeType {} is not in the list and has no x- prefix.";
    Spelling "spelling" "OKE 1.0.1, attributes" "Moet gespeld zijn als {}." "Must be spelled {}.";
    Language "language" "OKE 1.0.1, languages" "Taal {}: alleen nl-NL wordt verwerkt." "Language {}: only nl-NL is processed.";
    UnknownAttribute "unknown-attribute" "OKE 1.0.1, consumers" "Het attribuut {} bestaat niet in deze consumer." "The attribute {} is not defined in this consumer.";
    NotPaged "not-paged" "OKE 1.0.1, lists" "Een lijst hoort in het pagina-object te staan ({})." "A list must be wrapped in the paging object ({}).";
    PagesContradict "pages-contradict" "OKE 1.0.1, lists" "totalPages en hasNextPage spreken elkaar tegen; hasNextPage geldt. {}" "totalPages and hasNextPage contradict each other; hasNextPage wins. {}";
    PageSize "page-size" "OKE 1.0.1, lists" "pageSize moet 10, 20, 50, 100 of 250 zijn, niet {}." "pageSize must be 10, 20, 50, 100 or 250, not {}.";
    PageOverfull "page-overfull" "OKE 1.0.1, lists" "De pagina bevat meer dan {} items." "The page holds more than {} items.";
    IdInBody "id-in-body" "OKE 1.0.1, PUT" "De PUT-body moet het id uit het pad dragen ({})." "The PUT body must carry the id of the path ({}).";
    IdInPatch "id-in-patch" "OKE 1.0.1, PATCH" "Een PATCH-body draagt nooit het id ({})." "A PATCH body never carries the id ({}).";
    IdMismatch "id-mismatch" "OKE 1.0.1, PUT" "Het id in de body verschilt van het id in het pad ({})." "The id in the body differs from the id in the path ({}).";
    Weight "weight" "OKE 1.0.1, flow 3 and 5" "weight ontbreekt of wijkt af (altijd {})." "weight is missing or differs (always {}).";
    ExecutedName "executed-name" "OKE 1.0.1, flow 5" "{} is verplicht in flow 5." "{} is mandatory in flow 5.";
    Mandatory "mandatory" "OKE 1.0.1, mandatory content" "Volgens de afspraak verplicht in deze flow: {}." "Mandatory in this flow by the agreement: {}.";
    OfferingState "offering-state" "OKE 1.0.1, states" "{} ontbreekt in de consumer." "{} is missing from the consumer.";
    OtherType "other-type" "OKE 1.0.1, types" "Verwacht type: {}." "Expected type: {}.";
    ResultInPlanning "result-in-flow-2" "OKE 1.0.1, flow 2" "In flow 2 hoort geen {}." "Flow 2 carries no {}.";
    PersonNotEmbedded "person-embedded" "OKE 1.0.1, flow 2" "In flow 2 hoort {} volledig in het bericht." "In flow 2 {} belongs in the message as a whole.";
    StaffConsumer "staff-consumer" "OKE 1.0.1, mandatory content" "Een {} heeft geen consumer-gegevens." "A {} has no consumer data.";
    NeedsInFlowOne "needs-in-flow-1" "OKE 1.0.1, needs" "{} hoort pas bij flow 2; in flow 1 staan behoeften bij de persoon." "{} belongs to flow 2; in flow 1 needs stand at the person.";
    AssignedNeeds "assigned-needs" "OKE 1.0.1, needs" "{} gaat nooit naar toetsafname." "{} never goes to test delivery.";
    ScoreForm "score-form" "OKE 1.0.1, scores" "De score past niet bij {}." "The score does not fit {}.";
    ScoreMissing "score-missing" "OKE 1.0.1, flow 3 and 5" "Een afgerond resultaat heeft een {}." "A completed result carries a {}.";
    RawScore "raw-score" "OKE 1.0.1, scores" "rawScore hoort tussen 0 en maxRawScore te liggen. {}" "rawScore must lie between 0 and maxRawScore. {}";
    FinalNotAllowed "final-not-allowed" "OKE 1.0.1, flow 3 and 5" "Definitieve resultaten zijn hier niet toegestaan ({})." "Final results are not allowed here ({}).";
    SameAttemptId "attempt-own-id" "OKE 1.0.1, attempts" "Een extra poging krijgt een nieuw id; {} is het id van de inschrijving zelf." "An extra attempt gets a new id; {} is the id of the enrolment itself.";
    Attempt "attempt" "OKE 1.0.1, attempts" "Een poging is 1 of hoger en attemptLeft is 0 of hoger. {}" "An attempt is 1 or higher and attemptLeft 0 or higher. {}";
    Order "period" "OKE 1.0.1, dates" "Het einde ligt voor het begin ({})." "The end lies before the start ({}).";
    Months "duration-months" "OKE 1.0.1, dates" "{} betekent maanden; minuten schrijf je als PT60M." "{} means months; minutes are written PT60M.";
    Timing "timing" "OKE 1.0.1, session timing" "Deze combinatie van startOptions, durationFrom en durationUntil is niet beschreven: {}." "This combination of startOptions, durationFrom and durationUntil is not described: {}.";
    Expected "expected-content" "OKE 1.0.1, mandatory content" "De ontvanger verwacht hier ook {}." "The receiver also expects {} here.";
    ResultExpected "result-expected" "OKE 1.0.1, mandatory content" "resultExpected hoort hier {} te zijn." "resultExpected must be {} here.";
    Teaching "teaching-language" "OKE 1.0.1, mandatory content" "teachingLanguage hoort nld te zijn, niet {}." "teachingLanguage must be nld, not {}.";
    DocumentId "document-id" "OKE 1.0.1, documents" "Een documentId hoort een UUID te zijn; elke tekst wordt wel aanvaard. {}" "A documentId should be a UUID; any text is accepted. {}";
    ExtraConsumer "consumer-twice" "OKE 1.0.1, consumers" "De consumer {} staat er twee keer." "The consumer {} appears twice.";
    NeedsRange "extra-time" "OKE 1.0.1, needs" "Extra tijd is nul of meer minuten. {}" "Extra time is zero or more minutes. {}";
    ProblemStatus "problem-status" "OKE 1.0.1, errors" "status in een foutantwoord is een tekst ({})." "status in an error answer is a string ({}).";
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rule_has_its_own_id_and_both_languages() {
        let ids: HashSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.text().nl.ends_with('.') || rule.text().nl.ends_with("{}"), "{rule:?}");
            assert!(rule.text().en.ends_with('.') || rule.text().en.ends_with("{}"), "{rule:?}");
            assert_eq!(rule.text().nl.contains("{}"), rule.text().en.contains("{}"), "{rule:?}");
        }
    }
}
