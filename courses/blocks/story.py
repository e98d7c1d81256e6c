"""Case stories: “what would you do?”, with choices that lead to other scenes. No marks."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from courses import story
from courses.blocks.texts import TextBlock

_key = RegexValidator(
    r"^[a-z0-9][a-z0-9-]*\Z", _("Lower-case Latin letters, figures and hyphens only."), code="key"
)

_FAULTS = {
    "twice": _("Two scenes have the key “%(key)s”."),
    "start": _("The story begins with the scene “%(key)s”, which does not exist."),
    "unknown": _("A choice leads to the scene “%(key)s”, which does not exist."),
    "unreached": _("No choice leads to the scene “%(key)s”."),
    "endless": _("From the scene “%(key)s” the story never ends."),
}


class KeyBlock(blocks.CharBlock):
    """A name that only scenes know each other by, the same in every language, and nothing that anybody looks for."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 40, "search_index": False, "validators": (_key,), **kwargs})

    def get_translatable_segments(self, value):
        return []

    def restore_translated_segments(self, value, segments):
        return value


class ChoiceBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("What one may do"))
    feedback = blocks.TextBlock(label=_("What this may lead to"), required=False, default="")
    leads_to = KeyBlock(
        label=_("Leads to the scene"),
        required=False,
        help_text=_("The key of a scene. Empty: the story ends here."),
    )


class SceneBlock(blocks.StructBlock):
    key = KeyBlock(label=_("Key"), help_text=_("A short name for this scene that readers do not see."))
    text = TextBlock(label=_("What happens"))
    choices = blocks.ListBlock(ChoiceBlock(), label=_("What would you do?"), max_num=9)

    class Meta:
        icon = "openquote"
        label = _("Scene")


class CaseStoryBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    start = KeyBlock(label=_("Key of the first scene"))
    scenes = blocks.ListBlock(SceneBlock(), label=_("Scenes"), min_num=1, max_num=30)

    class Meta:
        icon = "comment"
        label = _("Case story")
        template = "oberih/courses/blocks/case_story.html"

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation:
            scenes = [
                (scene["key"], [choice["leads_to"] or "" for choice in scene["choices"]])
                for scene in value["scenes"]
            ]
            found = [
                ValidationError(_FAULTS[kind], code=kind, params={"key": key})
                for kind, key in story.faults(value["start"], scenes)
            ]
            if found:
                raise StructBlockValidationError(non_block_errors=found)
        return value
