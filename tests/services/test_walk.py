"""The walk on what a large site runs: PostgreSQL, a broker, gunicorn and a real worker; once with the broker down."""

import email
import email.policy
import json
import re

import pytest

from tests import walk
from tests.processes import wait_for

EVENT = "lviv-training"


@pytest.fixture(scope="module")
def site(deployment):
    """The demonstration on the services, its server and its worker running."""
    deployment.worker = deployment.start_worker()
    deployment.manage("seed_demo", seconds=400)
    server = deployment.start_server()
    yield deployment
    server.stop()
    deployment.worker.stop()


@pytest.fixture
def visit(site, chromium):
    contexts = []

    def open_page(*, width=1280, language="en"):
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": 844}, locale=language
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def mails_to(site, address):
    """The texts of the mails that this address was sent, oldest first."""
    found = []
    for path in sorted((site.folder / "mail").glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in str(mail["To"]):
            found.append(mail.get_body(("plain",)).get_content())
    return found


def ask(site, expression):
    """A value out of the site's database, by an expression over its models."""
    return json.loads(
        site.evaluate(
            "import json\n"
            "from certificates.models import Certificate\n"
            "from courses.models import Attempt\n"
            "from events.models import Event, Registration\n"
            "from notifications.models import Message\n"
            f"print(json.dumps({expression}, default=str))"
        )
    )


def test_the_walk_with_a_worker_and_a_broker(site, visit):
    phone, trainer, manager = visit(width=390, language="uk"), visit(), visit()
    walk.register(phone, code=EVENT, name="Леся Працівна", email="lesia@example.org")
    confirmation = wait_for(lambda: mails_to(site, "lesia@example.org"), what="the confirmation")[0]
    phone.goto(walk.link_in(confirmation, "/p/"))
    walk.read_the_course(phone, "/uk/courses/counter-trafficking-in-emergencies/")
    walk.take_assessment(phone, lambda uuid: ask(site, f"Attempt.objects.get(uuid={uuid!r}).drawn"))

    sessions = ask(site, f"list(Event.objects.get(code={EVENT!r}).sessions.values_list('pk', flat=True))")
    walk.log_in(trainer, "trainer@example.org", "demo-trainer")
    for session in sessions:
        walk.mark_everybody(trainer, f"/en/registers/{session}/")

    hers = "Certificate.objects.filter(participant__email='lesia@example.org', state='issued')"
    wait_for(lambda: ask(site, f"{hers}.count()") == 2, what="both certificates", seconds=90)
    assert site.worker.written().count("oberih.certificates.issue") > 0
    token, number = ask(site, f"list({hers}.values_list('token', 'number')[0])")
    stranger = visit()
    stranger.goto(f"/v/{token}/")
    assert number in stranger.inner_text("main")

    walk.log_in(manager, "manager@example.org", "demo-manager")
    manager.goto("/en" + walk.QUARTER_ADDRESS)
    assert "61 young people took part in three Youth Summer Schools" in manager.inner_text("main")


def test_a_broker_that_is_down_costs_nobody_their_registration(site, visit):
    phone = visit(width=390, language="uk")
    site.broker.kill()
    try:
        told = walk.register(phone, code="webinar", name="Ніна Темрявська", email="nina@example.org")
        assert re.search(r"\w", told)
        kept = "Registration.objects.get(participant__email='nina@example.org').status"
        assert ask(site, kept) == "confirmed"
        assert mails_to(site, "nina@example.org") == []
        # Nobody is needed but the clock: what was recorded is found and done without the broker.
        site.manage("tick")
        assert len(mails_to(site, "nina@example.org")) == 1
    finally:
        site.broker.start()
    site.manage("tick")
    assert len(mails_to(site, "nina@example.org")) == 1
