"""Lengths for the drawn charts, as whole thousandths of the longest bar.

They are strings, so that no locale puts a comma or a separator into an SVG attribute. A value of None is one that
may not be shown (a suppressed small cell): it gets no length, so that nobody can measure it on the screen.
"""


def _length(value, longest):
    if not value or not longest:
        return "0"
    return str(max(round(1000 * value / longest), 1))


def bars(rows):
    rows = list(rows)
    longest = max((row["value"] or 0 for row in rows), default=0)
    return [{**row, "length": _length(row["value"], longest)} for row in rows]


def pyramid(rows):
    """Both sides share one scale: a pyramid with two scales would lie."""
    rows = list(rows)
    longest = max((row[side] or 0 for row in rows for side in ("start", "end")), default=0)
    return [
        {**row, "start_length": _length(row["start"], longest), "end_length": _length(row["end"], longest)}
        for row in rows
    ]
