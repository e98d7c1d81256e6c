import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants import actions, agreements
from participants.models import Channel, Consent, ConsentText, Participant, Purpose
from tests.events.factories import known
from tests.events.test_pages import remember

pytestmark = pytest.mark.django_db
PAGE = "/en/my-consents/"
A, B, C = (uuid.UUID(int=number) for number in range(3))


@pytest.fixture(autouse=True)
def texts():
    for purpose in Purpose:
        ConsentText.objects.get_or_create(
            purpose=purpose, version=1, defaults={"text": f"The {purpose.value} text."}
        )


@pytest.fixture
def olena():
    return known()


def answer(participant, purpose, given, **about):
    actions.record_consents(participant, {purpose: given}, language="uk", **about)


def press(client, purpose, given, **fields):
    return client.post(PAGE, {"purpose": purpose, "given": given, "version": 1, **fields}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_last_answer_stands_for_all_rows_of_a_person(olena):
    twin, ivan = known("Olena Koval", "twin@example.org"), known("Ivan", "ivan@example.org")
    answer(twin, Purpose.FURTHER_TRAINING, True)
    answer(ivan, Purpose.FURTHER_TRAINING, True)
    twin.merged_into = olena
    twin.save()
    assert set(Participant.objects.who_agreed(Purpose.FURTHER_TRAINING)) == {olena, ivan}
    answer(olena, Purpose.FURTHER_TRAINING, False)
    assert set(Participant.objects.who_agreed(Purpose.FURTHER_TRAINING)) == {ivan}


def test_an_answer_about_one_event_stands_there_until_one_about_everything_comes(olena):
    answer(olena, Purpose.PHOTO, True, subject_key=f"event:{A}")
    answer(olena, Purpose.PHOTO, False, subject_key=f"event:{B}")

    def agreed(about):
        return Participant.objects.who_agreed(Purpose.PHOTO, about).exists()

    assert [agreed(f"event:{A}"), agreed(f"event:{B}"), agreed(f"event:{C}")] == [True, False, False]
    answer(olena, Purpose.PHOTO, True)
    assert [agreed(f"event:{A}"), agreed(f"event:{B}"), agreed(f"event:{C}")] == [True, True, True]


def test_what_is_shown_is_the_text_that_was_answered_in_the_language_of_the_answer(client, olena):
    words = ConsentText.objects.add_version(purpose=Purpose.PHOTO, text={"en": "Old words.", "uk": "Старі слова."})
    answer(olena, Purpose.PHOTO, True)
    ConsentText.objects.add_version(purpose=Purpose.PHOTO, text="Other words.")
    remember(client, olena)
    page = client.get(PAGE)
    (photo,) = [one for one in page.context["agreements"] if one.purpose == Purpose.PHOTO]
    assert [(one.consent.text, one.text, one.language) for one in photo.answers] == [
        (words, "Старі слова.", "Ukrainian")
    ]
    assert "Старі слова." in page.content.decode()
    assert b"Other words." not in page.content


def test_somebody_withdraws_and_agrees_again(client, olena):
    answer(olena, Purpose.PHOTO, True, subject_key=f"event:{A}")
    remember(client, olena)
    assert said(press(client, Purpose.PHOTO, "no")) == ["Saved. You can change it again at any time."]
    press(client, Purpose.PHOTO, "yes")
    kept = Consent.objects.order_by("pk").values_list("given", "subject_key", "channel", "giver", "recorded_by")
    assert list(kept) == [
        (True, f"event:{A}", "web", "self", None),
        (False, "", "web", "self", None),
        (True, "", "web", "self", None),
    ]


def test_a_button_pressed_twice_is_one_answer(client, olena):
    answer(olena, Purpose.PHOTO, True)
    remember(client, olena)
    press(client, Purpose.PHOTO, "no")
    assert said(press(client, Purpose.PHOTO, "no")) == ["That was changed already. This is how it stands now."]
    assert Consent.objects.count() == 2


def test_nobody_agrees_to_words_they_did_not_see(client, olena):
    remember(client, olena)
    ConsentText.objects.add_version(purpose=Purpose.PHOTO, text="Other words.")
    assert said(press(client, Purpose.PHOTO, "yes")) == [
        "These words have changed meanwhile. Read them again before you agree."
    ]
    assert Consent.objects.count() == 0
    press(client, Purpose.PHOTO, "yes", version=2)
    assert Consent.objects.get().text.version == 2


def test_withdrawing_does_not_wait_for_the_newest_words(client, olena):
    answer(olena, Purpose.PHOTO, True)
    remember(client, olena)
    ConsentText.objects.add_version(purpose=Purpose.PHOTO, text="Other words.")
    press(client, Purpose.PHOTO, "no")
    assert Consent.objects.last().given is False


def test_without_the_statistics_the_answers_are_emptied_on_every_row(client, olena):
    twin = known("Olena Koval", olena.email)
    Participant.objects.update(birth_year=1990, sex="F", displacement="IDP")
    twin.merged_into = olena
    twin.birth_year, twin.sex, twin.displacement = 1990, "F", "IDP"
    twin.save()
    answer(olena, Purpose.STATISTICS, True)
    remember(client, olena)
    press(client, Purpose.STATISTICS, "no")
    left = Participant.objects.order_by("pk").values_list("birth_year", "sex", "displacement", "language")
    assert list(left) == [(None, "U", "U", "en")] * 2


def test_a_stranger_sees_and_changes_nothing(client, olena):
    answer(olena, Purpose.PHOTO, True)
    page = client.get(PAGE)
    assert (page.status_code, page.context["agreements"]) == (200, [])
    assert client.post(PAGE, {"purpose": "photo", "given": "no", "version": 1}).status_code == 403
    assert Consent.objects.count() == 1


def test_charlie_changes_nothing_of_olena(client, olena):
    charlie = known("Charlie", "charlie@example.org")
    answer(olena, Purpose.REGISTER, True, subject_key=f"event:{A}")
    remember(client, charlie)
    press(client, Purpose.REGISTER, "no", subject=f"event:{A}")
    press(client, Purpose.PHOTO, "yes", subject=f"event:{A}")
    assert not Consent.objects.filter(given=False).exists()
    assert not Consent.objects.filter(participant=charlie).exists()


@pytest.mark.parametrize(
    "sent", [{}, {"purpose": "photo"}, {"purpose": "x", "given": "no", "version": 1}, {"given": "perhaps"}]
)
def test_what_no_button_sends_is_refused(client, olena, sent):
    remember(client, olena)
    assert client.post(PAGE, sent).status_code == 400


def test_a_guardians_answer_is_shown_and_cannot_be_changed_here(client, olena):
    actions.record_consents(
        olena,
        {Purpose.GUARDIAN: True},
        language="en",
        giver="guardian",
        channel=Channel.PAPER,
        subject_key=f"event:{A}",
    )
    remember(client, olena)
    press(client, Purpose.GUARDIAN, "no")
    press(client, Purpose.GUARDIAN, "no", subject=f"event:{A}")
    assert Consent.objects.count() == 1


def test_the_page_is_kept_by_no_cache(client, olena):
    remember(client, olena)
    assert client.get(PAGE)["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_an_agreement_that_was_never_asked_can_be_given(olena):
    offered = {one.purpose: (one.may_agree, one.may_withdraw) for one in agreements.of(olena)}
    assert offered == dict.fromkeys(
        (Purpose.STATISTICS, Purpose.CERTIFICATE, Purpose.FURTHER_TRAINING, Purpose.PHOTO), (True, False)
    )


def test_the_page_takes_as_many_statements_for_three_answers_as_for_thirty(client, olena):
    remember(client, olena)
    client.get(PAGE)
    taken = []
    for number in range(30):
        answer(olena, Purpose.PHOTO, number % 2 == 0, subject_key=f"event:{uuid.uuid4()}")
        if number in {2, 29}:
            with CaptureQueriesContext(connection) as statements:
                client.get(PAGE)
            taken.append(len(statements))
    assert taken[0] == taken[1]
