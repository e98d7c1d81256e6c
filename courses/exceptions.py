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


class UnknownOptionError(CoursesError):
    pass
