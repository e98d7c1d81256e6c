"""What a certificate says, written down when it is earned: facts as they were, and every printed word.

A later change of a name, a title, a translation or the site's address does not reach it.
"""

from babel import Locale
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from certificates import conf
from events.models import OrganisationRole
from notifications.conf import site_url
from participants.codes import DeliveryMode, Sex


def paper_language(*wanted):
    """The first of `wanted` that the site speaks."""
    spoken = dict(settings.LANGUAGES)
    return next((language for language in wanted if language in spoken), settings.LANGUAGE_CODE)


def localized(text, language):
    """A text in several languages in this one, as far as there is one."""
    return str(text.localize(language)) if hasattr(text, "localize") else str(text)


def for_event(certificate, *, participant, sex, event, minutes, percent, issued_on):
    """`event` comes with its areas and organisations fetched; no query is made here."""
    language = certificate.language
    with translation.override(language):
        place = _place(event, language)
        together = [
            localized(one.organisation.label, language)
            for one in event.organisations.all()
            if one.role in {OrganisationRole.CO_ORGANISER, OrganisationRole.HOST}
        ]
        facts = [
            [_("Held"), period(event.starts_on, event.ends_on)],
            [_("Place"), place],
            [_("Duration"), duration(minutes)],
            [_("Together with"), ", ".join(together)],
        ]
        return {
            **_common(certificate, participant, event.title, issued_on),
            "kind": event.kind,
            "starts_on": event.starts_on.isoformat(),
            "ends_on": event.ends_on.isoformat(),
            "minutes": minutes,
            "place": place,
            "organisers": together,
            "required": {"attendance_percent": percent},
            "paper": _paper(
                certificate,
                issued_on,
                heading=_("Certificate of participation"),
                did=_took_part(sex),
                facts=facts,
                took=_("At least %(percent)s per cent of the sessions’ time was attended.") % {"percent": percent},
            ),
        }


def for_course(certificate, *, participant, sex, course, rule, pass_percent, started_on, issued_on):
    with translation.override(certificate.language):
        took = []
        if rule.needs_lessons:
            took.append(_("All lessons were completed."))
        if rule.needs_assessment:
            took.append(
                _("The assessment was passed with at least %(percent)s per cent of the points.")
                % {"percent": pass_percent}
            )
        return {
            **_common(certificate, participant, course.title, issued_on),
            "kind": "course",
            "starts_on": started_on.isoformat(),
            "ends_on": issued_on.isoformat(),
            "required": {"needs_assessment": rule.needs_assessment, "pass_percent": pass_percent},
            "paper": _paper(
                certificate,
                issued_on,
                heading=_("Certificate of completion"),
                did=_completed(sex),
                facts=[[_("Learned"), period(started_on, issued_on)]],
                took=" ".join(took),
            ),
        }


def renamed(snapshot, certificate, *, full_name, latin_name, issued_on):
    """The snapshot of a certificate that takes another's place, under another name."""
    with translation.override(certificate.language):
        paper = {**snapshot["paper"], "foot": _foot(certificate, issued_on)}
    return {
        **snapshot,
        "number": certificate.number,
        "verify_url": verify_url(certificate),
        "name": full_name,
        "latin_name": latin_name,
        "issued_on": issued_on.isoformat(),
        "replaces": snapshot["number"],
        "paper": paper,
    }


def verify_url(certificate):
    try:
        path = reverse("oberih_certificates_short:short", args=[certificate.token])
    except NoReverseMatch:
        # A site that did not include the short addresses: the page itself, in the certificate's language.
        path = reverse("oberih_certificates:verify", args=[certificate.token])
    return f"{site_url()}{path}"


def period(first, last):
    """Two dates as short as they can be said: 21–22 November 2026."""
    end = formats.date_format(last, "j E Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{formats.date_format(first, 'j E Y')} – {end}"


def duration(minutes):
    hours, rest = divmod(minutes, 60)
    whole = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    more = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if not rest:
        return whole
    return _("%(hours)s %(minutes)s") % {"hours": whole, "minutes": more} if hours else more


def _common(certificate, participant, title, issued_on):
    return {
        "language": certificate.language,
        "number": certificate.number,
        "verify_url": verify_url(certificate),
        "name": participant.full_name,
        "latin_name": participant.latin_name,
        "title": localized(title, certificate.language),
        "title_en": localized(title, "en"),
        "issuer": conf.issuer(),
        "issued_on": issued_on.isoformat(),
    }


def _paper(certificate, issued_on, *, heading, did, facts, took):
    return {
        "heading": heading,
        "given_to": _("This is to certify that"),
        "did": did,
        "facts": [fact for fact in facts if fact[1]],
        "took": took,
        "foot": _foot(certificate, issued_on),
        "check": _("Check that this certificate is genuine:"),
    }


def _foot(certificate, issued_on):
    return [
        [_("Issued on"), formats.date_format(issued_on, "j E Y")],
        [pgettext("of a certificate", "Number"), certificate.number],
    ]


def _place(event, language):
    # The region and never the venue: where people were trained may be where people are sheltered.
    if event.mode == DeliveryMode.ONLINE:
        return _("Online")
    places = [localized(area.label, language) for area in event.areas.all()]
    country = Locale.parse(language, sep="-").territories.get(event.country, "")
    return ", ".join([*places, country] if country else places)


def _took_part(sex):
    # Many languages bend the verb to who it speaks of; the name stands before it and the title after.
    if sex == Sex.FEMALE:
        return pgettext("a woman, before the title", "took part in")
    if sex == Sex.MALE:
        return pgettext("a man, before the title", "took part in")
    return pgettext("a person, before the title", "took part in")


def _completed(sex):
    if sex == Sex.FEMALE:
        return pgettext("a woman, before the title", "completed the course")
    if sex == Sex.MALE:
        return pgettext("a man, before the title", "completed the course")
    return pgettext("a person, before the title", "completed the course")
