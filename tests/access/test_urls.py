"""Every address of ours, asked by everybody: `urls.txt` says what each is answered, and an address that is not in it fails."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.world import PEOPLE, furnish

TABLE = Path(__file__).with_name("urls.txt")
ROOMS = (
    "ui",
    "safeguarding",
    "participants",
    "notifications",
    "courses",
    "events",
    "attendance",
    "certificates",
    "certificates_short",
    "accounts",
    "cms",
    "reporting",
)
OURS = {f"oberih_{room}" for room in ROOMS}


def addresses(resolver=None, within=()):
    """(name with its namespaces, view) of every pattern of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, (*within, entry.namespace) if entry.namespace else within)
        elif isinstance(entry, URLPattern):
            yield ":".join([*within, entry.name or str(entry.pattern)]), entry.callback


def of_ours():
    """The names of the addresses that a room of ours serves outside of Wagtail's admin."""
    names = {name for name, _view in addresses()}
    return {name for name in names if name.split(":")[0] in OURS or name.startswith("oberih_ui_")}


def table():
    """{(method, name): the answers in the order of PEOPLE}"""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            method, name, *answers = line.split()
            assert len(answers) == len(PEOPLE), line
            assert (method, name) not in rows, line
            rows[method, name] = answers
    return rows


def said(answer):
    """The status, or where a redirection leads if that is a refusal: `login`, `why` (a reason is asked for)."""
    if answer.status_code == 302:
        if "/accounts/login/" in answer.url:
            return "login"
        if "/reason/" in answer.url:
            return "why"
    return str(answer.status_code)


class _Undo(Exception):
    """Ends a transaction that leaves nothing."""


def ask(client, method, address):
    """The answer to an empty form or a visit; what it did is undone, to the session and its cookie as well."""
    cookies, answers = client.cookies.copy(), []
    try:
        with transaction.atomic():
            answer = client.generic(method, address)
            answers.append(said(answer))
            for close in answer._resource_closers:
                # Files alone: `answer.close()` would end the transaction's connection with the request.
                close()
            raise _Undo
    except _Undo:
        client.cookies = cookies
        return answers[0]


def observed(names):
    users, arguments = furnish()
    clients = {}
    for name in PEOPLE:
        clients[name] = Client(raise_request_exception=True)
        if name != "stranger":
            clients[name].force_login(users[name])
    return {
        (method, name): [ask(clients[one], method, reverse(name, kwargs=arguments.get(name))) for one in PEOPLE]
        for name in names
        for method in ("GET", "POST")
    }


def test_every_address_of_ours_is_in_the_table():
    assert {name for _method, name in table()} == of_ours()


@pytest.mark.django_db
def test_everybody_is_answered_as_the_table_says(site_tree):
    expected = table()
    found = observed(sorted({name for _method, name in expected}))
    wrong = {
        f"{method} {name}": {
            who: f"{want} in the table, {got} answered"
            for who, want, got in zip(
                PEOPLE, expected.get((method, name), ["?"] * len(PEOPLE)), answers, strict=True
            )
            if want != got
        }
        for (method, name), answers in found.items()
    }
    assert {address: people for address, people in wrong.items() if people} == {}
