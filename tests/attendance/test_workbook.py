import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command

import cms
from attendance.models import Headcount, ReportedPresence
from attendance.workbook import WorkbookError, import_workbook
from events.models import CountBasis, Distribution, Event, FollowUp, OrganisationAttendance, Registration
from participants.models import Organisation, Participant, Project

pytestmark = pytest.mark.django_db

QUARTER = Path(cms.__file__).parent / "demo" / "q3-2022"

ACTIVITIES = "code,title,activity_type,delivery_mode,country,areas,starts_on,ends_on,topics\n"
TRAINING = 'T1,"Training, day one",training,onsite,UA,UA46,2022-07-04,2022-07-05,identification\n'
PARTICIPATIONS = "activity,person,full_name,sex,birth_year,category,first_present_on,sessions_present,minutes\n"


@pytest.fixture
def workbook(tmp_path):
    """Write sheets into a folder: `workbook(activities="…", …)` gives its path."""

    def write(**sheets):
        folder = tmp_path / "book"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in sheets.items():
            (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


def errors_of(path):
    """(file, line, column, value) of every error."""
    with pytest.raises(WorkbookError) as caught:
        import_workbook(path)
    assert Event.objects.count() == 0
    assert Participant.objects.count() == 0
    return [(error.file, error.line, error.column, error.value) for error in caught.value.errors]


def test_the_quarter_is_written():
    written, notes = import_workbook(QUARTER)
    assert written == {
        "activities added": 14,
        "distributions added": 2,
        "follow-up actions added": 1,
        "headcounts added": 11,
        "organisations added": 4,
        "organisations at activities added": 4,
        "venues added": 1,
    }
    assert notes == []


def test_the_same_workbook_twice_changes_nothing():
    import_workbook(QUARTER)
    before = [list(model.objects.order_by("pk").values()) for model in (Event, Headcount, FollowUp, Distribution)]
    written, _notes = import_workbook(QUARTER)
    assert written == {}
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Event, Headcount, FollowUp, Distribution)
    ]


def test_a_dry_run_writes_nothing():
    written, _notes = import_workbook(QUARTER, dry_run=True)
    assert written["activities added"] == 14
    assert Event.objects.count() == 0


def test_an_imported_activity_is_closed_in_its_capitals_zone_and_says_how_it_was_counted():
    import_workbook(QUARTER)
    rows = {event.code: (event.state, event.zone, event.counted_by) for event in Event.objects.all()}
    assert rows["UA-FEST"] == ("closed", "Europe/Kyiv", CountBasis.HEADCOUNT)
    assert rows["UA-IPM"] == ("closed", "Europe/Kyiv", CountBasis.NOT_COUNTED)
    assert rows["MD-CHI"] == ("closed", "Europe/Chisinau", CountBasis.HEADCOUNT)
    assert rows["AT-INF"] == ("closed", "Europe/Vienna", CountBasis.HEADCOUNT)


def test_persons_are_frozen_row_by_row_and_counted_by_their_reference(workbook):
    path = workbook(
        activities=ACTIVITIES + TRAINING + "T2,Second,webinar,online,UA,,2022-08-01,2022-08-01,safe_migration\n",
        participations="activity,person,full_name,email,sex,birth_year,category,organisation,first_present_on,"
        "sessions_present,minutes,completed_on\n"
        "T1,P-1,Олена Коваль,olena@example.org,F,1990,volunteer,Карітас,2022-07-04,2,480,2022-07-05\n"
        "T2,P-1,Олена Коваль,,F,1990,ngo_staff,Карітас,2022-08-01,1,90,\n",
    )
    import_workbook(path)
    person = Participant.objects.get()
    assert (person.latin_name, person.email, person.category.code) == (
        "Olena Koval",
        "olena@example.org",
        "ngo_staff",
    )
    frozen = Registration.objects.order_by("event__code").values_list("category__code", "age_band", "status")
    assert list(frozen) == [("volunteer", "A25_35", "confirmed"), ("ngo_staff", "A25_35", "confirmed")]
    assert [str(row.label) for row in Organisation.objects.all()] == ["Карітас"]
    assert ReportedPresence.objects.values_list("sessions_present", "minutes").order_by("pk").first() == (2, 480)


def test_a_changed_cell_changes_its_row_and_nothing_else(workbook):
    rows = (
        PARTICIPATIONS
        + "T1,P-1,Olena,F,1990,volunteer,2022-07-04,2,480\nT1,P-2,Ivan,M,1985,police,2022-07-04,1,240\n"
    )
    import_workbook(workbook(activities=ACTIVITIES + TRAINING, participations=rows))
    written, _notes = import_workbook(
        workbook(activities=ACTIVITIES + TRAINING, participations=rows.replace("2,480", "1,240"))
    )
    assert written == {"participations changed": 1}


