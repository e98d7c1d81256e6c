import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from participants.models import Area, Category, ConsentText, Organisation, Participant, Project, Purpose, Topic
from safeguarding.models import AuditEntry, Role, RoleGrant
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = StaffFactory(role=Role.ADMINISTRATOR)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)
    return user


def label(text="Police"):
    return {"label_0": text, "label_1": "", "label_2": "", "position": "1", "is_active": "on"}


def url(model, view, *args):
    return reverse(f"oberih_participants_{model}:{view}", args=args)


def test_a_category_is_added_and_its_code_stays(administrator, client):
    client.post(url("category", "add"), {**label(), "code": "tax-police"})
    row = Category.objects.get(code="tax-police")
    client.post(url("category", "edit", row.pk), {**label("Tax police"), "code": "other"})
    row.refresh_from_db()
    assert (row.code, row.label.data) == ("tax-police", {"en": "Tax police"})


def test_a_category_that_somebody_has_is_not_deleted(administrator, client):
    row = Category.objects.create(code="unused", label="Unused")
    used = Category.objects.create(code="used", label="Used")
    Participant.objects.create(full_name="Olena", category=used)
    client.post(url("category", "delete", row.pk))
    response = client.post(url("category", "delete", used.pk), follow=True)
    assert list(Category.objects.filter(code__in=["unused", "used"])) == [used]
    text = response.content.decode()
    assert ("It is used by: Participants." in text, "Olena" in text) == (True, False)


def test_areas_are_named_and_neither_made_nor_removed(administrator, client):
    area = Area.objects.create(code="ZZ01", label="Somewhere", country="ZZ")
    assert client.post(url("area", "add"), {**label(), "code": "ZZ02"}).status_code == 302
    assert client.post(url("area", "delete", area.pk)).status_code == 302
    client.post(url("area", "edit", area.pk), label("Elsewhere"))
    assert list(Area.objects.filter(country="ZZ").values_list("code", flat=True)) == ["ZZ01"]
    area.refresh_from_db()
    assert str(area.label) == "Elsewhere"


def test_topics_have_two_levels(administrator, client):
    wide, narrow = (Topic.objects.create(code=code, label=code) for code in ("wide", "narrow"))
    client.post(url("topic", "edit", narrow.pk), {**label(), "parent": wide.pk})
    refused = client.post(url("topic", "edit", wide.pk), {**label(), "parent": narrow.pk})
    own = client.post(url("topic", "edit", narrow.pk), {**label(), "parent": narrow.pk})
    assert ("parent" in refused.context["form"].errors, "parent" in own.context["form"].errors) == (True, True)
    narrow.refresh_from_db()
    assert narrow.parent == wide


def test_an_organisation_lies_in_its_country(administrator, client):
    area = Area.objects.create(code="ZZ01", label="Somewhere", country="PL")
    data = {**label(), "code": "ngo", "country": "UA", "base_area": area.pk, "workplace_type": ""}
    refused = client.post(url("organisation", "add"), data)
    assert refused.context["form"].errors["base_area"] == ["This area lies in another country."]
    client.post(url("organisation", "add"), {**data, "country": "PL"})
    assert Organisation.objects.get(code="ngo").base_area == area


def test_other_words_for_a_consent_are_a_new_version(administrator, client):
    ConsentText.objects.all().delete()
    first = ConsentText.objects.create(purpose=Purpose.PHOTO, version=1, text={"en": "Old words"})
    page = client.get(url("consenttext", "add"), {"purpose": "photo"}).content.decode()
    assert "Old words" in page
    client.post(url("consenttext", "add"), {"purpose": "photo", "text_0": "New words", "text_1": "", "text_2": ""})
    client.post(url("consenttext", "edit", first.pk), {"purpose": "photo", "text_0": "Other", "text_1": ""})
    client.post(url("consenttext", "delete", first.pk))
    kept = ConsentText.objects.order_by("version").values_list("purpose", "version", "text")
    assert [(purpose, version, str(text)) for purpose, version, text in kept] == [
        ("photo", 1, "Old words"),
        ("photo", 2, "New words"),
    ]


def grant(**fields):
    return {
        "account": "nina@example.org",
        "role": "manager",
        "country": "",
        "project": "",
        "organisation": "",
        **fields,
    }


def test_a_role_is_given_by_address_and_the_log_knows(administrator, client):
    nina = UserFactory(email="nina@example.org")
    Project.objects.create(code="one", label="One")
    response = client.post(
        reverse("oberih_safeguarding_rolegrant:add"), grant(account="NINA@example.org", project="one")
    )
    assert response.status_code == 302
    given = RoleGrant.objects.get(user=nina)
    assert (given.role, given.project, given.granted_by) == ("manager", "one", administrator)
    client.post(reverse("oberih_safeguarding_rolegrant:delete", args=[given.pk]))
    assert not RoleGrant.objects.filter(user=nina).exists()
    log = AuditEntry.objects.order_by("pk").values_list("actor", "action", "subject", "keys", "reason")
    assert list(log) == [
        (administrator.pk, "grant", "role", [str(given.pk)], "Manager one"),
        (administrator.pk, "take", "role", [str(given.pk)], "Manager one"),
    ]


def test_a_role_is_not_given_twice_nor_to_nobody(administrator, client):
    RoleGrant.objects.create(user=UserFactory(email="nina@example.org"), role=Role.MANAGER)
    twice = client.post(reverse("oberih_safeguarding_rolegrant:add"), grant())
    nobody = client.post(reverse("oberih_safeguarding_rolegrant:add"), grant(account="nobody@example.org"))
    assert twice.context["form"].non_field_errors() == ["This person holds this role in this scope already."]
    assert nobody.context["form"].errors["account"] == ["Nobody has an account with this address."]


def test_a_manager_gives_no_roles(client):
    manager = StaffFactory(role=Role.MANAGER)
    manager.user_permissions.set(Permission.objects.all())
    client.force_login(manager)
    UserFactory(email="nina@example.org")
    assert client.post(reverse("oberih_safeguarding_rolegrant:add"), grant()).status_code == 302
    assert RoleGrant.objects.count() == 1
