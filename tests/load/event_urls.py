import uuid

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as site
from events.models import Event, Registration, Status
from participants.models import Participant


def bare_view(request):
    return HttpResponse("Hello")


@csrf_exempt
def bare_transaction(request):
    """What no registration can do without: lock the event, count, write a person and their place."""
    with transaction.atomic():
        event = Event.objects.select_for_update().get(code=request.POST["code"])
        taken = event.registrations.filter(status__in=Status.holding_a_seat()).count()
        who = Participant.objects.create(full_name="Olena Koval", name_key="koval olena", language="en")
        Registration.objects.create(
            event=event,
            participant=who,
            status=Status.CONFIRMED if taken < event.capacity else Status.WAITLISTED,
            confirmed_at=timezone.now(),
            submission=uuid.uuid4(),
            language="en",
        )
    return HttpResponse("Done")


urlpatterns = [path("bare/", bare_view), path("bare-transaction/", bare_transaction), *site]