def test_unknown_projects_and_organisations_are_made(workbook):
    import_workbook(
        workbook(
            activities="code,title,activity_type,starts_on,project\nT1,One,training,2022-07-04,CT-01\n",
            organisations="activity,organisation,role,base_area,persons_sent\nT1,Red Cross,participant,UA46,3\n",
        )
    )
    assert Project.objects.get().code == "CT-01"
    assert Event.objects.get().project.code == "CT-01"
    assert OrganisationAttendance.objects.values_list(
        "organisation__code", "base_area__code", "persons_sent"
    ).get() == ("red-cross", "UA46", 3)


def test_a_headcount_line_that_is_gone_is_taken_back(workbook):
    book = {"activities": ACTIVITIES + TRAINING}
    import_workbook(workbook(**book, headcounts="activity,value,unit\nT1,30,persons\nT1,2,sites\n"))
    written, _notes = import_workbook(
        workbook(**book, headcounts="activity,value,unit\nT1,31,persons\nT1,2,sites\n")
    )
    assert written == {"headcounts added": 1, "headcounts removed": 1}
    assert sorted(Headcount.objects.values_list("value", "unit")) == [(2, "sites"), (31, "persons")]


def test_every_error_is_told_at_once_with_its_place(workbook):
    path = workbook(
        activities=ACTIVITIES
        + "T1,One,training,onsite,UA,UA46,2022-13-01,2022-07-05,identification\n"
        + "T2,Two,trainning,onsite,XX,UA99,2022-07-05,2022-07-04,nonsense\n",
        participations=PARTICIPATIONS
        + "T9,P-1,Olena,Q,90,teacher,04.07.2022,-1,many\n"
        + "T2,,Olena,F,1990,volunteer,2022-07-04,1,60\n",
        headcounts="activity,value,qualifier,unit\nT1,-5,over,people\n",
    )
    assert errors_of(path) == [
        ("activities.csv", 2, "starts_on", "2022-13-01"),
        ("activities.csv", 3, "activity_type", "trainning"),
        ("activities.csv", 3, "country", "XX"),
        ("activities.csv", 3, "areas", "UA99"),
        ("activities.csv", 3, "topics", "nonsense"),
        ("activities.csv", 3, "ends_on", "2022-07-04"),
        ("headcounts.csv", 2, "value", "-5"),
        ("headcounts.csv", 2, "qualifier", "over"),
        ("headcounts.csv", 2, "unit", "people"),
        ("participations.csv", 2, "activity", "T9"),
        ("participations.csv", 2, "birth_year", "90"),
        ("participations.csv", 2, "sex", "Q"),
        ("participations.csv", 2, "category", "teacher"),
        ("participations.csv", 2, "first_present_on", "04.07.2022"),
        ("participations.csv", 2, "sessions_present", "-1"),
        ("participations.csv", 2, "minutes", "many"),
        ("participations.csv", 3, "person", ""),
        ("participations.csv", 3, "first_present_on", "2022-07-04"),
    ]


@pytest.mark.parametrize(
    ("codec", "line"), [("utf-16", 1), ("utf-16-le", 1), ("cp1251", 2)], ids=["utf-16", "no mark", "windows"]
)
def test_another_encoding_is_named_instead_of_read_as_nonsense(workbook, codec, line):
    text = ACTIVITIES + "T1,Тренінг,training,onsite,UA,UA46,2022-07-04,2022-07-05,identification\n"
    assert errors_of(workbook(activities=text.encode(codec))) == [("activities.csv", line, "", "")]


def test_a_byte_order_mark_and_semicolons_are_read(workbook):
    text = (ACTIVITIES + TRAINING.replace(", day", " day")).replace(",", ";")
    import_workbook(workbook(activities=text.encode("utf-8-sig")))
    assert Event.objects.get().areas.get().code == "UA46"


def test_activities_must_be_there(workbook):
    path = workbook(headcounts="activity,value\nT1,5\n")
    assert errors_of(path) == [("book", None, "", ""), ("headcounts.csv", 2, "activity", "T1")]


def test_a_naive_swap_of_iso_and_p_codes_is_an_unknown_code(workbook):
    """UA44 is UA-09: an ISO code in this column could mean another region, so it is never guessed."""
    text = ACTIVITIES + TRAINING.replace("UA46", "UA-46")
    assert errors_of(workbook(activities=text)) == [("activities.csv", 2, "areas", "UA-46")]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"activities": ACTIVITIES + TRAINING + TRAINING}, ("activities.csv", 3, "code", "T1")),
        ({"activities": "code,titel,activity_type,starts_on\n"}, ("activities.csv", 1, "titel", "")),
        ({"activities": ""}, ("activities.csv", 1, "", "")),
        ({"activities": ACTIVITIES + '"T1,One\n'}, ("activities.csv", 2, "", "")),
        ({"activities": ACTIVITIES + TRAINING.rstrip() + ",more\n"}, ("activities.csv", 2, "", "")),
        (
            {
                "activities": ACTIVITIES + TRAINING,
                "participations": PARTICIPATIONS + "T1,P,O,F,1990,,2022-07-04,1,60\n" * 2,
            },
            ("participations.csv", 3, "person", "P"),
        ),
        (
            {"activities": ACTIVITIES + TRAINING, "headcount": "activity,value\nT1,5\n"},
            ("headcount.csv", None, "", ""),
        ),
        (
            {"activities": ACTIVITIES + TRAINING, "headcounts": "activity,value,part_of\nT1,5,T7\n"},
            ("headcounts.csv", 2, "part_of", "T7"),
        ),
    ],
    ids=["twice", "column", "empty", "quote", "too many cells", "person twice", "sheet name", "part of"],
)
def test_one_error(workbook, sheets, expected):
    assert errors_of(workbook(**sheets)) == [expected]


