"""Every kind of page, one line each. What looks at all of them (accessibility, the control to leave) reads this table."""

from dataclasses import dataclass

STAFF = {"trainer", "manager", "focal_point"}


def send_empty(page):
    """Send the form without an answer, past the browser's own check of it."""
    page.eval_on_selector_all("main form", "forms => forms.forEach(form => form.noValidate = true)")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def send_nameless(page):
    page.fill("main input[name=full_name]", "")
    send_empty(page)


def add_rows(page):
    """Open everything that is folded away and add a row of each kind."""
    for rows in ("groups", "organisations", "questions"):
        page.eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")
        page.click(f"main button[value=add-{rows}]")
        page.wait_for_load_state()
    page.eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")


def send_nothing_chosen(page):
    page.eval_on_selector_all("main [type=radio]", "radios => radios.forEach(radio => radio.checked = false)")
    send_empty(page)


def hand_in_empty(page):
    page.click("button[name=wish][value=hand_in]")
    page.wait_for_load_state()


def look_it_over(page):
    page.locator("main textarea").first.fill("Візьміть посвідчення. Дорога: https://example.org/way")
    send_empty(page)


def ask_for_reset(page):
    page.fill("main input[type=email]", "nobody@example.org")
    send_empty(page)


def show_nobody(page):
    page.click("main button[name=do][value=show]:not([tabindex])")
    page.wait_for_load_state()


@dataclass(frozen=True)
class Page:
    name: str
    # {lang} and the places of `furnish.py`.
    path: str
    role: str | None = None
    status: int = 200
    # What a visitor does on it first.
    then: object = None

    @property
    def is_for_staff(self):
        return self.role in STAFF


