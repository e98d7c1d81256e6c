"""What a page of a course needs to be kept on a phone, and to keep what is answered without a network."""

from django import template

from courses.offline.device import learner_mark

register = template.Library()


@register.inclusion_tag("oberih/courses/_kept_answers.html")
def kept_answers(way=None, page=None, language=""):
    """Where answers wait for the line. A learner's own page knows whose they are; a copy for strangers does not."""
    learner = learner_mark(way.participant) if way is not None and way.enrolment else ""
    return {"learner": learner, "page": page, "language": language}


@register.inclusion_tag("oberih/courses/_keep.html")
def keep_on_phone(page, *, is_course=False):
    """A button that keeps a module or a course on the phone; seen where a browser can do that."""
    return {"key": page.translation_key, "title": page.title, "is_course": is_course}
