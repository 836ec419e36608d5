# Wat een school instelt, verstuurt en hoort.
nav-manage = Beheer
nav-deliveries = Niet afgeleverd
nav-mail = Mail
action-see-mail = Verstuurde mail bekijken
kind-mail = Deze mail
kind-deadLetter = Dit bericht
told-not-dead = Dit bericht staat niet meer stil. Iemand anders heeft er al iets mee gedaan.
mail-guest = gast
mail-subject = Onderwerp
mail-from = Van
mail-to = Aan
mail-what = Soort
mail-when = Wanneer
mail-state = Status
mail-state-sent = Verstuurd
mail-state-refused = Geweigerd
mail-state-kept = In de postkast
mail-said = Wat de mailserver zei
mail-none = Nog geen mail
mail-none-text = Hier staat straks wat Regie heeft gemaild, en of het is aangenomen.
mail-cabinet = Dit is een demoschool: mail gaat niet de deur uit, maar blijft in deze postkast.
mail-not-kept = Wat er in deze mail stond, is niet bewaard. Mail bevat soms links waarmee iemand inlogt.
mail-html = Met opmaak
mail-plain = Platte tekst
mail-calendar = Afspraak voor de agenda
mail-name-dead-letter = Niet afgeleverd bericht
mail-name-invitation = Uitnodiging
mail-name-need-expiring = Voorziening loopt af
mail-name-password-changed = Wachtwoord gewijzigd
mail-name-password-reset = Nieuw wachtwoord
mail-name-second-factor-changed = Tweede stap gewijzigd
mail-name-session-booked = Plek in een zitting
delivery-what = Bericht
delivery-about = Over
delivery-why = Waarom niet
delivery-since = Sinds
delivery-attempts = Pogingen
delivery-parked = Wachten erachter
delivery-event = Technische naam
delivery-dead = Gestopt op
delivery-dead-word = Staat stil
delivery-facts = Gegevens
delivery-holds = Wat erin staat
delivery-none = Alles is afgeleverd
delivery-none-text = Lukt een bericht na twaalf pogingen niet, dan zie je het hier.
delivery-parks = Een bericht dat stilstaat houdt latere berichten over hetzelfde onderwerp tegen. Herstel de oorzaak en probeer het opnieuw.
delivery-retry = Opnieuw proberen
delivery-drop = Laten vervallen
delivery-drop-title = “{ $what }” laten vervallen?
delivery-drop-lost = Dit bericht over { $about } wordt nooit meer verstuurd. Dat is niet terug te draaien.
delivery-drop-rest = { $count ->
    [0] Er wacht niets achter.
    [one] Er wacht 1 bericht achter; dat gaat daarna verder.
   *[other] Er wachten { $count } berichten achter; die gaan daarna verder.
}
work-deliveries = { $count ->
    [one] Bekijk 1 bericht dat stilstaat
   *[other] Bekijk { $count } berichten die stilstaan
}
work-deliveries-context = Het oudste sinds { $since }. Latere berichten wachten erachter.
work-deliveries-action = Bekijk
event-mail-sent = Mail verstuurd
event-mail-refused = Mail geweigerd door de mailserver
event-mail-kept = Mail in de postkast gelegd
event-outbox-died = Afleveren gestopt
event-outbox-retried = Opnieuw geprobeerd
event-outbox-dropped = Laten vervallen
# Instellingen van de school.
nav-settings = Instellingen
kind-setting = Deze instelling
field-value = Waarde
setting-sub = De regels van je school. Wat je verandert, geldt voor alles wat daarna begint; een lopende periode houdt zijn eigen regels.
setting-find = Zoek een instelling over
setting-search = woord uit naam of uitleg
setting-name = Instelling
setting-value = Waarde
setting-default = Standaard
setting-owner = Wie mag dit wijzigen
setting-allowed = Mogelijk
setting-change = Wijzigen
setting-differs = Anders dan standaard
setting-same = Standaard
setting-empty = niet ingevuld
setting-none = Geen instelling gevonden
setting-none-text = Zoek met een ander woord.
setting-all = Toon alle instellingen
setting-reason = Waarom
setting-reason-hint = Staat straks in de geschiedenis.
setting-between = van { $least } tot en met { $most }
setting-line = een regel van hoogstens { $most } tekens, of leeg
setting-address = een mailadres, of leeg
setting-group-sign-in = Inloggen
setting-group-mail = Mail
setting-group-pages = Pagina’s
setting-group-access = Toegang
setting-unit-times = { $count } keer
setting-unit-minutes = { $count ->
    [one] 1 minuut
   *[other] { $count } minuten
}
setting-unit-hours = { $count } uur
setting-unit-days = { $count ->
    [one] 1 dag
   *[other] { $count } dagen
}
setting-word-times = keer
setting-word-minutes = minuten
setting-word-hours = uur
setting-word-days = dagen
setting-choice-yes = ja
setting-choice-no = nee
setting-choice-nl = Nederlands
setting-choice-en = Engels
setting-choice-browser = zoals de browser staat
setting-choice-given-first = Noor de Vries
setting-choice-family-first = Vries, Noor de
setting-name-second-factor-staff = Tweede stap voor medewerkers
setting-help-second-factor-staff = Wie meer is dan student of ouder, logt in met een wachtwoord en een code.
setting-name-sign-in-failures = Pogingen voor het slot
setting-help-sign-in-failures = Na zo veel verkeerde wachtwoorden op rij gaat een account op slot.
setting-name-sign-in-lock = Duur van het slot
setting-help-sign-in-lock = Zo lang blijft een account daarna op slot.
setting-name-idle-staff = Uitloggen bij stilte, medewerkers
setting-help-idle-staff = Zonder klik wordt een medewerker na deze tijd uitgelogd.
setting-name-idle-student = Uitloggen bij stilte, studenten
setting-help-idle-student = Langer dan de langste toets, zodat niemand tijdens een examen wordt uitgelogd.
setting-name-sign-in-hours = Opnieuw inloggen
setting-help-sign-in-hours = Na deze tijd log je opnieuw in, ook als je bezig bent.
setting-name-reset-hours = Link voor een nieuw wachtwoord
setting-help-reset-hours = Zo lang werkt de link in de mail.
setting-name-invitation-days = Uitnodiging
setting-help-invitation-days = Zo lang werkt de link waarmee iemand van buiten een account maakt.
setting-name-mail-sender = Naam van de afzender
setting-help-mail-sender = Deze naam staat boven elke mail. Leeg is de naam van de school.
setting-name-mail-reply = Antwoordadres
setting-help-mail-reply = Wie op een mail antwoordt, schrijft naar dit adres.
setting-name-mail-language = Taal van mail
setting-help-mail-language = Voor wie zelf geen taal koos.
setting-name-page-language = Taal van pagina’s
setting-help-page-language = Voor wie zelf geen taal koos.
setting-name-name-order = Namen in lijsten
setting-help-name-order = Met de voornaam voorop of met de achternaam voorop.
setting-name-auditor-days = Toegang van een auditor
setting-help-auditor-days = Zo lang mag een auditor of inspecteur hoogstens meekijken.
told-setting-not-yes-no = Kies ja of nee.
told-setting-not-whole = Vul een heel getal in van { $least } tot en met { $most }.
told-setting-not-one-of = Kies een van de mogelijkheden.
told-setting-not-line = Vul een regel in van hoogstens { $most } tekens.
told-setting-not-address = Vul een mailadres in, zoals examens@school.nl, of laat dit leeg.
event-setting-changed = Instelling gewijzigd
told-auditor-too-long = Een auditor kijkt hoogstens { $days } dagen mee. Kies een einddatum die daarbinnen valt.
