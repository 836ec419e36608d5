# What is wrong with a mail text of the school
mail-template-too-long = This text is longer than { $most } kB. Shorten it.
mail-template-unclosed = A field opens here and never ends. Close it with {"}}"} or {"%}"}.
mail-template-not-allowed = “{ $what }” is not allowed in a mail text. Use only fields between {"{{ }}"}, if and for.
mail-template-syntax = This line cannot be read: { $detail }
mail-template-undefined = This field does not exist in this mail. Choose one from the list. ({ $detail })
mail-template-filter = This operation does not exist: { $detail }
mail-template-value = This operation does not fit the value: { $detail }
mail-template-too-much-work = This text repeats too much. Take a repetition out.
mail-template-writes-too-much = This text becomes longer than { $most } kB. Take a repetition out.
mail-template-empty = Nothing comes out here. A mail needs a subject and a text.
