"""A focal point registers the people of their organisation: typed or from a file, within scope, seats, consent and limits."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events.colleagues import registering
from events.colleagues.columns import COLUMNS_WITH_GROUP, Reader
from events.models import (
    Allocation,
    ParallelGroup,
    Registration,
    RegistrationAnswer,
    RegistrationList,
    Source,
    Status,
)
from notifications.models import Message
from participants import erasing, lists
from participants.models import Channel, Consent, ConsentText, Organisation, Project, Purpose
from safeguarding import retention
from safeguarding.models import AuditEntry, Role
from tests.events import factories
from tests.factories import StaffFactory, UserFactory, grant

pytestmark = pytest.mark.django_db
NAMES = ("Olena Koval", "Petro Bondar", "Iryna Melnyk", "Stepan Lys", "Hanna Rybak")


@pytest.fixture
def one():
    return Organisation.objects.create(code="one", label="Organisation One")


@pytest.fixture
def two():
    return Organisation.objects.create(code="two", label="Organisation Two")


@pytest.fixture
def focal_point(one, client):
    user = grant(UserFactory(), Role.FOCAL_POINT, organisation="one")
    client.force_login(user)
    return user


@pytest.fixture
def event():
    return factories.EventFactory(capacity=20)


def to(name, event, organisation, **more):
    return reverse(f"oberih_events:{name}", kwargs={"organisation": organisation.pk, "uuid": event.uuid, **more})


def form_of(rows, *, number=None, **more):
    """What a browser sends of these rows of people."""
    data = {"people-TOTAL_FORMS": number or len(rows), "people-INITIAL_FORMS": 0, **more}
    for place, row in enumerate(rows):
        data |= {f"people-{place}-{name}": value for name, value in row.items()}
    return data


def people(count, **fields):
    return [
        {"full_name": name, "email": f"{name.split()[0].lower()}@one.example.org", "of_age": "on", **fields}
        for name in NAMES[:count]
    ]


def typed(client, event, organisation, rows):
    """The list that the rows make."""
    answer = client.post(to("colleagues_register", event, organisation), form_of(rows))
    assert answer.status_code == 302, answer.context["formset"].errors
    return RegistrationList.objects.latest("pk")


def texts():
    asked = ConsentText.objects.asked_now()
    return " ".join(f"{purpose}:{asked[purpose].version}" for purpose in (Purpose.REGISTER, Purpose.STATISTICS))


def confirmed(client, batch, **said):
    said = {"agree": "on", "counted": "on", "language": "en", "texts": texts(), **said}
    return client.post(reverse("oberih_events:colleagues_list", args=[batch.uuid]), said)


def registered(client, event, organisation, rows, **said):
    batch = typed(client, event, organisation, rows)
    assert confirmed(client, batch, **said).status_code == 302
    batch.refresh_from_db()
    return batch


def fates(batch):
    return [fate for _line, _name, fate, _why in batch.results]


def set_aside(event, organisation, seats, **fields):
    return Allocation.objects.create(event=event, organisation=organisation, seats=seats, **fields)


def sent(client, event, organisation, text, name="people.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(to("colleagues_file", event, organisation), {"file": SimpleUploadedFile(name, content)})


# Where


def test_events_with_seats_of_the_organisation_come_first_and_closed_ones_not_at_all(
    focal_point, one, two, client
):
    set_aside(factories.EventFactory(policy="organisation", capacity=9, title="Ours"), one, 3)
    set_aside(factories.EventFactory(policy="invitation", title="Theirs"), two, 3)
    factories.EventFactory(title="For all")
    factories.EventFactory(policy="approval", title="With approval")
    factories.EventFactory(policy="invitation", title="Invited only")
    factories.EventFactory(state="draft", title="Drafted")
    factories.EventFactory(registration_closes_at=timezone.now() - dt.timedelta(hours=1), title="Too late")
    factories.EventFactory(registration_opens_at=timezone.now() + dt.timedelta(hours=1), title="Too early")
    page = client.get(reverse("oberih_events:colleagues"))
    assert [[str(entry["title"]) for entry in page.context[kind]] for kind in ("allocations", "events")] == [
        ["Ours"],
        ["For all", "With approval"],
    ]
    assert page.context["allocations"][0]["tag"] == "3 of 3 seats left"


def test_the_limits_of_a_grant_limit_the_events(one, client):
    project = Project.objects.create(code="school", label="School")
    user = grant(UserFactory(), Role.FOCAL_POINT, organisation="one", country="PL")
    grant(user, Role.FOCAL_POINT, organisation="one", project="school")
    client.force_login(user)
    inside = [factories.EventFactory(country="PL"), factories.EventFactory(project=project)]
    outside = factories.EventFactory(country="UA")
    set_aside(outside, one, 3)
    seen = [client.get(to("colleagues_event", event, one)).status_code for event in [*inside, outside]]
    assert seen == [200, 200, 404]
    page = client.get(reverse("oberih_events:colleagues_events"))
    assert [str(event.pk) for event in page.context["page"]] == [str(event.pk) for event in inside]


def test_nothing_of_another_organisation_is_reached(focal_point, one, two, client, event):
    set_aside(event, two, 3)
    outcome = factories.register(event, 1, organisation=two, source=Source.COLLEAGUE)
    theirs = RegistrationList.objects.create(event=event, organisation=two, made_by=StaffFactory(role="manager"))
    addresses = [
        to("colleagues_event", event, two),
        to("colleagues_register", event, two),
        to("colleagues_file", event, two),
        to("colleagues_template", event, two, kind="csv"),
        reverse("oberih_events:colleagues_list", args=[theirs.uuid]),
        reverse("oberih_events:colleagues_cancel", args=[outcome.registration.uuid]),
        reverse("oberih_events:colleagues_replace", args=[outcome.registration.uuid]),
    ]
    assert [client.get(one).status_code for one in addresses] == [404] * 7
    assert [client.post(one, {}).status_code for one in addresses] == [405, 404, 404, 405, 404, 404, 404]
    assert Registration.objects.get().status == Status.CONFIRMED


def test_an_administrator_is_no_organisations_focal_point(one, client, event):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    assert client.get(to("colleagues_register", event, one)).status_code == 404
    assert client.get(reverse("oberih_events:colleagues_events")).context["entries"] == []


def test_the_page_of_an_event_shows_the_link_to_pass_on_and_writes_down_whom_it_shows(
    focal_point, one, two, client, event
):
    allocation = set_aside(event, one, 3)
    ours = factories.register(event, 1, full_name="Ours Person", organisation=one).registration
    factories.register(event, 2, full_name="Theirs Person", organisation=two)
    page = client.get(to("colleagues_event", event, one))
    text = page.content.decode()
    assert ["Ours Person" in text, "Theirs Person" in text] == [True, False]
    assert page.context["link"] == f"http://testserver/en/events/{event.code}/register/?for={allocation.key}"
    assert AuditEntry.objects.values_list("action", "keys").get() == ("see", [str(ours.uuid)])


def test_whoever_registered_themselves_is_not_for_the_focal_point_to_cancel(focal_point, one, client, event):
    mine = factories.register(event, 1, organisation=one).registration
    assert "somebody else" not in client.get(to("colleagues_event", event, one)).content.decode()
    assert client.post(reverse("oberih_events:colleagues_cancel", args=[mine.uuid])).status_code == 404


# Typing


def test_adding_rows_loses_nothing_and_judges_nothing(focal_point, one, client, event):
    rows = [{"full_name": "Olena", "email": "not an address", "birth_year": "x"}]
    page = client.post(to("colleagues_register", event, one), form_of(rows, do="add"))
    formset = page.context["formset"]
    assert (page.status_code, len(formset.forms), formset.is_bound) == (200, 6, False)
    assert [formset[0][name].value() for name in ("full_name", "email", "birth_year")] == [
        "Olena",
        "not an address",
        "x",
    ]


def test_what_is_wrong_is_said_beside_each_field_and_above_with_a_link(focal_point, one, client, event):
    rows = [
        {"full_name": "", "email": "a@example.org", "of_age": "on"},
        {"full_name": "Olena Koval", "of_age": "on"},
        {"full_name": "Petro Bondar", "phone": "12", "of_age": "on"},
        {"full_name": "Iryna Melnyk", "email": "iryna@example.org"},
        {},
        {"full_name": "Stepan Lys", "email": "s@example.org", "of_age": "on"},
        {"full_name": "STEPAN LYS", "email": "S@example.org", "of_age": "on"},
    ]
    page = client.post(to("colleagues_register", event, one), form_of(rows))
    found = [(number, column) for number, form in enumerate(page.context["formset"], 1) for column in form.errors]
    assert (page.status_code, found) == (
        400,
        [(1, "full_name"), (2, "email"), (3, "phone"), (4, "of_age"), (7, "full_name")],
    )
    assert 'href="#id_people-3-of_age"' in page.content.decode()
    assert RegistrationList.objects.count() == 0


def test_a_form_without_anybody_is_refused(focal_point, one, client, event):
    page = client.post(to("colleagues_register", event, one), form_of([{}, {}]))
    assert page.context["formset"].non_form_errors() == [
        "Write at least one name with an e-mail or a phone number."
    ]


@pytest.mark.parametrize(
    ("years", "said", "wrong"),
    [
        (30, {}, []),
        (18, {"of_age": "yes"}, []),
        (18, {}, ["of_age"]),
        (15, {}, ["birth_year"]),
        (15, {"of_age": "yes"}, ["birth_year"]),
        (30, {"of_age": "no"}, ["of_age"]),
    ],
)
def test_whoever_may_be_under_age_is_left_to_the_personal_form(event, years, said, wrong):
    cells = {"full_name": "A B", "email": "a@example.org", "birth_year": str(event.starts_on.year - years), **said}
    person, errors = Reader(event, []).read(2, cells)
    assert ([column for column, _message in errors], person is None) == (wrong, bool(wrong))


def test_the_rows_can_be_changed_after_the_preview(focal_point, one, client, event):
    batch = typed(client, event, one, people(2))
    address = f"{to('colleagues_register', event, one)}?list={batch.uuid}"
    formset = client.get(address).context["formset"]
    assert [form["full_name"].value() for form in formset] == list(NAMES[:2])
    client.post(address, form_of(people(3)))
    assert [len(left.rows) for left in RegistrationList.objects.all()] == [3]


# Registering


def test_each_is_registered_by_themselves_with_consent_and_a_message_of_their_own(focal_point, one, client, event):
    batch = registered(client, event, one, people(2, sex="F"))
    rows = Registration.objects.order_by("pk")
    assert [(row.status, row.source, row.registered_by, row.organisation, row.party, row.sex) for row in rows] == [
        (Status.CONFIRMED, Source.COLLEAGUE, focal_point, one, None, "F")
    ] * 2
    consents = Consent.objects.order_by("participant", "text__purpose")
    assert [(row.text.purpose, row.given, row.channel, row.recorded_by) for row in consents] == [
        (purpose, True, Channel.SPOKEN, focal_point) for purpose in (Purpose.REGISTER, Purpose.STATISTICS)
    ] * 2
    assert set(Message.objects.values_list("purpose", "subject_key")) == {
        ("events.registered", str(row.uuid)) for row in rows
    }
    written = AuditEntry.objects.filter(action="register").values_list("actor", "keys")
    assert sorted(written, key=str) == sorted([(focal_point.pk, [str(row.uuid)]) for row in rows], key=str)
    assert (fates(batch), batch.rows) == (["seat", "seat"], [])


def test_without_the_word_that_they_agreed_nobody_is_registered(focal_point, one, client, event):
    batch = typed(client, event, one, people(2))
    assert [confirmed(client, batch, agree="").status_code, confirmed(client, batch, texts="").status_code] == [
        400,
        400,
    ]
    assert Registration.objects.count() == 0


def test_answers_are_kept_only_of_those_who_agreed_to_be_counted(focal_point, one, client, event):
    registered(client, event, one, people(1, sex="F", birth_year="1980"), counted="")
    row = Registration.objects.get()
    assert (row.sex, row.age_band, row.participant.birth_year, row.organisation) == ("U", "AUNK", None, one)
    assert Consent.objects.get().text.purpose == Purpose.REGISTER


def test_the_first_have_the_seats_and_the_preview_says_so_before(focal_point, one, client):
    event = factories.EventFactory(capacity=3)
    batch = typed(client, event, one, people(5))
    page = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid]))
    assert page.context["told"] == ["3 have a seat", "2 wait"]
    assert b"Nobody is registered yet" in page.content
    confirmed(client, batch)
    batch.refresh_from_db()
    assert fates(batch) == ["seat"] * 3 + ["waits"] * 2


def test_seats_of_the_organisation_are_taken_first_and_then_those_for_all(focal_point, one, client):
    event = factories.EventFactory(capacity=4)
    allocation = set_aside(event, one, 2)
    registered(client, event, one, people(5))
    rows = Registration.objects.order_by("pk").values_list("status", "allocation")
    assert list(rows) == [("confirmed", allocation.pk)] * 2 + [("confirmed", None)] * 2 + [("waitlisted", None)]


def test_where_only_organisations_come_the_rest_waits_for_their_seats(focal_point, one, client):
    event = factories.EventFactory(capacity=10, policy="organisation")
    allocation = set_aside(event, one, 2)
    registered(client, event, one, people(3))
    rows = Registration.objects.order_by("pk").values_list("status", "allocation")
    assert list(rows) == [("confirmed", allocation.pk)] * 2 + [("waitlisted", allocation.pk)]


def test_seats_whose_time_is_over_open_nothing(focal_point, one, client):
    event = factories.EventFactory(capacity=10, policy="organisation")
    set_aside(event, one, 2, held_until=timezone.now() - dt.timedelta(minutes=1))
    assert client.get(to("colleagues_register", event, one)).status_code == 404


def test_a_focal_point_does_not_skip_the_trainers_approval(focal_point, one, client):
    event = factories.EventFactory(capacity=3, policy="approval")
    allocation = set_aside(event, one, 2)
    batch = registered(client, event, one, people(3))
    assert fates(batch) == ["pending"] * 3
    assert list(Registration.objects.order_by("pk").values_list("allocation", flat=True)) == [
        allocation.pk,
        allocation.pk,
        None,
    ]


def test_without_a_waiting_list_whoever_has_no_seat_is_refused_with_the_reason(focal_point, one, client):
    event = factories.EventFactory(capacity=1, has_waiting_list=False)
    batch = registered(client, event, one, people(2))
    assert batch.results == [
        [1, NAMES[0], "seat", ""],
        [2, NAMES[1], "refused", "All seats are taken, and this event has no waiting list."],
    ]


def test_the_window_binds_the_focal_point_even_between_preview_and_word(focal_point, one, client, event):
    batch = typed(client, event, one, people(1))
    event.registration_closes_at = timezone.now() - dt.timedelta(minutes=1)
    event.save()
    assert confirmed(client, batch).status_code == 400
    assert client.get(to("colleagues_register", event, one)).url == to("colleagues_event", event, one)
    assert Registration.objects.count() == 0


def test_each_chooses_a_parallel_group_where_there_are_some(focal_point, one, client, event):
    group = ParallelGroup.objects.create(event=event, title=LazyI18nString({"en": "Group A", "uk": "Група А"}))
    page = client.post(to("colleagues_register", event, one), form_of(people(1)))
    assert list(page.context["formset"][0].errors) == ["group"]
    registered(client, event, one, people(1, group="Group A"))
    assert Registration.objects.get().group == group


def test_only_colleagues_are_said_to_be_there_already(focal_point, one, client, event):
    ours = factories.register(event, 1, full_name=NAMES[0], email="olena@one.example.org", organisation=one)
    strangers = factories.register(event, 2, full_name=NAMES[1], email="petro@one.example.org")
    batch = typed(client, event, one, people(3))
    page = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid]))
    assert page.context["told"] == ["2 have a seat", "1 is registered already"]
    confirmed(client, batch)
    batch.refresh_from_db()
    assert fates(batch) == ["there", "seat", "seat"]
    # Beside the stranger's own, one that the focal point knows of.
    theirs = Registration.objects.for_focal_point(focal_point).values_list("participant__full_name", flat=True)
    assert (sorted(theirs), Registration.objects.count()) == (sorted(NAMES[:3]), 4)
    named = {str(key) for keys in AuditEntry.objects.values_list("keys", flat=True) for key in keys}
    assert named.isdisjoint({str(ours.registration.uuid), str(strangers.registration.uuid)})


def test_whoever_is_there_by_themselves_is_registered_once_more_and_no_more(focal_point, one, two, client, event):
    for organisation in (None, two):
        factories.register(event, 1, full_name=NAMES[0], email="olena@one.example.org", organisation=organisation)
    batches = [registered(client, event, one, people(number)) for number in (1, 2)]
    assert [fates(batch) for batch in batches] == [["seat"], ["there", "seat"]]
    olenas = event.registrations.filter(participant__full_name=NAMES[0])
    assert sorted(olenas.values_list("source", flat=True)) == ["colleague", "self"]


@pytest.mark.parametrize("typed_as", ["Olena Koval", "Olena  Koval "])
def test_whoever_is_known_is_recognised_by_the_name_as_it_is_held(focal_point, one, client, event, typed_as):
    olena = factories.known("Olena Koval", "olena@one.example.org")
    registered(client, event, one, people(1, full_name=typed_as))
    assert Registration.objects.get().participant == olena


def test_the_same_list_sent_twice_or_after_it_broke_off_registers_nobody_twice(
    focal_point, one, client, event, monkeypatch
):
    batch = typed(client, event, one, people(3))
    register, calls = registering.actions.register, []

    def breaks_off(**how):
        calls.append(how)
        if len(calls) == 3:
            raise ConnectionError
        return register(**how)

    monkeypatch.setattr(registering.actions, "register", breaks_off)
    with pytest.raises(ConnectionError):
        confirmed(client, batch)
    assert Registration.objects.count() == 2
    assert confirmed(client, batch).status_code == 302
    batch.refresh_from_db()
    assert (Registration.objects.count(), fates(batch)) == (3, ["seat"] * 3)
    assert confirmed(client, batch).status_code == 200
    assert Registration.objects.count() == 3
    assert AuditEntry.objects.filter(action="register").count() == 3


def test_the_result_is_shown_and_kept_for_a_day_only(focal_point, one, client, event):
    batch = registered(client, event, one, people(2))
    page = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid]))
    assert [(row["name"], row["fate"]) for row in page.context["rows"]] == [
        (name, "Has a seat") for name in NAMES[:2]
    ]
    RegistrationList.objects.update(made_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    retention.run()
    assert RegistrationList.objects.count() == 0


def test_a_list_goes_with_somebody_in_it_who_is_erased(focal_point, one, client, event):
    registered(client, event, one, people(2))
    erasing.erase(participant=Registration.objects.first().participant, certificates="keep", by=None)
    assert RegistrationList.objects.count() == 0


def test_a_list_belongs_to_whoever_made_it(focal_point, one, client, event):
    batch = typed(client, event, one, people(1))
    client.force_login(grant(UserFactory(), Role.FOCAL_POINT, organisation="one"))
    assert client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid])).status_code == 404


def test_one_contact_gets_only_so_many_messages(focal_point, one, client, event, settings):
    settings.OBERIH_SAFEGUARDING_LIMITS = {registering.PER_CONTACT.name: "2/h"}
    rows = people(3, email="office@one.example.org")
    assert fates(registered(client, event, one, rows)) == ["seat", "seat", "refused"]


def test_a_focal_point_registers_only_so_many_a_day(focal_point, one, client, event, settings):
    settings.OBERIH_SAFEGUARDING_LIMITS = {"events.colleagues.people": "2/d"}
    batch = typed(client, event, one, people(3))
    assert confirmed(client, batch).status_code == 429
    assert Registration.objects.count() == 0


# Files


def test_a_file_is_shown_with_every_cell_that_is_wrong_and_registers_nobody(focal_point, one, client, event):
    text = (
        "Name;E-mail;Of age;Sex\n"
        "Olena Koval;olena@example.org;yes;F\n"
        "Petro Bondar;petro;так;?\n"
        "Iryna Melnyk;iryna@example.org;no;\n"
    )
    answer = sent(client, event, one, text.encode("cp1251"))
    page = client.get(answer.url)
    wrong = [
        (row["number"], str(error["column"]), error["value"])
        for row in page.context["rows"]
        for error in row["errors"]
    ]
    assert wrong == [("Line 3", "E-mail", "petro"), ("Line 3", "Sex", "?"), ("Line 4", "Of age", "no")]
    assert page.content.decode().count("are to be corrected") == 1
    assert confirmed(client, RegistrationList.objects.get()).status_code == 200
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1251"),
        lambda text: text.replace(",", ";").encode("utf-8-sig"),
        lambda text: text.replace(",", "\t").encode(),
    ],
    ids=["utf-8", "utf-16", "cp1251", "semicolons", "tabs"],
)
def test_a_csv_is_registered_in_every_usual_form(focal_point, one, client, event, encoded):
    text = "ПІБ,Пошта,Номер телефону,Повнолітній\nОлена Коваль,olena@example.org,,Так\nПетро Бондар,,067 123 45 67,1\n"
    sent(client, event, one, encoded(text))
    confirmed(client, RegistrationList.objects.get(), language="uk")
    rows = Registration.objects.order_by("pk").select_related("participant")
    assert [(row.participant.full_name, row.participant.phone, row.language) for row in rows] == [
        ("Олена Коваль", "", "uk"),
        ("Петро Бондар", "+380671234567", "uk"),
    ]


def test_a_file_of_more_than_two_hundred_is_refused(focal_point, one, client, event):
    page = sent(client, event, one, "Name\n" + "A B\n" * 201)
    assert "more than 200 rows" in page.content.decode()
    assert (page.status_code, RegistrationList.objects.count()) == (400, 0)


def test_the_empty_list_is_read_again_with_its_headings(focal_point, one, client, event):
    ParallelGroup.objects.create(event=event, title=LazyI18nString({"en": "Group A"}))
    content = client.get(to("colleagues_template", event, one, kind="xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book["people"][1]]
    known = COLUMNS_WITH_GROUP
    assert [known.of(heading) for heading in headings] == list(known.names)
    hints = {row[0].value for row in book["codes"].iter_rows()}
    assert {"Name", "Of age", "Sex", "Group"} <= hints
    book["people"].append(["Olena Koval", None, "o@example.org", None, "yes", 1980, "F", None, "Group A"])
    out = io.BytesIO()
    book.save(out)
    assert lists.read("a.xlsx", out.getvalue(), known, most=200) == [
        (
            2,
            {
                "full_name": "Olena Koval",
                "email": "o@example.org",
                "of_age": "yes",
                "birth_year": "1980",
                "sex": "F",
                "group": "Group A",
            },
        )
    ]


def test_a_kind_of_file_that_there_is_not_is_not_found(focal_point, one, client, event):
    assert client.get(to("colleagues_template", event, one, kind="pdf")).status_code == 404


# The event's questions

FOOD = [{"key": "a1", "text": {"en": "Meat", "uk": "М’ясо"}}, {"key": "a2", "text": {"en": "Fish, grilled"}}]


def question(event, kind="text", text="How do you come?", *, required=True):
    options = FOOD if kind in {"choice", "several"} else []
    position = event.questions.count()
    return event.questions.create(
        kind=kind, text=text, purpose="To plan it", options=options, is_required=required, position=position
    )


def answers():
    rows = RegistrationAnswer.objects.order_by("registration", "question")
    return list(rows.values_list("registration__participant__full_name", "text", "chosen"))


def test_typed_rows_ask_what_the_event_asks(focal_point, one, client, event):
    way, lunch = question(event), question(event, "choice", "Lunch")
    days = question(event, "several", "Supper", required=False)
    way_of, lunch_of, days_of = (f"question_{one.pk}" for one in (way, lunch, days))
    page = client.post(to("colleagues_register", event, one), form_of([*people(1), {}]))
    assert [list(form.errors) for form in page.context["formset"]] == [[way_of, lunch_of], []]
    assert f'href="#id_people-0-{way_of}"' in page.content.decode()
    said = {way_of: "On foot", lunch_of: "a2", days_of: ["a1", "a2"]}
    batch = typed(client, event, one, people(1, **said))
    shown = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid])).context["rows"]
    assert shown[0]["answers"] == [
        ("How do you come?", "On foot"),
        ("Lunch", "Fish, grilled"),
        ("Supper", "Meat, Fish, grilled"),
    ]
    again = client.get(f"{to('colleagues_register', event, one)}?list={batch.uuid}").context["formset"][0]
    assert [again[name].value() for name in said] == ["On foot", "a2", ["a1", "a2"]]
    confirmed(client, batch)
    assert answers() == [
        (NAMES[0], "On foot", []),
        (NAMES[0], "", ["a2"]),
        (NAMES[0], "", ["a1", "a2"]),
    ]


def test_adding_rows_keeps_what_was_answered(focal_point, one, client, event):
    name = f"question_{question(event, 'several').pk}"
    rows = [{"full_name": "Olena", name: ["a2"]}]
    page = client.post(to("colleagues_register", event, one), form_of(rows, do="add"))
    assert page.context["formset"][0][name].value() == ["a2"]


def test_a_file_has_a_column_for_each_question_and_says_what_is_wrong_in_which_cell(
    focal_point, one, client, event
):
    for kind, words in (("text", "Way"), ("choice", "Lunch"), ("several", "Supper")):
        question(event, kind, words)
    text = (
        "Name\tE-mail\tOf age\tWay\tLunch\tSupper\n"
        "Olena Koval\tolena@example.org\tyes\tOn foot\tм’ясо\tFish, grilled; Meat\n"
        "Petro Bondar\tpetro@example.org\tyes\t\tSoup\tMeat, Soup\n"
    )
    answer = sent(client, event, one, text)
    page = client.get(answer.url)
    wrong = [(str(error["column"]), error["value"]) for row in page.context["rows"] for error in row["errors"]]
    assert wrong == [("Way", ""), ("Lunch", "Soup"), ("Supper", "Meat, Soup")]
    assert "known are Meat, Fish, grilled" in page.content.decode()
    sent(client, event, one, text.splitlines()[0] + "\n" + text.splitlines()[1])
    confirmed(client, RegistrationList.objects.latest("pk"))
    assert answers() == [
        ("Olena Koval", "On foot", []),
        ("Olena Koval", "", ["a1"]),
        ("Olena Koval", "", ["a2", "a1"]),
    ]


def test_a_file_without_the_column_of_a_question_that_has_to_be_answered_is_refused(
    focal_point, one, client, event
):
    question(event, "text", "Shoe size", required=False)
    assert sent(client, event, one, "Name,E-mail,Of age\nA B,a@example.org,yes\n").status_code == 302
    question(event, "text", "Way")
    assert "Needed, too: “\u2068Way\u2069”." in client.get(to("colleagues_file", event, one)).content.decode()
    page = sent(client, event, one, "Name,E-mail,Of age\nA B,a@example.org,yes\n")
    assert "No column is headed “Way”" in page.content.decode()


def test_a_question_worded_as_another_column_stands_apart(focal_point, one, client, event):
    question(event, "text", LazyI18nString({"en": "E-mail?", "uk": "Телефон"}))
    question(event, "text", "=Way")
    question(event, "text", "way")
    content = client.get(to("colleagues_template", event, one, kind="csv")).content.decode("utf-8-sig")
    assert content.strip().split(",")[-3:] == ["E-mail? (1)", "'=Way", "way (3)"]
    reader = Reader(event, [])
    first, second, third = reader.questions
    assert [reader.columns.of(heading) for heading in ("E-mail", "Телефон", "Телефон (1)", "=Way", "way (3)")] == [
        "email",
        "phone",
        first,
        second,
        third,
    ]


def test_the_empty_list_says_what_may_be_answered(focal_point, one, client, event):
    question(event, "several", "Supper")
    content = client.get(to("colleagues_template", event, one, kind="xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["people"][1][-1].value == "Supper"
    beside = [tuple(cell.value for cell in row) for row in book["codes"].iter_rows() if row[0].value == "Supper"]
    assert beside == [
        ("Supper", None, "To plan it Several with a semicolon between them."),
        ("Supper", "Meat", None),
        ("Supper", "Fish, grilled", None),
    ]


def test_a_long_answer_is_refused_and_not_cut(focal_point, one, client, event):
    name = question(event, "text", "Way").text
    sent(client, event, one, f"Name,E-mail,Of age,{name}\nA B,a@example.org,yes,{'x' * 2001}\n")
    batch = RegistrationList.objects.get()
    page = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid])).content.decode()
    assert "longer than 2000 characters" in page


def test_a_file_that_is_asked_for_is_left_to_the_persons_own_link(focal_point, one, client, event):
    question(event, "file", "Your order to travel")
    pages = [client.get(to(name, event, one)) for name in ("colleagues_register", "colleagues_file")]
    assert ["asks for a file: Your order to travel" in page.content.decode() for page in pages] == [True, True]
    registered(client, event, one, people(1))
    assert answers() == []


def test_whoever_comes_instead_is_asked_too(focal_point, one, client, event):
    registered(client, event, one, people(1))
    name = f"question_{question(event).pk}"
    mine = Registration.objects.get()
    assert list(instead(client, mine).context["person"].errors) == [name]
    assert instead(client, mine, **{name: "By bus"}).status_code == 302
    assert answers() == [("Somebody Else", "By bus", [])]


# Taking back


def test_a_focal_point_takes_back_whom_they_registered(focal_point, one, client, event):
    registered(client, event, one, people(1))
    mine = Registration.objects.get()
    address = reverse("oberih_events:colleagues_cancel", args=[mine.uuid])
    assert client.get(address).status_code == 200
    assert [client.post(address).status_code for _again in range(2)] == [302, 302]
    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED
    assert AuditEntry.objects.filter(action="cancel").values_list("actor", "keys").get() == (
        focal_point.pk,
        [str(mine.uuid)],
    )
    assert Message.objects.filter(purpose="events.cancelled_registration").count() == 1


def instead(client, mine, **said):
    (row,) = people(1, full_name="Somebody Else", email="else@one.example.org")
    said = {**row, "agree": "on", "language": "en", "texts": texts(), "submission": uuid.uuid4(), **said}
    return client.post(reverse("oberih_events:colleagues_replace", args=[mine.uuid]), said)


def statuses(event):
    return dict(event.registrations.values_list("participant__full_name", "status"))


def test_a_seat_of_the_organisation_goes_straight_to_the_new_person(focal_point, one, client):
    event = factories.EventFactory(capacity=5, policy="organisation")
    set_aside(event, one, 1)
    registered(client, event, one, people(2))
    mine = Registration.objects.get(status=Status.CONFIRMED)
    assert client.get(reverse("oberih_events:colleagues_replace", args=[mine.uuid])).context["keeps_seat"] is True
    assert instead(client, mine).status_code == 302
    assert statuses(event) == {NAMES[0]: "cancelled", NAMES[1]: "waitlisted", "Somebody Else": "confirmed"}


def test_a_seat_for_all_goes_to_whoever_waits_first(focal_point, one, client):
    event = factories.EventFactory(capacity=1)
    registered(client, event, one, people(1))
    mine = Registration.objects.get()
    factories.register(event, 7, full_name="Waits Longest")
    assert instead(client, mine).status_code == 302
    assert statuses(event) == {NAMES[0]: "cancelled", "Waits Longest": "offered", "Somebody Else": "waitlisted"}


def test_a_replacement_sent_twice_is_one(focal_point, one, client, event):
    registered(client, event, one, people(1))
    mine = Registration.objects.get()
    form = {"submission": uuid.uuid4()}
    assert [instead(client, mine, **form).status_code for _again in range(2)] == [302, 302]
    assert sorted(event.registrations.values_list("status", flat=True)) == ["cancelled", "confirmed"]
    assert AuditEntry.objects.filter(action="cancel").count() == 1


def test_what_is_shown_of_another_contact_of_the_same_name_is_what_comes_of_it(focal_point, one, client, event):
    """Only the contact that is written to says who somebody is; the phone beside it may be the office's."""
    (row,) = people(1, email="", phone="+380671234567")
    registered(client, event, one, [row])
    batch = typed(client, event, one, [{**row, "email": "olena@one.example.org"}])
    page = client.get(reverse("oberih_events:colleagues_list", args=[batch.uuid]))
    assert [shown["fate"] for shown in page.context["rows"]] == ["Has a seat"]
    assert confirmed(client, batch).status_code == 302
    batch.refresh_from_db()
    assert (fates(batch), event.registrations.count()) == (["seat"], 2)


