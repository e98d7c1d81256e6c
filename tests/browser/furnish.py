"""Fill an empty site for the browser to look at, and write down where everything is. Run by `stage.py`.

In a process of its own, in debug mode: the demonstration is made in no other.
"""

import datetime as dt
import json
import re
import time
import uuid
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale

from accounts import actions as accounts
from attendance.models import Register
from certificates.models import Certificate
from cms.management.commands.seed_demo import LOGINS
from courses import actions as courses
from courses.actions.inviting import new_token
from courses.messages import stop_token
from courses.models import Assessment, AssessmentQuestion, Enrolment, EnrolmentImport, Group, Question
from events import actions as events
from events import guardians
from events.colleagues import reach
from events.colleagues.registering import Told, register_list
from events.models import Allocation, Audience, Event, FollowUp, RegistrationList, Source
from events.people import Person, Relative, Reply
from participants import sameness
from participants.actions import create_participant
from participants.correcting import contact_token
from participants.models import ConsentText, Organisation, Participant, Purpose
from safeguarding.models import Role, RoleGrant
from tests.factories import give_factor


def fill():
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    users = get_user_model().objects
    # Where debug mode is off, nobody of the demonstration may log in.
    users.update(is_demo=False)
    users.create_user("newcomer@example.org", "newcomer-password", first_name="Наталя", last_name="Нова")
    for user in users.filter(oberih_role_grants__isnull=False).distinct():
        give_factor(user)
    # Of the staff, and new: has nothing but the role.
    recruit = users.create_user("recruit@example.org", "recruit-password", first_name="Roman", last_name="Novak")
    RoleGrant.objects.create(user=recruit, role=Role.TRAINER)
    EmailAddress.objects.create(user=recruit, email=recruit.email, verified=True, primary=True)


