"""What the actions of this room refuse. The text of each is meant for the person who asked."""


class EventsError(Exception):
    pass


class ScheduleError(EventsError):
    """An event cannot be held like this."""


class NonexistentTime(ScheduleError):
    """The clocks are put forward over this wall time."""


class RegistrationRefused(EventsError):
    """Nobody can register for this event now."""


class MoveRefused(EventsError):
    """The registration's status does not allow this."""


class OfferExpired(MoveRefused):
    """The seat that was offered has gone to somebody else."""
