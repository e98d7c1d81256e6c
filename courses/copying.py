"""A course beside another that began as its copy, and shares nothing with it but the bank of questions."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from courses import trees
from courses.exchange import building, fields
from courses.exchange.assets import Kept
from courses.exchange.describing import References, assessments, describe, versions
from courses.exchange.exceptions import ExchangeError
from courses.pages import LessonPageMixin


@transaction.atomic
def copy_course(*, course_page, to, title, user=None):
    """Make drafts of the course in all its languages below `to` and its translations. Returns the copy of the page.

    Wagtail's own copy takes one language and leaves assessments shared; here every page, lesson, block and assessment has a
    new key, the same in all languages, so that nothing of what somebody did in the one is seen in the other.
    """
    if to.pk == course_page.pk or to.is_descendant_of(course_page):
        raise ExchangeError(_("A course cannot be copied into itself."))
    made = building.build(
        describe(course_page, Kept()),
        parent=to,
        keys=building.fresh_keys(),
        assets=Kept(),
        user=user,
        titles={course_page.locale.language_code: title},
        is_trusted=True,
    )
    for original in versions(course_page):
        copy = made.pages.get((str(original.translation_key), original.locale.language_code))
        if copy is not None:
            _restrict(original, copy, user)
    here = made.pages.get((str(course_page.translation_key), course_page.locale.language_code))
    return here or made.course_pages[0]


def _restrict(original, copy, user):
    """Who may read the one may read the other: drafts that are published must not open what was closed."""
    for restriction in original.view_restrictions.all():
        made = PageViewRestriction(
            page=copy, restriction_type=restriction.restriction_type, password=restriction.password
        )
        made.save(user=user)
        made.groups.set(restriction.groups.all())


@transaction.atomic
def own_assessments(*, page, user=None):
    """Give lessons that Wagtail copied, from `page` down, assessments and block ids of their own.

    An assessment belongs to one lesson: what is passed in the one must not complete the other.
    """
    references, keys, found = References(Kept()), building.fresh_keys(), []
    for model in trees.concrete(LessonPageMixin):
        for lesson in model.objects.descendant_of(page, inclusive=True):
            draft = lesson.get_latest_revision_as_object()
            field = draft._meta.get_field("body")
            found.append((lesson, draft, field, fields.said(field, draft, references)))
    if not references.assessments:
        return
    building.make_assessments(assessments(None, references), keys, Kept(), is_trusted=True)
    given = building.Given(keys, Kept(), is_trusted=True)
    for lesson, draft, field, said in found:
        fields.fill(draft, field, said, given)
        revision = draft.save_revision(user=user)
        if lesson.live:
            revision.publish(user=user)