def test_activities_that_hold_one_another_are_refused(workbook):
    two = TRAINING + TRAINING.replace("T1", "T2")
    path = workbook(activities=ACTIVITIES + two, headcounts="activity,value,part_of\nT1,5,T2\nT2,9,T1\n")
    assert errors_of(path) == [("headcounts.csv", 2, "part_of", "T2"), ("headcounts.csv", 3, "part_of", "T1")]


def test_the_command_shows_errors_and_ends_with_one(workbook, capsys):
    path = workbook(activities=ACTIVITIES + TRAINING.replace("UA46", "UA99"))
    with pytest.raises(SystemExit) as ended:
        call_command("import_workbook", path)
    shown = capsys.readouterr()
    assert ended.value.code == 1
    assert shown.out == ""
    assert "activities.csv, line 2, column areas: “UA99”" in shown.err
    assert "1 error; nothing was written." in shown.err


def test_xlsx_with_the_same_sheets_gives_the_same(tmp_path, workbook):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Activities"
    sheet.append(["code", "title", "activity_type", "country", "starts_on", "ends_on", "sessions"])
    sheet.append(["T1", "One", "training", "UA", "2022-07-04", "2022-07-05", 4.0])
    counts = book.create_sheet("headcounts")
    counts.append(["activity", "value"])
    counts.append(["T1", 30])
    book.create_sheet("Notes").append(["anything"])
    book.save(tmp_path / "book.xlsx")
    written, notes = import_workbook(tmp_path / "book.xlsx")
    assert written == {"activities added": 1, "headcounts added": 1}
    assert notes == ["book.xlsx [Notes] was not read: no sheet of this name is known."]
    assert Event.objects.get().sessions_reported == 4


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_xlsx_is_told_as_an_error(tmp_path, part):
    book = openpyxl.Workbook()
    book.active.title = "activities"
    book.active.append(["code", "activity_type", "starts_on"])
    whole, path = tmp_path / "whole.xlsx", tmp_path / "book.xlsx"
    book.save(whole)
    with zipfile.ZipFile(whole) as sound, zipfile.ZipFile(path, "w") as damaged:
        for name in sound.namelist():
            damaged.writestr(name, sound.read(name)[:-9] if name == part else sound.read(name))
    assert errors_of(path) == [("book.xlsx", None, "", "")]


def test_a_site_event_is_not_overwritten(workbook):
    import_workbook(workbook(activities=ACTIVITIES + TRAINING))
    Event.objects.update(is_imported=False)
    with pytest.raises(WorkbookError) as caught:
        import_workbook(workbook(activities=ACTIVITIES + TRAINING))
    assert [error.column for error in caught.value.errors] == ["code"]


def test_rows_are_written_in_batches(workbook, django_assert_max_num_queries):
    """SQLite takes 999 values a statement, some fifty rows; a statement a row would be 9,000."""
    lines = "".join(f"T1,P-{n},Person {n},F,1990,volunteer,2022-07-04,1,60\n" for n in range(3000))
    path = workbook(activities=ACTIVITIES + TRAINING, participations=PARTICIPATIONS + lines)
    with django_assert_max_num_queries(200):
        import_workbook(path)
    assert ReportedPresence.objects.count() == 3000


def test_activities_that_hold_one_another_over_two_imports_are_refused(workbook):
    two = ACTIVITIES + TRAINING + TRAINING.replace("T1", "T2")
    import_workbook(workbook(activities=two, headcounts="activity,value,part_of\nT1,5,T2\n"))
    with pytest.raises(WorkbookError) as caught:
        import_workbook(workbook(activities=two, headcounts="activity,value,part_of\nT2,9,T1\n"))
    assert [(error.line, error.column, error.value) for error in caught.value.errors] == [(2, "part_of", "T1")]


@pytest.mark.parametrize("venues", ["A" * 201, "Hall\x07"])
def test_what_no_database_or_spreadsheet_takes_is_refused(workbook, venues):
    text = f"code,activity_type,starts_on,venues\nT1,training,2022-07-04,{venues}\n"
    assert errors_of(workbook(activities=text)) == [("activities.csv", 2, "venues", venues)]


def test_a_new_address_ends_the_links_that_were_sent_to_the_old_one(workbook):
    rows = "activity,person,full_name,email,first_present_on\nT1,P-1,Olena,{},2022-07-04\n"
    for address in ("old@example.org", "old@example.org", "new@example.org"):
        import_workbook(workbook(activities=ACTIVITIES + TRAINING, participations=rows.format(address)))
    person = Participant.objects.get()
    assert (person.email, person.link_version, person.contact_keys.count()) == ("new@example.org", 2, 1)
