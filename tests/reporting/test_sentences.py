import datetime as dt
from pathlib import Path

import pytest

import cms
from attendance.workbook import import_workbook
from reporting import sentences
from reporting.measures import People
from reporting.scope import Filters, Window

pytestmark = pytest.mark.django_db

QUARTER = Path(cms.__file__).parent / "demo" / "q3-2022"
Q3 = Window(dt.date(2022, 7, 1), dt.date(2022, 9, 30))


def test_the_quarter_is_told_one_sentence_an_activity():
    import_workbook(QUARTER)
    told, untold = sentences.tell(People(Q3, Filters()))
    by_code = {sentence.code: sentence.text for sentence in told}
    assert by_code["UA-YSS-1"] == (
        "61 young people took part in three Youth Summer Schools (Ukraine: Vinnytska, Ivano-Frankivska, Lvivska). "
        "Afterwards those who took part held 4 prevention actions (29 July 2022 – 30 July 2022)."
    )
    assert by_code["UA-FEST"].startswith("Over 300 young people took part: “Molodvizh Fest")
    assert by_code["NO-ERC"].startswith("Since April 2022, 33 sites were visited: “Visits to emergency reception")
    assert by_code["AT-INF"].startswith("Since April 2022: 6 sessions, 99 persons.")
    assert by_code["PL-CT"].startswith(
        "Since February 2022, over 245 persons took part: “Counter-trafficking trainings”"
    )
    assert sorted(by_code) == [
        "AT-INF", "MD-CHI", "NO-ERC", "PL-CAP", "PL-CT", "PL-WEB", "SK-PRE", "UA-FEST", "UA-IPM", "UA-YSS-1",
    ]  # fmt: skip
    assert {sentence.code: sentence.missing for sentence in untold} == {
        "BY-NEW": "The report names no number of participants",
        "DE-VOL": "The report names no number of participants",
        "MD-DIS": "The report names no number of participants",
        "MD-RAC": "The report names no number of participants",
        "UA-IPM": "The report names oblasts but no number of participants",
    }


def test_what_was_given_out_is_told_in_its_own_unit():
    import_workbook(QUARTER)
    assert [sentence.text for sentence in sentences.tell_distributions(People(Q3, Filters()))] == [
        'Over 90 sets: Board game "Liza and her friends traveling the world" (Moldova).',
        "5,000 copies: Counter-trafficking leaflet (Hungary).",
    ]
