import datetime as dt

from django.utils import timezone

from events import consents, guardians, questions, registrations, reminders, schedule, thanks
from events.models import Confidential
from notifications import work


@work.sweep("events.offers")
def offers():
    return registrations.expire_offers()


@work.sweep("events.instants")
def instants():
    return schedule.recompute()


@work.sweep("events.consents")
def withdrawn():
    return consents.follow_lost()


@work.sweep("events.confidential")
def confidential():
    # The day that is over everywhere on earth, so that no event of today loses what its trainers still need.
    today = timezone.now().astimezone(dt.timezone(dt.timedelta(hours=-12))).date()
    return guardians.forget(Confidential.objects.outdated(today))


@work.sweep("events.answers")
def answers():
    return questions.forget(questions.outdated(timezone.localdate()))


@work.sweep("events.reminders")
def remind():
    return reminders.remind()


@work.sweep("events.thanks")
def thank():
    return thanks.owe_lost()
