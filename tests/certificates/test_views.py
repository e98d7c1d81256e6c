import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import actions, parts
from certificates.models import MAX_ATTEMPTS, Certificate
from participants.identity import link_token
from participants.models import Project
from safeguarding.models import AuditEntry, Role
from tests.attendance.factories import ParticipantFactory, RegistrationFactory, UserFactory, trainer_of
from tests.certificates.factories import AwardRuleFactory, CertificateFactory, CourseFactory, an_issued_certificate
from tests.factories import grant

pytestmark = pytest.mark.django_db


def verify_url(certificate):
    return reverse("oberih_certificates:verify", args=[certificate.token])


def a_person(name="Олена Коваль", **fields):
    return ParticipantFactory(full_name=name, latin_name="Olena Koval", **fields)


def a_file(content, name="certificate.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.mark.parametrize(
    ("accepted", "path"), [("uk-UA,uk;q=0.9", "/uk/verify/"), ("en", "/en/verify/"), ("xx", "/en/verify/")]
)
def test_the_code_leads_to_the_readers_language(client, accepted, path):
    certificate = CertificateFactory()
    answer = client.get(f"/v/{certificate.token}/", HTTP_ACCEPT_LANGUAGE=accepted)
    assert (answer.status_code, answer.url) == (302, f"{path}{certificate.token}/")


def test_a_stranger_sees_that_it_is_valid_and_not_whose(client):
    certificate = an_issued_certificate(participant=a_person())
    answer = client.get(verify_url(certificate))
    page = answer.content.decode()
    assert "This certificate is genuine and valid" in page
    assert certificate.number in page
    assert "О… К…" in page
    assert "Коваль" not in page
    assert "Koval" not in page
    assert str(certificate.uuid) not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("typed", ["Олена Коваль", "коваль  олена", "Olena KOVAL", "Olena Koval"])
def test_whoever_knows_the_name_has_it_confirmed(client, typed):
    certificate = an_issued_certificate(participant=a_person())
    page = client.post(verify_url(certificate), {"name": typed}).content.decode()
    assert "The name matches" in page
    assert "Олена Коваль" in page


@pytest.mark.parametrize("typed", ["Коваль", "Олена Ковальчук", "О К", ""])
def test_a_guess_tells_nothing(client, typed):
    certificate = an_issued_certificate(participant=a_person())
    page = client.post(verify_url(certificate), {"name": typed}).content.decode()
    assert "The name matches" not in page
    assert "О… К…" in page


def test_each_state_has_its_word(client):
    pending = CertificateFactory()
    revoked, replaced = an_issued_certificate(), an_issued_certificate()
    user = UserFactory()
    actions.revoke(certificate=revoked, by=user, reason="Secret reason")
    actions.replace(certificate=replaced, by=user, full_name="Another", reason="x")
    words = []
    for certificate in (pending, revoked, replaced):
        page = client.get(verify_url(certificate)).content.decode()
        assert "Secret reason" not in page
        words.append(page.split("<h1>")[1].split("</h1>")[0])
    assert words == [
        "This certificate is being prepared",
        "This certificate was revoked",
        "This certificate was replaced",
    ]


def test_an_unknown_code_is_told_so(client):
    CertificateFactory()
    answer = client.get(reverse("oberih_certificates:verify", args=["not-a-token"]))
    assert answer.status_code == 404
    assert "We have issued no such certificate" in answer.content.decode()


def test_the_page_of_an_erased_person_still_answers(client):
    certificate = an_issued_certificate()
    Certificate.objects.filter(pk=certificate.pk).update(snapshot={}, pdf="")
    page = client.get(verify_url(certificate)).content.decode()
    assert "This certificate is genuine and valid" in page
    assert certificate.number in page


@pytest.mark.parametrize("spelling", ["{}", " {} ", "lower", "bare"])
def test_the_number_is_found_however_it_is_typed(client, spelling):
    certificate = CertificateFactory()
    number = certificate.number
    typed = {"lower": number.lower(), "bare": number.replace("-", "")[2:]}.get(spelling) or spelling.format(number)
    answer = client.post(reverse("oberih_certificates:verify_form"), {"number": typed})
    assert (answer.status_code, answer.url) == (302, verify_url(certificate))


