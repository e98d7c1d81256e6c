import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from safeguarding.models import AuditEntry, Helpline, Role
from safeguarding.training_menu import search
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

LIST = "oberih_safeguarding_helpline:index"
ADD = "oberih_safeguarding_helpline:add"
EDIT = "oberih_safeguarding_helpline:edit"


def helpline(**fields):
    texts = {"name": {"en": "Hotline", "uk": "Гаряча лінія"}, **fields}
    return Helpline.objects.create(**{"country": "UA", "number": "527", **texts})


def said(**fields):
    return {
        "name_0": "Hotline",
        "name_1": "Гаряча лінія",
        "name_2": "",
        "hours_0": "",
        "hours_1": "",
        "hours_2": "",
        "country": "ua",
        "number": "527",
        "languages": "uk, EN, uk",
        "link": "",
        "position": "0",
        "is_active": "on",
        **fields,
    }


@pytest.fixture
def writer(client):
    user = StaffFactory()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "add_helpline", "change_helpline"])
    )
    client.force_login(user)
    return user


def test_a_text_has_a_labelled_input_in_each_language_and_arabic_runs_to_the_left(writer, client):
    page = client.get(reverse(ADD)).content.decode()
    labels = [name for name in ("English", "Ukrainian", "Arabic") if f">{name}</label>" in page]
    assert labels == ["English", "Ukrainian", "Arabic"]
    assert 'name="name_2" lang="ar" dir="rtl"' in page


def test_a_helpline_is_kept_as_it_was_typed(writer, client):
    assert client.post(reverse(ADD), said()).status_code == 302
    kept = Helpline.objects.get()
    assert (kept.name.data, kept.country, kept.languages) == (
        {"en": "Hotline", "uk": "Гаряча лінія"},
        "UA",
        ["uk", "en"],
    )


def test_a_text_needs_one_language(writer, client):
    response = client.post(reverse(ADD), said(name_0="", name_1=""))
    assert (response.status_code, Helpline.objects.count()) == (200, 0)
    assert "name" in response.context["form"].errors


def test_a_code_that_is_no_language_is_refused(writer, client):
    response = client.post(reverse(ADD), said(languages="uk, xx-nowhere"))
    assert response.context["form"].errors["languages"] == ["“xx-nowhere” is not the code of a language."]


def test_languages_without_an_input_are_kept(writer, client):
    row = helpline(name={"en": "Hotline", "pl": "Infolinia"})
    client.post(reverse(EDIT, args=[row.pk]), said(name_0="Helpline"))
    row.refresh_from_db()
    assert row.name.data == {"en": "Helpline", "uk": "Гаряча лінія", "pl": "Infolinia"}


def test_typing_in_one_language_leaves_the_others(writer, client):
    row = helpline()
    page = client.get(reverse(EDIT, args=[row.pk])).content.decode()
    assert 'value="Гаряча лінія"' in page


def test_a_search_finds_cyrillic_letters_whatever_their_size(db):
    found, _other = helpline(), helpline(number="112", name={"uk": "Поліція"})
    rows = Helpline.objects.filter(search(Helpline, ["name", "number"], "гаряча"))
    assert list(rows) == [found]


def test_whoever_may_not_add_is_refused(writer, client):
    writer.user_permissions.remove(Permission.objects.get(codename="add_helpline"))
    assert client.post(reverse(ADD), said()).status_code == 302
    assert Helpline.objects.count() == 0


def test_an_export_holds_no_formulas(writer, client):
    helpline(name={"en": "=HYPERLINK(1)"})
    response = client.get(reverse(LIST), {"export": "csv"})
    assert b",'=HYPERLINK(1)," in b"".join(response.streaming_content)


def test_an_auditor_reads_the_log_and_writes_nothing(client):
    entry = AuditEntry.objects.create(action="close", subject="event", keys=["lviv"])
    auditor = StaffFactory(role=Role.AUDITOR)
    auditor.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_auditentry", "delete_auditentry"])
    )
    client.force_login(auditor)
    assert client.get(reverse("oberih_safeguarding_auditentry:index")).status_code == 200
    assert (
        "lviv" in client.get(reverse("oberih_safeguarding_auditentry:inspect", args=[entry.pk])).content.decode()
    )
    assert client.post(reverse("oberih_safeguarding_auditentry:delete", args=[entry.pk])).status_code == 302
    assert list(AuditEntry.objects.values_list("keys", flat=True)) == [["lviv"]]
