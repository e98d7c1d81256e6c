"""Texts that organisers and people write end in mails and on paper: nothing in them is filled in, fetched or read."""

import http.server
import threading

import pypdfium2
import pytest
from django.core import mail
from i18nfield.strings import LazyI18nString

from certificates import rendering
from certificates.exceptions import PaperError
from tests.certificates.factories import a_snapshot
from tests.events.factories import EventFactory, register

PLACEHOLDERS = [
    "{event.__class__.__init__.__globals__}",
    "{0.__class__}",
    "{settings.SECRET_KEY}",
    "{{ settings.SECRET_KEY }}",
    "{{ request.user.password }}",
    "{% include 'oberih/base.html' %}",
    "{% debug %}",
    "%(name)s %(secret)s %s %d",
    "${SECRET_KEY}",
    "$name",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_looks_like_a_placeholder_is_sent_as_it_is(text, consent_texts, django_capture_on_commit_callbacks):
    event = EventFactory(title=LazyI18nString({"en": f"Training {text}"}))
    with django_capture_on_commit_callbacks(execute=True):
        register(event, full_name=f"Olena {text}", email="olena@example.org")
    (message,) = mail.outbox
    assert f"Training {text}" in message.subject + message.body
    assert "tests-only-tests-only" not in message.subject + message.body + str(message.alternatives)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


@pytest.mark.parametrize("text", [one for one in PLACEHOLDERS if "/" not in one])
def test_what_looks_like_a_placeholder_is_printed_as_it_is(text):
    printed = text_of(rendering.render(a_snapshot(title=text, title_en=text)))
    assert "".join(text.split()) in "".join(printed.split())


class Canary:
    """A server inside of the walls, that tells when somebody calls on it."""

    def __init__(self):
        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def canary():
    canary = Canary()
    yield canary
    canary.stop()


@pytest.fixture
def secret(tmp_path):
    """A file of the machine that nobody outside should ever hold."""
    path = tmp_path / "secret.txt"
    path.write_text("the contents of a secret file")
    return path


def calls(canary, secret):
    """Ways to make whoever draws a page fetch something, or take a file along."""
    return [
        f'<img src="{canary.url}/image.png">',
        f'<link rel="stylesheet" href="{canary.url}/style.css">',
        f'<style>@import "{canary.url}/import.css"; body {{ background: url({canary.url}/back.png) }}</style>',
        f'<svg><image href="{canary.url}/svg.png"/></svg>',
        f'<object data="{canary.url}/object"></object>',
        f'<link rel="attachment" href="{secret.as_uri()}">',
        f'<a rel="attachment" href="{secret.as_uri()}">x</a>',
    ]


@pytest.mark.parametrize("field", ["name", "title", "issuer", "latin_name"])
def test_a_certificate_fetches_nothing_whatever_is_written_on_it(canary, secret, field):
    for call in calls(canary, secret):
        try:
            pdf = rendering.render(a_snapshot(**{field: call}))
        except PaperError:
            # Too long to be a title: refused before it is drawn.
            continue
        assert (canary.asked, b"EmbeddedFile" in pdf, b"secret file" in pdf) == ([], False, False)


def drawn(html, fetcher):
    return (
        rendering._engine()
        .HTML(string=html, url_fetcher=fetcher, base_url="asset:")
        .write_pdf(uncompressed_pdf=True)
    )


def test_even_a_page_made_of_calls_fetches_nothing(canary, secret):
    """Should markup ever get into the paper's template, there is still nobody who would fetch it."""
    pdf = drawn("<body>" + "".join(calls(canary, secret)), rendering._engine().fetcher)
    assert (canary.asked, b"EmbeddedFile" in pdf, b"secret file" in pdf) == ([], False, False)


def test_the_library_by_itself_would_fetch_all_of_it(canary, secret):
    """The control."""
    import weasyprint

    pdf = drawn("<body>" + "".join(calls(canary, secret)), weasyprint.urls.URLFetcher())
    assert {"/image.png", "/style.css", "/import.css"} <= set(canary.asked)
    assert b"secret file" in pdf


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "asset:../paper.css",
        "asset:/etc/passwd",
        "FILE:///etc/passwd",
        "relative.png",
        "data:text/plain," + "x" * 200_000,
    ],
)
def test_the_fetcher_of_papers_refuses(url):
    with pytest.raises(ValueError, match=r"fetch nothing|no asset"):
        rendering._engine().fetcher.fetch(url)
