"""One person through all rooms: course, event, registration, register, certificate, the count of people trained."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core import mail
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from attendance.workbook import import_workbook
from certificates.models import Certificate
from cms.demo import outreach, schools
from cms.demo.calendar import Calendar
from cms.demo.pages import seed_editor, seed_pages
from courses.models import Attempt, Course
from events import actions as events
from events.models import Event, Registration
from events.people import Person
from participants.models import Purpose
from safeguarding.models import Helpline, Role
from tests import walk
from tests.attendance.test_workbook import QUARTER
from tests.factories import StaffFactory, code_of_app

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "walking-the-walk"


@pytest.fixture
def house(site_tree):
    """The course in two languages, a summer school, a stand, and staff."""
    seed_pages()
    staff = {
        role: StaffFactory(role=role, password=PASSWORD) for role in (Role.TRAINER, Role.MANAGER, Role.EDITOR)
    }
    seed_editor(staff[Role.EDITOR])
    Helpline.objects.create(country="UA", number="527", name=LazyI18nString({"uk": "Гаряча лінія"}))
    calendar = Calendar(staff[Role.TRAINER])
    schools.to_come(calendar)
    outreach.festival_stands(calendar)
    mail.outbox.clear()
    return staff


def mails_to(address):
    return [message for message in mail.outbox if message.to == [address]]


def everything(message):
    return message.subject + message.body + "".join(part.content for part in message.alternatives)


def test_the_whole_walk(house, phone, visitor, laptop):
    editor, trainer, manager = visitor(), laptop, visitor()

    # 1. An editor finds the course in both languages.
    walk.log_in(editor, house[Role.EDITOR].email, PASSWORD, code=code_of_app)
    editor.goto("/admin/pages/")
    course = Course.objects.get(code="counter-trafficking-in-emergencies")
    assert course.title.data["en"] == "Counter-trafficking in emergencies"
    assert course.title.data["uk"] == "Протидія торгівлі людьми в надзвичайних ситуаціях"
    assert course.lessons.count() == 12
    assert course.assessments.get(is_required=True).pass_percent == 80

    # 2. A trainer schedules two days in Lviv on the site itself.
    walk.log_in(trainer, house[Role.TRAINER].email, PASSWORD, code=code_of_app)
    first_day = timezone.localdate() + dt.timedelta(days=9)
    training = walk.schedule_training(trainer, first_day=first_day, seats=25)
    event = Event.objects.get(uuid=training.rstrip("/").split("/")[-1])
    assert (event.capacity, event.zone, event.course, event.sessions.count()) == (25, "Europe/Kyiv", course, 2)
    for n in range(24):
        events.register(
            event=event,
            person=Person(
                full_name=f"Invented Person {n}", email=f"person{n}@example.org", consents={Purpose.REGISTER: True}
            ),
            submission=None,
            language="uk",
        )

    # 3. The 25th registers from a phone, the 26th waits.
    walk.register(phone, code=event.code, name="Олена Коваленко", email="olena@example.org")
    registration = Registration.objects.get(participant__email="olena@example.org")
    assert registration.status == "confirmed"
    assert (registration.sex, registration.age_band, registration.category.code) == (
        "F",
        "A25_35" if first_day.year - 1991 <= 35 else "A36_49",
        "volunteer",
    )
    assert "527" in phone.inner_text("footer")
    late = visitor(width=390, height=844, language="uk")
    walk.register(late, code=event.code, name="Дарина Запізніла", phone="+380671112233", counted=False)
    assert Registration.objects.get(participant__phone="+380671112233").status == "waitlisted"
    walk.register(phone, code=event.code, name="Олена Коваленко", email="olena@example.org")
    assert Registration.objects.filter(event=event).count() == 26

    # By the link in the confirmation she goes on without an account: she learns and takes the assessment.
    confirmation = everything(mails_to("olena@example.org")[0])
    phone.goto(walk.link_in(confirmation, "/p/").replace("&amp;", "&"))
    phone.goto("/uk/learn/")
    assert "Протидія торгівлі людьми" in phone.inner_text("main")
    walk.read_the_course(phone, "/uk/courses/counter-trafficking-in-emergencies/")
    result = walk.take_assessment(phone, lambda uuid: Attempt.objects.get(uuid=uuid).drawn)
    attempt = Attempt.objects.get()
    assert (attempt.passed, attempt.points, attempt.points_possible, attempt.language) == (True, 10, 10, "uk")
    assert "10" in result
    enrolment = registration.participant.enrolments.get()
    assert (enrolment.completed_at is not None, enrolment.completed_language) == (True, "uk")

    # 4. The trainer takes the register, adds a walk-in, enters a headcount at the stand.
    one, other = event.sessions.all()
    walk.mark_everybody(
        trainer, f"/en/registers/{one.pk}/", late=["Invented Person 3"], absent=["Invented Person 4"]
    )
    trainer.goto(f"/en/registers/events/{event.uuid}/walk-in/")
    trainer.fill("#id_full_name", "Ганна Перехожа")
    trainer.check("#id_of_age")
    trainer.click("main form button[type=submit] >> nth=-1")
    trainer.wait_for_load_state("networkidle")
    walk.mark_everybody(trainer, f"/en/registers/{other.pk}/")
    stand = Event.objects.get(code="festival-stand")
    trainer.goto(f"/en/registers/events/{stand.uuid}/headcount/")
    trainer.fill("#id_value", "300")
    trainer.select_option("#id_qualifier", "at_least")
    trainer.click("main form button[type=submit]:not([name]) >> nth=-1")
    trainer.wait_for_load_state("networkidle")
    assert [(count.value, count.qualifier) for count in stand.headcounts.all()] == [(300, "at_least")]

    # 5. Attendance and assessment each led to a certificate of their own, with nobody asking.
    hers = Certificate.objects.filter(participant=registration.participant)
    assert sorted((c.state, c.language, bool(c.event_id), bool(c.course_id)) for c in hers) == [
        ("issued", "uk", False, True),
        ("issued", "uk", True, False),
    ]
    # Present on one day of two is not 80 % of the minutes.
    assert not Certificate.objects.filter(
        participant__full_name__in=["Ганна Перехожа", "Invented Person 4"]
    ).exists()
    for certificate in hers:
        with certificate.pdf.open("rb") as paper:
            assert paper.read(5) == b"%PDF-"
        stranger = visitor()
        stranger.goto(f"/v/{certificate.token}/")
        assert certificate.number in stranger.inner_text("main")
        assert "Коваленко" not in stranger.inner_text("main")
        assert "Kovalenko" not in stranger.inner_text("main")
        stranger.fill("#id_name", "Olena Kovalenko")
        stranger.click("main form:has(#id_name) button[type=submit]")
        stranger.wait_for_load_state("networkidle")
        assert "Олена Коваленко" in stranger.inner_text("main")
    with phone.expect_download() as download:
        phone.goto("/uk/learn/")
        phone.click("a[href$='.pdf'] >> nth=0")
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    # 6. The manager counts.
    import_workbook(QUARTER)
    walk.log_in(manager, house[Role.MANAGER].email, PASSWORD, code=code_of_app)
    window = f"from={first_day}&to={first_day + dt.timedelta(days=1)}"
    manager.goto(f"/en/people-trained/?{window}")
    # 25 on the first day less one absent, the walk-in and the absent one on the second: 26 persons.
    assert manager.locator(".ob-figures dd.ob-figures__value").first.inner_text() == "26"
    exported = manager.request.get(f"/en/people-trained.csv?{window}&by=sex,age_band")
    assert (
        exported.text().splitlines()[0].lstrip("\ufeff")
        == "sex,age_band,unique_persons,participations,person_minutes"
    )
    book = openpyxl.load_workbook(io.BytesIO(manager.request.get(f"/en/people-trained.xlsx?{window}").body()))
    assert book.sheetnames[:2] == ["by sex, age_band", "by category"]
    manager.goto("/en" + walk.QUARTER_ADDRESS)
    page = manager.inner_text("main")
    for sentence in (
        "61 young people took part in three Youth Summer Schools",
        "Over 300 young people",
        "33 sites",
        "Since April 2022: 6 sessions, 99 persons",
    ):
        assert sentence in page
    manager.goto("/uk" + walk.QUARTER_ADDRESS)
    page = manager.inner_text("main")
    for sentence in ("61 молода людина", "трьох", "онад 300 молодих людей", "33 "):
        assert sentence in page
