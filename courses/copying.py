"""A course beside another that began as its copy, and shares nothing with it but the bank of questions."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from courses.exchange.assets import Kept
from courses.exchange.building import build, fresh_keys
from courses.exchange.describing import describe, versions
from courses.exchange.exceptions import ExchangeError


@transaction.atomic
def copy_course(*, course_page, to, title, user=None):
    """Make drafts of the course in all its languages below `to` and its translations. Returns the copy of the page.

    Wagtail's own copy takes one language and leaves assessments shared; here every page, lesson, block and assessment has a
    new key, the same in all languages, so that nothing of what somebody did in the one is seen in the other.
    """
    if to.pk == course_page.pk or to.is_descendant_of(course_page):
        raise ExchangeError(_("A course cannot be copied into itself."))
    made = build(
        describe(course_page, Kept()),
        parent=to,
        keys=fresh_keys(),
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
