"""How a message of each purpose is written. Rooms above register a function; this room only sends."""

from dataclasses import dataclass, field

_purposes = {}


@dataclass(frozen=True)
class Text:
    """A message to be rendered: `template` names `<template>.txt` and `<template>.html`; a text message uses `.sms.txt`.

    `attachments` are (file name, bytes, MIME type).
    """

    subject: str
    template: str
    context: dict
    attachments: list = field(default_factory=list)


def purpose(name):
    """Register `function(message) -> Text`; None says that there is nothing to tell any more, and cancels it."""

    def decorator(function):
        _purposes[name] = function
        return function

    return decorator


def write(message):
    return _purposes[message.purpose](message)
