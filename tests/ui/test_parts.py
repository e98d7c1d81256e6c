import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import override_settings

from ui import charts
from ui.checks import check_leave_url
from ui.templatetags import oberih_ui


class PlaceForm(forms.Form):
    name = forms.CharField(help_text="As on the certificate.")
    sex = forms.ChoiceField(widget=forms.RadioSelect, choices=[("f", "Woman"), ("m", "Man")])
    consent = forms.BooleanField()
    note = forms.CharField(required=False)


@pytest.fixture
def refused():
    return PlaceForm({})


def test_error_summary_links_to_what_takes_the_focus(refused):
    html = render_to_string("oberih/ui/_error_summary.html", {"form": refused})
    form = render_to_string("oberih/ui/_form.html", {"form": refused})

    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_name", "id_sex_0", "id_consent"]
    assert [target for target in targets if f'id="{target}"' not in form] == []


def test_every_description_named_by_a_widget_exists(refused):
    html = render_to_string("oberih/ui/_form.html", {"form": refused})

    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert named == {"id_name_helptext", "id_name_error", "id_sex_error", "id_consent_error"}
    assert {name for name in named if f'id="{name}"' not in html} == set()


def test_form_without_errors_has_no_summary():
    assert "ob-errors" not in render_to_string("oberih/ui/_form.html", {"form": PlaceForm()})


def test_suppressed_cell_has_no_length():
    rows = [
        {"label": "A", "value": 2000},
        {"label": "B", "value": 1},
        {"label": "C", "value": None, "text": "fewer than 5"},
    ]

    assert [row["length"] for row in charts.bars(rows)] == ["1000", "1", "0"]


def test_pyramid_has_one_scale_for_both_sides():
    rows = charts.pyramid(
        [{"label": "18-29", "start": 40, "end": 10}, {"label": "14-17", "start": 20, "end": None}]
    )

    assert [(row["start_length"], row["end_length"]) for row in rows] == [("1000", "250"), ("500", "0")]


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_lengths_are_not_localised():
    html = render_to_string("oberih/ui/_bars.html", {"caption": "People", "rows": [{"label": "A", "value": 2000}]})

    assert 'width="1000"' in html
    assert "2,000" in html


def test_table_refuses_a_row_of_another_length():
    with pytest.raises(ValueError, match="shorter"):
        oberih_ui.table_row([{"label": "A"}, {"label": "B", "number": True}], ["one"])


def test_notice_has_a_word_for_each_kind():
    looks = {kind: oberih_ui.notice_look(kind) for kind in ("success", "warning", "error", "debug")}

    assert {kind: (look["icon"], look["word"]) for kind, look in looks.items()} == {
        "success": ("check", "Done"),
        "warning": ("alert", "Please note"),
        "error": ("cross", "Problem"),
        "debug": ("info", "Information"),
    }


def test_icon_is_hidden_unless_it_is_labelled():
    assert 'aria-hidden="true"' in oberih_ui.icon("check")
    assert 'role="img" aria-label="&lt;Present&gt;"' in oberih_ui.icon("check", label="<Present>")


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("https://weather.example/", []),
        ("/weather/", ["oberih_ui.E001"]),
        ("http://weather.example/", ["oberih_ui.E001"]),
    ],
    ids=["https", "relative", "http"],
)
def test_leave_url_is_checked(url, ids):
    with override_settings(OBERIH_LEAVE_URL=url):
        assert [error.id for error in check_leave_url(None)] == ids
