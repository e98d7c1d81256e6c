"""How this room tells people something: a room above that sends messages registers a function for it."""

_tellers = []


def register(function):
    """Register `function(purpose, *, participant, channel, recipient)`; it writes down what is owed, and sends later.

    It is called in the transaction of the cause. Purposes are those of this room: `participants.link`, a personal link
    that somebody asked for; `participants.new_contact`, whether a contact that was typed is theirs; and
    `participants.contact_changed`, to the contact that was.
    """
    if function not in _tellers:
        _tellers.append(function)


def is_possible():
    return bool(_tellers)


def tell(purpose, *, participant, channel, recipient):
    for function in _tellers:
        function(purpose, participant=participant, channel=channel, recipient=recipient)
