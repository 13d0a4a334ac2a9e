tip-title = Report: a child is not in school
tip-intro = If you know of a child of school age who is not in school, tell us. No account, no name.
tip-safe = Only the education bureau's office and inspectors read what you write; school, village and town do not. Your network address is not stored. What you leave to reach you is encrypted by itself and opened only when two persons agree and say why.
tip-child = Which child
tip-child-hint = The name if you know it; “the second daughter of …” will do, or leave it empty.
tip-place = Town and village
tip-place-hint = For example: Wuli town, Liuying village
tip-school = School
tip-school-hint = Where it should be in school, if you know.
tip-what = What you see
tip-what-hint = What the child does now, and how you know.
tip-since = Since when
tip-since-hint = For example: the end of last term, or May 2019.
tip-contact = How to reach you (may be empty)
tip-contact-hint = Opened only by two persons together, when something must be asked.
tip-send = Send
tip-to-answer = Sent one before? Read the answer by its code
tip-to-form = Send a report
tip-from-login = Report a child who is not in school (no account needed)
tip-sent = Received
tip-sent-text = Thank you. Write down the code; by it you read what was done and the answer:
tip-code-once = The code is shown this once. It is not stored and cannot be found again.
tip-wordless = Fill in “Town and village” and “What you see”.
tip-long = One field is too long; shorten it and send again.
tip-too-many = { $n ->
    [one] Too much was sent from this address within an hour. Try again in one minute.
   *[other] Too much was sent from this address within an hour. Try again in { $n } minutes.
 } What you typed still stands below.
tip-full = The county received too many reports within an hour, and this one was not kept. Try again in { $n } minutes or call the education bureau. What you typed still stands below.
trouble-tip-guesses = Too many tries
trouble-tip-guesses-text = Too many codes were tried; try again in an hour.
tip-answer-title = Read the answer to a report
tip-code = Code
tip-code-hint = Twelve signs, such as abcd-efgh-jkmn
tip-ask = Read
tip-no-code = There is no such code; check it and try again.
tip-received-at = Received
tip-told-new = Received, being worked on.
tip-told-again = Received again, being worked on.
tip-told-verifying = Being verified.
tip-told-answered = Answered.
tip-founded = It is so
tip-unfounded = It is not so
tip-unverifiable = Too little is told to verify it
tip-elsewhere = Not about schooling; passed on to the office in charge
tips = Tip-offs
tips-sub = { $n ->
    [one] one is not answered
   *[other] { $n } are not answered
 }
tips-confidential = Confidential: for the bureau's office and inspectors only
tips-none = No tip-off came
tips-more = { $n } more are not listed
tip-about = About
tip-times = Times
tip-times-n = { $n ->
    [one] came once
   *[other] came { $n } times
 }
tip-last = last
tip-one = Tip-off
tip-told = What is told
tip-state-new = new
tip-state-again = came again
tip-state-harassing = possible harassment
tip-state-verifying = being verified
tip-state-answered = answered
tip-harassing-text = Possible harassment: three tip-offs of the same channel about this child were unfounded, so no case was opened. If it must be verified all the same, say why.
tip-informer = How to reach the informer
tip-informer-sub = encrypted by itself, opened by two persons
tip-informer-asked = Asked for by
tip-informer-opened = Agreed to by
tip-informer-ask = Ask to open it
tip-informer-agree = Agree to open it
tip-reason = Reason
tip-step-up = Enter a code of your authenticator first
tip-link = The child
tip-link-text = Find the child and link it: an open case is told, or a case to verify is opened, and the town must visit within its days. No status changes by this.
tip-link-do = Link
tip-despite = Why it must be verified all the same
tip-despite-do = Verify all the same
tip-reply = Answer to the informer
tip-outcome = What came of it
tip-words = Answer
tip-words-hint = The informer reads it by the code. Write nothing personal about child or family.
tip-reply-do = Answer
tip-bureau-works = The bureau's office works on it.
tip-incomplete = Something that is needed is missing.
tip-not-now = Not now: it is answered, or somebody asked already.
tip-same-person = Whoever asked may not agree; another person must.
tip-moved = Somebody has just worked on it; look at how it stands first.
tip-town = Town
today-tips = { $n ->
    [one] one tip-off waits
   *[other] { $n } tip-offs wait
 }
