import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from notifications.backends import MailboxBackend, MailboxSms
from notifications.mails import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mail = EmailMultiAlternatives("Ваше місце", "Hello\nhttp://localhost:8000/p/x/", to=["olena@example.org"])
    mail.attach_alternative("<p>Hello</p>", "text/html")
    mail.attach("event.ics", b"BEGIN:VCALENDAR", "text/calendar")
    assert MailboxBackend().send_messages([mail]) == 1
    MailboxSms().send("+380671234567", "Your seat")
    return settings.EMAIL_FILE_PATH


def test_what_would_have_been_sent_is_shown(client, mailbox):
    kept = client.get(reverse("oberih_notifications:mailbox")).context["kept"]
    assert [(one.to, one.subject, one.attachments) for one in kept] == [
        ("+380671234567", "Your seat", []),
        ("olena@example.org", "Ваше місце", ["event.ics"]),
    ]
    mail = kept[1]
    shown = client.get(reverse("oberih_notifications:message", args=[mail.name])).content.decode()
    assert '<a href="http://localhost:8000/p/x/"' in shown
    assert client.get(reverse("oberih_notifications:message_html", args=[mail.name])).content == b"<p>Hello</p>"
    attached = client.get(reverse("oberih_notifications:attachment", args=[mail.name, 0]))
    assert (attached.content, attached["Content-Type"]) == (b"BEGIN:VCALENDAR", "text/calendar")


@pytest.mark.parametrize("name", ["..%2Fdb.sqlite3", "no-such.eml", "secret.txt"])
def test_nothing_but_messages_is_read(client, mailbox, name):
    (mailbox / "secret.txt").write_text("secret")
    assert client.get(f"/en/mailbox/{name}/").status_code == 404


def test_there_is_no_mailbox_outside_of_debug_mode(client, mailbox, settings):
    settings.DEBUG = False
    for path in ("/en/mailbox/", f"/en/mailbox/{next(mailbox.glob('*.eml')).name}/"):
        assert client.get(path).status_code == 404


def test_what_people_typed_is_text_and_a_link_in_it_can_be_followed(client, mailbox):
    (mailbox / "one.sms").write_text("+380671234567\n<b>Olena</b>: http://localhost:8000/p/abc/\nSee you")
    page = client.get(reverse("oberih_notifications:message", args=["one.sms"])).content.decode()
    assert 'rel="nofollow">http://localhost:8000/p/abc/</a><br>See you' in page
    assert "&lt;b&gt;Olena&lt;/b&gt;" in page


def test_pictures_of_a_mail_stand_where_its_text_names_them(client, settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_FILE_PATH = tmp_path
    mail = Mail("Your seat", "Hello", to=["olena@example.org"], pictures={"ticket@oberih": b"\x89PNG"})
    mail.attach_alternative('<img src="cid:ticket@oberih" alt="">', "text/html")
    MailboxBackend().send_messages([mail])
    (kept,) = client.get(reverse("oberih_notifications:mailbox")).context["kept"]
    assert kept.html.strip() == '<img src="data:image/png;base64,iVBORw==" alt="">'
    assert (kept.text.strip(), kept.attachments) == ("Hello", [])