PAGES = [
    Page("home", "/{lang}/"),
    Page("about", "/{lang}/about/"),
    Page("catalogue", "/{lang}/courses/"),
    Page("catalogue searched", "/{lang}/courses/?q=trafficking&language=en"),
    Page("catalogue, none fits", "/{lang}/courses/?q=gardening"),
    Page("course", "/{lang}/{course}/"),
    Page("course as a learner", "/{lang}/{course}/", "participant"),
    Page("module", "/{lang}/{module}/"),
    Page("lesson", "/{lang}/{lesson}/"),
    Page("lesson with a check", "/{lang}/{check}/", "participant"),
    Page("lesson with the assessment", "/{lang}/{final}/", "participant"),
    Page("assessment", "/{lang}/learn/assessments/{assessment}/", "participant"),
    Page("attempt", "/{lang}/learn/attempts/{attempt}/", "participant"),
    Page("attempt handed in too early", "/{lang}/learn/attempts/{attempt}/", "participant", then=hand_in_empty),
    Page("result", "/{lang}/learn/attempts/{result}/result/", "participant"),
    Page("learning", "/{lang}/learn/", "participant"),
    Page("learning without a name", "/{lang}/learn/"),
    Page("learning, nothing yet", "/{lang}/learn/", "newcomer"),
    Page("invitation to a course", "/{lang}/learn/invitation/{course_invitation}/"),
    Page("invitation to a course, somebody else", "/{lang}/learn/invitation/{course_invitation}/", "participant"),
    Page("invitation to a course, over", "/{lang}/learn/invitation/none/", status=410),
    Page("stop reminders", "/{lang}/learn/reminders/{stop}/"),
    Page("stop reminders, cut off", "/{lang}/learn/reminders/none/", status=404),
    Page("groups", "/{lang}/learn/groups/", "trainer"),
    Page("make a group", "/{lang}/learn/groups/new/", "trainer"),
    Page("make a group refused", "/{lang}/learn/groups/new/", "trainer", status=400, then=send_empty),
    Page("group", "/{lang}/learn/groups/{group}/", "trainer"),
    Page("somebody in a group", "/{lang}/learn/groups/{group}/members/{member}/", "trainer"),
    Page("somebody's date", "/{lang}/learn/enrolments/{enrolment}/due/", "trainer"),
    Page("people from a list", "/{lang}/learn/groups/{group}/list/", "trainer"),
    Page(
        "people from a list refused", "/{lang}/learn/groups/{group}/list/", "trainer", status=400, then=send_empty
    ),
    Page("what will happen to a list", "/{lang}/learn/enrolling/lists/{list}/", "trainer"),
    Page("enrolment in courses", "/{lang}/learn/enrolling/", "manager"),
    Page("events", "/{lang}/events/"),
    Page("events filtered", "/{lang}/events/?online=on"),
    Page("events, none fits", "/{lang}/events/?online=on&kind=training"),
    Page("events by month", "/{lang}/events/month/{year}/{month}/"),
    Page("events by month, none fits", "/{lang}/events/month/{year}/{month}/?online=on&kind=training"),
    Page("event", "/{lang}/events/{event}/"),
    Page("programmes", "/{lang}/programmes/"),
    Page("programme", "/{lang}/programmes/first-responders/"),
    Page("programme and what came of it", "/{lang}/programmes/youth-schools/"),
    Page("programme as a learner", "/{lang}/programmes/first-responders/", "participant"),
    Page("registration form", "/{lang}/events/{event}/register/"),
    Page("registration form refused", "/{lang}/events/{event}/register/", status=400, then=send_empty),
    Page("registration form with questions", "/{lang}/events/{asking}/register/?for={key}"),
    Page(
        "registration form with questions refused",
        "/{lang}/events/{asking}/register/",
        status=400,
        then=send_empty,
    ),
    Page("registration of others", "/{lang}/events/{asking}/register/?people=2"),
    Page(
        "registration of others refused", "/{lang}/events/{asking}/register/?people=2", status=400, then=send_empty
    ),
    Page("registration through organisations", "/{lang}/events/{closed_door}/register/"),
    Page("registered", "/{lang}/events/{event}/registered/{told}/"),
    Page("my registration", "/{lang}/registrations/{registration}/", "participant"),
    Page("my registration, not alone", "/{lang}/registrations/{answered}/", "participant"),
    Page("change my answers", "/{lang}/registrations/{answered}/change/", "participant"),
    Page(
        "change my answers refused",
        "/{lang}/registrations/{answered}/change/",
        "participant",
        status=400,
        then=send_nothing_chosen,
    ),
    Page("somebody's answers", "/{lang}/trainings/{asking_uuid}/people/{answered}/", "trainer"),
    Page("cancel my registration", "/{lang}/registrations/{registration}/cancel/", "participant"),
    Page("my data", "/{lang}/me/", "participant"),
    Page("correct my data", "/{lang}/me/correct/", "participant"),
    Page("correct my data refused", "/{lang}/me/correct/", "participant", status=400, then=send_nameless),
    Page("erase my data", "/{lang}/me/erase/", "participant"),
    Page("erase my data refused", "/{lang}/me/erase/", "participant", status=400, then=send_empty),
    Page("my data is erased", "/{lang}/me/erased/"),
    Page("a new contact", "/{lang}/me/contact/{contact}/"),
    Page("prove who you are", "/{lang}/me/prove/", "participant"),
    Page("ask for a link", "/{lang}/me/link/"),
    Page("ask for a link refused", "/{lang}/me/link/", status=400, then=send_empty),
    Page("a link is on its way", "/{lang}/me/link/sent/"),
    Page("link out of date", "/{lang}/p/none/", status=410),
    Page("what I agreed to", "/{lang}/my-consents/", "participant"),
    Page("what I agreed to, without a name", "/{lang}/my-consents/"),
    Page("parent or guardian", "/{lang}/guardian/{guardian}/"),
    Page("parent or guardian, refused", "/{lang}/guardian/{guardian}/", status=400, then=send_empty),
    Page("parent or guardian, out of date", "/{lang}/guardian/none/", status=410),
    Page("verify", "/{lang}/verify/"),
    Page("verify refused", "/{lang}/verify/", then=send_empty),
    Page("certificate", "/{lang}/verify/{certificate}/"),
    Page("certificate unknown", "/{lang}/verify/none/", status=404),
    Page("log in", "/{lang}/accounts/login/"),
    Page("log in refused", "/{lang}/accounts/login/", then=send_empty),
    Page("log in by code", "/{lang}/accounts/login/code/"),
    Page("sign up", "/{lang}/accounts/signup/"),
    Page("sign up refused", "/{lang}/accounts/signup/", then=send_empty),
    Page("reset the password", "/{lang}/accounts/password/reset/"),
    Page("reset asked for", "/{lang}/accounts/password/reset/", then=ask_for_reset),
    Page("change the password", "/{lang}/accounts/password/change/", "participant"),
    Page("addresses", "/{lang}/accounts/email/", "participant"),
    Page("log out", "/{lang}/accounts/logout/", "participant"),
    Page("account", "/{lang}/accounts/", "participant"),
    Page("second factor", "/{lang}/accounts/2fa/", "participant"),
    Page("second factor of staff", "/{lang}/accounts/2fa/", "auditor"),
    Page("second factor to be set up", "/{lang}/accounts/second-factor/", "recruit"),
    Page("set up an app", "/{lang}/accounts/2fa/totp/activate/", "recruit"),
    Page("remove an app", "/{lang}/accounts/2fa/totp/deactivate/", "auditor"),
    Page("passkeys", "/{lang}/accounts/2fa/webauthn/", "participant"),
    Page("create a passkey", "/{lang}/accounts/2fa/webauthn/add/", "recruit"),
    Page("confirm that it is you", "/{lang}/accounts/reauthenticate/", "participant"),
    Page("sessions", "/{lang}/accounts/sessions/", "participant"),
    Page("invitations", "/{lang}/accounts/invitations/", "manager"),
    Page("invitations refused", "/{lang}/accounts/invitations/", "manager", status=400, then=send_empty),
    Page("invitation", "/{lang}/accounts/invitation/{invitation}/"),
    Page("invitation for somebody else", "/{lang}/accounts/invitation/{invitation}/", "participant"),
    Page("invitation closed", "/{lang}/accounts/invitation/none/", status=410),
    Page("offline", "/{lang}/offline/"),
    Page("not found", "/{lang}/no/such/page/", status=404),
    Page("not open", "/{lang}/trainings/", "participant", status=403),
    Page("courses of my learners", "/{lang}/learn/taught/", "trainer"),
    Page("learners", "/{lang}/learn/courses/{taught}/people/", "trainer"),
    Page("learners, none fits", "/{lang}/learn/courses/{taught}/people/?q=nobody", "trainer"),
    Page("learner", "/{lang}/learn/courses/{taught}/people/{learner}/", "trainer"),
    Page("confirm on paper", "/{lang}/learn/courses/{taught}/people/confirm/", "trainer"),
    Page(
        "confirm on paper refused",
        "/{lang}/learn/courses/{taught}/people/confirm/",
        "trainer",
        status=400,
        then=send_empty,
    ),
    Page("before and after", "/{lang}/learn/courses/{taught}/before-and-after/", "trainer"),
    Page("answers to mark", "/{lang}/learn/marking/", "trainer"),
    Page("mark an answer", "/{lang}/learn/marking/{answer}/", "trainer"),
    Page("mark an answer refused", "/{lang}/learn/marking/{answer}/", "trainer", status=400, then=send_empty),
    Page("trainings", "/{lang}/trainings/", "trainer"),
    Page("schedule", "/{lang}/trainings/new/", "trainer"),
    Page("schedule refused", "/{lang}/trainings/new/", "trainer", status=400, then=send_empty),
    Page("schedule with rows", "/{lang}/trainings/new/", "trainer", then=add_rows),
    Page("hold a training again", "/{lang}/trainings/new/?again={training}", "trainer"),
    Page("training", "/{lang}/trainings/{training}/", "trainer"),
    Page("training held", "/{lang}/trainings/{held}/", "trainer"),
    Page("decide about several", "/{lang}/trainings/{waiting}/decide/", "trainer"),
    Page(
        "decide about several refused",
        "/{lang}/trainings/{waiting}/decide/",
        "trainer",
        status=400,
        then=send_empty,
    ),
    Page("somebody who waits for approval", "/{lang}/trainings/{waiting}/people/{waits}/", "trainer"),
    Page("write to those registered", "/{lang}/trainings/{training}/write/", "trainer"),
    Page(
        "write to those registered refused",
        "/{lang}/trainings/{training}/write/",
        "trainer",
        status=400,
        then=send_empty,
    ),
    Page("whom it reaches", "/{lang}/trainings/{training}/write/", "trainer", then=look_it_over),
    Page("change a training", "/{lang}/trainings/{training}/edit/", "trainer"),
    Page("cancel a training", "/{lang}/trainings/{training}/cancel/", "trainer"),
    Page("programmes of staff", "/{lang}/trainings/programmes/", "trainer"),
    Page("programme of staff", "/{lang}/trainings/programmes/youth-schools/", "trainer"),
    Page("training and what followed", "/{lang}/trainings/{school_held}/", "trainer"),
    Page("what they did afterwards", "/{lang}/trainings/{school_held}/afterwards/", "trainer"),
    Page(
        "what they did afterwards refused",
        "/{lang}/trainings/{school_held}/afterwards/",
        "trainer",
        status=400,
        then=send_empty,
    ),
    Page(
        "correct what they did afterwards",
        "/{lang}/trainings/{school_held}/afterwards/{follow_up}/",
        "trainer",
    ),
    Page("somebody registered", "/{lang}/trainings/{training}/people/{registered}/", "trainer"),
    Page("somebody young", "/{lang}/trainings/{school}/people/{young}/", "trainer"),
    Page("register", "/{lang}/registers/{session}/", "trainer"),
    Page("register with somebody young", "/{lang}/registers/{school_session}/", "trainer"),
    Page("let somebody in", "/{lang}/registers/{school_session}/people/{young}/correct/", "trainer"),
    Page("register closed", "/{lang}/registers/{closed_session}/", "trainer"),
    Page("correct a mark", "/{lang}/registers/{closed_session}/people/{person}/correct/", "trainer"),
    Page("close a register", "/{lang}/registers/{session}/close/", "trainer"),
    Page("walk-in", "/{lang}/registers/events/{training}/walk-in/", "trainer"),
    Page("walk-in refused", "/{lang}/registers/events/{training}/walk-in/", "trainer", then=send_empty),
    Page("headcount", "/{lang}/registers/events/{stand}/headcount/", "trainer"),
    Page("close an event", "/{lang}/registers/events/{stand}/close/", "trainer"),
    Page("colleagues", "/{lang}/colleagues/", "focal_point"),
    Page("events for colleagues", "/{lang}/colleagues/events/", "focal_point"),
    Page("event for colleagues", "/{lang}/colleagues/{ours}/", "focal_point"),
    Page("register colleagues", "/{lang}/colleagues/{ours}/register/", "focal_point"),
    Page(
        "register colleagues refused",
        "/{lang}/colleagues/{ours}/register/",
        "focal_point",
        status=400,
        then=show_nobody,
    ),
    Page("colleagues from a file", "/{lang}/colleagues/{ours}/file/", "focal_point"),
    Page(
        "colleagues from a file refused",
        "/{lang}/colleagues/{ours}/file/",
        "focal_point",
        status=400,
        then=send_empty,
    ),
    Page("which colleagues have a seat", "/{lang}/colleagues/lists/{ours_list}/", "focal_point"),
    Page(
        "which colleagues have a seat, refused",
        "/{lang}/colleagues/lists/{ours_list}/",
        "focal_point",
        status=400,
        then=send_empty,
    ),
    Page("colleagues to be corrected", "/{lang}/colleagues/lists/{ours_wrong}/", "focal_point"),
    Page("what came of the colleagues", "/{lang}/colleagues/lists/{ours_done}/", "focal_point"),
    Page("cancel a colleague", "/{lang}/colleagues/people/{colleague}/cancel/", "focal_point"),
    Page("replace a colleague", "/{lang}/colleagues/people/{colleague}/replace/", "focal_point"),
    Page("certificates that failed", "/{lang}/certificates/attention/", "trainer"),
    Page("overview", "/{lang}/overview/", "manager"),
    Page("find a training", "/{lang}/overview/trainings/", "manager"),
    Page("find a training, none fits", "/{lang}/overview/trainings/?q=gardening", "manager"),
    Page("same person", "/{lang}/people/same/", "manager"),
    Page("merged", "/{lang}/people/same/merged/", "manager"),
    Page("people trained", "/{lang}/people-trained/?from=2022-07-01&to=2022-09-30", "manager"),
    Page("people trained, none", "/{lang}/people-trained/?from=1999-01-01&to=1999-03-31", "manager"),
]