today-tips-why = once linked to a child, the town must verify it in time
nav-inspect = Inspection
inspect-list = Findings of inspections
inspect-sub = { $n } open, { $late } of them late
inspect-none = No findings
inspect-more = { $n } more are not listed
inspect-out = Inspection: not in school
inspect-in = Inspection: in school
finding-new = Enter a finding
finding-new-sub = It becomes a record of the source inspection, which the next run uses; the status follows from the rules.
finding-unlisted = For a child that no list names: its name, age and place. For a listed child, begin on its page.
finding-birth = Birth date or age
finding-found = Found
found-out = not in school
found-in = in school
finding-how = How
how-home = visited at home
how-school = visited the school
how-phone = by telephone
finding-on = Day
finding-words = What was seen
finding-unit = Responsible unit
finding-measures = Measures
finding-usual-measures = Visit the home, bring the child back to school, correct the list
finding-until = To be rectified by
finding-save = Save
finding-one = Finding
finding-missed = Units that missed it
missed-not-listed = { $unit } (on none of its lists)
missed-said-in = { $unit } ({ $source } says in school)
missed-said-out = { $unit } ({ $source } says not in school)
finding-claim = As evidence
finding-claim-text = Entered as a record of the source inspection; the next run uses it.
finding-plan = Rectification
finding-open = open
finding-rectified = to be checked
finding-closed = closed
finding-note-rectified = rectified
finding-note-passed = check passed
finding-note-back = sent back
finding-rectify = Report what was done
finding-rectify-words = What was done
finding-rectify-do = Report
finding-recheck = Check again
finding-recheck-found = Result
finding-passed = rectified, close it
finding-back = not rectified, send it back
finding-recheck-do = Save
finding-other-looks = Whoever entered or rectified it does not check it; another inspector must.
finding-incomplete = Something that is needed is missing or is not what it must be.
finding-day = The day may not lie after today, nor the last day before it.
finding-photo = Photograph (optional; JPG, PNG or PDF up to 20 MB; positions in photographs are removed)
finding-photo-later = A child on no list has a case after the next run; add photographs on the page of that case then.
finding-no-case = The child has no case that could keep the photograph; nothing was recorded. Leave the photograph out and send again.
tip-case-unread = The child's case has a record that cannot be read, and takes nothing now; have the system administrator update the program first.
finding-again = The same finding was entered already.
finding-row = The record cannot be used: { $why }
finding-not-now = Not now: nobody has reported yet, or it is closed.
finding-same-person = Whoever entered or rectified it may not check it; another person must.
finding-contradicts = It contradicts an earlier ruling that two rows are different children; revoke that first.
finding-moved = Somebody has just worked on it; look at how it stands first.
sample-title = Random sample
sample-sub = The same town, seed and run give both sides the same children
sample-n = Children
sample-seed = Seed
sample-draw = Draw
sample-drawn = { $n ->
    [one] one child drawn
   *[other] { $n } children drawn
 }
sample-of = Children of compulsory age
sample-run = Run
sample-no = No.
sample-village = Village
sample-seen = Result
act-ReadTips = read tip-offs
act-WorkTips = work on tip-offs
act-OpenInformer = open an informer's contact
act-LogTeaching = register a visit of home teaching
act-AddFinding = enter a finding
act-RecheckFinding = check a finding again
today-tips-late = { $n ->
    [one] one tip-off waits past its day
   *[other] { $n } tip-offs wait past their day
 }
today-tips-late-why = the bureau has neither linked nor answered them
today-rectify = { $n ->
    [one] one finding to put right
   *[other] { $n } findings to put right
 }
today-rectify-why = put it right and report by the day set
today-recheck = { $n ->
    [one] one finding to look at again
   *[other] { $n } findings to look at again
 }
today-recheck-why = the unit has reported; somebody who had no part in it looks again
today-findings-late = { $n ->
    [one] one finding not put right in time
   *[other] { $n } findings not put right in time
 }
today-findings-late-why = the day set is over and nobody has reported
