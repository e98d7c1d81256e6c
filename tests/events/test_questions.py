"""The event's own questions on its form, as the person sees them later, and as its trainers read them."""

import io
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from events import actions, pictures, question_fields, questions
from events.models import Registration, RegistrationAnswer, Status
from events.people import Reply
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, SessionFactory, known, register, registration, trainer, user
from tests.events.test_pages import form, remember
from tests.events.test_trainings import counted
from tests.factories import say_why

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 an order to travel"
OPTIONS = [{"key": "rail", "text": {"en": "By rail", "uk": "Потягом"}}, {"key": "road", "text": {"en": "By road"}}]


@pytest.fixture
def event():
    return EventFactory()


def question(event, kind="text", *, required=False, text="How do you come?", position=0):
    options = OPTIONS if kind in {"choice", "several"} else []
    return event.questions.create(
        kind=kind, text=text, purpose="To order a bus", options=options, is_required=required, position=position
    )


def field(asked):
    return question_fields.name_of(asked)


def send(client, event, **fields):
    return client.post(f"/en/events/{event.code}/register/", form(**fields))


def errors(response):
    return {
        name: [error.code for error in found.as_data()] for name, found in response.context["form"].errors.items()
    }


def docx(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_each_kind_of_question_is_asked_with_its_purpose_and_answered(client, event):
    text, choice, several = (question(event, kind, text=kind) for kind in ("text", "choice", "several"))
    page = client.get(f"/en/events/{event.code}/register/").content.decode()
    assert page.count("To order a bus") == 3
    assert "multipart" not in page
    said = {field(text): "On foot", field(choice): "rail", field(several): ["rail", "road"]}
    send(client, event, **said)
    kept = RegistrationAnswer.objects.order_by("question").values_list("question", "text", "chosen")
    assert list(kept) == [
        (text.pk, "On foot", []),
        (choice.pk, "", ["rail"]),
        (several.pk, "", ["rail", "road"]),
    ]


def test_options_stand_in_the_readers_language(client, event):
    question(event, "choice")
    assert "Потягом" in client.get(f"/uk/events/{event.code}/register/").content.decode()


@pytest.mark.parametrize("kind", ["text", "choice", "several", "file"])
def test_what_has_to_be_answered_is(client, event, kind):
    asked = question(event, kind, required=True)
    assert errors(send(client, event)) == {field(asked): ["required"]}
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("choice", "boat", "invalid_choice"),
        ("several", ["boat"], "invalid_choice"),
        ("text", "x" * 2001, "max_length"),
    ],
)
def test_only_what_was_offered_is_an_answer(client, event, kind, answer, code):
    asked = question(event, kind)
    assert errors(send(client, event, **{field(asked): answer})) == {field(asked): [code]}


