"""A mail as it is sent: text and HTML that say the same, pictures inside the HTML, and what is attached."""

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart

from django.core.mail import EmailMultiAlternatives


class Mail(EmailMultiAlternatives):
    """A mail whose HTML shows `pictures`, {name: PNG}, under "cid:<name>".

    They stand beside the HTML in a part of their own (multipart/related): attached to the mail as a whole, some programs
    would list them as files and others hide the files.
    """

    def __init__(self, *args, pictures=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.pictures = pictures or {}

    def message(self, **kwargs):
        made = super().message(**kwargs)
        if self.pictures:
            _show(made, self.pictures)
        return made


def _show(mail, pictures):
    parent, html = next(
        (part, child)
        for part in mail.walk()
        if part.is_multipart()
        for child in part.get_payload()
        if child.get_content_type() == "text/html"
    )
    related = MIMEMultipart("related", type="text/html")
    related.attach(html)
    for name, content in pictures.items():
        picture = MIMEImage(content, "png")
        picture["Content-ID"] = f"<{name}>"
        picture["Content-Disposition"] = f'inline; filename="{name.partition("@")[0]}.png"'
        related.attach(picture)
    siblings = parent.get_payload()
    siblings[siblings.index(html)] = related
