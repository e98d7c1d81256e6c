import pytest
from django.core.management import call_command

from events.people import Guardian
from participants import actions
from participants.models import ContactKey, Participant
from tests.events.factories import EventFactory, register
from tests.participants.factories import person

pytestmark = pytest.mark.django_db

OLD, NEW = {"1": "an old secret"}, {"2": "a newer secret"}


@pytest.fixture(autouse=True)
def _old_key(settings):
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD


def said(capsys):
    call_command("rotate_contact_keys")
    return capsys.readouterr().out.strip()


def words(written, kept):
    return f"{written} digests under the newest key; {kept} of contacts no longer held stay as they are"


def test_after_rotating_the_old_key_may_go_and_everybody_is_known(settings, capsys):
    olena = person(email="olena@example.org", phone="+380671234567", proven=["email"])
    register(EventFactory(), full_name="Іван Бойко", email="ivan@example.org")
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD | NEW
    assert said(capsys) == words(4, 0)
    assert said(capsys) == words(0, 0)
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = NEW
    assert actions.find_known(full_name="Olena Koval", email="olena@example.org") == olena
    keys = {(key.kind, key.key_version, key.verified_at is not None) for key in olena.contact_keys.all()}
    assert keys == {("email", 2, True), ("phone", 2, False)}


def test_a_second_form_under_the_new_key_is_the_same_registration(settings, capsys):
    event = EventFactory()
    first = register(event, full_name="Іван Бойко", email="ivan@example.org").registration
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD | NEW
    said(capsys)
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = NEW
    assert register(event, full_name="Ivan Boiko", email="ivan@example.org").registration == first


def test_so_is_one_that_was_made_beside_another(settings, capsys):
    event = EventFactory()
    child = {"full_name": "Іван Бойко", "email": "ivan@example.org", "birth_year": event.starts_on.year - 15}
    guardians = [Guardian("Iryna", "mother", "iryna@example.org"), Guardian("Oleh", "father", "oleh@example.org")]
    made = [register(event, guardian=guardian, **child).registration for guardian in guardians]
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD | NEW
    assert said(capsys) == words(4, 0)
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = NEW
    assert [register(event, guardian=guardian, **child).registration for guardian in guardians] == made


def test_a_contact_that_is_no_longer_held_stays_under_the_old_key(settings, capsys):
    olena = person(email="olena@example.org")
    Participant.objects.filter(pk=olena.pk).update(email="new@example.org")
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD | NEW
    before = list(ContactKey.objects.values_list("digest", "key_version"))
    assert said(capsys) == words(0, 1)
    assert list(ContactKey.objects.values_list("digest", "key_version")) == before


def test_what_stands_under_both_keys_becomes_one_and_stays_proven(settings, capsys):
    olena = person(email="olena@example.org", proven=["email"])
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = OLD | NEW
    ((kind, version, value),) = actions.contact_digests(email="olena@example.org")
    ContactKey.objects.create(participant=olena, kind=kind, key_version=version, digest=value)
    assert said(capsys) == words(1, 0)
    (key,) = olena.contact_keys.all()
    assert (key.digest, key.key_version, key.verified_at is None) == (value, 2, False)
