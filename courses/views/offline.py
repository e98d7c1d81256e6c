from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses import actions, trees
from courses.languages import reader_url
from courses.offline import copies
from courses.offline.device import learner_marks
from courses.offline.forms import SendingForm
from participants import identity
from ui import page_cache


@require_safe
@page_cache.public()
def copy(request, key):
    """What a phone fetches to keep a module, or a whole course, and how much that is."""
    page = copies.find(key, get_language())
    if page is None:
        raise Http404
    return JsonResponse(copies.listing(page, request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_answers(request):
    """Answers given without a network: see `docs/reference/answers-kept-on-a-phone.md`.

    GET says who is there, by the mark that their phone keeps, and gives the token that sending needs: a page that was
    kept has neither.
    """
    participant = identity.current(request)
    marks = learner_marks(participant) if participant else []
    if request.method != "POST":
        return JsonResponse({"learners": marks, "token": get_token(request)})
    if participant is None:
        return JsonResponse({"state": "nobody", "reason": _("Log in to send your answers.")}, status=403)
    form = SendingForm.of(request)
    if not form.is_valid():
        return JsonResponse({"state": "unreadable", "errors": form.errors}, status=400)
    if form.cleaned_data["learner"] not in marks:
        reason = _("These answers were given by somebody else on this phone. Only they can send them.")
        return JsonResponse({"state": "other", "reason": reason}, status=409)
    sent = [actions.Sent(**one) for one in form.given(timezone.now())]
    received = actions.receive(participant=participant, sent=sent)
    places = _places(request, {one.sent.lesson for one in received})
    told = [
        {"uuid": one.sent.uuid, "lesson": one.sent.lesson, "state": one.state, "reason": one.reason}
        | places.get(one.sent.lesson, {})
        for one in received
    ]
    told += [{"uuid": uuid, "state": "refused", "reason": why} for uuid, why in form.unreadable().items()]
    return JsonResponse({"state": "received", "answers": told})


def _places(request, keys):
    """{lesson's key: its title and address}, in the reader's language."""
    versions = {}
    for page in trees.lesson_versions_of(list(keys)):
        versions.setdefault(page.translation_key, []).append(page)
    pages = {key: trees.preferred(pages, get_language()) for key, pages in versions.items()}
    return {key: {"title": page.title, "url": reader_url(page, request)} for key, page in pages.items()}
