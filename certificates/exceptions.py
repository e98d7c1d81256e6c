class CertificateError(Exception):
    """A refusal whose text can be shown to staff."""


class PaperError(CertificateError):
    """What is to be printed cannot be printed as it stands: trying again changes nothing."""


class NotValidError(CertificateError):
    """The certificate was revoked or replaced already."""
