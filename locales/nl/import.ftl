# Invoeren uit een bestand, en lijsten meenemen als bestand.
nav-imports = Invoeren
import-new = Bestand invoeren
import-new-sub = Er verandert niets voordat je hebt gezien wat er gebeurt.
import-none = Nog niets ingevoerd
import-none-text = Voer mensen, groepen, voorzieningen, teams of lokalen in uit Excel of CSV.
import-file = Bestand
import-state = Status
import-rows = Regels
import-when = Wanneer
import-kind = Wat staat erin?
import-kind-students = Studenten
import-kind-staff = Medewerkers
import-kind-externals = Externe personen
import-kind-units = Teams
import-kind-campuses = Locaties
import-kind-rooms = Lokalen
import-key-students = Herkend aan het studentnummer.
import-key-staff = Herkend aan het personeelsnummer.
import-key-externals = Herkend aan het mailadres.
import-key-units = Herkend aan de teamcode.
import-key-campuses = Herkend aan de code.
import-key-rooms = Herkend aan locatie en lokaalcode.
import-file-hint = Kopjes op de eerste regel, daaronder een regel voor elk.
import-file-limit = .xlsx, .ods of .csv, hoogstens { $most } MB
import-file-none = Kies eerst een bestand.
import-upload-broken = Het bestand is niet heel aangekomen. Probeer het opnieuw.
import-upload = Verder
import-templates = Sjablonen
import-templates-text = Een leeg werkboek met de juiste kopjes, uitleg en keuzelijsten.
import-steps = Stappen van het invoeren
import-step-file = Bestand
import-step-columns = Kolommen
import-step-preview = Controleren
import-step-done = Uitgevoerd
import-columns-title = Welke kolom is wat?
import-columns-sub = { $file } · { $rows ->
    [one] { $rows } regel
   *[other] { $rows } regels
}
import-not-in-file = staat niet in het bestand
import-why-remembered = Zo koos de school het de vorige keer.
import-why-like = Lijkt voor { $percent }% op dit kopje: kijk even.
import-no-rows = Onder de kopjes staat geen enkele regel.
import-sheet = Blad
import-header-row = Regel met de kopjes
import-elsewhere = De kopjes staan ergens anders
import-look-again = Daar kijken
import-column-needed = Kies welke kolom van het bestand dit is.
import-check = Regels controleren
import-back-to-columns = Terug naar de kolommen
import-file-gone = Het ingeleverde bestand is er niet meer. Lever het opnieuw in.
import-state-mapping = Kolommen kiezen
import-state-judging = Bezig
import-state-judged = Klaar om uit te voeren
import-state-done = Uitgevoerd
import-state-cancelled = Afgebroken
import-state-failed = Mislukt
import-count-new = { $count } nieuw
import-count-changed = { $count } gewijzigd
import-count-same = { $count } gelijk
import-count-refused = { $count } geweigerd
import-tab-new = Nieuw
import-tab-changed = Gewijzigd
import-tab-same = Gelijk
import-tab-refused = Geweigerd
import-tab-missing = Niet in het bestand
import-tabs = Regels naar uitkomst
import-judging = Regels worden gecontroleerd
import-doing-reading = Bestand lezen
import-doing-judging = Vergelijken met wat er staat
import-cancel = Afbreken
import-carry-out = { $count ->
    [one] Voer { $count } regel uit
   *[other] Voer { $count } regels uit
}
import-done = Uitgevoerd: { $added } toegevoegd, { $changed } gewijzigd. { $refused ->
    [0] Geen regel is geweigerd.
    [one] Eén geweigerde regel is niet uitgevoerd.
   *[other] { $refused } geweigerde regels zijn niet uitgevoerd.
}
import-some-refused = { $count ->
    [one] Eén regel kan niet worden uitgevoerd; de reden staat erbij. De andere wel.
   *[other] { $count } regels kunnen niet worden uitgevoerd; de reden staat bij elk. De andere wel.
}
import-failed = Dit bestand kon niet worden ingevoerd
import-cancelled = Dit invoeren is afgebroken. Er is niets veranderd.
import-about = Over wie of wat
import-row = Regel
import-row-name = Regel { $row }
import-what = Wat er verandert
import-why = Waarom het niet kan
import-filter = Toon regels met
import-search = naam, nummer of code
import-rows-none = Geen regels
import-rows-none-text = Hier is niets om naar te kijken.
import-place-column = Kolom { $letters }{ $header ->
    [none] { "" }
   *[other] { " " }({ $header })
}
import-value-true = ja
import-value-false = nee
import-value-active = actief
import-value-inactive = niet actief

