"""How an editor sees a question or an assessment before a learner does. What is shown is worked out by a template tag,
`oberih_courses.preview_of`: the models build on this module, so it can know none of them."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import PreviewableMixin

KEY = "key"


class Preview(PreviewableMixin):
    def preview_language(self, mode):
        return translation.get_language()

    def serve_preview(self, request, mode_name):
        # Rendered at once: the language is that of the text and not of the editor.
        with translation.override(self.preview_language(mode_name)):
            return super().serve_preview(request, mode_name).render()

    def get_preview_template(self, request, mode_name):
        return "oberih/courses/preview.html"

    def get_preview_context(self, request, mode_name):
        return {**super().get_preview_context(request, mode_name), "with_key": mode_name == KEY}


class QuestionPreview(Preview):
    @property
    def preview_modes(self):
        return [("", _("As learners see it")), (KEY, _("With the right answers"))]

    def preview_language(self, mode):
        return self.locale.language_code if self.locale_id else super().preview_language(mode)


class AssessmentPreview(Preview):
    """One mode a language, since its texts are kept in one row for all."""

    @property
    def preview_modes(self):
        languages = [(code, str(name)) for code, name in settings.LANGUAGES]
        return [*languages, (KEY, _("With the right answers"))]

    @property
    def default_preview_mode(self):
        codes = [code for code, _name in self.preview_modes]
        return translation.get_language() if translation.get_language() in codes else codes[0]

    def preview_language(self, mode):
        return super().preview_language(mode) if mode == KEY else mode
