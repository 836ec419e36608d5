# Waar iets staat in een bestand
sheet-place-cell = { $sheet ->
    [none] { "" }
   *[other] Blad { $sheet },{ " " }
}rij { $row }, kolom { $letters }{ $header ->
    [none] { "" }
   *[other] { " " }({ $header })
}
sheet-place-row = rij { $row }
sheet-place-line = regel { $line }

# Het bestand
sheet-file-empty = Er staat niets in dit bestand. Kies een bestand met kopjes op de eerste rij en daaronder de gegevens.
sheet-file-too-large = Dit bestand is groter dan { $most } MB. Verwijder plaatjes en ongebruikte bladen, of splits het.
sheet-kind-unknown = Dit is geen werkblad. Lever een .xlsx-, .ods- of .csv-bestand aan.
sheet-kind-old = Dit is een werkmap in de oude .xls-vorm. Open hem in Excel of LibreOffice en bewaar hem als .xlsx.
sheet-encrypted = Deze werkmap is beveiligd met een wachtwoord. Bewaar hem zonder wachtwoord.
sheet-damaged = Deze werkmap is beschadigd. Open hem in Excel of LibreOffice en bewaar hem opnieuw.
sheet-archive-suspect = Deze werkmap is ongewoon sterk ingepakt en wordt daarom niet geopend. Open hem in Excel of LibreOffice en bewaar hem opnieuw.
sheet-unpacks-too-large = Deze werkmap wordt uitgepakt groter dan { $most } MB. Verwijder plaatjes en ongebruikte bladen, of splits hem.
sheet-encoding-broken = Dit bestand zegt in { $encoding } te staan, maar bevat tekens die daar niet in bestaan. Bewaar het als CSV UTF-8.
sheet-quote-unclosed = Hier begint een tekst tussen aanhalingstekens die nergens eindigt. Zet er een aanhalingsteken achter, of haal het eerste weg.
sheet-not-found = Blad “{ $name }” bestaat niet in deze werkmap. Wel: { $names }.
sheet-too-many-rows = Dit blad heeft meer dan { $most } rijen. Splits het.
sheet-too-many-columns = Dit blad heeft meer dan { $most } kolommen. Verwijder wat er rechts buiten beeld staat.
sheet-too-many-cells = Dit blad heeft meer dan { $most } gevulde cellen. Splits het.
sheet-too-much-text = In dit blad staat meer dan { $most } MB tekst. Splits het.

# De kopjes
sheet-header-row-empty = In deze rij staan geen kopjes. Kies de rij waarin ze staan.
sheet-column-without-header = Deze kolom heeft gegevens maar geen kopje en wordt overgeslagen. Zet er een kopje boven.
sheet-header-repeated = Dit kopje staat ook al boven kolom { $first }. Geef een van beide een andere naam.
sheet-column-missing = De kolom “{ $column }” ontbreekt. Kies welke kolom van het bestand dit is, of voeg hem toe.
sheet-column-used-twice = Deze kolom van het bestand is voor twee gegevens gekozen. Kies er een.
sheet-key-unknown = “{ $column }” is geen gegeven dat hier ingelezen kan worden.
sheet-mapped-column-missing = Voor “{ $column }” is kolom { $letters } gekozen, maar die heeft het bestand niet.
sheet-example-skipped = De voorbeeldrij uit de sjabloon is overgeslagen.

# De cellen
sheet-value-missing = Dit moet ingevuld zijn.
sheet-formula-fault = De formule in deze cel geeft { $value }. Herstel de formule of typ de waarde.
sheet-cell-too-long = In deze cel staan { $chars } tekens; dat is te veel. Kort de tekst in.
sheet-text-too-long = “{ $value }” telt { $chars } tekens; hier passen er { $most }.
sheet-text-control = In deze tekst staat een onzichtbaar stuurteken ({ $sign }). Typ de tekst opnieuw.
sheet-text-rounded = { $value } heeft zoveel cijfers dat het rekenblad hem heeft afgerond. Maak de kolom op als tekst en typ het nummer opnieuw.
sheet-text-became-date = Het rekenblad heeft van deze tekst een datum of tijd gemaakt. Maak de kolom op als tekst en typ hem opnieuw.
sheet-whole-unreadable = “{ $value }” is geen heel getal. Verwacht bijvoorbeeld 30.
sheet-whole-out-of-range = { $value } valt buiten de grenzen { $least } en { $most }.
sheet-decimal-unreadable = “{ $value }” is geen getal. Verwacht bijvoorbeeld 7,5.
sheet-decimal-ambiguous = “{ $value }” kan een duizendtal zijn of een breuk. Schrijf het zonder punten, met een komma voor de decimalen.
sheet-decimal-too-fine = { $value } heeft meer decimalen dan de { $places } die hier mogen.
sheet-decimal-out-of-range = { $value } valt buiten de grenzen { $least } en { $most }.
sheet-yes-no-unreadable = “{ $value }” is geen ja of nee.
sheet-date-unreadable = “{ $value }” is geen datum. Verwacht bijvoorbeeld 20-11-2026 of 2026-11-20.
sheet-date-short-year = “{ $value }” heeft een jaar van twee cijfers. Schrijf het jaar voluit, zoals 20-11-2026.
sheet-date-other-weekday = “{ $value }” noemt een andere weekdag dan die datum heeft. Verbeter de dag of de datum.
sheet-date-out-of-range = { $value } valt niet tussen { $first } en { $last }.
sheet-time-unreadable = “{ $value }” is geen tijd. Verwacht bijvoorbeeld 09:30.
sheet-code-unknown = “{ $value }” komt niet in de lijst voor. Verwacht: { $allowed }.
sheet-code-ambiguous = “{ $value }” kan meer dan een ding betekenen: { $allowed }. Gebruik de code.

# De woorden in sjablonen en lijsten
sheet-word-yes = ja
sheet-word-no = nee
sheet-word-data = Gegevens
sheet-word-explanation = Uitleg
sheet-word-lists = Lijsten
sheet-word-column = Kolom
sheet-word-meaning = Betekenis
sheet-word-required = Verplicht
sheet-word-allowed = Wat erin mag
sheet-word-example = Voorbeeld
sheet-word-text = tekst
sheet-word-whole = heel getal
sheet-word-decimal = getal
sheet-word-date = datum, zoals 20-11-2026
sheet-word-time = tijd, zoals 09:30
sheet-word-about-example = De tweede rij van het eerste blad is een voorbeeld. Blijft hij staan, dan wordt hij bij het inlezen overgeslagen.
