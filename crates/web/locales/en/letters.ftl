# Letters of responsibility (责任书).
letters = Letters of responsibility
letters-report-sub = Letters signed layer by layer: how many of how many, and who has not signed
letters-sub = { $year } · as of { $on } · county to towns and bureau, bureau to schools, schools to class teachers, towns to villages, villages and teachers to families with a case
letter = Letter of responsibility
letter-year = year
letters-by-layer = By layer
letters-by-layer-sub = Signed and missing add up to what is demanded. Choose a layer to see it alone
letter-layer = layer
letters-demanded = demanded
letters-signed = signed
letters-percent = signed of demanded
letters-no-scan = of these without scan
letters-one = signed by one
letters-drawn = drawn up, not signed
letters-not-drawn = not drawn up
letters-changed = holder changed
letters-vacant = seat is empty
letters-missing = not signed
letters-list = List
letters-range = { $n ->
    [one] one letter
   *[other] { $n } letters
}
letters-none = There is no such letter
letters-print = Print what waits to be signed
letters-xlsx = Download who has not signed
letters-missing-title = Letters of responsibility not signed
letters-draw = { $n ->
    [one] Draw up one letter of this layer
   *[other] Draw up { $n } letters of this layer
}
letters-draw-more = { $n } wait to be drawn up, in several turns
letters-no-layer = Choose a layer first.
letters-again = This letter is drawn up already, or somebody has signed; look at the newest list.
letters-nothing = Nothing of this layer can be drawn up: all is drawn up, seats are empty, or it is not yours.
letters-note-sum = Signed means by both parties; a scan is counted beside it. For an empty seat nothing can be drawn up: send the directory of officials first.
letters-note-changed = Where a seat has another holder the old letter stays visible, and the new holder must sign one.
letters-note-families = Letters with families are demanded of children with an open case only.
letters-note-unknown = { $n ->
    [one] One village of the ledger is
   *[other] { $n } villages of the ledger are
} in no directory of officials, and not counted; look at the directory.
letters-note-directory = The directory of officials names no school, so that letters of schools and teachers are not counted; send it.
letters-note-case = Families stand in it by the number of their case, without names.
letter-giver = giving party
letter-taker = taking party
letter-giver-who = who gives
letter-taker-who = who takes
letter-guardian-of = guardian of { $child }
letter-unsigned = not signed by
letter-draw = Draw up
letter-pdf = PDF
letter-parties = Parties and signatures
letter-party = party
letter-unit = unit
letter-named = named on the letter
letter-signature = signature
letter-by-hand = (by hand)
letter-not-signed = not signed
letter-drawn = Drawn up
letter-scans = scans
letter-scan = scan
letter-others = other letters between the same two
letter-sign = Record signatures
letter-who-signed = who has signed
letter-both = both
letter-on = day of the signature
letter-signer = : name of who signed
letter-sign-do = Record
letter-add-scan = Add a scan
letter-scan-do = Upload
letter-withdraw = Withdraw
letter-why = why
letter-withdraw-do = Withdraw this letter
letter-withdrawn = withdrawn
letter-withdrawn-why = withdrawn: { $why }
letter-signed-on = signed on { $on }
letter-moved = Somebody has recorded something meanwhile; look at the newest page.
letter-refused-over = This letter is withdrawn.
letter-refused-future = The day of a signature has not come.
letter-refused-early = The day of a signature lies before the letter was drawn up.
letter-refused-twice = This party's signature is recorded already.
letter-refused-nameless = Write who signed.
letter-refused-holder = On that day somebody else sat there than the letter names: withdraw it and draw up one for the present holder.
letter-refused-vacant = On that day the seat was empty: nothing can be drawn up or signed; send the directory of officials first.
letter-refused-unsigned = Nobody has signed, so there is nothing to scan.
chain-letter-signed = letter signed { $on }
chain-letter = letter: { $state }
folder-letters-missing = not signed: { $layers }
act-ReadLetters = looked at letters of responsibility
act-KeepCountyLetters = kept letters of the county
act-KeepTownLetters = kept letters of towns and villages
act-KeepSchoolLetters = kept letters of schools
letters-sign-sub = Tick those signed on one day:
letters-sign-all = whoever has not yet
letters-sign-do = Record the signatures
letters-sign-tick = Tick
letters-sign-tick-all = Tick all
letters-sign-incomplete = Say on which day, and who signed.
letters-sign-none = No letter is ticked.
letters-sign-many = At most 100 letters at once.
letters-sign-refused = { $letter } was not recorded: { $why }
letters-sign-unknown = { $n } letters are not yours; nothing was recorded about them.
letters-signed-n = Signatures of { $n } letters recorded
check-letter = Letter of responsibility ({ $layer })
