"""Whoever works here has a second factor, and what it rests on cannot be read from the database."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from accounts import factors
from accounts.checks import check_second_factor
from safeguarding.models import Role, RoleGrant
from tests.certificates.factories import an_issued_certificate
from tests.factories import SEED, StaffFactory, UserFactory, code_of_app, give_factor, say_why

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"


def without_factor(role=None, *permissions):
    user = UserFactory()
    if role:
        RoleGrant.objects.create(user=user, role=role)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def confirm_password(client):
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})


@pytest.mark.parametrize(
    ("who", "page"),
    [
        (lambda: without_factor(Role.TRAINER), "/en/trainings/"),
        (lambda: without_factor(Role.MANAGER), "/en/overview/?month=1"),
        (lambda: without_factor(Role.ADMINISTRATOR), "/en/accounts/invitations/"),
        (lambda: without_factor(None, "access_admin"), "/admin/"),
        (lambda: without_factor(Role.EDITOR, "access_admin"), "/admin/account/"),
    ],
)
def test_the_pages_of_staff_are_closed_until_a_factor_is_set_up(client, site_tree, who, page):
    user = who()
    client.force_login(user)
    answer = client.get(page)
    assert (answer.status_code, answer.url) == (302, reverse("oberih_accounts:second_factor"))
    give_factor(user)
    assert client.get(reverse("oberih_accounts:second_factor")).url == reverse("oberih_accounts:go_on")
    assert client.get(reverse("oberih_accounts:go_on")).url == page
    assert client.get(page).status_code == 200


def test_a_superuser_is_staff_too(client, site_tree):
    user = UserFactory(is_superuser=True)
    Authenticator.objects.all().delete()
    client.force_login(user)
    assert client.get("/admin/").url == reverse("oberih_accounts:second_factor")


def test_what_is_sent_without_a_factor_changes_nothing(client):
    client.force_login(without_factor(Role.MANAGER))
    form = {"email": "new@example.org", "role": "trainer"}
    assert client.post("/en/accounts/invitations/", form).status_code == 403


def test_recovery_codes_alone_are_no_factor(client):
    user = without_factor(Role.TRAINER)
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0}
    )
    client.force_login(user)
    assert client.get("/en/trainings/").status_code == 302


def test_a_participant_needs_none(client):
    client.force_login(UserFactory())
    assert client.get("/en/learn/").status_code == 200


def test_staff_without_a_factor_do_not_download_what_others_own(client):
    certificate = an_issued_certificate()
    address = reverse("oberih_certificates:download", args=[certificate.uuid])
    client.force_login(without_factor(Role.ADMINISTRATOR))
    assert client.get(address).url == reverse("oberih_accounts:second_factor")
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    say_why(client, f"certificate:{certificate.number}")
    assert client.get(address).status_code == 200


def test_the_waiver_of_a_demonstration_has_no_effect_where_debug_is_off(client, settings):
    settings.OBERIH_ACCOUNTS_SECOND_FACTOR = False
    client.force_login(without_factor(Role.TRAINER))
    assert client.get("/en/trainings/").status_code == 302
    assert [error.id for error in check_second_factor(None)] == ["oberih_accounts.E001"]
    settings.DEBUG = True
    assert client.get("/en/trainings/").status_code == 200
    assert check_second_factor(None) == []


def test_a_password_alone_logs_nobody_in_who_has_a_factor(client):
    user = StaffFactory(role=Role.TRAINER)
    answer = client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (answer.url, "_auth_user_id" in client.session) == (reverse("mfa_authenticate"), False)
    client.post("/en/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/en/accounts/2fa/authenticate/", {"code": code_of_app()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_code_of_the_app_works_once(client):
    user = StaffFactory(role=Role.TRAINER)
    code = code_of_app()
    for expected in (True, False):
        client.logout()
        client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
        client.post("/en/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in client.session) is expected


def test_setting_up_an_app_shows_a_picture_of_our_own_and_then_the_codes(client, monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.generate_totp_secret", lambda: SEED)
    user = without_factor(Role.TRAINER)
    client.force_login(user)
    client.get("/en/trainings/")
    confirm_password(client)
    page = client.get("/en/accounts/2fa/totp/activate/").content.decode()
    assert ("data:image" in page, "<style" in page, SEED in page) == (False, False, True)
    picture = client.get(reverse("oberih_accounts:totp_code"))
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "private, no-store")
    answer = client.post("/en/accounts/2fa/totp/activate/", {"code": code_of_app()})
    codes = client.get(answer.url)
    assert codes.context["can_view_codes"] is True
    assert client.get(answer.url).context["can_view_codes"] is False
    assert client.get(reverse("oberih_accounts:go_on")).url == "/en/trainings/"
    assert client.get(reverse("oberih_accounts:totp_code")).status_code == 404


def test_a_dump_of_the_rows_holds_no_seed():
    user = give_factor(UserFactory())
    codes = RecoveryCodes.activate(user)
    dump = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    seed_of_codes = factors.Adapter().decrypt(codes.instance.data["seed"])
    assert [secret for secret in (SEED, seed_of_codes, *codes.generate_codes()) if secret in dump] == []
    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_of_app())


def test_an_older_key_reads_until_all_is_written_with_the_newest(settings):
    settings.OBERIH_ACCOUNTS_SECRETS = {"1": "the first"}
    factor = Authenticator.objects.get(user=give_factor(UserFactory()))
    settings.OBERIH_ACCOUNTS_SECRETS = {"1": "the first", "2": "the second"}
    call_command("rotate_factors", stdout=None)
    settings.OBERIH_ACCOUNTS_SECRETS = {"2": "the second"}
    factor.refresh_from_db()
    assert factor.data["secret"].startswith("2:")
    assert factor.wrap().validate_code(code_of_app())


def test_a_seed_from_before_is_read_and_encrypted_by_the_command():
    factor = Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.TOTP, data={"secret": SEED})
    assert factor.wrap().validate_code(code_of_app())
    call_command("rotate_factors", stdout=None)
    factor.refresh_from_db()
    assert factors.Adapter().decrypt(factor.data["secret"]) == SEED != factor.data["secret"]


def a_key_of(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "telephone"})


@pytest.mark.parametrize("kind", ["app", "key"])
def test_staff_keep_their_last_factor(client, kind):
    user = without_factor(Role.TRAINER)
    factor = Authenticator.objects.get(user=give_factor(user)) if kind == "app" else a_key_of(user)
    client.force_login(user)
    confirm_password(client)
    address = "totp/deactivate" if kind == "app" else f"webauthn/keys/{factor.pk}/remove"
    client.post(f"/en/accounts/2fa/{address}/")
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_staff_may_remove_one_of_two(client):
    user = give_factor(without_factor(Role.TRAINER))
    factor = a_key_of(user)
    client.force_login(user)
    confirm_password(client)
    client.post(f"/en/accounts/2fa/webauthn/keys/{factor.pk}/remove/")
    assert [one.type for one in Authenticator.objects.filter(user=user)] == ["totp"]


def test_nobody_removes_somebody_elses_factor(client):
    user, charlie = give_factor(UserFactory()), UserFactory()
    factor = a_key_of(user)
    client.force_login(charlie)
    confirm_password(client)
    assert client.post(f"/en/accounts/2fa/webauthn/keys/{factor.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_a_participant_may_do_without_again(client):
    user = give_factor(UserFactory())
    client.force_login(user)
    confirm_password(client)
    client.post("/en/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()
