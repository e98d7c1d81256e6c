"""What the actions of this room refuse. The text of each is meant for the person who asked."""


class EventsError(Exception):
    pass


class ScheduleError(EventsError):
    """An event cannot be held like this."""


class NonexistentTimeError(ScheduleError):
    """The clocks are put forward over this wall time."""


class FollowUpError(EventsError):
    """Nothing can be recorded of what the people of this event did."""


class AnnouncementError(EventsError):
    """Nothing can be written to these people now."""


class RegistrationError(EventsError):
    """Nobody can register for this event now."""


class MoveError(EventsError):
    """The registration's status does not allow this."""


class OfferExpiredError(MoveError):
    """The seat that was offered has gone to somebody else."""


class GuardianError(EventsError):
    """The parent or guardian cannot be asked, or has answered."""
