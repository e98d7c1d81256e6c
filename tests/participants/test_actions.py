import pytest
from django.core.exceptions import ValidationError

from participants import actions, catalogue
from participants.contacts import normal_phone
from participants.models import Area, Category, Consent, ConsentText, Participant, Purpose, Topic
from safeguarding.append_only import AppendOnlyError

pytestmark = pytest.mark.django_db


def person(**changes):
    return actions.create_participant(
        **{"full_name": "Олена Коваль", "email": "Olena@Example.org ", "phone": "+380671234567", **changes}
    )


def test_somebody_is_known_by_a_contact_they_proved_and_a_name_that_fits():
    olena = person()
    asked = {"full_name": "Olena Koval", "email": "olena@example.org"}
    assert actions.find_known(**asked) is None
    actions.verify_contact(olena, "email")
    assert actions.find_known(**asked) == olena
    assert actions.find_known(**{**asked, "full_name": "Андрій Коваль"}) is None
    assert actions.find_known(full_name="Olena Koval", phone="+380671234567") is None


def test_two_who_proved_the_same_contact_are_a_question_for_a_person():
    for one in (person(), person(full_name="Олена Петрівна Коваль")):
        actions.verify_contact(one, "email")
    assert actions.find_known(full_name="Olena Koval", email="olena@example.org") is None


def test_a_new_key_forgets_nobody(settings, django_user_model):
    olena = person()
    actions.verify_contact(olena, "email")
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = {
        **settings.OBERIH_PARTICIPANTS_CONTACT_KEYS,
        "10": "a newer secret",
    }
    assert actions.find_known(full_name="Olena Koval", email="olena@example.org") == olena
    assert actions.claim(django_user_model.objects.create_user("olena@example.org")) == olena


def test_a_user_is_joined_to_the_one_participant_who_gave_their_address(django_user_model):
    user = django_user_model.objects.create_user("olena@example.org")
    olena = person()
    assert actions.claim(user) == olena
    assert actions.claim(user) == olena
    assert Participant.objects.get(user=user) == olena


def test_a_user_is_not_joined_to_one_of_two(django_user_model):
    person()
    person(full_name="Андрій Коваль")
    assert actions.claim(django_user_model.objects.create_user("olena@example.org")) is None


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("067 123 45 67", "+380671234567"),
        ("380671234567", "+380671234567"),
        ("00 48 123-456-789", "+48123456789"),
        ("+373 (22) 123456", "+37322123456"),
    ],
)
def test_phones_are_kept_in_one_spelling(given, normal):
    assert normal_phone(given) == normal


@pytest.mark.parametrize("given", ["12345", "+0671234567", "call me", "+38067123456789012"])
def test_what_is_no_phone_is_refused(given):
    with pytest.raises(ValidationError):
        normal_phone(given)


def test_a_consent_is_a_row_that_never_changes():
    olena = person()
    actions.record_consents(olena, {Purpose.REGISTER: True, Purpose.STATISTICS: False}, language="uk")
    given = {consent.text.purpose: (consent.text.version, consent.given) for consent in olena.consents.all()}
    assert given == {"register": (1, True), "statistics": (1, False)}
    consent = Consent.objects.first()
    consent.given = False
    for deed in (consent.save, consent.delete, Consent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            deed()
    with pytest.raises(AppendOnlyError):
        Consent.objects.update(given=False)


def test_the_shipped_lists_are_there_after_migrate_and_keep_what_a_site_changed():
    assert Area.objects.filter(country="UA").count() == 27
    assert Area.objects.get(pcode="UA44").iso3166_2 == "UA-09"
    assert Topic.objects.get(code="identification").parent.parent.code == "protection"
    Category.objects.filter(code="volunteer").update(label='{"en": "Helper"}')
    Category.objects.filter(code="police").delete()
    before = ConsentText.objects.count()
    catalogue.ship()
    assert Category.objects.get(code="volunteer").label.data == {"en": "Helper", "uk": "Волонтер"}
    assert Category.objects.filter(code="police").count() == 1
    assert ConsentText.objects.count() == before
