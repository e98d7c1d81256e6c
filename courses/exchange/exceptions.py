from courses.exceptions import CoursesError


class ExchangeError(CoursesError):
    """A file that is no course, or a course that cannot be made here; the message is for the author."""
