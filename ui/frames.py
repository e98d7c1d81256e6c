"""Which other sites' pages a page of ours may show in a frame: none, unless its view says so.

A room cannot know who writes the content policy. So it says this in a header, which a page that is kept whole keeps, too;
whatever writes the policy reads it and takes it away (`config.content_policy` in the demo site).
"""

HEADER = "Oberih-Frame-Sources"


def allow(response, *origins):
    if origins:
        response[HEADER] = " ".join(sorted({*response.get(HEADER, "").split(), *origins}))


def taken_from(response):
    """The origins that the view named; they leave the response."""
    origins = response.get(HEADER, "").split()
    if origins:
        del response[HEADER]
    return origins
