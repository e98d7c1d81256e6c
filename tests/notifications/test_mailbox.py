import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings, tmp_path):
    """A text message that was kept, by its name."""
    settings.DEBUG = True
    settings.EMAIL_FILE_PATH = tmp_path
    (tmp_path / "one.sms").write_text("+380671234567\n<b>Olena</b>: http://localhost:8000/p/abc/\nSee you")
    return "one.sms"


def test_a_link_in_a_text_message_can_be_followed_and_what_people_typed_is_text(client, kept):
    page = client.get(reverse("oberih_notifications:message", args=[kept])).content.decode()
    assert (
        '<a href="http://localhost:8000/p/abc/" rel="nofollow">http://localhost:8000/p/abc/</a><br>See you' in page
    )
    assert "&lt;b&gt;Olena&lt;/b&gt;" in page


def test_without_debug_there_is_no_mailbox(client, kept, settings):
    settings.DEBUG = False
    for address in (
        reverse("oberih_notifications:mailbox"),
        reverse("oberih_notifications:message", args=[kept]),
        reverse("oberih_notifications:message_html", args=[kept]),
        reverse("oberih_notifications:attachment", args=[kept, 0]),
    ):
        assert client.get(address).status_code == 404


def test_no_other_file_of_the_disk_is_read(client, kept, tmp_path):
    (tmp_path / "secret.txt").write_text("no message")
    for name in ("secret.txt", "..", "missing.eml"):
        assert client.get(f"/en/mailbox/{name}/").status_code == 404