def test_nobodys_mailbox_is_filled_by_replacements(focal_point, one, client, event, settings):
    settings.OBERIH_SAFEGUARDING_LIMITS = {"events.colleagues.contact": "1/h"}
    registered(client, event, one, people(2))
    mine, other = Registration.objects.order_by("pk")
    assert instead(client, mine).status_code == 302
    assert instead(client, other, full_name="Prank Two").status_code == 429
    other.refresh_from_db()
    assert other.status == Status.CONFIRMED


def test_a_replacement_that_is_refused_cancels_nobody(focal_point, one, client, event):
    registered(client, event, one, people(1))
    mine = Registration.objects.get()
    assert [instead(client, mine, agree="").status_code, instead(client, mine, full_name="").status_code] == [
        400
    ] * 2
    mine.refresh_from_db()
    assert (mine.status, Registration.objects.count()) == (Status.CONFIRMED, 1)


def test_a_seat_given_to_somebody_who_waits_for_approval_goes_to_the_next_colleague(focal_point, one, client):
    event = factories.EventFactory(capacity=5, policy="approval")
    allocation = set_aside(event, one, 1)
    mine, waiting = (
        factories.registration(
            event, status, number, organisation=one, source=Source.COLLEAGUE, allocation=allocation
        )
        for number, status in enumerate([Status.CONFIRMED, Status.WAITLISTED])
    )
    assert instead(client, mine).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, statuses(event)["Somebody Else"]) == (Status.OFFERED, "pending")


