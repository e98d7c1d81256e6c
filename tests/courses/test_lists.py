"""Lists of people: read in every usual form, shown with all that is wrong, written once."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from courses import actions
from courses.exceptions import ImportDoneError
from courses.importing.columns import COLUMNS, MOST_ROWS
from courses.importing.planning import Plan
from courses.models import Enrolment, EnrolmentImport, Group, GroupMember, Prerequisite
from notifications.models import Message
from participants import erasing, lists
from participants.actions import create_participant, find_known, verify_contact
from participants.lists import FileError
from participants.matching import Listed, Matches
from participants.models import Organisation, Participant
from safeguarding import retention
from tests.courses.factories import CourseFactory, EnrolmentFactory
from tests.courses.test_pages import text_of
from tests.factories import StaffFactory, say_why

pytestmark = pytest.mark.django_db
LIST = "Name,E-mail,Phone\nОлена Коваль,olena@example.org,\nPetro Bondar,,067 123 45 67\n"
READ = [
    (2, {"full_name": "Олена Коваль", "email": "olena@example.org"}),
    (3, {"full_name": "Petro Bondar", "phone": "067 123 45 67"}),
]


def read(name, content):
    return lists.read(name, content, COLUMNS, most=MOST_ROWS)


@pytest.fixture
def manager():
    return StaffFactory(role="manager")


def batch_of(text, by, *, course=None, group=None, **fields):
    rows = read("people.csv", text.encode())
    course = None if group else course or CourseFactory()
    batch = EnrolmentImport.objects.create(
        course=course, group=group, rows=rows, made_by=by, file_name="people.csv", **fields
    )
    batch.refresh_from_db()
    return batch


def planned(text, by, **fields):
    """(state, errors) of each row."""
    return [(row.state, row.errors) for row in Plan(batch_of(text, by, **fields)).rows]


# Reading


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.encode("utf-16-le"),
        LIST.encode("utf-16-be"),
        LIST.encode("cp1251"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace("\n", "\r\n").encode("cp1251"),
        ("sep=;\n" + LIST.replace(",", ";")).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "le", "be", "cp1251", "semicolon", "tabs", "crlf", "sep"],
)
def test_a_csv_is_read_in_every_usual_form(content):
    rows = read("people.csv", content)
    assert [cells for _line, cells in rows] == [cells for _line, cells in READ]


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_xlsx_is_read_with_its_numbers_as_text():
    content = workbook(["Phone", "Name", "Year of birth"], [380671234567, "Olena Koval", 1990.0], [None] * 3)
    assert read("people.xlsx", content) == [
        (2, {"phone": "380671234567", "full_name": "Olena Koval", "birth_year": "1990"})
    ]


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Year of birth"), ("uk", "Рік народження"), ("en", "birth_year")]
)
def test_headings_are_understood_in_every_language_of_the_site(language, heading):
    with translation.override(language):
        rows = read("a.csv", f"ПІБ;{heading};Unknown\nОлена;1990;x".encode())
    assert rows == [(2, {"full_name": "Олена", "birth_year": "1990"})]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.csv", b"Name,E-mail\n", "headings and no people"),
        ("a.csv", b"E-mail\na@example.org", "No column is headed “Name”"),
        ("a.csv", b"Name,name\nA,B", "stands in the file twice"),
        ("a.csv", b'Name\n"A', "cannot be read as CSV"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        ("a.xlsx", b"PK\x03\x04 broken", "cannot be opened as XLSX"),
        ("a.csv", b"Name\n" + b"x" * (2 * 1024 * 1024), "larger than 2 MB"),
        ("a.csv", b"Name\n" + b"A B\n" * 2001, "more than 2000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(name, content, words):
    with pytest.raises(FileError, match=words):
        read(name, content)


def test_a_workbook_that_unfolds_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(lists, "_MOST_UNFOLDED", 1000)
    with pytest.raises(FileError, match="holds too much"):
        read("a.xlsx", workbook(["Name"], ["Olena"]))


def test_a_workbook_whose_one_cell_stands_in_the_last_line_is_not_gone_through():
    whole, changed = zipfile.ZipFile(io.BytesIO(workbook(["Name"], ["Olena"]))), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in whole.infolist():
            content = whole.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content)
                last = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", last)
            archive.writestr(member, content)
    with pytest.raises(FileError, match="holds too much"):
        read("a.xlsx", changed.getvalue())


# What will happen


def test_each_row_says_what_will_happen_to_it(manager):
    course = CourseFactory()
    known = create_participant(full_name="Olena Koval", email="olena@example.org")
    verify_contact(known, "email")
    taking = create_participant(full_name="Petro Bondar", phone="+380671234567")
    EnrolmentFactory(course=course, participant=taking)
    text = "Name,E-mail,Phone\nOlena Koval,OLENA@example.org,\nPetro Bondar,,067 123 45 67\nIryna Melnyk,i@example.org,"
    batch = batch_of(text, manager, course=course)
    assert [(row.state, row.participant) for row in Plan(batch).rows] == [
        ("known", known),
        ("enrolled", taking),
        ("new", None),
    ]


def test_an_unproved_contact_or_another_name_is_no_known_person(manager):
    create_participant(full_name="Olena Koval", email="olena@example.org")
    other = create_participant(full_name="Petro Bondar", email="shared@example.org")
    verify_contact(other, "email")
    text = "Name,E-mail\nOlena Koval,olena@example.org\nIryna Melnyk,shared@example.org"
    assert [state for state, _errors in planned(text, manager)] == ["new", "new"]


def test_a_reference_is_enough_to_know_somebody(manager):
    known = create_participant(full_name="Olena Koval", external_ref="list-7")
    (row,) = Plan(batch_of("Name,Reference\nO. Koval,list-7", manager)).rows
    assert (row.state, row.participant) == ("known", known)


def test_whoever_was_erased_is_not_enrolled_by_their_reference(manager):
    erased = create_participant(full_name="Olena Koval", external_ref="list-7")
    erasing.erase(participant=erased, certificates="keep", by=None)
    assert planned("Name,Reference\nOlena Koval,list-7", manager) == [
        ("wrong", [("Reference", "This person’s data was erased. They are not enrolled.")])
    ]


@pytest.mark.parametrize(
    ("cells", "heading", "words"),
    [
        (",a@example.org,,,,,,", "Name", "This cell must not be empty."),
        ("A B,nonsense,,,,,,", "E-mail", "This is no e-mail address."),
        ("A B,,12,,,,,", "Phone", "Write the phone number with the country’s code"),
        ("A B,a@example.org,,klingon,,,,", "Language", "This is not known; known are"),
        ("A B,a@example.org,,,Q,,,", "Sex", "This is not known; known are F, M, X, U."),
        ("A B,a@example.org,,,,90,,", "Year of birth", "This must lie between 1900 and"),
        ("A B,a@example.org,,,,,nowhere,", "Organisation", "No organisation has this code or name."),
        ("A B,,,,,,,", "E-mail", "Give an e-mail, a phone or a reference"),
        ("=HYPERLINK(1),a@example.org,,,,,,", "Name", "This begins like a formula."),
        ("＝1+1,a@example.org,,,,,,", "Name", "This begins like a formula."),
        ("A B,a@example.org,,,,,,@SUM(1)", "Reference", "This begins like a formula."),
    ],
)
def test_a_cell_that_is_wrong_says_what_to_change(cells, heading, words, manager):
    head = "Name,E-mail,Phone,Language,Sex,Year of birth,Organisation,Reference\n"
    ((state, ((column, message),)),) = planned(head + cells, manager)
    assert (state, str(column)) == ("wrong", heading)
    assert message.startswith(words)


def test_values_are_understood_as_people_write_them(manager):
    police = Organisation.objects.create(code="police", label={"en": "Border police", "uk": "Прикордонна служба"})
    text = (
        "Name,E-mail,Phone,Language,Sex,Organisation,Year of birth\n"
        "  Olena   Koval ,O@Example.org,'+380 67 123 45 67,українська,ж,прикордонна служба,1990"
    )
    (row,) = Plan(batch_of(text, manager)).rows
    assert row.attributes == {
        "full_name": "Olena Koval",
        "email": "o@example.org",
        "phone": "+380671234567",
        "external_ref": None,
        "language": "uk",
        "sex": "F",
        "organisation": police,
        "birth_year": 1990,
    }


def test_somebody_who_stands_there_twice_is_enrolled_once(manager):
    text = "Name,E-mail\nOlena Koval,o@example.org\nKoval Olena,O@example.org"
    states = planned(text, manager)
    assert states[0] == ("new", [])
    assert states[1] == ("wrong", [("Name", "This person stands in line 2 already.")])


def test_a_family_may_share_an_address(manager):
    text = "Name,E-mail\nOlena Koval,o@example.org\nPetro Koval,o@example.org"
    assert [state for state, _errors in planned(text, manager)] == ["new", "new"]


def test_before_what_comes_first_a_list_takes_a_reason(manager):
    course, first = CourseFactory(), CourseFactory(title="First")
    Prerequisite.objects.create(course=course, required=first)
    done = create_participant(full_name="Olena Koval", external_ref="one")
    EnrolmentFactory(participant=done, course=first, completed_at=timezone.now(), completed_language="en")
    text = "Name,Reference\nOlena Koval,one\nPetro Bondar,two"
    assert [state for state, _errors in planned(text, manager, course=course)] == ["known", "wrong"]
    states = planned(text, manager, course=course, reason="Learned on paper")
    assert [state for state, _errors in states] == ["known", "new"]


def test_many_are_known_by_the_same_rule_as_one():
    people = [
        create_participant(full_name="Olena Koval", email="o@example.org"),
        create_participant(full_name="Petro Bondar", email="p@example.org", phone="+380671234567"),
        create_participant(full_name="Olena Koval", email="twin@example.org"),
        create_participant(full_name="Olena Koval", email="twin@example.org"),
    ]
    for one in people[1:]:
        verify_contact(one, "email")
    asked = [
        Listed("Olena Koval", "o@example.org"),
        Listed("Petro Bondar", "p@example.org"),
        Listed("Bondar Petro", "P@example.org"),
        Listed("Iryna Melnyk", "p@example.org"),
        Listed("Petro Bondar", "", "+380671234567"),
        Listed("Olena Koval", "twin@example.org"),
    ]
    matches = Matches(asked)
    assert [matches.find(one) for one in asked] == [
        find_known(full_name=one.full_name, email=one.email.lower(), phone=one.phone) for one in asked
    ]


# Writing


def test_the_good_rows_go_and_nothing_is_kept_of_the_list(manager):
    batch = batch_of(LIST + "Nobody,,\n", manager)
    assert Participant.objects.count() == 0
    assert actions.import_people(batch=batch, by=manager) == {"new": 2, "known": 0, "enrolled": 0, "wrong": 1}
    names = Participant.objects.order_by("pk").values_list("full_name", "email", "phone")
    assert list(names) == [("Олена Коваль", "olena@example.org", ""), ("Petro Bondar", "", "+380671234567")]
    assert set(Enrolment.objects.values_list("course", "source")) == {(batch.course_id, f"import:{batch.uuid}")}
    batch.refresh_from_db()
    assert (batch.rows, batch.done_at is None) == ([], False)
    assert Message.objects.filter(purpose="courses.enrolled").count() == 2
    with pytest.raises(ImportDoneError):
        actions.import_people(batch=batch, by=manager)


def test_the_same_list_sent_twice_enrols_nobody_twice(manager):
    course = CourseFactory()
    for expected in ({"new": 2, "enrolled": 0}, {"new": 0, "enrolled": 2}):
        counts = actions.import_people(batch=batch_of(LIST, manager, course=course), by=manager)
        assert {name: counts[name] for name in expected} == expected
    assert (Participant.objects.count(), Enrolment.objects.count()) == (2, 2)


def test_a_list_into_a_group_gives_all_its_courses(manager):
    group = Group.objects.create(name="A class", made_by=manager)
    for _course in range(2):
        actions.add_course(group=group, course=CourseFactory(), by=manager)
    for _time in range(2):
        actions.import_people(batch=batch_of(LIST, manager, group=group), by=manager)
    assert (Participant.objects.count(), GroupMember.objects.count(), Enrolment.objects.count()) == (2, 2, 4)


def test_whoever_is_not_to_be_told_is_not(manager):
    actions.import_people(batch=batch_of(LIST, manager, tells=False), by=manager)
    assert (Enrolment.objects.count(), Message.objects.count()) == (2, 0)


def test_a_list_of_a_thousand_takes_few_statements_more_than_one_of_ten(manager):
    def statements(count):
        text = "Name,E-mail\n" + "\n".join(f"Learner {n},l{count}-{n}@example.org" for n in range(count))
        batch = batch_of(text, manager)
        with CaptureQueriesContext(connection) as captured:
            actions.import_people(batch=batch, by=manager)
        return [one["sql"].split()[0] for one in captured.captured_queries]

    few, many = statements(10), statements(1000)
    assert [one for one in few if one != "INSERT"] == [one for one in many if one != "INSERT"]
    assert len(few) < 30


def test_a_list_that_nobody_decided_about_goes_after_a_day(manager):
    batch_of(LIST, manager)
    retention.run(now=timezone.now() + dt.timedelta(hours=23))
    before = EnrolmentImport.objects.count()
    retention.run(now=timezone.now() + dt.timedelta(hours=25))
    assert (before, EnrolmentImport.objects.count()) == (1, 0)


def test_a_list_that_names_an_erased_person_goes_with_them(manager):
    batch_of(LIST, manager)
    other = batch_of("Name,E-mail\nIryna Melnyk,i@example.org", manager)
    who = create_participant(full_name="Olena Koval", email="Olena@example.org")
    erasing.erase(participant=who, certificates="keep", by=None)
    assert list(EnrolmentImport.objects.all()) == [other]


# Pages


def upload(client, url, text=LIST, **fields):
    file = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
    return client.post(url, {"file": file, "tells": "on", **fields})


def test_a_manager_sends_a_list_sees_it_and_enrols(client, manager):
    course = CourseFactory()
    client.force_login(manager)
    say_why(client, f"enrolment:{course.pk}")
    preview = upload(client, reverse("oberih_courses:list_into_course", args=[course.pk]), LIST + "Nobody,,\n").url
    shown = text_of(client.get(preview))
    assert "Олена Коваль Line 2" in shown
    assert "E-mail: Give an e-mail, a phone or a reference" in shown
    assert ("Enrol 2 people" in shown, Enrolment.objects.count()) == (True, 0)
    done = client.post(preview, follow=True)
    assert ("2 people are enrolled." in text_of(done), Enrolment.objects.count()) == (True, 2)
    assert "have been enrolled already" in text_of(client.post(preview, follow=True))
    assert Enrolment.objects.count() == 2


def test_a_wrong_file_is_refused_beside_its_field(client, manager):
    course = CourseFactory()
    client.force_login(manager)
    say_why(client, f"enrolment:{course.pk}")
    answer = upload(client, reverse("oberih_courses:list_into_course", args=[course.pk]), "nothing of use")
    assert (answer.status_code, "No column is headed “Name”" in text_of(answer)) == (400, True)
    assert EnrolmentImport.objects.count() == 0


def test_a_list_is_its_senders_alone(client, manager):
    batch = batch_of(LIST, manager)
    client.force_login(StaffFactory(role="manager"))
    url = reverse("oberih_courses:list", args=[batch.uuid])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert Enrolment.objects.count() == 0


def test_whoever_lost_the_group_enrols_nobody_by_an_old_preview(client):
    trainer = StaffFactory(role="trainer")
    group = Group.objects.create(name="A class", made_by=trainer)
    batch = batch_of(LIST, trainer, group=group)
    Group.objects.update(made_by=manager_of_all())
    client.force_login(trainer)
    assert client.post(reverse("oberih_courses:list", args=[batch.uuid])).status_code == 404
    assert GroupMember.objects.count() == 0


def manager_of_all():
    return StaffFactory(role="manager")


def test_the_preview_takes_as_many_statements_for_a_hundred_as_for_three(client, manager):
    client.force_login(manager)

    def asked(count):
        text = "Name,E-mail\n" + "\n".join(f"Learner {n},l{count}-{n}@example.org" for n in range(count))
        url = reverse("oberih_courses:list", args=[batch_of(text, manager).uuid])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    assert asked(3) == asked(100)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_empty_list_has_headings_that_are_read_again(client, manager, language):
    client.force_login(manager)
    with translation.override(language):
        urls = [reverse("oberih_courses:list_template", args=[kind]) for kind in ("csv", "xlsx")]
    csv_file, xlsx_file = (client.get(url).content for url in urls)
    for name, content in (("a.csv", csv_file), ("a.xlsx", xlsx_file)):
        with pytest.raises(FileError, match=r"headings and no people|заголовки, але немає людей"):
            read(name, content)
    assert client.get(urls[0].replace("csv", "exe")).status_code == 404