@pytest.mark.parametrize("typed", ["", "OB-1", "OB-2222-2222-2222"])
def test_a_number_that_is_not_ours_stays_in_the_form(client, typed):
    CertificateFactory()
    answer = client.post(reverse("oberih_certificates:verify_form"), {"number": typed})
    assert (answer.status_code, list(answer.context["number_form"].errors)) == (200, ["number"])
    assert answer.context["number_form"]["number"].value() == typed


def test_the_file_as_issued_is_recognised_and_a_changed_one_is_not(client):
    certificate = an_issued_certificate(participant=a_person())
    pdf = actions.paper(certificate)
    url = reverse("oberih_certificates:verify_form")
    answer = client.post(url, {"file": a_file(pdf)})
    assert (answer.status_code, answer.url) == (302, verify_url(certificate))
    assert client.post(url, {"file": a_file(pdf + b" ")}).context["unknown"] == "file"
    answers = [client.post(verify_url(certificate), {"file": a_file(one)}) for one in (pdf, pdf + b" ")]
    assert [answer.context["told"] for answer in answers] == ["file", "other_file"]
    assert [answer.context["name"] for answer in answers] == ["Олена Коваль", ""]


@pytest.mark.parametrize(("content", "code"), [(b"%PDF-" + b"0" * 2 * 1024 * 1024, "size"), (b"GIF89a", "kind")])
def test_what_is_no_certificates_file_is_refused(client, content, code):
    answer = client.post(reverse("oberih_certificates:verify_form"), {"file": a_file(content)})
    assert [error.code for error in answer.context["file_form"].errors["file"].as_data()] == [code]


def download(client, certificate):
    return client.get(reverse("oberih_certificates:download", args=[certificate.uuid]))


def prove(*people):
    """Each of these proved to own the same e-mail."""
    for person in people:
        person.contact_keys.create(kind="email", digest="0" * 64, key_version=1, verified_at=timezone.now())


def test_the_owner_downloads_by_a_personal_link(client):
    person = a_person()
    prove(person)
    certificate = an_issued_certificate(participant=person)
    client.get(reverse("oberih_participants:enter", args=[link_token(person, "email")]))
    answer = download(client, certificate)
    assert answer.content == actions.paper(certificate)
    assert answer["Content-Disposition"] == f'attachment; filename="certificate-{certificate.number}.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.count() == 0
    page = client.get(verify_url(certificate)).content.decode()
    assert "Олена Коваль" in page
    assert f"{certificate.uuid}.pdf" in page


def test_the_owner_of_a_merged_row_downloads_what_hangs_on_it(client):
    root = a_person(user=UserFactory())
    certificate = an_issued_certificate(participant=a_person(merged_into=root))
    client.force_login(root.user)
    # Counted as one, and that is all, until a contact is proved that both gave.
    assert download(client, certificate).status_code == 404
    prove(root, certificate.participant)
    assert download(client, certificate).status_code == 200


def test_the_events_trainer_downloads_and_that_is_written_down(client):
    certificate = an_issued_certificate()
    trainer = trainer_of(certificate.event)
    client.force_login(trainer)
    assert download(client, certificate).status_code == 200
    assert list(AuditEntry.objects.values_list("actor", "action", "keys")) == [
        (trainer.pk, "download", [certificate.number])
    ]


def test_charlie_downloads_nothing(client):
    certificate = an_issued_certificate()
    assert download(client, certificate).status_code == 404
    other = an_issued_certificate(participant=a_person(user=UserFactory()))
    for charlie in (other.participant.user, trainer_of(other.event)):
        client.force_login(charlie)
        assert download(client, certificate).status_code == 404


def test_what_is_not_valid_is_not_downloaded(client):
    person = a_person(user=UserFactory())
    revoked = an_issued_certificate(participant=person)
    actions.revoke(certificate=revoked, by=UserFactory(), reason="x")
    client.force_login(person.user)
    assert [download(client, one).status_code for one in (revoked, CertificateFactory(participant=person))] == [
        404,
        404,
    ]


