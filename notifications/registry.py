"""How a message of each purpose is written. Rooms above register a function; this room only sends."""

from dataclasses import dataclass, field

_purposes = {}
_to_others = set()


@dataclass(frozen=True)
class Text:
    """A message to be rendered: `template` names `<template>.txt` and `<template>.html`; a text message uses `.sms.txt`.

    `attachments` are (file name, bytes, MIME type); `headers` are added to a mail's own. `alternatives` are (bytes, MIME
    type) of what says the same as the text, as an invitation does that a calendar reads; `pictures` {name: PNG} are shown
    in the HTML text under "cid:<name>".
    """

    subject: str
    template: str
    context: dict
    attachments: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    alternatives: list = field(default_factory=list)
    pictures: dict = field(default_factory=dict)


def purpose(name, *, to_others=False):
    """Register `function(message) -> Text`; None says that there is nothing to tell any more, and cancels it.

    `to_others` says that it goes to whom its participant is not reached by, as a parent is or an address that was left.
    Everything else is sent to a contact that is still theirs, or not at all.
    """

    def decorator(function):
        _purposes[name] = function
        if to_others:
            _to_others.add(name)
        return function

    return decorator


def goes_to_others(message):
    return message.purpose in _to_others


def write(message):
    return _purposes[message.purpose](message)
