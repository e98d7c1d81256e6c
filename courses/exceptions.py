class CoursesError(Exception):
    """Something that the rules of learning refuse; the message is for the learner."""


class NotEnrolledError(CoursesError):
    pass


class NoQuestionsError(CoursesError):
    pass


class NoAttemptLeftError(CoursesError):
    pass


class AlreadyPassedError(CoursesError):
    pass


class AttemptClosedError(CoursesError):
    pass


class TimeUpError(AttemptClosedError):
    pass


class CoolingError(CoursesError):
    pass


class AwaitsMarkError(CoursesError):
    pass


class MarkRefusedError(CoursesError):
    pass


class ConfirmationRefusedError(CoursesError):
    pass


class NotPassedError(CoursesError):
    pass


class UnknownOptionError(CoursesError):
    pass


class AccessError(CoursesError):
    """The course is not open to whoever comes by themselves."""


class ApprovalNeededError(AccessError):
    pass


class KeyNeededError(AccessError):
    pass


class PrerequisiteMissingError(CoursesError):
    """Other courses, in `courses`, have to be completed first."""

    def __init__(self, message, courses):
        super().__init__(message)
        self.courses = courses


class WrongKeyError(CoursesError):
    pass


class RequestError(CoursesError):
    pass


class InvitationError(CoursesError):
    pass


class GroupError(CoursesError):
    pass


class ImportDoneError(CoursesError):
    pass


class SupersededError(CoursesError):
    """The package was opened anew elsewhere; what this page still sends comes too late."""