# Waarom een regel niet kan.
import-repeated = “{ $value }” staat ook op regel { $row }. Laat één van de twee staan.
import-ambiguous = “{ $value }” kan meer dan één betekenen. Wijzig dit op de eigen pagina.
import-number-zeros = { $value } is onbekend, maar { $known } bestaat: het werkblad heeft de nul weggelaten. Maak de kolom op als tekst.
import-person-out-of-reach = Dit nummer hoort bij iemand buiten jouw deel van de school.
import-unit-unknown = Er is geen team “{ $value }”. Gebruik de code of de naam van een team dat bestaat.
import-unit-out-of-reach = Het team “{ $value }” ligt buiten jouw deel van de school.
import-unit-needed = Vul een team in: jij werkt voor een deel van de school.
import-unit-moved = Een team verplaatsen kan niet met een bestand.
import-campus-unknown = Er is geen locatie “{ $value }”. Voer eerst de locaties in.
import-company-unknown = Er is geen bedrijf “{ $value }”. Voeg het bedrijf eerst toe.
import-id-check-secret = De naam voor de legitimatie van deze persoon is geheim en komt niet uit een bestand.

told-import-not-now = Dit kan niet meer: dit invoeren is { $state }.
told-import-stale = De school is veranderd sinds deze controle. De regels worden opnieuw gecontroleerd; kijk dan nog eens.
told-import-nothing = Er is niets uit te voeren: geen enkele regel verandert iets.
told-import-column-missing = Kies welke kolom van het bestand dit is: { $column }.
kind-import = Dit invoeren

# De kolommen.
column-number = Nummer
column-given_name = Roepnaam
column-prefix = Tussenvoegsel
column-family_name = Achternaam
column-id_check_name = Naam op het document
column-mail = Mailadres
column-phone = Telefoon
column-born = Geboortedatum
column-unit = Team
column-company = Bedrijf
column-code = Code
column-name = Naam
column-parent = Hoort bij
column-street = Straat
column-city = Plaats
column-campus = Locatie
column-seats = Plaatsen
column-device_seats = Plaatsen met apparaat
column-secure = Beveiligd
column-accessible = Toegankelijk
column-opens = Open vanaf
column-closes = Open tot
column-state = Status
column-help-number = Het nummer uit de eigen administratie, met de nullen ervoor.
column-help-given_name = De naam waarmee iemand wordt aangesproken.
column-help-prefix = De, van der, el; leeg als er geen is.
column-help-family_name = De achternaam zonder tussenvoegsel.
column-help-id_check_name = De naam op het identiteitsbewijs, als die anders is. Leeg laat staan wat er staat.
column-help-mail = Het mailadres van de school.
column-help-phone = Het telefoonnummer.
column-help-born = Dag, maand en jaar.
column-help-unit = De code of de naam van het team.
column-help-company = De naam van het bedrijf.
column-help-code = De korte code; eraan wordt het herkend.
column-help-name = De naam zoals mensen die kennen.
column-help-parent = De code van het team of college waar dit onder valt.
column-help-street = Straat en huisnummer.
column-help-city = De plaats.
column-help-campus = De code of de naam van de locatie.
column-help-seats = Hoeveel studenten er een toets kunnen maken.
column-help-device_seats = Hoeveel van die plaatsen een apparaat hebben.
column-help-secure = Geschikt voor een beveiligde afname.
column-help-accessible = Bereikbaar met een rolstoel.
column-help-opens = Vanaf hoe laat het lokaal open is.
column-help-closes = Tot hoe laat het lokaal open is.

# Lijsten meenemen.
export-xlsx = Excel (.xlsx)
export-csv = CSV
event-import-begun = Bestand ingeleverd
event-import-mapped = Kolommen gekozen
event-import-cancelled = Invoeren afgebroken
event-import-failed = Invoeren mislukt
event-import-carriedOut = Bestand ingevoerd
event-import-exported = Regels van een bestand meegenomen

