"""Copying, exporting and importing in Wagtail's admin and from the command line."""

import datetime as dt
import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from cms.models import CoursePage, LessonPage
from courses.exchange import archive, importing
from courses.models import Assessment, Course, CourseImport, ImportState
from safeguarding.models import Role
from tests.courses import trees
from tests.courses.exchange.school import school
from tests.factories import StaffFactory, grant

pytestmark = pytest.mark.django_db

# Where the page editor is drawn, Wagtail draws small images.
drawing = trees.drawing


@pytest.fixture
def course(index):
    page, _lessons, _assessment = school(index)
    return page


def somebody(client, home, *codenames, role=Role.EDITOR, uploads=True):
    """Somebody with these rights on the pages from `home` down."""
    user = StaffFactory()
    if role:
        grant(user, role)
    group = Group.objects.create(name=user.email)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for page in home.get_translations(inclusive=True):
        for codename in codenames:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    if uploads:
        permission = Permission.objects.get(codename="add_image")
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    user.groups.add(group)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client, course, index):
    return somebody(client, index.get_parent().specific, "add_page", "change_page", "publish_page")


def file_of(page):
    out = io.BytesIO()
    archive.write(page, out)
    return out.getvalue()


def upload(client, index, content, name="course.zip"):
    return client.post(
        reverse("oberih_courses_import"),
        {"file": SimpleUploadedFile(name, content), "parent": index.pk},
    )


def state(client, row):
    return client.get(reverse("oberih_courses_import_state", args=[row.uuid]))


def test_an_editor_copies_a_course(editor, client, course, index):
    shown = client.get(reverse("oberih_courses_copy", args=[course.pk]))
    assert shown.context["form"].initial == {"title": "Safe journeys (copy)", "parent": str(index.pk)}
    answer = client.post(reverse("oberih_courses_copy", args=[course.pk]), {"title": "Mine", "parent": index.pk})
    copy = CoursePage.objects.get(title="Mine")
    assert (answer.url, copy.live, copy.owner) == (reverse("wagtailadmin_explore", args=[copy.pk]), False, editor)


def test_wagtails_own_copy_of_a_course_leads_to_ours(editor, client, course):
    answer = client.get(reverse("wagtailadmin_pages:copy", args=[course.pk]))
    assert answer.url == reverse("oberih_courses_copy", args=[course.pk])


def test_a_lesson_that_wagtail_copies_gets_an_assessment_of_its_own(editor, client, course, index):
    lesson = LessonPage.objects.descendant_of(course).get(title="Second")
    _other, module, _lessons = trees.course(index)
    before = set(Assessment.objects.values_list("pk", flat=True))
    client.post(
        reverse("wagtailadmin_pages:copy", args=[lesson.pk]),
        {"new_title": "Taken along", "new_slug": "taken", "new_parent_page": module.pk, "publish_copies": "on"},
    )
    copy = LessonPage.objects.get(title="Taken along")
    made = Assessment.objects.exclude(pk__in=before)
    asked = {item["value"]["assessment"] for item in copy.body.raw_data if item["type"] == "assessment"}
    assert (copy.live, asked) == (True, {str(one.pk) for one in made})
    assert [one.lesson_id for one in made] == [copy.translation_key] * 2
    assert {item["id"] for item in copy.body.raw_data}.isdisjoint(item["id"] for item in lesson.body.raw_data)


@drawing
def test_the_page_of_a_course_has_the_buttons(editor, client, course):
    for address in ("wagtailadmin_pages:edit", "wagtailadmin_explore"):
        page = client.get(reverse(address, args=[course.pk])).content.decode()
        assert reverse("oberih_courses_copy", args=[course.pk]) in page
        assert reverse("oberih_courses_export", args=[course.pk]) in page
    lesson = LessonPage.objects.descendant_of(course).first()
    page = client.get(reverse("wagtailadmin_explore", args=[lesson.get_parent().pk])).content.decode()
    assert reverse("oberih_courses_copy", args=[lesson.pk]) not in page


