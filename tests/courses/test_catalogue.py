"""The catalogue: filters, search, languages, and what it costs."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction

from cms.models import CoursePage, ModulePage
from courses import catalogue
from participants.models import Category, Topic
from tests.courses import trees

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def titles(response):
    return [entry["title"] for entry in response.context_data["courses"]]


def add(index, title, *, topics=(), audiences=(), **fields):
    number = CoursePage.objects.count()
    page = CoursePage(**{"title": title, "slug": f"course-{number}", "summary": "About it.", **fields})
    page.topics, page.audiences = list(topics), list(audiences)
    return trees.add(index, page)


@pytest.fixture
def shelf(index):
    """Four courses: two in English, one in both languages, one in Ukrainian. Returns the English catalogue."""
    parent = Topic.objects.create(code="shelf-parent", label="Protection", position=1)
    child = Topic.objects.create(code="shelf-child", label="Children", position=2, parent=parent)
    guard = Category.objects.create(code="shelf-guard", label="Border guards")
    ukrainian = index.get_translation(Locale.objects.get(language_code="uk"))
    add(index, "Short", topics=[child], minutes=15, summary="What to say in the first hour.")
    add(index, "Long", topics=[parent], minutes=61, audiences=[guard], outcomes="recognise indicators")
    both = add(index, "Both", minutes=60)
    trees.translate(both, ukrainian.locale, "Обидві")
    add(ukrainian, "Торгівля людьми", minutes=16)
    return index


def test_each_course_is_listed_once_in_the_readers_language_if_it_can_be(client, shelf):
    response = client.get(shelf.get_url())
    assert [(one["title"], one["url"][:4], one["tag"]) for one in response.context_data["courses"]] == [
        ("Short", "/en/", ""),
        ("Long", "/en/", ""),
        ("Both", "/en/", ""),
        ("Торгівля людьми", "/uk/", "Українська"),
    ]
    assert "4 courses" in text_of(response)
    ukrainian = client.get(shelf.get_url().replace("/en/", "/uk/"))
    assert titles(ukrainian) == ["Обидві", "Торгівля людьми", "Short", "Long"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"topic": "shelf-parent"}, ["Short", "Long"]),
        ({"topic": "shelf-child"}, ["Short"]),
        ({"language": "uk"}, ["Both", "Торгівля людьми"]),
        ({"length": "short"}, ["Short"]),
        ({"length": "medium"}, ["Both", "Торгівля людьми"]),
        ({"length": "long"}, ["Long"]),
        ({"audience": "shelf-guard"}, ["Long"]),
        ({"topic": "shelf-parent", "length": "long"}, ["Long"]),
        ({"topic": "shelf-child", "length": "long"}, []),
        ({"q": "hours"}, ["Short"]),
        ({"q": "indicator recognised"}, ["Long"]),
        ({"q": "торгівлі"}, ["Торгівля людьми"]),
        ({"q": "обидвох"}, ["Both"]),
        ({"q": "first", "length": "long"}, []),
        ({"q": '"fi*rst" OR (', "topic": "shelf-child"}, []),
        ({"q": "zzzz"}, []),
        (
            {"topic": "no-such-topic", "length": "eternal", "page": "many"},
            ["Short", "Long", "Both", "Торгівля людьми"],
        ),
    ],
)
def test_filters_and_search_narrow_the_catalogue(client, shelf, query, expected):
    response = client.get(shelf.get_url(), query)
    assert response.status_code == 200
    assert titles(response) == expected


def test_a_lessons_title_leads_to_its_course(client, shelf):
    both = CoursePage.objects.get(title="Обидві")
    module = trees.add(both, ModulePage(title="Module", slug="module"))
    trees.add(module, trees.lesson("Психологічна допомога", slug="lesson"))
    assert titles(client.get(shelf.get_url(), {"q": "допомогу"})) == ["Both"]


def test_what_is_found_in_the_courses_own_words_comes_first(client, shelf):
    short = CoursePage.objects.get(title="Short")
    module = trees.add(short, ModulePage(title="Module", slug="module"))
    trees.add(module, trees.lesson("Indicators", slug="lesson"))
    assert titles(client.get(shelf.get_url(), {"q": "indicators"})) == ["Long", "Short"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("x", "Write at least two letters"),
        ("!!!", "Write at least two letters"),
        ("zzzz", "No course speaks of “zzzz”"),
    ],
)
def test_nothing_found_says_what_to_do_next(client, shelf, query, said):
    response = client.get(shelf.get_url(), {"q": query})
    assert said in text_of(response)
    assert f'href="{shelf.get_url()}"' in response.content.decode()


def test_an_empty_catalogue_says_so_and_has_no_filters(client, index):
    response = client.get(index.get_url())
    assert "No courses yet" in text_of(response)
    assert "<form" not in response.content.decode()


def test_filters_offer_only_what_the_catalogue_holds(client, shelf):
    Topic.objects.create(code="shelf-unused", label="Unused")
    form = client.get(shelf.get_url()).context_data["form"]
    assert [(code, str(label)) for code, label in form.fields["topic"].choices] == [
        ("", "All topics"),
        ("shelf-parent", "Protection"),
        ("shelf-child", "– Children"),
    ]
    assert [code for code, _label in form.fields["language"].choices] == ["", "en", "uk"]
    assert [code for code, _label in form.fields["audience"].choices] == ["", "shelf-guard"]


def test_each_filter_in_use_can_be_removed(client, shelf):
    response = client.get(shelf.get_url(), {"q": "first", "topic": "shelf-child", "length": "eternal"})
    url = shelf.get_url()
    assert response.context_data["active"] == [
        {"label": "“first”", "url": f"{url}?topic=shelf-child"},
        {"label": "Children", "url": f"{url}?q=first"},
    ]
    assert '<input type="hidden" name="topic" value="shelf-child">' in response.content.decode()


def test_a_course_for_some_only_is_not_listed(client, shelf):
    page = CoursePage.objects.get(title="Long")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert titles(client.get(shelf.get_url())) == ["Short", "Both", "Торгівля людьми"]


def test_the_catalogue_is_the_same_for_every_stranger(client, shelf):
    response = client.get(shelf.get_url(), {"q": "first"})
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert "private" not in response.get("Cache-Control", "")
    assert dict(response.cookies) == {}


def test_the_front_page_shows_the_first_courses(rf: RequestFactory, shelf):
    assert [entry["title"] for entry in catalogue.front(rf.get("/en/"), limit=2)] == ["Short", "Long"]


def test_a_reader_of_arabic_keeps_the_arabic_page(client, shelf):
    response = client.get(shelf.get_url().replace("/en/", "/ar/"))
    assert [entry["url"][:4] for entry in response.context_data["courses"]] == ["/ar/", "/ar/", "/ar/", "/uk/"]


@trees.drawing
def test_an_image_is_decoration_in_the_list_and_described_on_the_page(client, shelf):
    page = CoursePage.objects.get(title="Short")
    page.image = trees.image(description="Tents beside a road")
    trees.publish(page)
    (listed,) = re.findall(r"<img [^>]*>", client.get(shelf.get_url()).content.decode())
    assert 'alt=""' in listed
    assert "srcset=" in listed
    (shown,) = re.findall(r"<img [^>]*>", client.get(page.get_url()).content.decode())
    assert 'alt="Tents beside a road"' in shown


def statements(client, url):
    client.get(url)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@trees.drawing
def test_thirty_courses_cost_as_much_as_three(client, index):
    topic = Topic.objects.create(code="shelf-topic", label="Protection")
    guard = Category.objects.create(code="shelf-guard", label="Border guards")
    urls = [index.get_url(), f"{index.get_url()}?q=course&topic=shelf-topic&audience=shelf-guard"]
    counts = []
    for number in range(30):
        page = add(index, f"Course {number}", topics=[topic], audiences=[guard], minutes=5, image=trees.image())
        module = trees.add(page, ModulePage(title="Module", slug="module"))
        trees.add(module, trees.lesson(f"Lesson {number}", slug="lesson"))
        if number in {2, 29}:
            counts.append([statements(client, url) for url in urls])
    assert counts[0] == counts[1]
    # Half of these are Wagtail's own: the site, the page, its restrictions, its translations, the menu.
    assert counts[0][0] <= 32
    response = client.get(index.get_url())
    assert (len(titles(response)), "30 courses" in text_of(response)) == (24, True)
    assert len(titles(client.get(index.get_url(), {"page": 2}))) == 6
