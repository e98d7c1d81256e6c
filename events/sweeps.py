from events import registrations, schedule
from notifications import work


@work.sweep("events.offers")
def offers():
    return registrations.expire_offers()


@work.sweep("events.instants")
def instants():
    return schedule.recompute()
