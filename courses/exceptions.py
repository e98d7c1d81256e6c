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


class NotPassedError(CoursesError):
    pass


class UnknownOptionError(CoursesError):
    pass


class SupersededError(CoursesError):
    """The package was opened anew elsewhere; what this page still sends comes too late."""
