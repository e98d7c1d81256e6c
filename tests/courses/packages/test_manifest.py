import re

import pytest

from courses.packages import manifest
from courses.packages.manifest import ManifestError, launchable, read
from tests.courses.packages.building import (
    SCHEMA_12,
    SCHEMA_2004,
    item_12,
    manifest_12,
    manifest_2004,
    resource_12,
    resource_2004,
)

NAMES = {"index.html", "a/index.html", "shared/launch page.html", "deep/er/index.html", "top/index.html"}


def parsed(text, base=""):
    return read(text.encode(), NAMES, base)


def hrefs(found):
    return [item["href"] for item in launchable(found.items)]


def one_12(**fields):
    return manifest_12(item_12("one", "The journey"), resources=resource_12("one", "index.html"), **fields)


def test_scorm_12_with_its_namespaces():
    found = parsed(one_12())
    assert (found.kind, found.title, found.items) == (
        "scorm12",
        "Safe travel",
        [{"id": "one", "title": "The journey", "href": "index.html", "type": "sco", "children": []}],
    )


@pytest.mark.parametrize("edition", ["CAM 1.3", "2004 2nd Edition", "2004 3rd Edition", "2004 4th Edition", ""])
def test_scorm_2004_of_every_edition(edition):
    found = parsed(
        manifest_2004(item_12("one", "The journey"), resources=resource_2004("one", "index.html"), edition=edition)
    )
    assert (found.kind, hrefs(found)) == ("scorm2004", ["index.html"])


@pytest.mark.parametrize(
    ("schema", "version", "kind"),
    [
        # Without the locations of schemas, with those of elsewhere, without a version, with the other one's.
        (SCHEMA_12.partition(" xmlns:xsi")[0], "1.2", "scorm12"),
        (SCHEMA_12.partition(" xmlns:xsi")[0], "", "scorm12"),
        (SCHEMA_2004.partition(" xmlns:xsi")[0], "", "scorm2004"),
        (SCHEMA_2004, "1.2", "scorm12"),
        ('xmlns:adlcp="urn:adlcp"', "1.2", "scorm12"),
        ('xmlns:adlcp="urn:adlcp"', "", "scorm12"),
        ('xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="urn:x"', "", "scorm2004"),
    ],
)
def test_manifests_that_declare_less_or_something_else_are_understood(schema, version, kind):
    found = parsed(one_12(schema=schema, version=version))
    assert (found.kind, hrefs(found)) == (kind, ["index.html"])


def test_the_tree_keeps_its_headings_and_its_order():
    found = parsed(
        manifest_12(
            item_12(
                "chapter", "On the way", reference="", extra=item_12("one", "Plan") + item_12("two", "Travel")
            ),
            item_12("three", "Arrive"),
            resources=resource_12("one", "index.html")
            + resource_12("two", "a/index.html", "asset")
            + resource_12("three", "index.html"),
        )
    )
    assert [(item["id"], item["href"], [one["title"] for one in item["children"]]) for item in found.items] == [
        ("chapter", "", ["Plan", "Travel"]),
        ("three", "index.html", []),
    ]
    assert [item["type"] for item in launchable(found.items)] == ["sco", "asset", "sco"]


def test_what_a_launch_needs_besides_is_read():
    extra = (
        "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>begin=2</adlcp:datafromlms>"
        "<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed><adlcp:timelimitaction>exit,message</adlcp:timelimitaction>"
    )
    found = parsed(manifest_12(item_12("one", "One", extra=extra), resources=resource_12("one", "index.html")))
    (item,) = found.items
    assert (item["mastery"], item["launch_data"], item["max_time"], item["time_limit_action"]) == (
        80,
        "begin=2",
        "00:30:00",
        "exit,message",
    )
    extra = (
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/><imsss:sequencing><imsss:objectives>'
        '<imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6'
        "</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
    )
    found = parsed(manifest_2004(item_12("one", "One", extra=extra), resources=resource_2004("one", "index.html")))
    (item,) = found.items
    assert (item["completion_threshold"], item["passing_score"], found.has_sequencing) == (0.75, 0.6, False)