def test_staff_see_what_was_given_up_at_their_events_and_try_again(client, django_capture_on_commit_callbacks):
    certificate = CertificateFactory(participant=a_person("王"), attempts=MAX_ATTEMPTS, last_error="U+738B")
    stuck_elsewhere = CertificateFactory(attempts=MAX_ATTEMPTS)
    client.force_login(trainer_of(certificate.event))
    page = client.get(reverse("oberih_certificates:attention"))
    assert [(row["certificate"], row["named"]) for row in page.context["rows"]] == [(certificate, True)]
    certificate.participant.full_name = "Wang"
    certificate.participant.save()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("oberih_certificates:retry", args=[certificate.uuid]))
    certificate.refresh_from_db()
    assert certificate.state == "issued"
    assert client.post(reverse("oberih_certificates:retry", args=[stuck_elsewhere.uuid])).status_code == 404


def test_participants_have_no_business_on_the_staffs_list(client):
    client.force_login(a_person(user=UserFactory()).user)
    assert client.get(reverse("oberih_certificates:attention")).status_code == 403


@pytest.mark.parametrize(
    ("scope", "status"), [({}, 302), ({"project": "p1"}, 302), ({"project": "p2"}, 404), ({"country": "UA"}, 404)]
)
def test_a_courses_certificate_is_for_managers_of_its_project_who_say_why(client, scope, status):
    course = CourseFactory(project=Project.objects.create(code="p1", label="Project"))
    rule = AwardRuleFactory(event=None, course=course, attendance_percent=None, needs_assessment=True)
    certificate = an_issued_certificate(rule=rule, course=course)
    manager = grant(UserFactory(), Role.MANAGER, **scope)
    client.force_login(manager)
    answer = client.get(reverse("oberih_certificates:download", args=[certificate.uuid]))
    assert answer.status_code == status


def test_the_staffs_list_takes_as_many_statements_for_three_as_for_thirty(client):
    manager = grant(UserFactory(), Role.MANAGER)
    client.force_login(manager)
    taken = []
    for more in (3, 27):
        CertificateFactory.create_batch(more, attempts=MAX_ATTEMPTS)
        url = reverse("oberih_certificates:attention")
        client.get(url)
        with CaptureQueriesContext(connection) as statements:
            assert client.get(url).status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_my_learning_shows_ones_own_certificates_in_one_statement(rf, django_assert_num_queries):
    person = a_person(user=UserFactory())
    issued, pending = an_issued_certificate(participant=person), CertificateFactory(participant=person)
    revoked = an_issued_certificate(participant=person)
    actions.revoke(certificate=revoked, by=UserFactory(), reason="x")
    CertificateFactory()
    request = rf.get("/")
    request.user = person.user
    with django_assert_num_queries(2):  # who looks, and their certificates
        part = parts.learning(request)
    assert set(part.context["certificates"]) == {issued, pending}


def test_my_learning_says_nothing_without_certificates(rf):
    CertificateFactory()
    request = rf.get("/")
    request.user = a_person(user=UserFactory()).user
    assert parts.learning(request) is None


@pytest.mark.parametrize("young", ["by the registration", "by the year"])
def test_of_somebody_young_not_even_the_first_letters_are_shown(client, young):
    child = a_person(birth_year=timezone.localdate().year - 15 if young == "by the year" else None)
    certificate = an_issued_certificate(participant=child)
    if young == "by the registration":
        RegistrationFactory(event=certificate.event, participant=child, guardian_consent="given")
    page = client.get(verify_url(certificate)).content.decode()
    assert "The name is not shown" in page
    for part in ("О…", "К…", "Олена", "Коваль", "Koval"):
        assert part not in page
    assert "The name matches" in client.post(verify_url(certificate), {"name": "Олена Коваль"}).content.decode()
    assert "О…" not in client.post(verify_url(certificate), {"name": "Коваль"}).content.decode()
