import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse

from accounts.models import User
from courses.actions import learner_for

pytestmark = pytest.mark.django_db

FORM = {"full_name": "Олена  Коваль", "email": "olena@example.org", "password1": "a password of tests"}


def test_the_name_given_at_sign_up_is_the_learners(client):
    answer = client.post(reverse("account_signup"), FORM)
    user = User.objects.get()
    assert (answer.status_code, user.get_full_name(), len(mail.outbox)) == (302, "Олена Коваль", 1)
    assert (learner_for(user).full_name, user.oberih_participant.email) == ("Олена Коваль", "olena@example.org")


def test_nobody_signs_up_without_a_name(client):
    answer = client.post(reverse("account_signup"), {**FORM, "full_name": " "})
    assert list(answer.context["form"].errors) == ["full_name"]
    assert list(answer.context["form"].fields)[:3] == ["full_name", "email", "password1"]
    assert User.objects.count() == 0


def test_an_address_is_not_changed_where_nobody_proves_it(client, site_tree):
    editor = get_user_model().objects.create_superuser("editor@example.org", "a password of tests")
    client.force_login(editor)
    account = reverse("wagtailadmin_account")
    client.post(
        account,
        {
            "name_email-first_name": "Pavlo",
            "name_email-last_name": "Hrytsenko",
            "name_email-email": "victim@example.org",
        },
    )
    editor.refresh_from_db()
    assert editor.email == "editor@example.org"
    assert "name_email-email" not in client.get(account).content.decode()
