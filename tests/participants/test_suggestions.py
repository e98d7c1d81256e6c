import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants import sameness
from participants.contacts import digest
from participants.models import Area, ContactKey, Organisation, Participant
from participants.names import fold
from participants.suggestions import _Known, judge, persons_if_merged, suggestions
from tests.factories import UserFactory
from tests.participants.factories import person

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE, EMAIL = "+380671234567", "+380507654321", "olena@example.org"


def asked():
    """The one suggestion there is, as (reasons, strength); None if there is none."""
    found = suggestions()
    assert len(found) <= 1
    return (list(found[0].reasons), found[0].strength.name) if found else None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # A contact, and names that agree.
        (
            {"email": EMAIL, "proven": ["email"]},
            {"email": EMAIL, "proven": ["email"], "full_name": "Olena Koval"},
            (["proven_contact", "name"], "STRONG"),
        ),
        (
            {"email": EMAIL, "proven": ["email"]},
            {"email": EMAIL, "full_name": "Коваль Олена Петрівна"},
            (["contact", "part_of_name"], "LIKELY"),
        ),
        (
            {"phone": PHONE, "birth_year": 1990},
            {"phone": PHONE, "birth_year": 1991},
            (["contact", "name", "birth_years_differ"], "WEAK"),
        ),
        # Relatives share a phone; somebody may have another surname now.
        ({"phone": PHONE}, {"phone": PHONE, "full_name": "Андрій Коваль"}, None),
        (
            {"phone": PHONE, "birth_year": 1990},
            {"phone": PHONE, "birth_year": 1960, "full_name": "Ганна Коваль"},
            None,
        ),
        (
            {"phone": PHONE, "birth_year": 1990},
            {"phone": PHONE, "birth_year": 1990, "full_name": "Іван Бойко"},
            None,
        ),
        (
            {"phone": PHONE, "birth_year": 1990},
            {"phone": PHONE, "birth_year": 1990, "full_name": "Олена Бойко"},
            (["contact", "names_differ", "birth_year"], "WEAK"),
        ),
        # The name alone.
        (
            {"birth_year": 1990},
            {"birth_year": 1990, "full_name": "Koval Olena"},
            (["name", "birth_year"], "LIKELY"),
        ),
        ({}, {}, (["name"], "WEAK")),
        ({"birth_year": 1990}, {}, (["name"], "WEAK")),
        ({"birth_year": 1990}, {"birth_year": 1991}, None),
        (
            {"birth_year": 1990},
            {"birth_year": 1990, "full_name": "Олена Петрівна Коваль"},
            (["part_of_name", "birth_year"], "LIKELY"),
        ),
        ({}, {"full_name": "Олена Петрівна Коваль"}, None),
        ({"full_name": "Олена"}, {"full_name": "Олена"}, None),
        # Contacts that speak against it.
        ({"birth_year": 1990, "phone": PHONE}, {"birth_year": 1990, "phone": OTHER_PHONE}, None),
        (
            {"birth_year": 1990, "phone": PHONE},
            {"birth_year": 1990, "email": EMAIL},
            (["name", "birth_year"], "LIKELY"),
        ),
        (
            {"birth_year": 1990, "email": EMAIL, "proven": ["email"]},
            {"birth_year": 1990, "email": "koval@example.org"},
            (["name", "birth_year"], "LIKELY"),
        ),
        (
            {"birth_year": 1990, "email": EMAIL, "proven": ["email"]},
            {"birth_year": 1990, "email": "koval@example.org", "proven": ["email"]},
            None,
        ),
        # Nobody is one with a test account.
        ({"birth_year": 1990}, {"birth_year": 1990, "is_test": True}, None),
    ],
)
def test_what_is_suggested_and_why(one, other, expected):
    person(**one)
    person(**other)
    assert asked() == expected


def test_organisation_and_area_speak_for_it():
    about = {
        "organisation": Organisation.objects.create(code="ngo", label="NGO"),
        "origin_area": Area.objects.first(),
    }
    person(**about)
    person("Koval Olena", **about)
    assert asked() == (["name", "organisation", "area"], "LIKELY")