# Samenvoegen en verwijderen.
merge-act = Samenvoegen
merge-title = { $name } samenvoegen
merge-sub = Twee records van dezelfde persoon worden één.
merge-other = Het andere record:
merge-others = Personen die dezelfde kunnen zijn
merge-none = Niemand lijkt op deze persoon
merge-none-text = Zoek het andere record op naam of nummer.
merge-keep = Welk record blijft?
merge-keep-hint = Wat daar leeg is, komt van het andere. Rollen, groepen, inschrijvingen en voorzieningen gaan mee.
merge-reason-hint = Het journaal bewaart deze reden.
merge-undo = Ongedaan maken kan met de hand: het journaal noemt alles wat is verhuisd en wat er eerst stond.
merge-do = Samenvoegen
erase-do = Persoonsgegevens verwijderen
erase-title = Persoonsgegevens van { $name } verwijderen?
erase-what-goes = Naam, nummers, mailadres, telefoon, geboortedatum, voorzieningen, het account en alles wat het journaal over deze persoon zei, verdwijnen.
erase-what-stays = Er blijft een lege plek zonder naam, zodat groepen en cijfers van anderen blijven kloppen. In het journaal staat dat, door wie en waarom dit is gedaan.
erase-no-way-back = Dit kan niet ongedaan worden gemaakt.
erase-name = Verwijderde persoon
told-merge-with-itself = Kies een ander record: dit is hetzelfde.
told-merge-kinds = Een student, een medewerker en iemand van buiten zijn verschillende records.
event-person-merged = Records samengevoegd
event-person-erased = Persoonsgegevens verwijderd
event-people-exported = Lijst van personen meegenomen
event-journal-erased = Regels van het journaal geleegd
journal-field-mergedInto = Samengevoegd met
journal-field-mergedFrom = Samengevoegd vanuit
import-kind-companies = Bedrijven
import-kind-groups = Groepen
import-kind-members = Wie in welke groep zit
import-kind-enrolments = Inschrijvingen in opleidingen
import-kind-needs = Voorzieningen
import-kind-roles = Rollen
import-key-companies = Herkend aan de code van het leerbedrijf, of aan de naam.
import-key-groups = Herkend aan de code en de eerste dag.
import-key-members = Herkend aan groep en nummer. Wie niet in het bestand staat, blijft in de groep.
import-key-enrolments = Herkend aan student en opleiding per jaar.
import-key-needs = Herkend aan student en soort. Een bestand kent toe; intrekken doe je bij de student.
import-key-roles = Herkend aan persoon, rol en team. Een bestand geeft rollen; intrekken doe je bij de persoon.
import-person-unknown = Er is niemand met “{ $value }”. Voer eerst de mensen in.
import-group-unknown = Er is geen groep “{ $value }” op die dag. Voer eerst de groepen in.
import-group-out-of-reach = De groep “{ $value }” ligt buiten jouw deel van de school.
import-offering-unknown = Er is geen opleiding per jaar met de code “{ $value }”.
import-offering-out-of-reach = De opleiding “{ $value }” hoort bij een team buiten jouw deel van de school.
import-days-unknown = “{ $value }” zijn geen schooldagen. Schrijf bijvoorbeeld: ma, vr.
import-extra-twice = Vul één van de drie in: minuten, procent of onbeperkt.
import-need-stands = Deze student heeft deze voorziening in die tijd al, met iets anders erin. Trek die eerst in.
import-role-stands = Deze persoon heeft deze rol in die tijd al, met andere dagen. Trek die eerst in.
column-offering = Opleiding per jaar
column-begins = Eerste dag
column-ends = Laatste dag
column-school_days = Schooldagen
column-exam_only = Alleen examens
column-group = Groep
column-person = Nummer of mailadres
column-part = Als
column-need = Voorziening
column-minutes = Minuten extra
column-percent = Procent extra
column-unlimited = Onbeperkte tijd
column-description = Omschrijving
column-only_for = Alleen voor
column-role = Rol
column-help-offering = De code van de opleiding in het jaar waarin de student begon.
column-help-begins = De eerste dag.
column-help-ends = De laatste dag. Leeg is tot nader order.
column-help-school_days = Alleen bij BBL: op welke dagen de student op school is.
column-help-exam_only = Ja als de student alleen examens doet.
column-help-group = De code van de groep.
column-help-person = Het studentnummer, personeelsnummer of mailadres.
column-help-part = Student of docent. Leeg is wat bij de persoon past.
column-help-need = Wat de examencommissie toekende.
column-help-minutes = Bij extra tijd: hoeveel minuten erbij.
column-help-percent = Bij extra tijd: welk deel van de duur erbij.
column-help-unlimited = Bij extra tijd: zonder einde.
column-help-description = Wat dit betekent voor wie het examen voorbereidt. Geen medische gegevens.
column-help-only_for = Alleen voor dit soort toets. Leeg is voor alle.
column-help-role = Als wat iemand werkt.
