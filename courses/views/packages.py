"""The player's page, and what it relays from the package to the server. The package itself is served by `courses.packages.serving`."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import actions, package_forms
from courses.exceptions import SupersededError
from courses.languages import direction, reader_url
from courses.models import PackageRun
from courses.packages import origin, player, runtime
from courses.packages.serving import SANDBOX
from courses.readable import lesson_page
from courses.views.lessons import way_for
from participants import identity
from participants.models import Participant
from ui import frames


@never_cache
@require_safe
def package(request, key, block):
    page = lesson_page(request, key)
    found = player.block_in(page.body, block)
    if found is None:
        raise Http404
    one = found.value["package"]
    way = way_for(request, page)
    enrolment = way and way.enrolment
    lesson = way.outline.lessons.get(key) if enrolment else None
    lesson_url = reader_url(page, request)
    if not lesson:
        messages.info(request, _("Your progress is kept once you have started the course."))
        return redirect(lesson_url)
    (standing,) = player.standings([found], enrolment=enrolment, lesson_key=key, request=request)
    if not standing.is_available or not standing.parts:
        return redirect(lesson_url)
    part = standing.part(request.GET.get("part", ""))
    run = actions.launch(
        enrolment=enrolment, package=one, lesson=lesson, item=part, language=page.locale.language_code
    )
    standing.runs[part["id"]] = run
    language = one.language if one.language in dict(settings.LANGUAGES) else page.locale.language_code
    response = render(
        request,
        "oberih/courses/package.html",
        {
            "package": one,
            "part": part,
            "run": run,
            "standing": standing,
            "steps": standing.steps(part) if standing.has_parts else [],
            "lesson": page,
            "lesson_url": lesson_url,
            "crumbs": [{"label": page.title, "url": lesson_url}],
            "language": language,
            "direction": direction(language),
            "is_full": "full" in request.GET,
            "frame_url": player.frame_url(run, one, origin=standing.origin, request=request),
            "sandbox": " ".join(SANDBOX),
            "start": {
                "origin": standing.origin,
                "session": str(run.session),
                "token": get_token(request),
                "kind": one.kind,
                "href": part["href"],
                "title": part["title"],
                "language": language,
                "direction": direction(language),
                "cmi": runtime.start(run, part, kind=one.kind),
            },
        },
    )
    # As django-csp and the site's own policy read it: this page may show that origin in a frame, no other page may.
    frames.allow(response, standing.origin)
    return response


def _own_run(request, uuid):
    """Somebody else's run does not exist, as far as this person may know."""
    participant = identity.current(request)
    if participant is None:
        raise Http404
    return get_object_or_404(
        PackageRun.objects.select_related("package", "enrolment"),
        uuid=uuid,
        enrolment__participant__in=Participant.objects.seen_by(participant),
        enrolment__withdrawn_at=None,
    )


def _superseded(error):
    return JsonResponse({"error": str(error)}, status=409)


def _invalid(form):
    return JsonResponse({"error": form.errors.get_json_data()}, status=400)


def _told(run):
    return {"completed": run.completed_at is not None, "done": run.is_done}


@never_cache
@require_POST
def package_commit(request, uuid):
    run = _own_run(request, uuid)
    form = package_forms.CommitForm(package_forms.sent(request) or {}, kind=run.package.kind)
    if not form.is_valid():
        return _invalid(form)
    given = form.cleaned_data
    if given["session"] != run.session:
        return _superseded(_opened_elsewhere())
    try:
        done = actions.commit(
            session=given["session"],
            number=given["number"],
            report=given["cmi"],
            is_final=given["final"],
            seconds=given["seconds"] or 0,
        )
    except SupersededError as error:
        return _superseded(error)
    return JsonResponse({"stored": done.is_new, **_told(done.run)})


def _opened_elsewhere():
    return SupersededError(_("This package was opened in another window. Go on there, or load this page again."))


@never_cache
@require_POST
def package_statements(request, uuid):
    run = _own_run(request, uuid)
    form = package_forms.StatementsForm(package_forms.sent(request) or {})
    if not form.is_valid():
        return _invalid(form)
    if form.cleaned_data["session"] != run.session:
        return _superseded(_opened_elsewhere())
    try:
        stored = actions.store_statements(session=run.session, statements=form.cleaned_data["statements"])
    except SupersededError as error:
        return _superseded(error)
    run.refresh_from_db()
    return JsonResponse({"stored": stored, **_told(run)})


@never_cache
@require_POST
def package_open(request, uuid):
    """The page is still open: the address of the package goes on being good."""
    run = _own_run(request, uuid)
    form = package_forms.SessionForm(package_forms.sent(request) or {})
    if not form.is_valid():
        return _invalid(form)
    if form.cleaned_data["session"] != run.session:
        return _superseded(_opened_elsewhere())
    origin.prolong(str(run.session))
    return JsonResponse({"open": True})
