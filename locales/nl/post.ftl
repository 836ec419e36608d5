# Wat er mis is met een mailtekst van de school
mail-template-too-long = Deze tekst is langer dan { $most } kB. Kort hem in.
mail-template-unclosed = Hier begint een veld dat nergens eindigt. Sluit het af met {"}}"} of {"%}"}.
mail-template-not-allowed = “{ $what }” mag niet in een mailtekst. Gebruik alleen velden tussen {"{{ }}"}, if en for.
mail-template-syntax = Deze regel is niet te lezen: { $detail }
mail-template-undefined = Dit veld bestaat niet in deze mail. Kies een veld uit de lijst. ({ $detail })
mail-template-filter = Deze bewerking bestaat niet: { $detail }
mail-template-value = Deze bewerking past niet bij de waarde: { $detail }
mail-template-too-much-work = Deze tekst herhaalt te veel. Haal een herhaling weg.
mail-template-writes-too-much = Deze tekst wordt langer dan { $most } kB. Haal een herhaling weg.
mail-template-empty = Hier komt niets uit. Een mail heeft een onderwerp en een tekst nodig.
