"""A passkey from its making to the log-in, with an authenticator that Chromium plays."""

import pytest
from allauth.mfa.models import Authenticator

from safeguarding.models import Role, RoleGrant
from tests import walk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "a password of tests"
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def telephone(phone):
    """A page in a browser that keeps passkeys and whose owner always puts the finger on it."""
    chromium = phone.context.new_cdp_session(phone)
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})
    return phone


def test_a_new_trainer_creates_a_passkey_and_logs_in_by_it_alone(telephone, site_tree):
    trainer = UserFactory(password=PASSWORD)
    RoleGrant.objects.create(user=trainer, role=Role.TRAINER)
    walk.log_in(telephone, trainer.email, PASSWORD)
    telephone.wait_for_url("**/second-factor/")
    telephone.click("a[href$='/webauthn/add/']")
    telephone.fill("input[name=password]", PASSWORD)
    telephone.press("input[name=password]", "Enter")
    telephone.wait_for_url("**/webauthn/add/")
    telephone.fill("input[name=name]", "Телефон")
    telephone.click("#mfa_webauthn_add")
    telephone.wait_for_url("**/recovery-codes/")
    assert telephone.locator("main code").count() == 10
    telephone.click("a[href$='/go-on/']")
    telephone.wait_for_url("**/trainings/")
    assert [str(one) for one in Authenticator.objects.filter(user=trainer, type="webauthn")] == ["Телефон"]

    telephone.context.clear_cookies()
    telephone.goto("/en/accounts/login/")
    telephone.click("#passkey_login")
    telephone.wait_for_url("**/trainings/")
    assert telephone.locator("h1").count() == 1


def test_a_passkey_is_the_second_factor_after_the_password_too(telephone, site_tree):
    trainer = UserFactory(password=PASSWORD)
    walk.log_in(telephone, trainer.email, PASSWORD)
    telephone.goto("/en/accounts/2fa/webauthn/add/")
    telephone.fill("input[name=password]", PASSWORD)
    telephone.press("input[name=password]", "Enter")
    telephone.wait_for_url("**/webauthn/add/")
    telephone.click("#mfa_webauthn_add")
    telephone.wait_for_url("**/recovery-codes/")

    telephone.context.clear_cookies()
    walk.log_in(telephone, trainer.email, PASSWORD)
    telephone.click("#mfa_webauthn_authenticate")
    telephone.wait_for_url("**/learn/")
