"""The style sheets of all rooms, read as text: small, logical, with no name that nothing uses and none that is missing."""

import re

import pytest

from tests.test_architecture import ROOMS, ROOT

SHEETS = sorted(path for room in ROOMS for path in (ROOT / room).glob("static/**/*.css"))
LIMIT = 60_000

# Names for a host site's own style sheet: nothing of ours draws them.
UNSTYLED = {"ob-chart", "ob-intro", "ob-lesson", "ob-table-frame", "oberih-event-text"}

PHYSICAL = re.compile(
    r"""(?<![\w-])(?:
        (?:left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:
        |(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*\s*:
        |(?:text-align|float|clear)\s*:\s*(?:left|right)
    )""",
    re.VERBOSE,
)
PREFIXED = r"(?:ob|oberih)-[a-z0-9][\w-]*"


def rules(path):
    """A style sheet without comments, addresses, and the conditions of its at-rules."""
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@(?:layer|media|supports|container)[^{;]*", "@", text)


def texts(*endings):
    """What may name a class: templates, and what makes or looks for elements in Python and scripts."""
    return [
        path.read_text(encoding="utf-8")
        for room in ROOMS
        for ending in endings
        for path in sorted((ROOT / room).rglob(f"*.{ending}"))
        if "migrations" not in path.parts
    ]


def styled():
    return {name for path in SHEETS for name in re.findall(rf"\.({PREFIXED})", rules(path))}


def named_in_templates():
    """Class names as templates write them, and the beginnings of those that end with a value."""
    whole, begun = set(), set()
    for text in texts("html"):
        values = re.findall(r'\bclass="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', text)
        for value in values + re.findall(r"\{% block body_class %\}(.*?)\{% endblock", text):
            for name, ending in re.findall(rf"(?<![\w-])({PREFIXED})(\{{\{{)?", re.sub(r"\{%.*?%\}", " ", value)):
                (begun if ending else whole).add(name)
    return whole, begun


def test_styles_stay_small():
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in SHEETS}
    assert sum(sizes.values()) < LIMIT, sizes


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_styles_know_no_left_and_right(path):
    assert PHYSICAL.findall(rules(path)) == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("a { margin-left: 1px; right: 0 }", ["margin-left:", "right:"]),
        ("a { text-align:right; max-width: 3rem }", ["text-align:right", "max-width:"]),
        ("a { margin-inline-start: 1px; border-block: 0; inset-inline: 0; --ob-left: 0 }", []),
        ("@media (max-width: 30rem) { a { max-inline-size: 1em } }", []),
    ],
)
def test_physical_properties_would_be_found(tmp_path, css, found):
    sheet = tmp_path / "sheet.css"
    sheet.write_text(css)
    assert PHYSICAL.findall(rules(sheet)) == found


def test_every_token_in_use_is_defined_in_the_one_file_that_a_host_overrides():
    (tokens,) = [path for path in SHEETS if path.name == "tokens.css"]
    defined = {path: set(re.findall(r"(--oberih-[\w-]+)\s*:", rules(path))) for path in SHEETS}
    used = {name for path in SHEETS for name in re.findall(r"var\(\s*(--oberih-[\w-]+)", rules(path))}
    elsewhere = {path.name: names for path, names in defined.items() if names and path != tokens}
    assert (used ^ defined[tokens], elsewhere) == (set(), {})


def test_no_rule_is_dead():
    whole, begun = named_in_templates()
    others = set(re.findall(PREFIXED, "\n".join(texts("py", "js"))))
    dead = {
        name for name in styled() - whole - others if not any(name.startswith(beginning) for beginning in begun)
    }
    # Python writes these with the end left open, as templates do.
    assert {name for name in dead if not name.startswith("ob-icon--")} == set()


def test_every_class_in_a_template_belongs_to_something_styled():
    """A part (`__`) or a kind (`--`) may go without a rule of its own; a name that nothing begins with is a slip."""
    whole, begun = named_in_templates()
    names = styled()
    known = {re.split("__|--", name)[0] for name in names}
    unknown = {name for name in whole if re.split("__|--", name)[0] not in known}
    open_ended = {name for name in begun if not any(styled.startswith(name) for styled in names)}
    assert (unknown - UNSTYLED, open_ended) == (set(), set())
