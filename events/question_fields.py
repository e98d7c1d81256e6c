"""The fields in which an event's own questions are answered."""

from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events import pictures
from events.models import QuestionKind
from events.people import Reply
from safeguarding import zips

LONGEST_TEXT = 2000
LARGEST_MEGABYTES = 5
# More are easier found in a list that opens.
_MOST_RADIOS = 7
# What each ending begins with, and as what it is handed out.
TYPES = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


class AnswerFileField(forms.FileField):
    """A document or a picture that is what its name says. Only the event's trainers open it, and as a download."""

    def __init__(self, **kwargs):
        widget = forms.FileInput(attrs={"accept": ",".join(TYPES)})
        super().__init__(**{"widget": widget, "max_length": 200, **kwargs})

    def to_python(self, data):
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > LARGEST_MEGABYTES * 1024 * 1024:
            raise ValidationError(
                _("This file is larger than %(most)s MB. Send a smaller one."),
                code="size",
                params={"most": localize(LARGEST_MEGABYTES)},
            )
        ending = Path(file.name).suffix.lower()
        if ending not in TYPES:
            raise ValidationError(_("Send a PDF, JPG, PNG or DOCX file."), code="kind")
        begins, mime_type = TYPES[ending]
        file.seek(0)
        is_it = file.read(len(begins)) == begins and (ending != ".docx" or _is_document(file))
        file.seek(0)
        if not is_it:
            raise self._mismatch()
        if mime_type.startswith("image/"):
            try:
                return pictures.drawn_anew(file)
            except pictures.PictureError:
                raise self._mismatch() from None
        return file

    def _mismatch(self):
        return ValidationError(_("What is in this file is not what its name says."), code="mismatch")


def _is_document(file):
    """Whether the archive is a text of an office program, without macros that would run."""
    try:
        _archive, members = zips.opened(file)
    except zips.DamagedError:
        return False
    names = {member.filename for member in members}
    return {"[Content_Types].xml", "word/document.xml"} <= names and not any(
        name.endswith("vbaProject.bin") for name in names
    )


def name_of(question):
    return f"question_{question.pk}"


def fields_for(questions, answers=()):
    """{name: field} for questions, as they stand in `answers`: an answer that was given is where a change begins."""
    given = {answer.question_id: answer for answer in answers}
    return {name_of(question): _field(question, given.get(question.pk)) for question in questions}


def replies(questions, said):
    """The Replies to questions in what a form said, also the empty ones; a file that was not sent anew stays as it is."""
    found = {question: _reply(question, said.get(name_of(question))) for question in questions}
    return {question: reply for question, reply in found.items() if reply or question.kind != QuestionKind.FILE}


def _reply(question, value):
    if question.kind == QuestionKind.FILE:
        return Reply(file=value or None)
    if question.kind == QuestionKind.SEVERAL:
        return Reply(chosen=tuple(value or ()))
    if question.kind == QuestionKind.CHOICE:
        return Reply(chosen=(value,) if value else ())
    return Reply(text=value or "")


def _field(question, answer):
    # The words are those of whoever asks, in a line of ours that may run the other way.
    common = {
        "label": format_html("<bdi>{}</bdi>", question.text),
        "help_text": format_html("<bdi>{}</bdi>", question.purpose),
        "required": question.is_required,
    }
    return {
        QuestionKind.TEXT: _text,
        QuestionKind.CHOICE: _choice,
        QuestionKind.SEVERAL: _several,
        QuestionKind.FILE: _file,
    }[QuestionKind(question.kind)](question, answer, common)


def _text(_question, answer, common):
    return forms.CharField(
        max_length=LONGEST_TEXT,
        initial=answer.text if answer else "",
        widget=forms.Textarea(attrs={"rows": 2}),
        **common,
    )


def options(question):
    """[(key, text)] of a question, in the reader's language."""
    return [(option["key"], str(LazyI18nString(option["text"]))) for option in question.options]


def _choice(question, answer, common):
    known = options(question)
    few = len(known) <= _MOST_RADIOS
    if not (few and question.is_required):
        known.insert(0, ("", _("No answer") if few else _("Choose")))
    return forms.ChoiceField(
        choices=known,
        initial=next(iter(answer.chosen), "") if answer else "",
        widget=forms.RadioSelect if few else forms.Select,
        **common,
    )


def _several(question, answer, common):
    return forms.MultipleChoiceField(
        choices=options(question),
        initial=answer.chosen if answer else [],
        widget=forms.CheckboxSelectMultiple,
        **common,
    )


def _file(_question, answer, common):
    hint = _("PDF, JPG, PNG or DOCX, at most %(most)s MB.") % {"most": localize(LARGEST_MEGABYTES)}
    common["help_text"] = format_html("{} {}", common["help_text"], hint)
    if answer is not None and answer.file:
        kept = _("We have “%(name)s”. Choose a file only to replace it.") % {
            "name": f"\u2068{answer.file_name}\u2069"
        }
        common |= {"help_text": format_html("{} {}", common["help_text"], kept), "required": False}
    return AnswerFileField(**common)
