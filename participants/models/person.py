"""The person who is counted."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.codes import (
    AgeBand,
    Disability,
    Displacement,
    Sex,
    known,
)
from participants.conf import adult_age, adult_age_everywhere
from participants.models.lists import Area, Category, Organisation, Project
from safeguarding.models import Role
from safeguarding.roles import grants_of

# The columns of `PersonAttributes`, as they are copied.
ATTRIBUTES = ("sex", "category_id", "organisation_id", "origin_area_id", "displacement", "disability", "language")


# The same with nothing known: how somebody is counted who does not want to be counted by their answers.
UNANSWERED = {
    "sex": Sex.UNKNOWN,
    "category": None,
    "organisation": None,
    "origin_area": None,
    "displacement": Displacement.UNKNOWN,
    "disability": Disability.UNKNOWN,
}


class PersonAttributes(models.Model):
    """What is known of a person when they are counted. Abstract."""

    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    origin_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area they come from")
    )
    displacement = models.CharField(
        _("displacement"), max_length=4, choices=Displacement.choices, default=Displacement.UNKNOWN
    )
    disability = models.CharField(
        _("disability"), max_length=1, choices=Disability.choices, default=Disability.UNKNOWN
    )
    language = models.CharField(_("language"), max_length=10, blank=True)

    class Meta:
        abstract = True


class FrozenDimensions(PersonAttributes):
    """The attributes as they were when the participation began. Abstract.

    A report of last year does not move when somebody changes jobs, so every count reads these and never the person.
    """

    age_band = models.CharField(_("age"), max_length=6, choices=AgeBand.choices, default=AgeBand.AUNK)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )

    class Meta:
        abstract = True

    def freeze(self, participant, *, on, project=None):
        """Copy `participant`'s attributes as they stand; `on` is the activity's first day and decides the age."""
        for field in ATTRIBUTES:
            setattr(self, field, getattr(participant, field))
        self.age_band = AgeBand.at(participant.birth_year, on)
        self.project = project


def person_of(path=""):
    """The key of the person who is counted, for a row that reaches a participant by the look-up `path`."""
    before, through = (f"{path}__", f"{path}_id") if path else ("", "pk")
    return Coalesce(f"{before}merged_into_id", through)


class ParticipationQuerySet(models.QuerySet):
    """What participations share, whatever they are in."""

    def forget_answers(self):
        """Count these as persons and nothing else. Returns how many were counted by more."""
        nothing = {**UNANSWERED, "age_band": AgeBand.AUNK}
        return self.exclude(**nothing).update(**nothing)

    def of_colleagues(self, user, *, country="", project):
        """Those of people who named an organisation whose focal point the user is, when the participation began.

        `country` and `project` are the look-ups of the activity's codes; a grant limited to a country reaches nothing
        that is held in none.
        """
        within = Q(pk__in=[])
        for grant in grants_of(user):
            if grant.role != Role.FOCAL_POINT or not grant.organisation or (grant.country and not country):
                continue
            scope = Q(organisation__code=grant.organisation)
            if grant.country:
                scope &= Q(**{country: grant.country})
            if grant.project:
                scope &= Q(**{project: grant.project})
            within |= scope
        return self.filter(within)


class ParticipantQuerySet(models.QuerySet):
    def roots(self):
        """Those who are counted and can be met: neither merged into somebody else nor erased."""
        return self.filter(merged_into=None, erased_at=None)

    def same_as(self, participant):
        """All rows of the person whose row `participant` is, however they were merged."""
        return self.filter(Q(pk=participant.root_id) | Q(merged_into=participant.root_id))

    def seen_by(self, participant):
        """The rows of the person that whoever looks as `participant` may see and change: that row, and those of which a
        contact is proved that is proved of it, too.

        Staff merge by likeness, and likeness can be made up: it is enough to count by, and opens nothing.
        """
        keys = ContactKey.objects.proved()
        shared = keys.filter(digest__in=keys.filter(participant=participant).values("digest"))
        return self.same_as(participant).filter(Q(pk=participant.pk) | Q(pk__in=shared.values("participant")))

    def who_agreed(self, purpose, about=""):
        """Those who can be met and whose last answer for the purpose is yes."""
        consents = self.model._meta.get_field("consents").related_model.objects
        return self.roots().filter(pk__in=consents.standing(purpose, about).filter(given=True).values("person"))


class Participant(PersonAttributes):
    """The person who is counted, with or without a user account.

    The attributes are only the defaults for the next participation. A merge sets `merged_into`; facts stay with the
    row they were made on and the root is who is counted, so that a merge can be undone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_ref = models.CharField(
        _("reference in an imported list"), max_length=200, unique=True, null=True, blank=True
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="oberih_participant"
    )
    full_name = models.CharField(_("name as given"), max_length=200, blank=True)
    latin_name = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    # The folded name, so that a second registration is compared without folding every name in the table.
    name_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    is_test = models.BooleanField(_("test account"), default=False)
    # Raised to make every link that was ever sent to this person invalid.
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="oberih_participant_not_own_duplicate",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message=_("A participant cannot be merged into themselves."),
            ),
            models.CheckConstraint(
                name="oberih_participant_birth_year",
                condition=Q(birth_year=None) | Q(birth_year__range=(1900, 2100)),
                violation_error_message=_("The year of birth must have four digits, from 1900 on."),
            ),
            models.CheckConstraint(
                name="oberih_participant_erased_is_nobody",
                condition=Q(erased_at=None)
                | Q(full_name="", latin_name="", name_key="", email="", phone="", birth_year=None, user=None),
            ),
            known("oberih_participant_sex_known", "sex", Sex),
            known("oberih_participant_displacement_known", "displacement", Displacement),
            known("oberih_participant_disability_known", "disability", Disability),
        ]

    def __str__(self):
        return self.full_name or str(_("Participant %(number)s") % {"number": self.pk})

    @property
    def root_id(self):
        """The key of the person who is counted."""
        return self.merged_into_id or self.pk

    @property
    def root(self):
        """The person who is counted. One statement if the row was merged and `merged_into` is not fetched."""
        return self.merged_into or self

    @property
    def seen_as(self):
        """The row as which somebody looks who holds this one: the person who is counted, if they may see them."""
        if self.merged_into_id and Participant.objects.seen_by(self).filter(pk=self.merged_into_id).exists():
            return self.merged_into
        return self

    def may_be_minor(self, on, country=""):
        """Whether the person may be under age in `country` on the date `on`, as far as the year of birth tells."""
        return self.birth_year is not None and on.year - self.birth_year <= adult_age(country)

    def would_grow_up(self, birth_year):
        """Whether this year of birth, or None, would make somebody older whom the one that is held makes young.

        Nobody does that for themselves, not even by a year at a time: staff correct it, who have seen a paper.
        """
        may_be_young = self.birth_year is not None and (
            timezone.localdate().year - self.birth_year <= adult_age_everywhere()
        )
        return may_be_young and (birth_year is None or birth_year < self.birth_year)


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class ContactKeyQuerySet(models.QuerySet):
    def proved(self):
        return self.filter(verified_at__isnull=False)

    def telling(self):
        """Those that can tell whose row it is: what was proved, and of a row of which nothing is, what was typed."""
        proved = ContactKey.objects.proved().filter(participant=OuterRef("participant"))
        return self.filter(Q(verified_at__isnull=False) | ~Exists(proved))


class ContactKey(models.Model):
    """A person's contact as an HMAC, so that two registrations can be compared without reading an address."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="contact_keys")
    kind = models.CharField(max_length=5, choices=ContactKind.choices)
    digest = models.CharField(max_length=64, db_index=True)
    key_version = models.PositiveSmallIntegerField()
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = ContactKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact key")
        verbose_name_plural = _("contact keys")
        constraints = [
            models.UniqueConstraint(
                name="oberih_contactkey_once", fields=["participant", "kind", "digest", "key_version"]
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.digest[:8]}"


def random_code(length=12):
    """A code that cannot be guessed and can be read out: no 0 and O, no 1, I and L."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(length))