def session_of(user):
    """A session as logging in makes it, so that a browser is let in by its cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # As if the password had just been asked for again, which is what the pages about second factors want.
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    # Late enough for whatever the tests take: pages with everything about somebody want a proof of the last hour.
    session["oberih_proved_at"] = time.time() + 86_400
    session.create()
    return session.session_key


def wrong_answer(question):
    if question["kind"] == "ordering":
        return question["correct"][::-1]
    if question["kind"] == "matching":
        return [[left, question["rights"][0][0]] for left in question["options"]]
    if question["kind"] in {"short_text", "numeric"}:
        return ["999999"]
    return [option for option in question["options"] if option not in question["correct"]][:1]


def attempts_of(participant):
    """One attempt that failed, with right, wrong and missing answers, and another under way."""
    assessment = Assessment.objects.get(course__code="counter-trafficking-in-emergencies", is_required=True)
    enrolment = courses.enrol(participant=participant, course=assessment.course)
    result = courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    given = []
    for number, question in enumerate(result.drawn[1:]):
        given.append(courses.Given(question["key"], question["correct"] if number % 2 else wrong_answer(question)))
    courses.save_answers(attempt=result, given=given, language="en")
    courses.submit_attempt(attempt=result, language="en")
    return assessment, result, courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


def enrolled(participant, course):
    """A group with somebody in it, a list that waits, an invitation: what the addresses of enrolment name."""
    users = get_user_model().objects
    trainer, manager = (users.get(email=LOGINS[role][0]) for role in ("trainer", "manager"))
    group = Group.objects.create(name="Прикордонники, Чоп", made_by=trainer)
    courses.add_members(group=group, participants=[participant], by=trainer)
    courses.add_course(group=group, course=course, by=trainer, due_on=timezone.localdate() + dt.timedelta(days=3))
    rows = [
        [2, {"full_name": "Надія Кравець", "email": "nadia@example.org"}],
        [3, {"full_name": "Хтось", "sex": "?"}],
    ]
    batch = EnrolmentImport.objects.create(group=group, rows=rows, made_by=trainer, file_name="people.csv")
    guest = create_participant(full_name="Надія Кравець", email="guest@example.org", language="uk")
    invitation = courses.invite(course=course, participant=guest, by=manager)
    enrolment = participant.enrolments.get(course=course)
    return {
        "group": str(group.uuid),
        "member": str(participant.uuid),
        "enrolment": str(enrolment.uuid),
        "list": str(batch.uuid),
        "course_invitation": new_token(invitation),
        "stop": stop_token(enrolment),
    }


def registered_as(event):
    """The end of the address at which somebody who sent the form was told of it."""
    client, address = Client(SERVER_NAME="localhost"), f"/en/events/{event.code}/register/"
    (texts,) = re.findall(r'name="texts" value="([^"]+)"', client.get(address).content.decode())
    form = {"full_name": "Somebody Invented", "email": "somebody@example.org", "agree": "on", "of_age": "on"}
    form |= {"submission": str(uuid.uuid4()), "texts": texts}
    return client.post(address, form).url.rstrip("/").split("/")[-1]


def asking(like, participant):
    """An event with groups, questions and an organisation's seats, and somebody who comes to it with a child."""
    event = Event.objects.get(pk=like.pk)
    sessions, trainers, venues, areas = (
        list(getattr(event, name).all()) for name in ("sessions", "trainers", "venues", "areas")
    )
    event.pk, event.uuid, event.code, event.capacity = None, uuid.uuid4(), "asking", 30
    event.save()
    event.trainers.set(trainers)
    event.venues.set(venues)
    event.areas.set(areas)
    for session in sessions:
        session.pk, session.event = None, event
        session.save()
    for position, (name, capacity) in enumerate(
        [({"en": "Morning", "uk": "Зранку"}, 1), ({"en": "Afternoon", "uk": "Пополудні"}, 20)]
    ):
        event.groups.create(title=LazyI18nString(name), capacity=capacity, position=position)
    options = [
        {"key": "meat", "text": {"en": "With meat", "uk": "З мʼясом"}},
        {"key": "plants", "text": {"en": "Without meat", "uk": "Без мʼяса"}},
    ]
    several = [
        {"key": "night", "text": {"en": "A bed for the night", "uk": "Нічліг"}},
        {"key": "way", "text": {"en": "The way there", "uk": "Дорога"}},
    ]
    kinds = [
        (
            "text",
            {"en": "What do you most want to learn?", "uk": "Про що хочете дізнатися найбільше?"},
            {"en": "The trainer prepares examples.", "uk": "Тренер підготує приклади."},
            [],
        ),
        ("choice", {"en": "Lunch", "uk": "Обід"}, {"en": "To order it.", "uk": "Щоб замовити."}, options),
        (
            "several",
            {"en": "What shall we arrange?", "uk": "Що нам влаштувати?"},
            {"en": "To book rooms and a bus.", "uk": "Щоб замовити житло й автобус."},
            several,
        ),
        (
            "file",
            {"en": "Your order to travel", "uk": "Посвідчення про відрядження"},
            {"en": "To pay for your way.", "uk": "Щоб оплатити дорогу."},
            [],
        ),
    ]
    questions = [
        event.questions.create(
            kind=kind,
            text=LazyI18nString(text),
            purpose=LazyI18nString(purpose),
            options=given,
            position=position,
            is_required=kind == "choice",
        )
        for position, (kind, text, purpose, given) in enumerate(kinds)
    ]
    organisation = Organisation.objects.filter(is_active=True).first()
    allocation = event.allocations.create(organisation=organisation, seats=5)
    group = event.groups.first()
    consents = {Purpose.REGISTER: True}
    replies = {
        questions[0]: Reply(text="Як говорити з дітьми"),
        questions[1]: Reply(chosen=("plants",)),
        questions[3]: Reply(file=SimpleUploadedFile("наказ.pdf", b"%PDF-1.7 an order")),
    }
    mine = Person(
        full_name=participant.full_name,
        email=participant.email,
        consents=consents,
        group=event.groups.last(),
        replies=replies,
        access_needs="Місце без сходів",
    )
    child = Person(
        full_name="Марко Шевченко",
        email=participant.email,
        birth_year=event.starts_on.year - 12,
        consents=consents,
        group=event.groups.last(),
        relative=Relative(participant.full_name, "мати"),
    )
    made, _child = events.register_together(
        event=event, people=[mine, child], participant=participant, submission=uuid.uuid4(), language="uk"
    )
    full = Person(full_name="Надія Кравець", email="guest@example.org", consents=consents, group=group)
    events.register(event=event, person=full, submission=uuid.uuid4(), language="uk")
    Event.objects.filter(pk=event.pk).update(naming="title")
    event.pk, event.uuid, event.code, event.policy = None, uuid.uuid4(), "for-organisations", "organisation"
    event.save()
    return {
        "asking": "asking",
        "asking_uuid": str(Event.objects.get(code="asking").uuid),
        "key": allocation.key,
        "answered": str(made.registration.uuid),
        "closed_door": "for-organisations",
    }