def test_a_question_that_may_stay_empty_leaves_no_answer(client, event):
    for kind in ("text", "choice", "several", "file"):
        question(event, kind)
    send(client, event)
    assert (Registration.objects.count(), RegistrationAnswer.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("order.pdf", PDF, None),
        ("order.PDF", PDF, None),
        ("order.jpg", b"\xff\xd8\xff\xe0 picture", "mismatch"),
        ("order.png", b"\x89PNG\r\n\x1a\n picture", "mismatch"),
        ("order.docx", docx("[Content_Types].xml", "word/document.xml"), None),
        ("order.docx", docx("[Content_Types].xml", "xl/workbook.xml"), "mismatch"),
        ("order.docx", docx("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "mismatch"),
        ("order.docx", b"PK\x03\x04 broken", "mismatch"),
        ("order.pdf", b"<script>alert(1)</script>", "mismatch"),
        ("order.png", PDF, "mismatch"),
        ("order.html", b"<script>", "kind"),
        ("order", PDF, "kind"),
        ("order.pdf", PDF + b"0" * 5 * 1024 * 1024, "size"),
        ("order.pdf", b"", "empty"),
    ],
)
def test_a_file_is_what_its_name_says(client, event, name, content, code):
    asked = question(event, "file")
    response = send(client, event, **{field(asked): SimpleUploadedFile(name, content)})
    if code is None:
        answer = RegistrationAnswer.objects.get()
        with answer.file.open() as kept:
            assert (answer.file_name, kept.read()) == (name, content)
        assert name not in answer.file.name
    else:
        assert errors(response) == {field(asked): [code]}
        assert (Registration.objects.count(), RegistrationAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_the_right_way_up_and_says_nothing_of_where_it_was_taken(client, event, kind):
    asked, name = question(event, "file"), f"me.{kind.lower()}"
    taken = Image.new("RGB", (40, 20), "red")
    about = taken.getexif()
    about[ExifTags.Base.Orientation] = 6
    about[ExifTags.Base.Model] = "Telephone of Zzyzx"
    about.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (49.0, 50.0, 30.0)
    sent = io.BytesIO()
    taken.save(sent, kind, exif=about)
    assert b"Zzyzx" in sent.getvalue()
    send(client, event, **{field(asked): SimpleUploadedFile(name, sent.getvalue())})
    with RegistrationAnswer.objects.get().file.open() as kept:
        content = kept.read()
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.size, dict(picture.getexif())) == (kind, (20, 40), {})
    assert b"Zzyzx" not in content


@pytest.mark.parametrize(("kind", "limit"), [("PNG", "_MOST_PIXELS_WHOLE"), ("JPEG", "_MOST_PIXELS")])
def test_a_picture_that_says_it_is_endless_is_not_drawn(client, event, monkeypatch, kind, limit):
    monkeypatch.setattr(pictures, limit, 10)
    asked, sent, name = question(event, "file"), io.BytesIO(), f"me.{kind.lower()}"
    Image.new("RGB", (4, 4)).save(sent, kind)
    assert errors(send(client, event, **{field(asked): SimpleUploadedFile(name, sent.getvalue())})) == {
        field(asked): ["mismatch"]
    }


def drawn(sent, name):
    return Image.open(pictures.drawn_anew(SimpleUploadedFile(name, sent.getvalue())))


def test_a_photograph_with_a_second_one_behind_it_is_taken():
    """As many telephones write them; the second one says what the first no longer shows."""
    sent = io.BytesIO()
    first, second = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (400, 200), "blue")
    first.save(sent, "MPO", save_all=True, append_images=[second])
    kept = drawn(sent, "me.jpg")
    assert (kept.format, kept.size, getattr(kept, "n_frames", 1)) == ("JPEG", (40, 20), 1)


def test_a_large_photograph_is_kept_smaller_and_a_usual_one_as_it_is():
    sizes = []
    for size in [(8000, 6000), (4000, 3000)]:
        sent = io.BytesIO()
        Image.new("L", size).save(sent, "JPEG")
        sizes.append(drawn(sent, "me.jpg").size)
    assert sizes == [(4000, 3000), (4000, 3000)]


