# Het raam om elke pagina.
skip-to-content = Ga naar de inhoud
nav-label = Hoofdmenu
nav-menu = Menu
nav-close = Sluit het menu
nav-waiting = wachten op je
crumbs-label = Waar je bent
find-label = Zoeken
find-hint = Zoek persoon, groep, opleiding, bedrijf of lokaal
notices-link = { $count ->
    [0] Meldingen, geen nieuwe
    [one] Meldingen, 1 nieuwe
   *[other] Meldingen, { $count } nieuwe
}
me-menu = jouw menu
me-roles = Werken als
me-account = Jouw account
me-sign-out = Uitloggen
language-label = Taal
theme-label = Kleuren
theme-auto = Automatisch
theme-light = Licht
theme-dark = Donker
plain-foot = Regie, het open examenplatform voor het mbo
live-off = De verbinding is weg. Wat je ziet kan verouderd zijn. We proberen het steeds opnieuw.
word-close = Sluiten
word-unreachable = Dat is niet gelukt: de server antwoordt niet. Probeer het zo nog eens.
date-today-at = vandaag { $time }
date-tomorrow-at = morgen { $time }
date-yesterday-at = gisteren { $time }
nav-persons = Mensen en groepen
nav-learning = Onderwijs
nav-rules = Regels en bewijs
