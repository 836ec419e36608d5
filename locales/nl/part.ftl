# Woorden van de onderdelen waaruit pagina's bestaan.
as-table = Toon als tabel
faults-title = { $count ->
    [one] Er is 1 ding dat nog niet klopt
   *[other] Er zijn { $count } dingen die nog niet kloppen
}
field-error = Fout:
field-optional = mag leeg blijven
history-empty = Er is nog niets gebeurd.
history-more = Toon alles wat er gebeurd is
list-active = Gekozen filters
list-apply = Toon
list-clear = Wis alle filters
list-count = { $shown } van { $total }
list-export = Exporteer
list-filter = Filter de lijst
list-save-view = Bewaar deze weergave
list-tick = Kies { $name }
list-tick-all = Kies alle rijen op deze pagina
list-ticked = Gekozen:
list-views = Bewaarde weergaven
list-without = Haal weg:
pager-label = Pagina's
pager-next = Volgende
pager-page = Pagina { $page }
pager-previous = Vorige
progress-count = { $done } van { $total }
progress-leave = je kunt deze pagina verlaten
question-back = Terug
question-reason = Reden
question-reason-hint = De reden blijft in het journaal staan.
refusal-lift = Wie kan dit opheffen
refusal-nobody = Niemand: deze regel staat vast.
refusal-rule = Volgens deze regel
step-done = klaar
timeline-extra = extra tijd tot { $time }
timeline-scroll = { $title } als tijdlijn, loopt door naar rechts
timeline-state = Stand
timeline-time = Tijd
timeline-what = Wat
upload-drop = Sleep een bestand hierheen, of kies er een
timeline-table = { $title } als tabel
upload-choose = Kies een bestand
upload-none = Nog geen bestand gekozen
