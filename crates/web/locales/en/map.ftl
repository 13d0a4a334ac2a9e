# Map.
map-county = The whole county on { $on }
map-own = Your area on { $on }
no-run = Nothing has been determined yet; the numbers below mean nothing.
unit-children = { "" }
kpi-of-age = Of compulsory age
kpi-of-age-sub = all sources joined
kpi-settled = In school or lawful
kpi-settled-sub = share unknown
kpi-share = { $share } of those of age
kpi-out = Out of school
kpi-out-sub = by the rules
kpi-sus = Suspected
kpi-sus-sub = to be looked at
kpi-unk = Unverified
kpi-unk-sub = no source says it plainly
kpi-quarrel = Conflicting sources
kpi-quarrel-sub = sources say opposite things
kpi-over = Overdue
kpi-over-sub = an answer or a ground is late
kpi-late = Late duties
kpi-late-sub = { $n ->
    [one] on 1 case
   *[other] on { $n } cases
  }
unit-things = { "" }
late-n = { $n ->
    [one] 1 in all
   *[other] { $n } in all, late for the longest first
  }
late-all = All late duties
late-all-groups = { " " }(of all groups)
late-none = Nothing is late
late-child = Child
late-who = Who
late-days = Late
funnel = From the lists to a conclusion
funnel-sub = Each number opens its list
step-all = Named by any source
step-settled = Need not be looked for
step-open = No conclusion yet
step-out = Not in school
town-table = Towns
town-table-sub = Each number opens its list
total = Total
tiles = Towns at a glance
tiles-sub = In the order of towns, not a map
tile-none = nobody out
tile-sus = suspected
tile-out = out
matrix = Who disagrees with whom
matrix-sub = Children about whom two sources disagree
matrix-text = A child may stand under several pairs, so the cells add up to more than the children with conflicting sources.
ends-month = Ground ends in thirty days
definitions = How the numbers are counted
definitions-sub = What each number of the map means
def-kpi-of-age = Children of compulsory age in the school year of the day who are still in the population. Those who died, whose registration moved away, who settled abroad or were registered by mistake are not among them.
def-step-all = Everybody whom any source names, whatever the age.
def-kpi-settled = Children of age found in school (elsewhere and at home included) or on a lawful ground. The share is cut, never rounded up.
def-kpi-out = Children of age found by the rules to have dropped out, never entered, or grown too old without finishing.
def-kpi-sus = Children of age who are absent for the days of suspicion and not yet those of dropout, or for whom there is only a part of the evidence.
def-status-con = Children of age about whom sources say opposite things and the rules cannot tell whom to believe.
def-kpi-unk = Children of age of whom no source says plainly whether they are in school, the missing included. No news is not dropout.
def-status-ex = Deferred, suspended, unable, completed and the like; each needs a ground and is judged again when it ends.
def-status-in = In school here, elsewhere, or taught at home.
def-kpi-quarrel = Children of age about whom sources say opposite things, so that both sides must answer, whatever the status; so they overlap with the statuses.
def-kpi-over = Children of age whose day of answer or last day of ground lies before the day.
def-kpi-late = What is owed on cases that are not closed and whose time is over. Things are counted, not children: a child can have several. Who is late is whoever sat in the seat on the day it fell due; of an empty seat, the one above to which it falls.
def-town-table = By the town that answers for the child, children of no known town in a row of their own; the rows add up to the total, which is the number of children of age.
def-not-reported = The town sent neither survey nor ledger. Its numbers come from other sources; they are not 0.
def-matrix = Only children with conflicting sources. A pair counts when both say whether the child is in school (in, out, lawful) and not the same. The population register only lists and does not count.
