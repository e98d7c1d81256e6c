"""What a deployer can turn is in the reference, and the reference names nothing that is gone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
ROOMS = [path.parent for path in sorted(ROOT.glob("*/apps.py"))]


def documented(page):
    """The names that head a row of a table: | `NAME` | …"""
    return set(re.findall(r"^\| `([^`]+)`", (REFERENCE / page).read_text(), re.MULTILINE))


def room_settings():
    sources = [path.read_text() for room in ROOMS for path in room.glob("conf.py")]
    return {name for source in sources for name in re.findall(r"\bOBERIH_[A-Z0-9_]+\b", source)}


def environment():
    return set(re.findall(r"""env\.\w+\(\s*["']([A-Z_0-9]+)["']""", (ROOT / "config" / "settings.py").read_text()))


def commands():
    return {path.stem for room in ROOMS for path in room.glob("management/commands/[!_]*.py")}


def signals():
    return {
        f"{path.parent.name}.signals.{name}"
        for room in ROOMS
        for path in room.glob("signals.py")
        for name in re.findall(r"^(\w+) = (?:\w+\.)?(?:Model)?Signal\(", path.read_text(), re.MULTILINE)
    }


def test_settings_are_documented():
    assert documented("settings.md") == room_settings() | environment()


def test_commands_are_documented():
    assert documented("commands.md") == commands()


def test_signals_are_documented():
    assert documented("signals.md") == signals()


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"],
)
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []
