import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.models import Package
from courses.packages.storage import private
from safeguarding.models import Role
from tests.courses.packages import building
from tests.factories import UserFactory, give_factor, grant

pytestmark = pytest.mark.django_db

ADD = "wagtailsnippets_oberih_courses_package:add"
EDIT = "wagtailsnippets_oberih_courses_package:edit"
DELETE = "wagtailsnippets_oberih_courses_package:delete"
LIST = "wagtailsnippets_oberih_courses_package:list"


@pytest.fixture
def editor(client, site_tree):
    user = give_factor(UserFactory())
    grant(user, Role.EDITOR)
    client.force_login(user)
    return user


def a_file(files=None, name="My  Course.ZIP", content=None):
    made = content if content is not None else building.zipped(files or building.single_12()).getvalue()
    return SimpleUploadedFile(name, made)


def test_an_editor_uploads_a_package_and_is_told_what_it_is(client, editor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse(ADD), {"title": "", "language": "", "file": a_file()})
    assert answer.status_code == 302
    package = Package.objects.get()
    assert (package.state, package.title, package.uploaded_by) == ("ready", "Safe travel", editor)
    html = client.get(reverse(EDIT, args=[package.pk])).content.decode()
    assert ["SCORM 1.2" in html, "2 files" in html] == [True, True]
    assert "Safe travel" in client.get(reverse(LIST)).content.decode()


def test_the_request_only_keeps_the_file(client, editor):
    """Looking at it is a task's: this test never commits, so none runs."""
    client.post(reverse(ADD), {"title": "x", "file": a_file()})
    package = Package.objects.get()
    assert (package.state, package.folder, private().exists(package.file.name)) == ("uploaded", "", True)
    assert "My" not in package.file.name


def test_why_a_package_is_refused_stands_on_its_page(client, editor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse(ADD), {"title": "x", "file": a_file({"index.html": "x"})})
    html = client.get(reverse(EDIT, args=[Package.objects.get().pk])).content.decode()
    assert ["neither a SCORM package" in html, "help-critical" in html] == [True, True]


def test_another_file_replaces_the_package_and_keeps_its_title(client, editor, django_capture_on_commit_callbacks):
    package = building.upload(building.single_12(), title="Ours")
    folder = package.folder
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse(EDIT, args=[package.pk]),
            {"title": "Ours", "language": "uk", "file": a_file(building.single_2004())},
        )
    package.refresh_from_db()
    assert (package.kind, package.title, package.language, package.folder != folder) == (
        "scorm2004",
        "Ours",
        "uk",
        True,
    )
    assert sorted(one["is_folder"] for one in package.retired) == [False, True]


def test_a_change_of_the_title_alone_looks_at_nothing_again(client, editor, django_capture_on_commit_callbacks):
    package = building.upload(building.single_12())
    with django_capture_on_commit_callbacks() as hints:
        client.post(reverse(EDIT, args=[package.pk]), {"title": "New", "language": ""})
    before = (package.folder, package.uploaded_at)
    package.refresh_from_db()
    assert (package.title, (package.folder, package.uploaded_at), package.state) == ("New", before, "ready")
    assert not any("check_package" in repr(hint) for hint in hints)


def test_a_file_that_is_too_large_or_something_else_is_refused_at_once(client, editor, settings):
    settings.OBERIH_COURSES_PACKAGE_MAX_SIZE = 100
    for file in (a_file(), a_file(name="course.exe", content=b"x")):
        assert client.post(reverse(ADD), {"title": "x", "file": file}).status_code == 200
    assert Package.objects.count() == 0


@pytest.mark.parametrize("role", [Role.TRAINER, Role.MANAGER, Role.AUDITOR, Role.FOCAL_POINT, None])
def test_nobody_else_uploads_what_runs_on_learners_screens(client, site_tree, role):
    charlie = give_factor(UserFactory())
    if role:
        grant(charlie, role)
    client.force_login(charlie)
    client.post(reverse(ADD), {"title": "x", "file": a_file()})
    assert Package.objects.count() == 0


def test_what_somebody_took_or_a_lesson_holds_is_kept(client, editor, index):
    package = building.upload(building.single_12())
    building.lesson_with(package, index)
    client.post(reverse(DELETE, args=[package.pk]))
    free = building.upload(building.single_2004())
    client.post(reverse(DELETE, args=[free.pk]))
    assert list(Package.objects.all()) == [package]