def test_an_editor_takes_a_course_home(editor, client, course):
    answer = client.get(reverse("oberih_courses_export", args=[course.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="safe-journeys.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == file_of(course)


def test_an_import_is_shown_first_and_made_once(editor, client, course, index, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, index, file_of(course))
    row = CourseImport.objects.get()
    assert answer.url == reverse("oberih_courses_import_state", args=[row.uuid])
    page = state(client, row)
    assert (row.state, "Refresh" in page, page.context["plan"]["is_known"]) == ("planned", False, True)
    assert page.context["counts"] == [
        "1 module",
        "2 lessons",
        "2 assessments",
        "2 questions",
        "1 image",
        "1 package",
    ]
    assert CoursePage.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer.url)
        client.post(answer.url)
    row.refresh_from_db()
    made = CoursePage.objects.get(pk=row.page_id)
    assert (row.state, CoursePage.objects.count(), made.live, made.owner) == ("done", 4, False, editor)
    assert not row.file.storage.exists(row.file.name)
    assert "draft" in state(client, row).content.decode()


def test_a_lost_hint_is_found_by_the_sweep(editor, client, course, index):
    upload(client, index, file_of(course))
    row = CourseImport.objects.get()
    assert (row.state, state(client, row)["Refresh"]) == ("uploaded", "2")
    assert importing.sweep() == 1
    client.post(reverse("oberih_courses_import_state", args=[row.uuid]))
    assert importing.sweep() == 1
    assert (CourseImport.objects.get().state, CoursePage.objects.count()) == ("done", 4)
    assert importing.sweep() == 0


def test_an_import_goes_after_a_week(editor, client, course, index):
    upload(client, index, file_of(course))
    row = CourseImport.objects.get()
    CourseImport.objects.update(made_at=timezone.now() - dt.timedelta(days=8))
    importing.sweep()
    assert (CourseImport.objects.count(), row.file.storage.exists(row.file.name)) == (0, False)


def test_a_file_that_is_no_course_is_explained(editor, client, index, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, index, b"PK nothing")
    row = CourseImport.objects.get()
    assert (row.state, row.errors) == (
        "refused",
        ["This file cannot be read as a course. Export it anew and try again."],
    )
    assert row.errors[0] in state(client, row).content.decode()


def test_another_kind_of_file_is_not_kept(editor, client, index):
    assert upload(client, index, b"x", "course.exe").context["form"].errors == {
        "file": ["This is no file of a course."]
    }
    assert CourseImport.objects.count() == 0


def test_who_may_upload_nothing_brings_no_pictures_in(client, course, index):
    home = index.get_parent().specific
    user = somebody(client, home, "add_page", "change_page", "publish_page", uploads=False)
    row = importing.upload(file=SimpleUploadedFile("a.zip", file_of(course)), parent=index, user=user)
    importing.look_through(row.pk)
    row.refresh_from_db()
    assert (row.state, row.errors) == (
        "refused",
        [
            "The course has files that you may not upload here (images). Ask an administrator.",
        ],
    )


def test_who_may_not_publish_brings_no_course_in(client, course, index):
    user = somebody(client, index.get_parent().specific, "add_page", "change_page")
    assert client.get(reverse("oberih_courses_import")).context["form"].fields["parent"].choices == []
    row = CourseImport.objects.create(file="x.zip", parent=index, made_by=user, state=ImportState.PLANNED)
    assert client.post(reverse("oberih_courses_import_state", args=[row.uuid])).status_code == 302
    row.refresh_from_db()
    assert row.state == ImportState.PLANNED


@pytest.mark.parametrize(
    ("role", "codenames"),
    [(None, ["add_page", "change_page", "publish_page"]), (Role.EDITOR, []), (Role.MANAGER, [])],
)
def test_others_neither_copy_nor_export(client, course, index, role, codenames):
    somebody(client, index.get_parent().specific, *codenames, role=role)
    for name in ("oberih_courses_copy", "oberih_courses_export"):
        assert client.get(reverse(name, args=[course.pk])).status_code == 302
    assert client.post(reverse("oberih_courses_copy", args=[course.pk]), {"title": "x"}).status_code == 302
    assert CoursePage.objects.count() == 2


def test_nobody_sees_the_import_of_somebody_else(editor, client, index):
    row = CourseImport.objects.create(file="x.zip", parent=index, made_by=StaffFactory())
    address = reverse("oberih_courses_import_state", args=[row.uuid])
    assert client.get(address, follow=True).status_code == 404


def test_a_course_goes_out_and_in_by_commands(course, index, tmp_path, capsys):
    path = tmp_path / "course.zip"
    code = Course.objects.get().code
    call_command("export_course", code, str(path))
    assert path.read_bytes() == file_of(course)
    call_command("import_course", str(path), "--dry-run")
    assert CoursePage.objects.count() == 2
    call_command("import_course", str(path), "--parent", str(index.pk))
    assert CoursePage.objects.count() == 4
    said = capsys.readouterr()
    assert "It is here already; it comes as another course beside it." in said.out
    assert "links to pages outside of the course" in said.err


def test_commands_say_what_is_wrong(index, tmp_path):
    with pytest.raises(CommandError, match="There is no course none"):
        call_command("export_course", "none", str(tmp_path / "x.zip"))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"x")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_course", str(broken))
    with pytest.raises(CommandError, match="cannot stand there"):
        call_command("import_course", str(broken), "--parent", "999999")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_course", str(tmp_path / "none.zip"))
