"""Tickets: the code that is shown at the door, as a picture and on paper."""

import io

import segno


def png(registration):
    return _drawn(registration, "png", scale=10)


def pdf(registrations, language):
    return _drawn(registrations[0], "pdf", scale=10)


def _drawn(registration, kind, *, scale):
    image = io.BytesIO()
    segno.make(registration.ticket_code, error="q", micro=False).save(image, kind=kind, scale=scale, border=3)
    return image.getvalue()
