import pytest
from django.urls import reverse

from events.models import Registration, Status
from participants import sameness
from participants.models import Merge, NotSame
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, trainer, user
from tests.factories import say_why
from tests.participants.factories import person, pointers

pytestmark = pytest.mark.django_db

SAME, DECIDE, MERGED = (reverse(f"oberih_participants:{name}") for name in ("same", "same_decide", "same_merged"))


def at(who, event, **fields):
    return Registration.objects.create(
        event=event, participant=who, status=Status.CONFIRMED, confirmed_at="2026-01-01T00:00Z", **fields
    )


def twins(country="UA", **fields):
    """Two rows that may be one person, each registered for an event of their own in the country."""
    made = [person(birth_year=1990, **fields), person("Olena Koval", birth_year=1990, **fields)]
    for who in made:
        at(who, EventFactory(country=country))
    return made


@pytest.fixture
def manager(client):
    made = user("manager@example.org", Role.MANAGER)
    client.force_login(made)
    say_why(client, "people:same")
    return made


def decide(client, first, second, do):
    return client.post(DECIDE, {"first": first.uuid, "second": second.uuid, "do": do}, follow=True)


def names(response):
    return [[side.person.pk for side in pair.sides] for pair in response.context["pairs"]]


def test_pairs_stand_side_by_side_with_reasons_and_what_differs(client, manager):
    one, other = person(birth_year=1990, email="olena@example.org"), person("Olena Koval", birth_year=1990)
    event = EventFactory(code="lviv-training")
    at(one, event)
    response = client.get(SAME)
    text = response.text
    assert names(response) == [[one.pk, other.pk]]
    assert [
        name in text for name in ("The same name", "The same year of birth", "lviv-training", "o…@example.org")
    ] == [True] * 4
    assert "olena@example.org" not in text
    assert response["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(action="see")
    assert (entry.actor, entry.subject, entry.keys) == (manager, "participant", [str(one.uuid), str(other.uuid)])


def test_what_differs_is_marked_and_what_is_only_spelt_otherwise_is_not(client, manager):
    person("Ольга Коваль", birth_year=1990, sex="F", email="olha@example.org")
    person("Olga Koval", birth_year=1990, sex="M", email="olga@example.org")
    first, second = client.get(SAME).context["pairs"][0].sides
    assert [[(row["label"], row["differs"]) for row in side.rows] for side in (first, second)] == [
        [("Name in Latin letters", False), ("Year of birth", False), ("Sex", True), ("E-mail", True)]
    ] * 2


@pytest.mark.parametrize(("do", "kept"), [("keep_first", 0), ("keep_second", 1)])
def test_whoever_is_chosen_is_kept(client, manager, do, kept):
    pair = twins()
    decide(client, *pair, do)
    assert pointers() == {one.pk: pair[kept].pk for one in pair}
    assert Merge.objects.get().reasons == ["name", "birth_year"]
    assert names(client.get(SAME)) == []


def test_two_people_are_not_shown_again(client, manager):
    pair = twins()
    decide(client, *pair, "not_same")
    assert (NotSame.objects.count(), names(client.get(SAME))) == (1, [])
    assert AuditEntry.objects.filter(action="not_same", actor=manager).count() == 1


def test_what_is_put_off_comes_last(client, manager):
    first, second = twins(), [person("Іван Бойко", birth_year=1980), person("Ivan Boiko", birth_year=1980)]
    order = names(client.get(SAME))
    put_off = first if order[0] == [one.pk for one in first] else second
    decide(client, *put_off, "later")
    assert names(client.get(SAME)) == order[::-1]


def test_a_decision_on_an_old_page_changes_nothing(client, manager):
    one, other = twins()
    sameness.tell_apart(first=one, second=other, by=manager)
    response = decide(client, one, other, "keep_first")
    assert "Somebody has decided about these two meanwhile." in response.text
    assert pointers() == {one.pk: one.pk, other.pk: other.pk}


def test_any_two_rows_are_not_merged_by_sending_their_keys(client, manager):
    """Only what speaks for itself is offered: whoever forges the form cannot join two strangers."""
    one, other = person(), person("Іван Бойко")
    decide(client, one, other, "keep_first")
    assert not Merge.objects.exists()


def test_both_in_one_list_and_two_accounts_are_said(client, manager):
    one, other = twins()
    event = EventFactory(code="together")
    at(one, event), at(other, event)
    for who, email in ((one, "one@example.org"), (other, "other@example.org")):
        who.user = user(email)
        who.save()
    (pair,) = client.get(SAME).context["pairs"]
    assert (pair.common, pair.has_two_accounts) == (["Recognising trafficking (together)"], True)


def test_a_merge_is_undone_on_its_page(client, manager):
    one, other = twins()
    decided = sameness.merge(kept=one, other=other, by=manager)
    assert [row.pk for row in client.get(MERGED).context["page"]] == [decided.pk]
    client.post(reverse("oberih_participants:same_undo", args=[decided.pk]))
    assert pointers() == {one.pk: one.pk, other.pk: other.pk}
    assert list(client.get(MERGED).context["page"]) == []


def test_only_staff_who_may_see_names_are_let_in(client, django_user_model):
    one, other = twins()
    decided = sameness.merge(kept=one, other=other, by=user("somebody@example.org"))
    undo = reverse("oberih_participants:same_undo", args=[decided.pk])
    charlies = [
        django_user_model.objects.create_user("participant@example.org"),
        trainer(),
        *(user(f"{role}@example.org", role) for role in (Role.EDITOR, Role.AUDITOR, Role.FOCAL_POINT)),
    ]
    for charlie in charlies:
        client.force_login(charlie)
        assert [client.get(url).status_code for url in (SAME, MERGED)] == [403, 403]
        assert [client.post(url).status_code for url in (DECIDE, undo)] == [403, 403]
    client.logout()
    assert [client.get(url).status_code for url in (SAME, MERGED)] == [302, 302]
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_a_manager_says_why_before_any_name_is_shown(client):
    one, other = twins()
    client.force_login(user("manager@example.org", Role.MANAGER))
    asked = [client.get(url) for url in (SAME, MERGED)]
    asked.append(client.post(DECIDE, {"first": one.uuid, "second": other.uuid, "do": "keep_first"}))
    assert [(answer.status_code, "/reason/" in answer.url) for answer in asked] == [(302, True)] * 3
    assert not Merge.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_manager_of_another_country_sees_and_decides_nothing(client):
    """One of the pair lies within the scope, and that is not enough: the other's name is not theirs to read."""
    one, other = person(birth_year=1990), person("Olena Koval", birth_year=1990)
    at(one, EventFactory(country="PL"))
    at(other, EventFactory(country="UA"))
    decided = sameness.merge(
        kept=person("Іван Бойко"), other=person("Ivan Boiko"), by=user("somebody@example.org")
    )
    client.force_login(user("poland@example.org", Role.MANAGER, country="PL"))
    say_why(client, "people:same")
    assert names(client.get(SAME)) == []
    assert decide(client, one, other, "keep_first").status_code == 404
    assert list(client.get(MERGED).context["page"]) == []
    assert client.post(reverse("oberih_participants:same_undo", args=[decided.pk])).status_code == 404
    assert Merge.objects.filter(undone_at=None).count() == 1
    assert not AuditEntry.objects.filter(action="see").exists()


def test_a_manager_of_a_country_sees_its_people_and_not_where_else_they_were(client):
    one, other = twins("PL")
    at(one, EventFactory(country="UA", code="elsewhere"))
    client.force_login(user("poland@example.org", Role.MANAGER, country="PL"))
    say_why(client, "people:same")
    response = client.get(SAME)
    assert names(response) == [[one.pk, other.pk]]
    assert "elsewhere" not in response.text
    decide(client, one, other, "keep_first")
    assert pointers()[other.pk] == one.pk


@pytest.mark.parametrize("pairs", [3, 30])
def test_a_page_of_pairs_takes_the_same_number_of_statements(client, manager, pairs, django_assert_num_queries):
    for number in range(pairs):
        for _twice in range(2):
            at(person(f"Person Number{number}", birth_year=1990), EventFactory())
    client.get(SAME)
    with django_assert_num_queries(19):
        client.get(SAME)


@pytest.mark.parametrize("merges", [3, 19])
def test_the_list_of_merges_takes_the_same_number_of_statements(
    client, manager, merges, django_assert_num_queries
):
    for number in range(merges):
        kept, other = (person(f"Person Number{number}") for _twice in range(2))
        sameness.merge(kept=kept, other=other, by=manager)
    client.get(MERGED)
    with django_assert_num_queries(12):
        assert len(client.get(MERGED).context["page"]) == merges