def who_may_be_one(event):
    """Two pairs of rows that may be one person, the first at the same event, and a merge that can be undone."""
    manager = get_user_model().objects.get(email=LOGINS["manager"][0])
    for year, names in enumerate((["Соломія Ткач", "Solomiia Tkach"], ["Гнат Дорош", "Hnat Dorosh"]), 1991):
        for name in names:
            row = create_participant(full_name=name, birth_year=year, sex="M" if name.isascii() else "F")
            person = Person(full_name=name, consents={Purpose.REGISTER: True})
            events.register(event=event, person=person, participant=row, submission=None, language="uk")
    kept, other = (create_participant(full_name=name) for name in ("Зоряна Лис", "Zoriana Lys"))
    sameness.merge(kept=kept, other=other, by=manager)


def colleagues(event):
    """What the addresses about colleagues name: a list that waits, one that is done, somebody who was registered."""
    focal_point = get_user_model().objects.get(email=LOGINS["focal_point"][0])
    (grant,) = focal_point.oberih_role_grants.all()
    ours = Organisation.objects.get(code=grant.organisation)
    Allocation.objects.create(event=event, organisation=ours, seats=2)
    rows = [
        [2, {"full_name": "Надія Кравець", "email": "nadia.kravets@example.org", "of_age": "yes"}],
        [3, {"full_name": "Hnat Dorosh", "email": "hnat", "birth_year": "1991"}],
    ]
    there = [[2, {"full_name": "Мирослава Гук", "email": "myroslava@example.org", "of_age": "yes"}]]
    texts = ConsentText.objects.asked_now()
    lists = [
        RegistrationList.objects.create(
            event=event, organisation=ours, made_by=focal_point, rows=some, file_name=name
        )
        for some, name in ((rows[:1], ""), (rows, "people.csv"), (there, ""))
    ]
    register_list(
        batch=lists[-1],
        place=reach.place(focal_point, ours.pk, event.uuid),
        by=focal_point,
        told=Told(texts=texts, counted=True, language="uk"),
    )
    return {
        "ours": f"{ours.pk}/{event.uuid}",
        "ours_list": str(lists[0].uuid),
        "ours_wrong": str(lists[1].uuid),
        "ours_done": str(lists[2].uuid),
        "colleague": str(event.registrations.get(source=Source.COLLEAGUE).uuid),
    }


def waiting(like):
    """An event like another one, of the same trainers, where two people wait for approval."""
    event = Event.objects.get(pk=like.pk)
    sessions, trainers = list(event.sessions.all()), list(event.trainers.all())
    event.pk, event.uuid, event.code, event.capacity, event.policy = None, uuid.uuid4(), "approved", 12, "approval"
    event.save()
    event.trainers.set(trainers)
    for session in sessions:
        session.pk, session.event = None, event
        session.save()
    for name in ("Орися Мельник", "Данило Гук"):
        person = Person(full_name=name, email="orysia@example.org", consents={Purpose.REGISTER: True})
        made = events.register(event=event, person=person, submission=uuid.uuid4(), language="uk").registration
    return {"waiting": str(event.uuid), "waits": str(made.uuid)}


def written(event):
    """What the organisers of an event wrote to everybody."""
    trainer = get_user_model().objects.get(email=LOGINS["trainer"][0])
    text = {"uk": "Візьміть посвідчення.\n\nДорога: https://example.org/way", "en": "Bring your card."}
    events.announce(
        event=event, audience=Audience.EVERYBODY, text=LazyI18nString(text), submission=uuid.uuid4(), by=trainer
    )


