"""What a lesson holds to be watched or heard, and how long it is."""

import uuid


def lengths(page):
    """{block id: seconds} of the videos and audios of a lesson's page whose length the server knows.

    A type of block that is played has `length_of(block, language)`. What plays elsewhere tells nobody how far it got, so
    that it gives 0, and a lesson with nothing else is completed by reading it.
    """
    found = {}
    for block in page.body:
        length_of = getattr(block.block, "length_of", None)
        seconds = length_of(block, page.locale.language_code) if length_of and block.id else 0
        if seconds:
            found[uuid.UUID(block.id)] = seconds
    return found
