"""The figures, the pyramid and the bars of the managers' pages: nothing that is not in a report."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.codes import AgeBand, Sex, qualified
from reporting import sentences
from reporting.labels import labels


def headline(totals):
    """The four figures that a page is about."""
    headcount = totals["headcount"]
    return [
        {"label": _("Different persons"), "value": totals["unique_persons"]},
        {"label": _("Participations"), "value": totals["participations"]},
        {
            "label": _("Counted without names"),
            "value": qualified(headcount["qualifier"], sentences.number(headcount["value"])),
        },
        {"label": _("Activities"), "value": totals["activities"]},
    ]


def figures(totals):
    """The same, each with what it counts."""
    sessions = totals["sessions"]
    notes = [
        _("registered, each counted once"),
        _("persons in activities"),
        _("headcounts of persons"),
        ngettext("%(count)s session", "%(count)s sessions", sessions) % {"count": sessions},
    ]
    return [{**figure, "note": note} for figure, note in zip(headline(totals), notes, strict=True)]


def doubt(people):
    """How far the different persons may be from the truth, as a sentence; "" where nobody looks like somebody else."""
    count, persons = people.if_merged
    if not count:
        return ""
    text = ngettext(
        "%(count)s pair of rows may be one person: merged, it would be %(persons)s different persons.",
        "%(count)s pairs of rows may be one person each: if all were merged, it would be %(persons)s different persons.",
        count,
    )
    return text % {"count": sentences.number(count), "persons": sentences.number(persons)}


def more(totals):
    return [
        {"label": _("New persons"), "value": totals["new_persons"]},
        {"label": _("Persons who came back"), "value": totals["returning_persons"]},
        {"label": _("Attendances"), "value": totals["attendances"]},
        {"label": _("Hours attended, all persons together"), "value": totals["person_minutes"] // 60},
        {"label": _("Completions"), "value": totals["completions"]},
        {"label": _("Certificates issued"), "value": totals["certificates"]},
        {"label": _("Venues"), "value": totals["sites"]},
        {"label": _("Areas"), "value": totals["areas"]},
        {"label": _("Organisations"), "value": totals["organisations"]},
    ]


def charts(people):
    """The rows of the pyramid and of the bars; nothing that the tables do not show."""
    cells = {}
    beside = 0
    for cell in people.report(("sex", "age_band")).cells:
        if cell["sex"] in {Sex.FEMALE, Sex.MALE}:
            cells[cell["age_band"], cell["sex"]] = cell["unique_persons"]
        else:
            beside += cell["unique_persons"]
    # The oldest stand on top, as in every pyramid of ages, and those whose age nobody knows below the youngest.
    order = [*reversed([band for band in AgeBand if band != AgeBand.AUNK]), AgeBand.AUNK]
    bands = [band for band in order if any((band, sex) in cells for sex in (Sex.FEMALE, Sex.MALE))]
    areas = people.report(("area",))
    pyramid = [
        {
            "label": band.label,
            "start": cells.get((band, Sex.FEMALE), 0),
            "end": cells.get((band, Sex.MALE), 0),
        }
        for band in bands
    ]
    return {
        "pyramid": pyramid,
        "pyramid_total": {side: sum(row[side] for row in pyramid) for side in ("start", "end")},
        "pyramid_note": ngettext(
            "%(count)d person of another or no stated sex is not drawn.",
            "%(count)d persons of another or no stated sex are not drawn.",
            beside,
        )
        % {"count": beside}
        if beside
        else "",
        "categories": _bars(people.report(("category",))),
        "areas": _bars(areas),
        "areas_note": _several(areas.in_several_rows),
    }


def _bars(report):
    (dimension,), cells = report.by, report.cells
    words = labels(dimension, [cell[dimension] for cell in cells])
    rows = [{"label": words[cell[dimension]], "value": cell["unique_persons"]} for cell in cells]
    return sorted(rows, key=lambda row: -row["value"])


def _several(count):
    if not count:
        return ""
    return ngettext(
        "%(count)d person stands in more than one row.", "%(count)d persons stand in more than one row.", count
    ) % {"count": count}