def test_digests_under_two_keys_are_not_compared():
    one, other = person(birth_year=1990, phone=PHONE), person(birth_year=1990, phone=OTHER_PHONE)
    assert asked() is None
    other.contact_keys.update(key_version=77)
    assert asked() == (["name", "birth_year"], "LIKELY")
    assert one.contact_keys.count() == 1


def test_the_rows_of_one_person_count_together():
    """A contact of one row and a name of another: neither would do alone."""
    one, merged = person("Олена Коваль"), person("Олена Бойко", phone=PHONE)
    sameness.merge(kept=one, other=merged, by=UserFactory())
    third = person("Olena Koval", phone=PHONE)
    (found,) = suggestions()
    assert (found.first, found.second, list(found.reasons)) == (one.pk, third.pk, ["contact", "name"])


def test_an_erased_person_is_nobody_and_others_may_be_left_out():
    one = person(birth_year=1990)
    other = person(birth_year=1990)
    assert suggestions(Participant.objects.exclude(pk=other.pk)) == []
    ContactKey.objects.create(participant=one, kind="email", digest=digest("email", EMAIL)[1], key_version=1)
    Participant.objects.filter(pk=other.pk).update(
        full_name="", latin_name="", name_key="", email="", birth_year=None, erased_at="2026-01-01T00:00Z"
    )
    assert suggestions() == []


def test_what_a_crowd_shares_says_nothing():
    """An office's phone on thirty lists, and a name that thirty people have."""
    for number in range(30):
        person(f"Person Number{number}", phone=PHONE)
        person("Олена Коваль", birth_year=1950 + number)
    twin = person("Олена Коваль", birth_year=1960)
    assert [(one.second, list(one.reasons)) for one in suggestions()] == [(twin.pk, ["name", "birth_year"])]


def test_the_strongest_comes_first():
    person(), person()
    person("Іван Бойко", email=EMAIL, proven=["email"])
    person("Ivan Boiko", email=EMAIL, proven=["email"])
    person("Ганна Лисенко", birth_year=1990)
    person("Hanna Lysenko", birth_year=1990)
    assert [one.strength.name for one in suggestions()] == ["STRONG", "LIKELY", "WEAK"]


@pytest.mark.parametrize("pairs", [3, 30])
def test_it_takes_three_statements(pairs, django_assert_num_queries):
    for number in range(pairs):
        for _twice in range(2):
            person(f"Person Number{number}", birth_year=1990)
    with django_assert_num_queries(3):
        assert len(suggestions()) == pairs


@pytest.mark.parametrize("seed", range(5))
def test_if_all_were_merged_there_would_be_a_person_for_each_group(seed):
    pick = random.Random(seed)
    people = [
        person(
            pick.choice(["Олена Коваль", "Іван Бойко", "Ганна Лисенко"]),
            birth_year=pick.choice([1990, 1991, None]),
        )
        for _ in range(9)
    ]
    found = suggestions()
    groups = [{one.pk} for one in people]
    for one in found:
        touched = [group for group in groups if group & {one.first, one.second}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    assert persons_if_merged({one.pk for one in people}, found) == len(groups)
    assert persons_if_merged({people[0].pk}, found) == 1


NAMES = ["Олена Коваль", "Olena Koval", "Олена Петрівна Коваль", "Олена Бойко", "Андрій Коваль"]
contacts = st.sets(
    st.tuples(st.sampled_from(["email", "phone"]), st.sampled_from([1, 2]), st.sampled_from("abc")), max_size=3
)
known = st.builds(
    lambda names, years, organisations, contacts, proven: _Known(
        {fold(name) for name in names}, years, organisations, set(), contacts | proven, proven
    ),
    st.sets(st.sampled_from(NAMES), min_size=1, max_size=2),
    st.sets(st.sampled_from([1990, 1991]), max_size=1),
    st.sets(st.sampled_from([1, 2]), max_size=1),
    contacts,
    contacts,
)


@given(known, known)
def test_it_does_not_matter_who_is_asked_about_whom(one, other):
    assert judge(one, other) == judge(other, one)


@given(known)
def test_whoever_has_all_in_common_is_suggested(one):
    assert judge(one, one) is not None
