from events import consents, registrations, schedule
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
