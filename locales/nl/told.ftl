# Waarom iets niet kan: regels, rechten en pech. De code van een fout is de sleutel.
told-no-caller = Log eerst in.
told-not-in-role = { $action } hoort niet bij de rol { $role }.
told-out-of-reach = { $action } mag je als { $role } wel, maar niet hier: dit valt buiten jouw deel van de school.
told-not-found = { $kind } is er niet, of is niet voor jou te zien.
told-not-your-own-roles = Niemand geeft zichzelf rollen.
told-not-your-own-need = Niemand kent zichzelf een voorziening toe.
told-not-your-own-mandate = Niemand geeft zichzelf een mandaat.
told-not-merge-yourself = Niemand voegt het eigen record samen.
told-not-erase-yourself = Niemand verwijdert zijn eigen gegevens.
told-merged-not-erased-by-one = Wie twee personen heeft samengevoegd, verwijdert hun gegevens niet ook.
told-request-reused = Dit formulier is al eens verstuurd met andere gegevens. Open de pagina opnieuw.
told-changed-meanwhile = Iemand anders heeft dit intussen veranderd. Bekijk eerst hoe het er nu voor staat.
told-disk-full = De schijf van de server is vol. Er is niets opgeslagen. Waarschuw de beheerder.
told-unavailable = De gegevens zijn even niet te bereiken. Er is niets opgeslagen. Probeer het zo opnieuw.
told-one-of = { $others } of { $last }

# Wat iemand doet, als begin van een zin.
action-see-people = Personen bekijken
action-edit-people = Personen wijzigen
action-import-people = Personen inlezen
action-export-people = Personen exporteren
action-merge-people = Personen samenvoegen
action-erase-people = Persoonsgegevens verwijderen
action-see-needs = Voorzieningen bekijken
action-grant-needs = Voorzieningen toekennen
action-see-organisation = De organisatie bekijken
action-edit-organisation = De organisatie wijzigen
action-see-programs = Opleidingen bekijken
action-edit-programs = Opleidingen wijzigen
action-see-roles = Rollen bekijken
action-assign-roles = Rollen toekennen
action-give-mandates = Mandaten geven
action-grant-access = Een andere organisatie toegang geven
action-activate-modules = Onderdelen aanzetten
action-see-settings = Instellingen bekijken
action-edit-settings = Instellingen wijzigen
action-edit-exam-rules = Examenregels wijzigen
action-see-regulation = Het examenreglement bekijken
action-edit-regulation = Het examenreglement wijzigen
action-edit-texts = Teksten wijzigen
action-see-journal = Het journaal bekijken
action-see-deliveries = Verzendingen bekijken
action-mend-deliveries = Verzendingen herstellen
action-manage-accounts = Accounts beheren
action-manage-api-clients = Koppelingen beheren
action-manage-institutions = Instellingen van het platform beheren

# Waar het over gaat, als begin van een zin.
kind-institution = Deze instelling
kind-campus = Deze locatie
kind-person = Deze persoon
kind-room = Dit lokaal
kind-unit = Dit team