def test_rules_of_sequencing_are_noticed():
    extra = "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule/></imsss:sequencingRules></imsss:sequencing>"
    found = parsed(manifest_2004(item_12("one", "One", extra=extra), resources=resource_2004("one", "index.html")))
    assert found.has_sequencing is True


@pytest.mark.parametrize(
    ("href", "base", "parameters", "expected"),
    [
        ("index.html?a=1", "", "?b=2", "index.html?a=1&b=2"),
        ("index.html", "", "b=2", "index.html?b=2"),
        ("index.html#x", "", "?b=2", "index.html?b=2#x"),
        ("index.html", "", "#top", "index.html#top"),
        ("launch%20page.html", "shared/", "", "shared/launch page.html"),
        ("index.html", "deep/er", "", "deep/er/index.html"),
        ("../index.html", "a/", "", "index.html"),
        ("a\\index.html", "", "", "a/index.html"),
    ],
)
def test_addresses_are_joined_as_the_specifications_say(href, base, parameters, expected):
    attributes = f' xml:base="{base}"' if base else ""
    found = parsed(
        manifest_12(
            item_12("one", "One", attributes=f' parameters="{parameters}"' if parameters else ""),
            resources=resource_12("one", href, attributes=attributes),
        )
    )
    assert hrefs(found) == [expected]


def test_bases_of_all_levels_add_up():
    text = manifest_12(item_12("one", "One"), resources=resource_12("one", "index.html"), base=' xml:base="deep/"')
    text = text.replace("<resources>", '<resources xml:base="er/">')
    assert hrefs(parsed(text)) == ["deep/er/index.html"]


def test_a_manifest_in_a_folder_counts_from_there():
    assert hrefs(parsed(one_12(), base="top/")) == ["top/index.html"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<manifest", "well-formed"),
        ("<html/>", "begins with “html”"),
        ("<manifest/>", "neither to SCORM 1.2 nor"),
        (manifest_12().replace("organization>", "x>").replace("<organization ", "<x "), "no organization"),
        (manifest_12(), "no part that can be launched"),
        (manifest_12(item_12("one", "Lost")), "“Lost” refers to the resource “res-one”"),
        (
            manifest_12(item_12("one", "One"), resources=resource_12("one", "gone.html")),
            "“gone.html”, which is not",
        ),
        (
            manifest_12(item_12("one", "One"), resources=resource_12("one", "../../index.html")),
            "is not in the package",
        ),
        (
            manifest_12(item_12("one", "One"), resources=resource_12("one", "https://e.example/x")),
            "on another host",
        ),
        (manifest_12(item_12("one", "One"), resources=resource_12("one", "//e.example/x")), "on another host"),
        (
            manifest_12(item_12("one", "One"), resources=resource_12("one", "javascript:alert(1)")),
            "on another host",
        ),
        (
            manifest_12(*(item_12("one", "One") for _ in "ab"), resources=resource_12("one", "index.html")),
            "Two items",
        ),
        (
            manifest_12(
                *(item_12(f"i{n}", "x", "res-one") for n in range(501)), resources=resource_12("one", "index.html")
            ),
            "more parts",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text, said):
    with pytest.raises(ManifestError, match=re.escape(said)):
        parsed(text)


def test_entities_are_no_bomb_and_read_no_file():
    bomb = '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + one_12().partition("?>")[
        2
    ].replace("Safe travel", "&b;")
    outside = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + one_12().partition("?>")[2].replace(
        "Safe travel", "&x;"
    )
    for text in (bomb, outside):
        with pytest.raises(ManifestError, match="entities of its own"):
            parsed(text)


def test_a_manifest_of_many_megabytes_is_not_read():
    with pytest.raises(ManifestError, match="too large"):
        read(b" " * (manifest.LARGEST + 1), NAMES)
