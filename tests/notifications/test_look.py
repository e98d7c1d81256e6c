"""Every message of the product is written twice: for those who see its look, and for those who read plain text."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXTS = sorted(
    path
    for folder in ("email", "mail")
    for path in ROOT.glob(f"*/templates/oberih/*/{folder}/*.txt")
    if not path.name.endswith((".sms.txt", "base.txt"))
)


def base_of(path):
    """The template that this one finally extends."""
    found = re.match(r'{% extends "([^"]+)" %}', path.read_text())
    if found is None:
        return path
    (above,) = ROOT.glob(f"*/templates/{found.group(1)}")
    return base_of(above)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_message_has_a_plain_text_and_the_common_look(text):
    email = ROOT / "ui" / "templates" / "oberih" / "email"
    assert [base_of(text), base_of(text.with_suffix(".html"))] == [email / "base.txt", email / "base.html"]


def test_there_are_messages_to_look_at():
    assert {path.parts[len(ROOT.parts)] for path in TEXTS} >= {"certificates", "events"}
