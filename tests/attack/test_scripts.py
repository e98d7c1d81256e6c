"""Scripts that somebody wrote into a text: none reaches a reader, by which field it ever came."""

import ast
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.html import escape

from cms.models import StandardPage
from courses.blocks import RICH_TEXT, TextBlock
from tests.events.factories import EventFactory, register, trainer

ROOT = Path(__file__).parents[2]
ROOMS = [path.parent for path in sorted(ROOT.glob("*/apps.py"))]
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "<a href=javascript:alert(1)>x</a>",
    "</title><script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}{% load static %}",
]
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
]


class Running(HTMLParser):
    """The tags and attributes of a page that run something, as a browser takes them."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = {name: re.sub(r"[\x00-\x20]", "", value or "").lower() for name, value in attrs}
        # A script of this type is data; browsers run nothing of it.
        is_data = given.get("type") == "application/json"
        if tag in {"iframe", "object", "embed", "base"} or (
            tag == "script" and not is_data and not given.get("src", "").startswith("/static/")
        ):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}"
            for name, value in given.items()
            if name.startswith("on") or value.startswith(("javascript:", "vbscript:", "data:"))
        ]


def running(html):
    parser = Running()
    parser.feed(html)
    return parser.found


def pasted(text, **link):
    """What Wagtail's editor sends: a paragraph, and a link on its first word."""
    block = {"key": "a", "type": "unstyled", "text": text, "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    entities = {}
    if link:
        block["entityRanges"] = [{"offset": 0, "length": 1, "key": 0}]
        entities = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": link}}
    return json.dumps({"blocks": [block], "entityMap": entities})


def saved_in_a_block(sent):
    block = TextBlock()
    return str(block.value_from_datadict({"text": sent}, {}, "text").source)


def saved_in_a_field(sent):
    field = StandardPage._meta.get_field("body").formfield()
    return str(field.widget.value_from_datadict({"body": sent}, {}, "body"))


@pytest.mark.django_db
@pytest.mark.parametrize("saved", [saved_in_a_block, saved_in_a_field])
@pytest.mark.parametrize("text", SCRIPTS)
def test_what_is_pasted_as_text_stays_text(saved, text):
    kept = saved(pasted(text))
    assert running(kept) == []
    assert escape(text).replace("&#x27;", "'").split("&quot;")[0] in kept


@pytest.mark.django_db
@pytest.mark.parametrize("saved", [saved_in_a_block, saved_in_a_field])
@pytest.mark.parametrize("url", LINKS)
def test_a_link_leads_to_a_page_and_runs_nothing(saved, url):
    assert running(saved(pasted("Press here", url=url))) == []
    assert 'href="https://example.org/"' in saved(pasted("Press here", url="https://example.org/"))


@pytest.mark.django_db
@pytest.mark.parametrize("saved", [saved_in_a_block, saved_in_a_field])
@pytest.mark.parametrize("kind", ["IMAGE", "EMBED", "DOCUMENT", "HORIZONTAL_RULE"])
def test_what_the_editor_does_not_offer_is_not_kept(saved, kind):
    sent = json.loads(pasted("x", url="https://evil.example/"))
    sent["blocks"][0]["type"] = "atomic"
    sent["entityMap"]["0"]["type"] = kind
    kept = saved(json.dumps(sent))
    assert [name for name in ("<embed", "<iframe", "<img", "evil.example") if name in kept] == []


def test_every_rich_text_names_what_may_be_in_it():
    """A field without a list has all that Wagtail can do, and all that a package adds to it later."""
    assert set(RICH_TEXT) == {"h2", "h3", "bold", "italic", "ol", "ul", "link"}
    fields = [
        (path, call)
        for room in ROOMS
        for path in room.rglob("*.py")
        if "migrations" not in path.parts
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) == "RichTextField"
    ]
    assert fields
    assert [
        (str(path), call.lineno)
        for path, call in fields
        if "RICH_TEXT" not in [getattr(word.value, "id", "") for word in call.keywords if word.arg == "features"]
    ] == []
    assert TextBlock().features == RICH_TEXT


@pytest.mark.django_db
@pytest.mark.parametrize("text", SCRIPTS)
def test_what_a_trainer_writes_is_shown_as_it_is_written(client, text):
    by = trainer()
    event = EventFactory(title=text, summary=text)
    event.trainers.add(by)
    client.force_login(by)
    for address in (f"/en/events/{event.code}/", "/en/events/", f"/en/trainings/{event.uuid}/"):
        html = client.get(address).content.decode()
        assert running(html) == [], address
    assert "SECRET" not in html or "{{ settings.SECRET_KEY }}" in html


@pytest.mark.django_db
@pytest.mark.parametrize("text", SCRIPTS)
def test_what_somebody_registers_as_is_shown_to_staff_as_it_is(client, consent_texts, text):
    event, by = EventFactory(), trainer()
    event.trainers.add(by)
    made = register(event, full_name=text, source="staff").registration
    client.force_login(by)
    session = event.sessions.get()
    for address in (
        f"/en/trainings/{event.uuid}/",
        f"/en/trainings/{event.uuid}/people/{made.uuid}/",
        f"/en/registers/{session.pk}/",
    ):
        html = client.get(address).content.decode()
        assert escape(text) in html, address
        assert running(html) == [], address


def test_what_somebody_searches_for_is_shown_as_it_is(client, site_tree):
    for text in SCRIPTS:
        for address in ("/en/events/", "/en/verify/", "/en/accounts/login/"):
            assert running(client.get(address, {"q": text, "next": text, "to": text}).content.decode()) == []


def test_a_page_that_shows_them_would_be_found():
    """The control: what the tests above call harmless is found where it is not."""
    page = Template("{% autoescape off %}<title>{{ text }}</title>{% endautoescape %}")
    assert all(running(page.render(Context({"text": text}))) for text in SCRIPTS[:-1])
    assert running('<a href="javascript:alert(1)">') == ["a href"]


def test_no_template_trusts_a_value():
    """Mails' plain texts apart, which are no pages."""
    trusting = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off|{%\s*filter\s+safe")
    found = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in room.rglob("templates/**/*")
        if path.suffix == ".html" and trusting.search(path.read_text())
    ]
    assert found == []


def test_no_code_trusts_a_value():
    """`mark_safe` for what is written there and then, `format_html` with its form written there and then."""
    found = []
    for room in ROOMS:
        for path in room.rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                name = (
                    getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
                )
                if name in {
                    "mark_safe",
                    "SafeString",
                    "SafeText",
                    "format_html",
                    "format_html_join",
                    "format_html_lazy",
                }:
                    form = call.args[1 if name == "format_html_join" else 0]
                    if not isinstance(form, ast.Constant):
                        found.append((str(path.relative_to(ROOT)), call.lineno))
    assert found == []
