class AttendanceError(Exception):
    """A refusal whose text can be shown to whoever asked."""

    code = "attendance"


class NotOnTheRegisterError(AttendanceError):
    """The registration is not a confirmed one of this session's event."""

    code = "not_on_the_register"


class RegisterClosedError(AttendanceError):
    """The register is closed, and the change gives no reason."""

    code = "register_closed"


class MarkKeyTakenError(AttendanceError):
    """The key names a mark of another person or session: the device mixed something up."""

    code = "mark_key_taken"


class NotHeldError(AttendanceError):
    """The event is a draft or cancelled."""

    code = "not_held"


class NotAnnullableError(AttendanceError):
    """An annulment cannot itself be annulled."""

    code = "not_annullable"


class HeadcountError(AttendanceError):
    """The figures contradict each other."""

    code = "headcount"


class NotCountedError(AttendanceError):
    """An event is to be closed, and nothing says how many took part."""

    code = "not_counted"


class GuardianConsentError(AttendanceError):
    """No parent or guardian has agreed that this person takes part, and nobody says why they are let in."""

    code = "guardian_consent"
