from dataclasses import dataclass

STOPS, BETTER = "stops", "better"


@dataclass(frozen=True)
class Finding:
    """Something that a course lacks: `grade` says whether it stops learners or should be better."""

    grade: str
    kind: str
    what: str
    where: str = ""
    language: str = ""
    # The page, or the assessment or question, on which it is mended.
    page: int | None = None
    thing: tuple = ()


def at(version, grade, kind, what):
    """A finding on the page of one language."""
    return Finding(grade, kind, what, version.title, version.language, version.pk)
