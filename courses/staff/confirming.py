"""Completion of many who learned on paper."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import actions, reach
from courses.exceptions import CoursesError
from courses.models import Enrolment
from courses.staff.access import courses_of, learners_of, learners_right, need_names
from courses.staff.forms import MOST_BOXES, ConfirmManyForm, LearnersForm
from courses.staff.listing import groups_of, in_order, narrowed, with_standing
from participants.contacts import normal_email, normal_phone
from participants.models import Participant, person_of
from participants.names import fold
from safeguarding.models import Role
from safeguarding.roles import has_role


def people_for(user):
    """Whom the user may enrol by name: whoever they meet, and whose learning they may see already."""
    everybody = Participant.objects.roots()
    if has_role(user):
        return everybody
    taught = Enrolment.objects.for_trainer(user).annotate(counted=person_of("participant")).values("counted")
    return everybody.filter(reach.people(user) | Q(pk__in=taught))


def finder(people):
    """The function that finds each line's person among `people`: (those found, a sentence for each line that finds none)."""

    def find(lines):
        wanted = [(line, *_keys(line)) for line in dict.fromkeys(lines)]
        held = people.filter(
            Q(name_key__in=[name for _line, name, _mail, _phone in wanted if name])
            | Q(email__in=[mail for _line, _name, mail, _phone in wanted if mail])
            | Q(phone__in=[phone for _line, _name, _mail, phone in wanted if phone])
        )
        by_key = {}
        for person in held:
            for key in {("name", person.name_key), ("mail", person.email), ("phone", person.phone)}:
                by_key.setdefault(key, []).append(person)
        found, errors = {}, []
        for line, name, mail, phone in wanted:
            keys = [("mail", mail)] if mail else [("phone", phone)] if phone else [("name", name)]
            fitting = by_key.get(keys[0], [])
            if len(fitting) == 1:
                found[fitting[0].pk] = fitting[0]
            elif fitting:
                errors.append(_("Several people fit “%(line)s”. Give their e-mail or phone.") % {"line": line})
            else:
                errors.append(_("Nobody of your trainings fits “%(line)s”.") % {"line": line})
        return list(found.values()), errors

    return find


def _keys(line):
    """(folded name, e-mail, phone) that a line may be; one of them."""
    if "@" in line:
        return "", normal_email(line), ""
    if any(sign.isdigit() for sign in line):
        return "", "", normal_phone(line)
    return fold(line), "", ""


@never_cache
@learners_right
@require_http_methods(["GET", "POST"])
def confirm(request, key):
    course = get_object_or_404(courses_of(request.user), key=key)
    visible = learners_of(request.user, course)
    groups = groups_of(visible)
    narrow = LearnersForm(request.GET, groups=groups)
    chosen = narrow.chosen()
    open_ = in_order(narrowed(with_standing(visible.filter(completed_at=None)), chosen))
    listed = list(open_[: MOST_BOXES + 1])
    boxes = listed[:MOST_BOXES]
    # That somebody is found by their e-mail tells that they were trained, also where nobody takes the course yet.
    managing = has_role(request.user, Role.MANAGER)
    need_names(request, course, visible, keys=[one.uuid for one in boxes], always=managing)
    form = ConfirmManyForm(
        request.POST if request.method == "POST" else None,
        course=course,
        choices=[(str(one.uuid), _label(one)) for one in boxes],
        find=finder(people_for(request.user)),
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        ticked = set(said.get("learners", ()))
        try:
            done = actions.confirm_all(
                course=course,
                enrolments=[one for one in boxes if str(one.uuid) in ticked],
                people=said["others"],
                by=request.user,
                **{name: said[name] for name in ("lesson", "on", "language", "reason")},
            )
        except CoursesError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _summary(done))
            return redirect("oberih_courses:learners", key=key)
    return render(
        request,
        "oberih/courses/staff/confirm.html",
        {
            "course": course,
            "narrow": LearnersForm(initial=chosen, groups=groups),
            "is_narrowed": bool(chosen),
            "has_more": len(listed) > MOST_BOXES,
            "most": MOST_BOXES,
            "form": form,
        },
        status=400 if form.is_bound else 200,
    )


def _label(enrolment):
    return f"{enrolment.participant} · {enrolment.group}" if enrolment.group else str(enrolment.participant)


def _summary(done):
    said = [
        ngettext("%(count)s person is confirmed.", "%(count)s people are confirmed.", done.confirmed)
        % {"count": localize(done.confirmed)}
    ]
    if done.enrolled:
        said.append(
            ngettext("%(count)s of them was enrolled.", "%(count)s of them were enrolled.", done.enrolled)
            % {"count": localize(done.enrolled)}
        )
    if done.known:
        said.append(
            ngettext("%(count)s was confirmed before.", "%(count)s were confirmed before.", done.known)
            % {"count": localize(done.known)}
        )
    return " ".join(said)
