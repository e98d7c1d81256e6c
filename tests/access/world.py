"""A small world in which everybody has a place: whose things are opened, by whom, and at which addresses."""

import datetime as dt

from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import actions as accounts
from attendance import actions as attendance
from attendance.models import MarkSource, MarkStatus
from certificates.models import MAX_ATTEMPTS
from courses import actions as courses
from courses.actions.inviting import new_token
from courses.messages import stop_token
from courses.models import Course, EnrolmentImport, EnrolmentRequest, Group
from events import feeds, guardians, short_links
from events.models import CalendarLink, Confidential, Programme, Registration, RegistrationAnswer, RegistrationList
from participants import sameness
from participants.actions import create_participant
from participants.correcting import contact_token
from participants.identity import link_token
from participants.models import Organisation
from safeguarding import reasons
from safeguarding.models import Role
from tests.certificates.factories import CertificateFactory, an_issued_certificate
from tests.courses import media_files, trees
from tests.courses.factories import AssessmentFactory, CourseFactory, QuestionFactory
from tests.courses.packages import building as packages
from tests.events import factories
from tests.factories import UserFactory, grant

# In the order of the table's columns. Whoever owns the things is nobody's staff; the second trainer and manager are
# of another event and another country.
PEOPLE = (
    "stranger",
    "participant",
    "owner",
    "trainer",
    "trainer_elsewhere",
    "manager",
    "manager_elsewhere",
    "focal_point",
    "editor",
    "auditor",
    "administrator",
)
ROLES = {
    "trainer": (Role.TRAINER, {}),
    "trainer_elsewhere": (Role.TRAINER, {}),
    "manager": (Role.MANAGER, {"country": "UA"}),
    "manager_elsewhere": (Role.MANAGER, {"country": "PL"}),
    "focal_point": (Role.FOCAL_POINT, {"organisation": "one"}),
    "editor": (Role.EDITOR, {}),
    "auditor": (Role.AUDITOR, {}),
    "administrator": (Role.ADMINISTRATOR, {}),
}


def people():
    """{name: user}, without the stranger, who has none."""
    found = {}
    for name in PEOPLE[1:]:
        found[name] = UserFactory(email=f"{name}@example.org")
        if name in ROLES:
            role, scope = ROLES[name]
            grant(found[name], role, **scope)
    return found


