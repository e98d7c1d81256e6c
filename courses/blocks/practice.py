"""What is answered, asked for or done: checks, assessments, packages, and whom to call."""

import uuid

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class CheckOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Answer"))
    correct = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = blocks.TextBlock(label=_("What the learner is told"), required=False)


class KnowledgeCheckBlock(blocks.StructBlock):
    """Practice without a mark: the learner is told at once, and may try again."""

    question = blocks.TextBlock(label=_("Question"))
    multiple = blocks.BooleanBlock(label=_("Several answers are right"), required=False)
    options = blocks.ListBlock(CheckOptionBlock(), label=_("Answers"), min_num=2)

    class Meta:
        icon = "help"
        label = _("Knowledge check")
        template = "oberih/courses/blocks/knowledge_check.html"


class HelplineBlock(blocks.StaticBlock):
    class Meta:
        icon = "mobile-alt"
        label = _("Helplines")
        admin_text = _("The helplines of the reader's country and language.")
        template = "oberih/courses/blocks/helpline.html"


class AssessmentChooserBlock(SnippetChooserBlock):
    def bulk_to_python(self, values):
        """The stored keys are strings; Wagtail looks them up among the UUIDs that the database returns."""
        return super().bulk_to_python([uuid.UUID(str(value)) if value else None for value in values])

    def get_form_state(self, value):
        """What the editor's form is given must be JSON, which knows no UUID."""
        state = super().get_form_state(value)
        return {**state, "id": str(state["id"])} if state else state


class AssessmentBlock(blocks.StructBlock):
    assessment = AssessmentChooserBlock("oberih_courses.Assessment", label=_("Assessment"))

    class Meta:
        icon = "form"
        label = _("Assessment")
        template = "oberih/courses/blocks/assessment.html"


class PackageBlock(blocks.StructBlock):
    package = SnippetChooserBlock("oberih_courses.Package", label=_("Package"))

    class Meta:
        icon = "upload"
        label = _("SCORM or H5P package")
        template = "oberih/courses/blocks/package.html"
