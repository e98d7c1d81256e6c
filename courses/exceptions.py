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