def furnish():
    """(people, {name of an address: its arguments}); an address without arguments is not among them."""
    users = people()
    organisation = Organisation.objects.create(code="one", label="One")
    owner = create_participant(full_name="Olena Koval", email="owner@example.org", user=users["owner"])
    event = factories.EventFactory(code="ours", starts_on=timezone.localdate(), ends_on=timezone.localdate())
    event.trainers.add(users["trainer"])
    factories.EventFactory(code="elsewhere", country="PL").trainers.add(users["trainer_elsewhere"])
    registration = Registration.objects.create(
        event=event,
        participant=owner,
        organisation=organisation,
        status="confirmed",
        confirmed_at=timezone.now(),
        language="en",
    )
    session = event.sessions.get()
    attendance.mark(
        session=session,
        registration=registration,
        status=MarkStatus.PRESENT,
        by=users["trainer"],
        source=MarkSource.TRAINER,
    )
    own_calendar = feeds.path_of(CalendarLink.objects.create(user=users["trainer"]))
    coming = factories.EventFactory(code="coming", starts_on=timezone.localdate() + dt.timedelta(days=20))
    certificate = an_issued_certificate(participant=owner, event=event, rule__event=event)
    stuck = CertificateFactory(event=event, rule=certificate.rule, attempts=MAX_ATTEMPTS)
    path = Programme.objects.create(code="path", title="A path", is_public=True)
    path.steps.create(event=coming, position=1)
    follow_up = event.follow_ups.create(
        held_from=event.starts_on, held_to=event.starts_on, kind="prevention_action", value=1
    )
    check = trees.check_block()
    course, _module, (lesson,) = trees.course(trees.plant(), lessons=1)
    film = media_files.video_block(media_files.video(), [("en", media_files.captions())])
    package = packages.upload(packages.single_12())
    lesson.body = [check, film, {"type": "package", "id": packages.BLOCK, "value": {"package": package.pk}}]
    trees.publish(lesson)
    course = Course.objects.get(pk=course.translation_key)
    assessment = AssessmentFactory(course=course, questions=[QuestionFactory() for _ in range(3)])
    enrolment = courses.enrol(participant=owner, course=course)
    attempt = courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    event.course = course
    event.save(update_fields=["course"])
    written = AssessmentFactory(
        course=course, is_required=False, questions=[QuestionFactory(kind="open", letters="", right="")]
    )
    to_mark = courses.start_attempt(enrolment=enrolment, assessment=written, language="en")
    answer = courses.save_answer(
        attempt=to_mark, item=to_mark.drawn[0]["key"], chosen=["What I would say"], language="en"
    )
    courses.submit_attempt(attempt=to_mark, language="en")
    run = courses.launch(enrolment=enrolment, package=package, lesson=None, item=package.items[0], language="en")
    young = Registration.objects.create(
        event=event,
        participant=create_participant(full_name="Young Person", birth_year=event.starts_on.year - 15),
        status="confirmed",
        confirmed_at=timezone.now(),
        guardian_consent="missing",
        language="en",
    )
    Confidential.objects.create(
        registration=young, guardian_name="A Parent", guardian_email="parent@example.org", guardian_link_version=1
    )
    Registration.objects.create(
        event=event, participant=create_participant(full_name="Who Waits"), status="pending", language="en"
    )
    merge = sameness.merge(
        kept=young.participant,
        other=create_participant(full_name="Person Young", birth_year=event.starts_on.year - 15),
        by=users["administrator"],
    )
    Registration.objects.create(
        event=coming, participant=merge.other, status="confirmed", confirmed_at=timezone.now(), language="en"
    )
    invitation = accounts.invite(
        by=users["manager"],
        email="invited@example.org",
        role=Role.TRAINER,
        language="en",
        country="UA",
        project="",
        organisation="",
    )
    group = Group.objects.create(name="Ours", made_by=users["trainer"], organisation=organisation)
    courses.add_members(group=group, participants=[owner], by=users["trainer"])
    courses.add_course(group=group, course=course, by=users["trainer"])
    asked = EnrolmentRequest.objects.create(course=course, participant=owner, language="en")
    offered = courses.invite(course=CourseFactory(), participant=owner, by=users["manager"])
    people_to_enrol = EnrolmentImport.objects.create(
        group=group, rows=[[2, {"full_name": "A"}]], made_by=users["trainer"]
    )
    later = factories.EventFactory(code="later", starts_on=timezone.localdate() + dt.timedelta(days=30))
    to_change = Registration.objects.create(
        event=later, participant=owner, status="confirmed", confirmed_at=timezone.now(), language="en"
    )
    question = event.questions.create(kind="file", text="Your order to travel", purpose="To pay for the way")
    sent = RegistrationAnswer(registration=registration, question=question, file_name="order.pdf")
    sent.file.save("order", ContentFile(b"%PDF-1.7"))
    told = signing.dumps(["coming", "confirmed", "o…@example.org", 1], salt="oberih.events.registered")
    ours = Registration.objects.create(
        event=coming,
        participant=create_participant(full_name="A Colleague"),
        organisation=organisation,
        status="confirmed",
        confirmed_at=timezone.now(),
        source="colleague",
        language="en",
    )
    colleagues = RegistrationList.objects.create(
        event=coming,
        organisation=organisation,
        rows=[[2, {"full_name": "A", "email": "a@example.org", "of_age": "yes"}]],
        made_by=users["focal_point"],
    )
    this = {"uuid": event.uuid}
    for_ours = {"organisation": organisation.pk, "uuid": coming.uuid}
    here = {"event": event.uuid}
    person = {"session": session.pk, "registration": registration.uuid}
    return users, {
        "oberih_ui:sheet": {"shown": "light", "name": "tokens"},
        "oberih_ui:pattern": {"pattern": "tokens"},
        "oberih_safeguarding:reason": {"token": reasons.question("event:x", "x", "/").rstrip("/").split("/")[-1]},
        "oberih_accounts:withdraw": {"uuid": invitation.uuid},
        "oberih_accounts:invitation": {"token": invitation.renew_token()},
        "oberih_participants:same_undo": {"pk": merge.pk},
        "oberih_participants:new_contact": {"token": contact_token(owner, "email", "new@example.org")},
        "oberih_participants:enter": {"token": link_token(owner, "email")},
        "oberih_notifications:message": {"name": "none"},
        "oberih_notifications:message_html": {"name": "none"},
        "oberih_notifications:attachment": {"name": "none", "part": 1},
        "oberih_courses:copy": {"key": course.pk},
        "oberih_courses:enrol": {"key": course.pk},
        "oberih_courses:ask": {"key": course.pk},
        "oberih_courses:key": {"key": course.pk},
        "oberih_courses:withdraw_request": {"uuid": asked.uuid},
        "oberih_courses:invitation": {"token": new_token(offered)},
        "oberih_courses:stop_reminders": {"token": stop_token(enrolment)},
        "oberih_courses:group": {"uuid": group.uuid},
        "oberih_courses:group_edit": {"uuid": group.uuid},
        "oberih_courses:group_archive": {"uuid": group.uuid},
        "oberih_courses:group_add_member": {"uuid": group.uuid},
        "oberih_courses:group_member": {"uuid": group.uuid, "participant": owner.uuid},
        "oberih_courses:group_remove_member": {"uuid": group.uuid, "participant": owner.uuid},
        "oberih_courses:group_add_course": {"uuid": group.uuid},
        "oberih_courses:group_remove_course": {"uuid": group.uuid, "key": course.pk},
        "oberih_courses:list_into_group": {"uuid": group.uuid},
        "oberih_courses:enrolling": {"key": course.pk},
        "oberih_courses:enrol_person": {"key": course.pk},
        "oberih_courses:list_into_course": {"key": course.pk},
        "oberih_courses:request": {"uuid": asked.uuid},
        "oberih_courses:change_invitation": {"pk": offered.pk},
        "oberih_courses:list": {"uuid": people_to_enrol.uuid},
        "oberih_courses:list_template": {"kind": "csv"},
        "oberih_courses:due": {"uuid": enrolment.uuid},
        "oberih_courses:lesson_done": {"key": lesson.translation_key},
        "oberih_courses:check": {"key": lesson.translation_key, "block": check["id"]},
        "oberih_courses:media_file": {"key": lesson.translation_key, "block": film["id"]},
        "oberih_courses:media_captions": {
            "key": lesson.translation_key,
            "block": film["id"],
            "language": "en",
        },
        "oberih_courses:package": {"key": lesson.translation_key, "block": packages.BLOCK},
        "oberih_courses:package_commit": {"uuid": run.uuid},
        "oberih_courses:package_open": {"uuid": run.uuid},
        "oberih_courses:package_statements": {"uuid": run.uuid},
        "oberih_courses:media": {"key": lesson.translation_key, "block": check["id"]},
        "oberih_courses:time": {"key": lesson.translation_key},
        "oberih_courses:assessment": {"key": assessment.pk},
        "oberih_courses:answers": {"uuid": attempt.uuid},
        "oberih_courses:attempt": {"uuid": attempt.uuid},
        "oberih_courses:result": {"uuid": attempt.uuid},
        "oberih_courses:mark": {"uuid": answer.uuid},
        "oberih_courses:learners": {"key": course.pk},
        "oberih_courses:learners_csv": {"key": course.pk},
        "oberih_courses:learners_xlsx": {"key": course.pk},
        "oberih_courses:learner": {"key": course.pk, "uuid": enrolment.uuid},
        "oberih_courses:confirm": {"key": course.pk},
        "oberih_courses:compared": {"key": course.pk},
        "oberih_events:month": {"year": event.starts_on.year, "month": event.starts_on.month},
        "oberih_events:detail": {"code": "coming"},
        "oberih_events:dates": {"code": "coming"},
        "oberih_events:programme": {"code": "path"},
        "oberih_events:register": {"code": coming.code},
        "oberih_events:registered": {"code": "coming", "token": told},
        "oberih_events:registration": {"uuid": registration.uuid},
        "oberih_events:accept": {"uuid": registration.uuid},
        "oberih_events:cancel": {"uuid": registration.uuid},
        "oberih_events:calendar": {"uuid": registration.uuid},
        "oberih_events:ticket": {"uuid": registration.uuid},
        "oberih_events:ticket_image": {"uuid": registration.uuid},
        "oberih_events:ticket_paper": {"uuid": registration.uuid},
        "oberih_events:change": {"uuid": to_change.uuid},
        "oberih_events:answer": {"uuid": event.uuid, "registration": registration.uuid, "pk": sent.pk},
        "oberih_events:colleagues_event": for_ours,
        "oberih_events:colleagues_register": for_ours,
        "oberih_events:colleagues_file": for_ours,
        "oberih_events:colleagues_template": {**for_ours, "kind": "csv"},
        "oberih_events:colleagues_list": {"uuid": colleagues.uuid},
        "oberih_events:colleagues_cancel": {"uuid": ours.uuid},
        "oberih_events:colleagues_replace": {"uuid": ours.uuid},
        "oberih_events:guardian": {"token": guardians.token(young, 1)},
        "oberih_events:short": {"token": short_links.to_registration(registration).rstrip("/").rsplit("/", 1)[1]},
        "oberih_events:own_calendar": {"token": own_calendar.rsplit("/", 1)[1].removesuffix(".ics")},
        "oberih_events:person_group": {"uuid": event.uuid, "registration": young.uuid},
        "oberih_events:person_guardian": {"uuid": event.uuid, "registration": young.uuid},
        "oberih_events:training": this,
        "oberih_events:decide": this,
        "oberih_events:write": this,
        "oberih_events:edit": this,
        "oberih_events:join_programme": this,
        "oberih_events:new_follow_up": this,
        "oberih_events:follow_up": {"uuid": event.uuid, "follow_up": follow_up.pk},
        "oberih_events:held_programme": {"code": "path"},
        "oberih_events:cancel_event": this,
        "oberih_events:person": {"uuid": event.uuid, "registration": registration.uuid},
        "oberih_attendance:register": {"session": session.pk},
        "oberih_attendance:mark": person,
        "oberih_attendance:correct": person,
        "oberih_attendance:all_present": {"session": session.pk},
        "oberih_attendance:close": {"session": session.pk},
        "oberih_attendance:walk_in": here,
        "oberih_attendance:headcount": here,
        "oberih_attendance:close_event": here,
        "oberih_certificates:retry": {"uuid": stuck.uuid},
        "oberih_certificates:download": {"uuid": certificate.uuid},
        "oberih_certificates:verify": {"token": certificate.token},
        "oberih_certificates_short:short": {"token": certificate.token},
    }
