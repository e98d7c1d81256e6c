"""Courses, assessments and the bank of questions in the *Training* menu."""

import django_filters
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn

from courses.admin_forms import AssessmentForm, CourseForm, EnrolmentKeyForm
from courses.models import Assessment, AssessmentQuestion, Course, EnrolmentKey, Question
from safeguarding.i18n_admin import I18nFieldPanel
from safeguarding.training_menu import SnippetListing, TrainingSnippetViewSet, TrainingViewSet


class CourseViewSet(TrainingViewSet):
    """How a course is taken. Its title and code follow its pages: what was changed here would be undone at the next
    publication."""

    model = Course
    icon = "oberih-book"
    menu_label = _("Courses")
    menu_order = 100
    deeds = frozenset({"view", "change"})
    list_display = ["__str__", "code", "access", "project", DateColumn("archived_at", label=_("Archived"))]
    list_select_related = ["project"]
    list_filter = ["project", "access"]
    list_export = ["code", "title", "access", "days_to_complete", "project", "archived_at"]
    search_fields = ["title", "code"]
    ordering = ["code"]
    inspect_view_enabled = True
    inspect_view_fields = [
        "title",
        "code",
        "access",
        "requires",
        "days_to_complete",
        "topics",
        "project",
        "archived_at",
    ]
    edit_handler = ObjectList(
        [
            HelpPanel(_("The title, the topics and the lessons follow the course’s pages.")),
            FieldPanel(
                "access",
                help_text=_(
                    "How people come to take it by themselves. Groups, trainings and staff enrol people whatever this says. "
                    "With a key: make one under Keys of courses."
                ),
            ),
            FieldPanel("requires"),
            FieldPanel(
                "days_to_complete",
                help_text=_(
                    "Counted from the day somebody is enrolled. A group may set an earlier date. Empty: as long as somebody needs."
                ),
            ),
            FieldPanel(
                "project",
                help_text=_(
                    "Reports count the course under it, and its managers see and enrol the people who take it. "
                    "What was counted before does not move."
                ),
            ),
        ],
        base_form_class=CourseForm,
    )


class EnrolmentKeyViewSet(TrainingViewSet):
    model = EnrolmentKey
    icon = "key"
    menu_label = _("Keys of courses")
    menu_order = 105
    list_display = [
        "code",
        "course",
        "label",
        Column("uses", label=_("Used"), sort_key="uses"),
        Column("uses_allowed", label=_("Of"), sort_key="uses_allowed"),
        DateColumn("expires_at", label=_("Valid until")),
    ]
    list_select_related = ["course"]
    list_filter = ["course"]
    list_export = ["code", "course", "label", "uses", "uses_allowed", "expires_at"]
    search_fields = ["code", "label"]
    ordering = ["course__code", "code"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "A word that you read out in a class or print on a handout. It counts only for courses that need a key."
                )
            ),
            FieldPanel("course"),
            FieldPanel(
                "code",
                help_text=_(
                    "At least six letters or digits, easy to read out. Capitals and spaces do not matter."
                ),
            ),
            FieldPanel("label", help_text=_("For yourself, such as “Handout, Lviv, May”.")),
            FieldPanel("uses_allowed"),
            FieldPanel("expires_at"),
            FieldPanel("group", help_text=_("Who uses the key joins this group and takes all its courses.")),
        ],
        base_form_class=EnrolmentKeyForm,
    )


def _count(rows):
    """How many of `rows`, which name the outer row, there are."""
    counted = rows.order_by().values("question_key").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class AssessmentIndexView(SnippetListing):
    def get_base_queryset(self):
        return super().get_base_queryset().annotate(question_count=Count("bank"))