def invited(manager):
    """The end of the address that an invitation's mail names."""
    scope = {"country": "UA", "project": "", "organisation": ""}
    invitation = accounts.invite(
        by=manager, email="invited@example.org", role=Role.TRAINER, language="en", **scope
    )
    return invitation.renew_token()


def accompanied():
    """Somebody who takes a course at a training of the trainer, and their answer that no key decides."""
    trainer = get_user_model().objects.get(email=LOGINS["trainer"][0])
    enrolment = Enrolment.objects.trained_by(trainer).active().order_by("pk").first()
    question = Question.objects.create(
        kind="open", text="What would you ask first?", points=4, locale=Locale.objects.get(language_code="en")
    )
    assessment = Assessment.objects.create(course=enrolment.course, title="On paper", is_required=False)
    AssessmentQuestion.objects.create(assessment=assessment, question_key=question.translation_key)
    attempt = courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    answer = courses.save_answer(
        attempt=attempt, item=str(question.translation_key), chosen=["Whether they are safe now."], language="en"
    )
    courses.submit_attempt(attempt=attempt, language="en")
    return enrolment, answer


def places():
    """What the addresses of `pages.py` are made of."""
    participant = Participant.objects.get(user__email=LOGINS["participant"][0])
    coming, held = Event.objects.get(code="lviv-training"), Event.objects.get(code="lviv-autumn")
    person = Person(full_name=participant.full_name, email=participant.email, consents={Purpose.REGISTER: True})
    registration = events.register(
        event=coming, person=person, participant=participant, submission=None, language="uk"
    ).registration
    who_may_be_one(coming)
    written(coming)
    closed = Register.objects.filter(session__event=held).first().session
    assessment, result, attempt = attempts_of(participant)
    enrolment, answer = accompanied()
    school = Event.objects.get(code="summer-school")
    followed = FollowUp.objects.get(cohort__code="school-vinnytsia")
    young = school.registrations.get(guardian_consent="missing", confidential__guardian_link_version=1)
    return {
        **enrolled(participant, assessment.course),
        **asking(coming, participant),
        **waiting(coming),
        **colleagues(Event.objects.get(code="follow-up")),
        "invitation": invited(get_user_model().objects.get(email=LOGINS["manager"][0])),
        "event": coming.code,
        "year": coming.starts_on.year,
        "month": coming.starts_on.month,
        "course": "courses/counter-trafficking-in-emergencies",
        "module": "courses/counter-trafficking-in-emergencies/recognising",
        "lesson": "courses/counter-trafficking-in-emergencies/recognising/what-trafficking-is",
        "next_lesson": "courses/counter-trafficking-in-emergencies/recognising/why-emergencies-raise-the-risk",
        "check": "courses/counter-trafficking-in-emergencies/recognising/indicators",
        "final": "courses/counter-trafficking-in-emergencies/acting/final-assessment",
        "told": registered_as(coming),
        "registration": str(registration.uuid),
        "assessment": str(assessment.pk),
        "attempt": str(attempt.uuid),
        "result": str(result.uuid),
        "taught": str(enrolment.course_id),
        "learner": str(enrolment.uuid),
        "answer": str(answer.uuid),
        "certificate": Certificate.objects.filter(event=held).first().token,
        "training": str(coming.uuid),
        "held": str(held.uuid),
        "stand": str(Event.objects.get(code="festival-stand").uuid),
        "session": coming.sessions.first().pk,
        "closed_session": closed.pk,
        "person": str(closed.marks.first().registration.uuid),
        "guardian": guardians.token(young, 1),
        "school": str(school.uuid),
        "school_held": str(followed.cohort.uuid),
        "follow_up": followed.pk,
        "school_session": school.sessions.first().pk,
        "young": str(young.uuid),
        "registered": str(coming.registrations.first().uuid),
        "contact": contact_token(participant, "email", "new@example.org"),
    }


def furnish(target):
    fill()
    everybody = {role: login[0] for role, login in LOGINS.items()}
    everybody |= {name: f"{name}@example.org" for name in ("newcomer", "recruit")}
    people = {user.email: user for user in get_user_model().objects.all()}
    facts = {
        "places": places(),
        "sessions": {role: session_of(people[email]) for role, email in everybody.items()},
    }
    Path(target).write_text(json.dumps(facts), encoding="utf-8")