# Cost


def cost(client, address):
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told)


def a_list(event, organisation, user, number):
    rows = [[n, {"full_name": f"A {n}", "email": f"a{n}@x.org", "of_age": "yes"}] for n in range(number)]
    return RegistrationList.objects.create(event=event, organisation=organisation, rows=rows, made_by=user)


@pytest.mark.parametrize("name", ["event", "list", "colleagues", "events"])
def test_a_page_costs_as_many_statements_for_many_as_for_one(focal_point, one, client, event, name):
    few, many = (a_list(event, one, focal_point, number) for number in (1, 100))
    addresses = {
        "event": [to("colleagues_event", event, one)] * 2,
        "list": [reverse("oberih_events:colleagues_list", args=[batch.uuid]) for batch in (few, many)],
        "colleagues": [reverse("oberih_events:colleagues")] * 2,
        "events": [reverse("oberih_events:colleagues_events")] * 2,
    }[name]

    def more(number):
        factories.register(event, number, organisation=one, source=Source.COLLEAGUE)
        set_aside(factories.EventFactory(), one, 2)
        factories.EventFactory()

    set_aside(event, one, 3)
    more(0)
    cost(client, addresses[0])
    first = cost(client, addresses[0])
    for number in range(1, 12):
        more(number)
    assert cost(client, addresses[1]) == first
    assert first < 25