class AssessmentViewSet(TrainingSnippetViewSet):
    model = Assessment
    icon = "form"
    menu_label = _("Assessments")
    menu_order = 110
    index_view_class = AssessmentIndexView
    list_display = [
        "__str__",
        "course",
        "kind",
        Column("question_count", label=_("Questions"), sort_key="question_count"),
        Column("draw", label=pgettext_lazy("number of questions", "Drawn"), sort_key="draw"),
        Column("pass_percent", label=_("Pass mark, %"), sort_key="pass_percent"),
        Column("attempts_allowed", label=_("Attempts"), sort_key="attempts_allowed"),
    ]
    list_select_related = ["course"]
    list_filter = ["course", "kind", "is_required"]
    list_export = [
        "title",
        "course",
        "kind",
        "question_count",
        "draw",
        "pass_percent",
        "attempts_allowed",
        "is_required",
    ]
    export_headings = {"question_count": _("Questions")}
    search_fields = ["title"]
    ordering = ["course__code", "pk"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(
                        _("Put it into a lesson with the block “Assessment”; passing it completes that lesson.")
                    ),
                    I18nFieldPanel("title"),
                    I18nFieldPanel("intro", help_text=_("What learners read before they begin.")),
                ],
                heading=_("Texts"),
            ),
            ObjectList(
                [
                    FieldPanel("questions"),
                    FieldRowPanel(
                        [FieldPanel("draw"), FieldPanel("shuffles_questions"), FieldPanel("shuffles_options")],
                        help_text=_(
                            "Drawing and mixing makes it harder to pass on answers. Scales and “true or false” keep "
                            "their order; things to be put in order and pairs are always mixed."
                        ),
                    ),
                ],
                heading=_("Questions"),
            ),
            ObjectList(
                [
                    FieldPanel(
                        "kind",
                        help_text=_(
                            "In a survey nothing is right or wrong: whoever hands it in has done it, once, and the pass "
                            "mark, attempts and what is shown afterwards do not matter."
                        ),
                    ),
                    FieldPanel(
                        "pass_percent",
                        help_text=_("Of the points of all questions drawn. The mark at the start holds."),
                    ),
                    FieldPanel(
                        "is_required", help_text=_("Without the mark it is an exercise that nobody has to pass.")
                    ),
                    FieldPanel("compared_with"),
                ],
                heading=_("Passing"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("attempts_allowed"), FieldPanel("cooling_minutes")]),
                    FieldPanel(
                        "minutes_allowed",
                        help_text=_(
                            "Empty: without a time limit. The time runs from the start, whatever happens to the line; "
                            "a person can be given extra time."
                        ),
                    ),
                ],
                heading=_("Attempts and time"),
            ),
            ObjectList(
                [
                    FieldPanel(
                        "shows_answers",
                        help_text=_(
                            "Whoever may try again and sees the right answers can learn them by heart; a large bank and "
                            "a draw help against that."
                        ),
                    )
                ],
                heading=_("Afterwards"),
            ),
        ],
        base_form_class=AssessmentForm,
    )


class QuestionFilterSet(WagtailFilterSet):
    assessment = django_filters.ModelChoiceFilter(
        label=_("Assessment"), queryset=Assessment.objects.all(), method="of_assessment"
    )

    class Meta:
        model = Question
        fields = ["kind", "topic"]

    def of_assessment(self, questions, _name, assessment):
        bank = AssessmentQuestion.objects.filter(assessment=assessment)
        return questions.filter(translation_key__in=bank.values("question_key"))


class QuestionIndexView(SnippetListing):
    def get_base_queryset(self):
        uses = AssessmentQuestion.objects.filter(question_key=OuterRef("translation_key"))
        return super().get_base_queryset().annotate(use_count=_count(uses))


class QuestionViewSet(TrainingSnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_order = 120
    index_view_class = QuestionIndexView
    list_display = [
        "text",
        "kind",
        "topic",
        LocaleColumn(),
        Column("use_count", label=_("Assessments"), sort_key="use_count"),
        "version",
    ]
    list_select_related = ["locale", "topic"]
    filterset_class = QuestionFilterSet
    list_export = ["text", "kind", "topic", "points", "locale", "use_count", "version"]
    export_headings = {"use_count": _("Assessments")}
    search_fields = ["text"]
    ordering = ["pk"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel(
                "text", help_text=_("One thing at a time, in plain words. No “not” that decides the answer.")
            ),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "kind",
                        help_text=_(
                            "With several right answers, in an order and with pairs a learner has to have all of it "
                            "right: nothing is given for a part."
                        ),
                    ),
                    FieldPanel(
                        "options",
                        help_text=_(
                            "One or several right answers, true or false: mark what is right. An order: write the things "
                            "in the right order. Pairs: say for each what belongs to it. A word or two: each answer that "
                            "counts, however it is spelled; those of the other languages count, too. How much somebody "
                            "agrees: the steps from least to most, or nothing for the usual five. A number, and an "
                            "answer that a trainer marks: nothing. Learners read the last field after handing in."
                        ),
                    ),
                ],
                heading=_("Answers"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("number"),
                    FieldPanel(
                        "tolerance",
                        help_text=_("With 5 and a tolerance of 1, all from 4 to 6 is right. For numbers only."),
                    ),
                ],
                heading=_("A number"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "points",
                        help_text=_(
                            "What it weighs in a test. A trainer gives up to so many for an answer they mark."
                        ),
                    ),
                    FieldPanel("topic", help_text=_("To find it again in the bank.")),
                ],
                heading=_("Weight and topic"),
            ),
        ]
    )