def test_the_form_says_that_a_file_was_lost_when_it_comes_back(client, event):
    asked = question(event, "file")
    page = client.get(f"/en/events/{event.code}/register/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    response = send(client, event, full_name="", **{field(asked): SimpleUploadedFile("order.pdf", PDF)})
    assert errors(response) == {"full_name": ["required"], field(asked): ["again"]}
    assert errors(send(client, event, full_name="")) == {"full_name": ["required"]}


def test_a_second_click_keeps_one_answer(client, event):
    asked = question(event)
    sent = form(**{field(asked): "On foot"})
    for _click in range(2):
        client.post(f"/en/events/{event.code}/register/", sent)
    assert (Registration.objects.count(), RegistrationAnswer.objects.count()) == (1, 1)


# Changing them


def mine(event, **fields):
    olena = known()
    return register(event, participant=olena, full_name=olena.full_name, email=olena.email, **fields).registration


def test_the_owner_changes_answers_until_the_deadline(client, event):
    text, file = question(event), question(event, "file")
    sent = SimpleUploadedFile("old.pdf", PDF)
    made = mine(event, replies={text: Reply(text="On foot"), file: Reply(file=sent)}, access_needs="No steps")
    remember(client, made.participant)
    url = f"/en/registrations/{made.uuid}/change/"
    page = client.get(url)
    assert page.context["form"][field(text)].value() == "On foot"
    assert page.context["form"]["access_needs"].value() == "No steps"
    assert "old.pdf" in page.content.decode()
    response = client.post(url, {field(text): "By bus", "access_needs": ""})
    assert response.url == f"/en/registrations/{made.uuid}/"
    answers = {answer.question_id: answer for answer in made.answers.all()}
    assert (answers[text.pk].text, answers[file.pk].file_name) == ("By bus", "old.pdf")
    made.confidential.refresh_from_db()
    assert made.confidential.access_needs == ""


def test_after_the_deadline_nothing_can_be_changed(client, event):
    asked = question(event)
    made = mine(event)
    remember(client, made.participant)
    event.registration_closes_at = made.created_at
    event.save()
    url = f"/en/registrations/{made.uuid}/"
    assert "Change my answers" not in client.get(url).content.decode()
    assert client.get(f"{url}change/").url == url
    response = client.post(f"{url}change/", {field(asked): "late"})
    assert response.context["form"].non_field_errors() == ["The time to change this registration is over."]
    assert made.answers.count() == 0


def test_where_the_event_asks_nothing_there_is_no_answer_to_change(client, event):
    made = mine(event)
    remember(client, made.participant)
    url = f"/en/registrations/{made.uuid}/"
    page = client.get(url).content.decode()
    assert ["What you answered" in page, f'<a href="{url}change/">Is there anything' in page] == [False, True]
    assert "Change my answers" not in client.get(f"{url}change/").content.decode()
    client.post(f"{url}change/", {"access_needs": "No steps"})
    assert made.confidential.access_needs == "No steps"
    question(event)
    page = client.get(url).content.decode()
    assert ["What you answered" in page, "Change my answers" in page] == [True, True]


def test_nobody_else_changes_or_reads_them(client, event):
    asked = question(event)
    made = mine(event, replies={asked: Reply(text="On foot")})
    charlie = known("Charlie", "charlie@example.org")
    remember(client, charlie)
    url = f"/en/registrations/{made.uuid}/change/"
    assert (client.get(url).status_code, client.post(url, {field(asked): "x"}).status_code) == (404, 404)
    assert made.answers.get().text == "On foot"


# Parallel groups


def groups(event, *seats):
    return [
        event.groups.create(title=f"Group {number}", capacity=one, position=number)
        for number, one in enumerate(seats)
    ]


def test_the_group_is_chosen_by_words_and_never_by_numbers(client, event):
    full, few, free = groups(event, 1, 5, 20)
    registration(event, Status.CONFIRMED, group=full)
    for number in range(4):
        registration(event, Status.CONFIRMED, number, group=few)
    shown = client.get(f"/en/events/{event.code}/register/").context["form"].fields["group"].choices
    assert [str(label) for _key, label in shown] == [
        "<span><bdi>Group 0</bdi> · Waiting list</span>",
        "<span><bdi>Group 1</bdi> · Few seats left</span>",
        "<span><bdi>Group 2</bdi> · Seats free</span>",
    ]
    assert errors(send(client, event)) == {"group": ["required"]}
    send(client, event, group=free.pk)
    send(client, event, group=full.pk, full_name="Іван Мельник", email="ivan@example.org")
    made = Registration.objects.exclude(submission=None).order_by("pk").values_list("group", "status")
    assert list(made) == [(free.pk, "confirmed"), (full.pk, "waitlisted")]


def test_the_group_of_another_event_is_no_group(client, event):
    groups(event, 5)
    (foreign,) = groups(EventFactory(), 5)
    assert errors(send(client, event, group=foreign.pk)) == {"group": ["invalid_choice"]}


def test_the_owner_sees_the_sessions_of_their_own_group(client):
    event = EventFactory(sessions=["Together"])
    first, second = groups(event, 5, 5)
    for group in (first, second):
        SessionFactory(event=event, group=group, title=str(group))
    made = mine(event, group=first)
    remember(client, made.participant)
    shown = client.get(f"/en/registrations/{made.uuid}/").context["sessions"]
    assert [session["title"] for session in shown] == ["Together", "Group 0"]


def test_the_owner_changes_the_group_where_a_seat_is_free(client, event):
    first, second, full = groups(event, 5, 5, 1)
    registration(event, Status.CONFIRMED, group=full)
    made = mine(event, group=first)
    remember(client, made.participant)
    url = f"/en/registrations/{made.uuid}/change/"
    assert client.post(url, {"group": second.pk}).status_code == 302
    response = client.post(url, {"group": full.pk})
    assert response.context["form"].non_field_errors() == ["No seat is free in this group."]
    made.refresh_from_db()
    assert made.group == second


# The trainers


def test_the_trainer_reads_the_answers_and_that_is_written_down(client, event):
    text, file = question(event, text="How do you come?"), question(event, "file", text="Your order")
    made = mine(
        event, replies={text: Reply(text="On foot"), file: Reply(file=SimpleUploadedFile("наказ.pdf", PDF))}
    )
    by = trainer(event=event)
    client.force_login(by)
    url = f"/en/trainings/{event.uuid}/people/{made.uuid}/"
    rows = client.get(url).context["answers"]
    assert [(row["label"], row["value"]) for row in rows] == [
        ("How do you come?", "On foot"),
        ("Your order", "наказ.pdf"),
    ]
    response = client.get(rows[1]["url"])
    assert b"".join(response.streaming_content) == PDF
    for close in response._resource_closers:
        # The file alone: the client's own end of a response ends the test's connection, too.
        close()
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert response["Content-Disposition"].startswith("attachment;")
    seen = AuditEntry.objects.filter(subject="answers").values_list("actor", "action", "keys")
    assert list(seen) == [(by.pk, "see", [str(made.uuid)])] * 2


def test_what_was_chosen_is_counted_on_the_page_of_the_training(client, event):
    text, way, food = (
        question(event),
        question(event, "several", position=1),
        question(event, "choice", position=2),
    )
    said = [("rail", "road"), ("rail",), ()]
    made = [
        register(event, number, replies={text: Reply(text="On foot"), way: Reply(chosen=keys)}).registration
        for number, keys in enumerate(said)
    ]
    gone = register(event, 9, replies={way: Reply(chosen=("road",)), food: Reply(chosen=("road",))}).registration
    Registration.objects.filter(pk=gone.pk).update(status=Status.WAITLISTED)
    client.force_login(trainer(event=event))
    assert client.get(f"/en/trainings/{event.uuid}/").context["chosen"] == [
        {"label": "How do you come?", "value": "\u2068By rail\u2069: 2 · \u2068By road\u2069: 1"}
    ]
    seen = AuditEntry.objects.get(subject="answers")
    assert (seen.action, sorted(seen.keys)) == ("see", sorted(str(one.uuid) for one in made[:2]))


def test_what_was_chosen_costs_the_same_for_one_and_for_many(client):
    small, large = EventFactory(), EventFactory()
    by = trainer(event=small)
    large.trainers.add(by)
    for event, people, asks in ((small, 1, 1), (large, 6, 3)):
        asked = [question(event, "choice", position=number) for number in range(asks)]
        for number in range(people):
            register(event, number, replies={one: Reply(chosen=("rail",)) for one in asked})
    client.force_login(by)
    assert counted(client, f"/en/trainings/{large.uuid}/") == counted(client, f"/en/trainings/{small.uuid}/")


def test_nobody_but_the_events_trainers_reads_the_answers(client, event):
    text, file, choice = question(event), question(event, "file"), question(event, "choice")
    made = mine(
        event,
        replies={
            text: Reply(text="On foot"),
            file: Reply(file=SimpleUploadedFile("order.pdf", PDF)),
            choice: Reply(chosen=("rail",)),
        },
    )
    other = EventFactory()
    answer = made.answers.get(question=file)
    url = f"/en/trainings/{event.uuid}/people/{made.uuid}/"
    for who, sees in ((trainer("other@example.org", other), 404), (user("m@example.org", Role.MANAGER), 200)):
        client.force_login(who)
        if sees == 200:
            say_why(client, event.subject_key)
        response = client.get(url)
        assert response.status_code == sees
        assert b"On foot" not in response.content
        assert client.get(f"{url}answers/{answer.pk}/").status_code == 404
        page = client.get(f"/en/trainings/{event.uuid}/")
        assert page.status_code == sees
        assert b'id="chosen"' not in page.content
    assert not AuditEntry.objects.filter(subject="answers").exists()


def test_the_address_of_a_file_names_its_registration(client, event):
    file = question(event, "file")
    made = mine(event, replies={file: Reply(file=SimpleUploadedFile("order.pdf", PDF))})
    answer = made.answers.get()
    client.force_login(trainer(event=event))
    elsewhere = register(event, 5).registration
    assert (
        client.get(f"/en/trainings/{event.uuid}/people/{elsewhere.uuid}/answers/{answer.pk}/").status_code == 404
    )
    assert client.get(f"/en/trainings/{event.uuid}/people/{uuid.uuid4()}/answers/{answer.pk}/").status_code == 404


def test_a_file_is_gone_when_the_place_is_given_back_and_swept(client, event):
    file = question(event, "file")
    made = mine(event, replies={file: Reply(file=SimpleUploadedFile("order.pdf", PDF))})
    actions.cancel_registration(registration=made)
    assert questions.forget(questions.outdated(event.starts_on)) == 1
