import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from i18nfield.strings import LazyI18nString

from safeguarding.models import Helpline
from safeguarding.templatetags.oberih_safeguarding import dialled, for_reader

pytestmark = pytest.mark.django_db


def line(number, languages, **fields):
    name = LazyI18nString({"en": f"Line {number}", "uk": f"Лінія {number}"})
    return Helpline.objects.create(country="UA", number=number, name=name, languages=languages, **fields)


def test_a_reader_finds_the_lines_that_speak_their_language_first():
    english, ukrainian = line("100", ["en"], position=1), line("200", ["uk"], position=2)
    line("300", ["uk"], is_active=False)
    with translation.override("uk"):
        assert for_reader() == [ukrainian, english]
    with translation.override("en"):
        assert for_reader() == [english, ukrainian]


def test_a_page_that_shows_them_twice_reads_them_once(django_assert_num_queries):
    line("527", ["uk"])
    context = Context({"request": RequestFactory().get("/")})
    with django_assert_num_queries(1), translation.override("uk"):
        shown = Template("{% load oberih_safeguarding %}{% helplines %}{% helplines %}").render(context)
    assert shown.count("Лінія 527") == 2


def test_a_number_is_dialled_without_spaces():
    assert dialled("+38 (0) 800-505 501") == "+380800505501"
