"""*My colleagues*: the people of an organisation at trainings, for its focal point. No contact and no answer is shown."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import awards, when
from events.models import Registration, Status
from participants.models import Organisation
from participants.names import latin
from safeguarding import audit
from safeguarding.models import Role
from safeguarding.rights import right_required
from safeguarding.roles import codes_of

_PEOPLE_PER_PAGE = 30
_LOOKS = {Status.CONFIRMED: "success", Status.OFFERED: "attention"}


@never_cache
@right_required("oberih_events.see_colleagues")
@require_GET
def colleagues(request):
    rows = Registration.objects.for_focal_point(request.user).active().select_related("participant", "event")
    people = {}
    for row in rows.order_by("-event__starts_on", "-pk"):
        people.setdefault(row.participant.root_id, []).append(row)
    given = awards.of_colleagues(request.user)
    in_order = sorted(people.items(), key=lambda one: latin(one[1][0].participant.full_name).casefold())
    page = Paginator(in_order, _PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    shown = [_person(rows, given.get(root, [])) for root, rows in page]
    audit.saw(request, "registration", [row.uuid for _root, rows in page for row in rows])
    codes = codes_of(request.user, Role.FOCAL_POINT, "organisation")
    return render(
        request,
        "oberih/events/colleagues.html",
        {
            "organisations": ", ".join(str(one) for one in Organisation.objects.filter(code__in=codes)),
            "people": shown,
            "page": page,
        },
    )


def _person(rows, given):
    return {
        "name": str(rows[0].participant),
        "minor": any(row.is_minor for row in rows),
        "trainings": [
            {
                "title": row.event.title,
                "days": when.days(row.event),
                "status": row.get_status_display(),
                "look": _LOOKS.get(row.status, "info"),
            }
            for row in rows
        ],
        "awards": given,
    }
