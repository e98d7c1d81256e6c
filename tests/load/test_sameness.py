"""How long suggestions take, beside the bare reading of the same rows. Prints; asserts no time."""

import random

import pytest

from participants.contacts import digest
from participants.models import ContactKey, Participant
from participants.names import fold
from participants.suggestions import suggestions
from tests.load.test_reporting import timed

pytestmark = [pytest.mark.django_db, pytest.mark.load]

PEOPLE, SECONDS_ALLOWED = 20_000, 2
SURNAMES = ["Коваль", "Бойко", "Ткач", "Мельник", "Шевчук", "Кравець", "Лисенко", "Гнатюк", "Поліщук", "Савченко"]
FORENAMES = ["Олена", "Ольга", "Іван", "Андрій", "Ганна", "Юлія", "Сергій", "Марія", "Тарас", "Наталія"]


def name(pick):
    """One of some forty thousand."""
    return f"{pick.choice(FORENAMES)} {pick.choice(SURNAMES)}{pick.choice(SURNAMES).lower()}{pick.choice('абвгдеклмн')}"


def test_suggestions_among_twenty_thousand(capsys):
    pick = random.Random(1)
    people = []
    for number in range(PEOPLE):
        full_name = name(pick)
        year = pick.choice([None, pick.randrange(1950, 2005)])
        people.append(
            Participant(full_name=full_name, name_key=fold(full_name), birth_year=year, phone=f"+38067{number:07}")
        )
    Participant.objects.bulk_create(people, batch_size=1000)
    # Every tenth comes a second time with the same phone, every fifth gave none.
    phones = [(one, one.phone if number % 10 else people[number - 1].phone) for number, one in enumerate(people)]
    ContactKey.objects.bulk_create(
        (
            ContactKey(participant=one, kind="phone", key_version=version, digest=value)
            for number, (one, phone) in enumerate(phones)
            if number % 5 != 1
            for version, value in [digest("phone", phone)]
        ),
        batch_size=1000,
    )
    seconds, found = min((timed(suggestions) for _round in range(3)), key=lambda one: one[0])
    floor, _rows = timed(
        lambda: (
            list(
                Participant.objects.values_list(
                    "pk", "name_key", "birth_year", "organisation_id", "origin_area_id"
                )
            ),
            list(ContactKey.objects.values_list("participant_id", "kind", "key_version", "digest", "verified_at")),
        )
    )
    with capsys.disabled():
        print(
            f"\n{PEOPLE} people, CPU seconds: {len(found)} suggestions {seconds:.2f} (at most {SECONDS_ALLOWED} are allowed), "
            f"beside bare reading of the same rows {floor:.2f}"
        )
