# Today.
today-hello = { $name }: { $n ->
    [one] one thing today
   *[other] { $n } things today
  }
today-meta = Data and deadlines as of { $on }
today-first = Do these first
today-first-sub = By deadline and effect; what is done goes away
today-empty = Nothing to do today
today-more = { $n } more, in the ledger
today-glance = At a glance
today-fresh = How fresh the data is
today-quarrel = Sources conflict about { $n ->
    [one] one child
   *[other] { $n } children
  }
today-quarrel-why = Both sides answer or add evidence by the day
today-out = { $n ->
    [one] One child is
   *[other] { $n } children are
  } out of school
today-out-why = By the rules; to be brought back
today-sus = { $n ->
    [one] One child is
   *[other] { $n } children are
  } suspected to be out of school
today-sus-why = Somebody must look at home or at school first
today-ends = The grounds of { $n ->
    [one] one child end
   *[other] { $n } children end
  } within thirty days
today-ends-why = Without a new ground the child is judged again
today-unk = { $n ->
    [one] One child is
   *[other] { $n } children are
  } unverified
today-unk-why = No source says plainly whether they are in school
today-pairs = { $n ->
    [one] One pair
   *[other] { $n } pairs
  } of rows to decide
today-pairs-why = Whether they are one child is for a person to say
today-silent = { $n ->
    [one] One town has
   *[other] { $n } towns have
  } sent no survey
today-schools = { $n ->
    [one] One school has
   *[other] { $n } schools have
  } not sent the newest report
today-old = Old, or never received
today-visit = Home teaching
today-visit-why = The next visit falls due
today-visit-late-why = The visit is due; unless it is registered it counts as schooling no more
verb-visit = Register a visit
verb-look = See the list
verb-quarrel = Answer
verb-unk = Look into it
verb-sus = Look into it
verb-pairs = Start
verb-sources = See the source
list-comma = { ", " }
today-unusual =
    { $n ->
        [one] One account opened children unusually last week
       *[other] { $n } accounts opened children unusually last week
    }
today-unusual-why = Ask first; it is a hint and no finding
today-absence = Report an absence
absence-new = Report an absence
absence-choose = Choose a pupil. Whoever is away without leave gets a case at once, before the month's report
absence-search = Name, pinyin or last four signs of the ID
absence-find = Find
absence-nobody = No pupil is found
absence-more = { $n } more are not listed; type a name
absence-has-case = There is an open case, which hears of it:
absence-opens = Leave is kept as the school's word and opens no case; after seven days without an approved paper the child is listed as suspected, so bring the paper in time. Without leave a case is opened and its clocks run from now: call the guardian, visit the home.
absence-since = First day away
absence-why = Reason
absence-words = More
absence-save = Report
absence-incomplete = Enter the day and choose a reason.
absence-day = The day is not possible: not after today, not more than 200 days ago, and there must have been lessons since.
absence-no-school = The ledger knows no school of this child. Check its registration first.
today-monthly = The report of { $month } is not submitted
today-monthly-why = Counted from cases and ledger; compare and submit
verb-monthly = See the draft
today-duties-more = { $n } more duties on cases
today-duties-more-why = They are due later; see the list of cases
still = Needs you
still-sub = Another source does not agree with your visit
still-you = You
still-both = { $who } found: { $found } (visit of { $on }); { $other } (recorded by { $by }).
still-both-run = { $who } found: { $found } (visit of { $on }); { $other }.
still-ask = Both are kept, neither replaces the other. Does yours still hold?
still-yes = It still holds
still-no = Change to: { $said }
