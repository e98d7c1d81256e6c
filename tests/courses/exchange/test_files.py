"""A course goes into a file and comes out of it as it was."""

import io
import json
import zipfile

import pytest
from wagtail.images import get_image_model
from wagtail.models import Locale

from cms.models import CoursePage, LessonPage
from courses.exchange import archive, importing, planning
from courses.exchange.exceptions import ExchangeError
from courses.models import Assessment, AssessmentQuestion, Course, Lesson, Package, Question
from participants.models import Category, Topic
from tests.courses import media_files, trees
from tests.courses.exchange.school import anonymous, document, school, sketch, text, wordings

pytestmark = pytest.mark.django_db


def exported(page):
    out = io.BytesIO()
    archive.write(page, out)
    out.seek(0)
    return out


def imported(file, parent):
    return importing.import_course(file=file, parent=parent)


def content(file):
    with file.storage.open(file.name) as opened:
        return opened.read()


def emptied(page):
    """As if nothing of the course had ever been here."""
    AssessmentQuestion.objects.all().delete()
    Assessment.objects.update(compared_with=None, course=None, lesson=None)
    Assessment.objects.all().delete()
    Question.objects.all().delete()
    for one in page.get_translations(inclusive=True):
        one.delete()
    Lesson.objects.all().delete()
    Course.objects.all().delete()
    Package.objects.all().delete()
    get_image_model().objects.all().delete()


def told(page):
    """What a file would say of the page, without the links out of the course and the digests of files drawn anew."""
    described = sketch(page)
    for asset in described["assets"]:
        asset["fields"].pop("file_size", None)
    return json.loads(json.dumps(described))


@pytest.fixture
def without_a_link_out(index):
    """A course that names nothing outside of itself, which a file could not take along."""
    page, lessons, assessment = school(index)
    body = lessons[1].body
    raw = list(body.get_prep_value())
    raw[0] = text(f'<p data-block-key="bbbbb">See <a linktype="page" id="{lessons[0].pk}">the first</a>.</p>')
    for version in lessons[1].get_translations(inclusive=True).specific():
        version.body = body.stream_block.to_python(raw)
        trees.publish(version)
    return page, lessons, assessment


def test_a_course_comes_back_as_it_was(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out
    before, file, words = told(page), exported(page), wordings()
    emptied(page)
    again = imported(file, index)
    assert told(again) == {**before, "course": {"access": None, "days_to_complete": None, "requires": []}}
    assert (again.live, wordings(), CoursePage.objects.count()) == (False, words, 2)
    assert get_image_model().objects.values_list("title", "description", "focal_point_x").get() == (
        "A road",
        "A road at dusk",
        10,
    )


def test_a_course_that_is_here_comes_as_another(without_a_link_out, index):
    page, _lessons, assessment = without_a_link_out
    before, file = told(page), exported(page)
    first, second = imported(file, index), imported(file, index)
    assert told(page) == before
    assert len({page.translation_key, first.translation_key, second.translation_key}) == 3
    for one in (first, second):
        expected, found = anonymous(before), anonymous(told(one))
        for described in (expected, found):
            described.pop("course")
            described["pages"] = [{**entry, "slug": ""} for entry in described["pages"]]
        assert found == expected
        assert one.get_translations().count() == 1
    # The questions say the same: the bank has them once.
    assert Question.objects.count() == 4
    assert Assessment.objects.filter(pk=assessment.pk, course_id=page.translation_key).exists()


def test_a_link_within_the_course_leads_to_the_same_place(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out
    again = imported(exported(page), index)
    mine = {lesson.title: lesson for lesson in LessonPage.objects.descendant_of(again)}
    assert f'linktype="page" id="{mine["First"].pk}"' in mine["Second"].body.raw_data[0]["value"]


def test_a_link_out_of_the_course_becomes_words(index):
    page, _lessons, _assessment = school(index)
    out = io.BytesIO()
    assert archive.write(page, out) == ["links to pages outside of the course"]
    again = imported(out, index)
    words = LessonPage.objects.descendant_of(again).get(title="Second").body.raw_data[0]["value"]
    assert words.endswith(" and all courses.</p>")


def test_a_question_that_says_something_else_here_comes_beside_it(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out
    file = exported(page)
    changed = Question.objects.filter(locale__language_code="en").first()
    changed.text = "Another question?"
    changed.save()
    again = imported(file, index)
    trees.publish(again)
    assert Question.objects.count() == 6
    bank = AssessmentQuestion.objects.exclude(assessment__course=page.translation_key)
    keys = set(bank.values_list("question_key", flat=True))
    assert changed.translation_key not in keys
    assert len(keys) == 2


def test_the_same_course_is_the_same_file(index):
    page, _lessons, _assessment = school(index)
    assert exported(page).getvalue() == exported(page).getvalue()


def test_a_file_holds_nobody(without_a_link_out):
    from tests.courses.factories import EnrolmentFactory

    page, _lessons, _assessment = without_a_link_out
    course = Course.objects.get(key=page.translation_key)
    EnrolmentFactory(course=course, participant__full_name="Zzyzx Person")
    course.keys.create(code="zzyzx-key")
    with zipfile.ZipFile(exported(page)) as file:
        content = b"".join(file.read(name) for name in file.namelist())
    assert b"zzyzx" not in content.lower()


def test_what_this_site_lacks_is_named(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out
    bundle = archive.Bundle(exported(page))
    emptied(page)
    Question.objects.all().delete()
    Topic.objects.filter(code="referral_nrm").delete()
    Category.objects.filter(code="border_guard").delete()
    index.get_translations().get().delete()
    plan = planning.plan(bundle.manifest, index, None)
    assert plan["missing"] == [
        "“Courses” is not translated into “uk”; the course comes without it.",
        "Topic “referral_nrm” is not known here and is left out.",
        "Category “border_guard” is not known here and is left out.",
    ]
    assert (plan["languages"], plan["is_known"], plan["errors"]) == (["en"], False, [])
    assert {name: number for name, number in plan["counts"].items() if number} == {
        "course": 1,
        "module": 1,
        "lesson": 2,
        "assessment": 2,
        "question": 2,
        "image": 1,
        "package": 1,
    }


def test_a_language_that_the_site_has_not_is_left_out(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out
    file = exported(page)
    emptied(page)
    index.get_parent().get_translations().get().delete()
    Locale.objects.filter(language_code="uk").delete()
    imported(file, index)
    assert list(CoursePage.objects.values_list("locale__language_code", flat=True)) == ["en"]
    assert set(Question.objects.values_list("locale__language_code", flat=True)) == {"en"}


def test_documents_come_along(index):
    from courses.exchange.assets import Packed, Unpacked

    trees.image()
    packed, leaflet = Packed(), document()
    name = packed.name(type(leaflet), leaflet.pk)
    entries, files = packed.described()
    contents = {path: content(file) for path, file in files.items()}
    unpacked = Unpacked(entries, contents.get, None)
    made = type(leaflet).objects.get(pk=unpacked.key_of(type(leaflet), name))
    assert (made.pk != leaflet.pk, made.title, content(made.file)) == (True, "A leaflet", b"words")


def test_nothing_is_left_of_an_import_that_fails(without_a_link_out, index, monkeypatch):
    page, _lessons, _assessment = without_a_link_out
    file = exported(page)
    emptied(page)
    made = []
    taken_back = importing.Unpacked.take_back

    def take_back(self):
        made.extend(self._files)
        taken_back(self)

    def fail(*_args, **_kwargs):
        raise ExchangeError("no")

    monkeypatch.setattr(importing.Unpacked, "take_back", take_back)
    monkeypatch.setattr("courses.exchange.building._make_course", fail)
    with pytest.raises(ExchangeError):
        imported(file, index)
    assert [model.objects.count() for model in (CoursePage, LessonPage, Question, Assessment, Package)] == [0] * 5
    assert len(made) == 2
    assert [name for storage, name in made if storage.exists(name)] == []


def rewritten(file, change):
    """The file with its manifest changed by a function."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == archive.MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    out.seek(0)
    return out


def test_scripts_in_texts_do_not_come_in(without_a_link_out, index):
    page, _lessons, _assessment = without_a_link_out

    def attack(manifest):
        for entry in manifest["pages"]:
            for block in entry["fields"].get("body", []):
                if block["type"] == "text":
                    block["value"] = (
                        '<p onclick="a()">x<script>steal()</script><a href="javascript:steal()">y</a></p>'
                        '<iframe src="https://elsewhere.example/"></iframe>'
                    )

    again = imported(rewritten(exported(page), attack), index)
    words = LessonPage.objects.descendant_of(again).get(title="First").body.raw_data[0]["value"]
    assert not any(bad in words for bad in ("<script", "javascript:", "onclick", "<iframe"))
    assert "x" in words


def _page_in_two_places(manifest):
    manifest["pages"].append(manifest["pages"][-1])


def _orphan(manifest):
    manifest["pages"][-1]["parent"] = None


def _other_format(manifest):
    manifest["format"] = "oberih-course/2"


def _wrong_type(manifest):
    manifest["pages"][0]["fields"] = "x"


def _path_upwards(manifest):
    manifest["assets"][0]["files"]["file"]["path"] = "files/../../etc/passwd"


def _other_digest(manifest):
    manifest["assets"][0]["files"]["file"]["sha256"] = "0" * 64


def _no_questions(manifest):
    manifest["questions"] = None


def _odd_points(manifest):
    manifest["questions"][0]["fields"]["points"] = 0


def _odd_minutes(manifest):
    manifest["pages"][0]["fields"]["minutes"] = ["x"]


@pytest.mark.parametrize(
    "change",
    [
        _page_in_two_places,
        _orphan,
        _other_format,
        _wrong_type,
        _path_upwards,
        _other_digest,
        _no_questions,
        _odd_points,
        _odd_minutes,
    ],
)
def test_a_manifest_that_is_wrong_makes_nothing(without_a_link_out, index, change):
    page, _lessons, _assessment = without_a_link_out
    file = rewritten(exported(page), change)
    emptied(page)
    with pytest.raises(ExchangeError):
        imported(file, index)
    assert [model.objects.count() for model in (CoursePage, LessonPage, Question, Assessment, Package)] == [0] * 5


def hostile(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b"no archive"),
        hostile(),
        hostile(**{"manifest.json": "[" * 100_000}),
        hostile(**{"manifest.json": b"\xff"}),
        hostile(**{"manifest.json": "{}", "files__a.txt": "x"}),
        hostile(**{"manifest.json": "{}", "..__a.txt": "x"}),
        hostile(**{"manifest.json": "{}", "a": b"\0" * 5_000_000}),
    ],
)
def test_a_file_that_is_no_course_is_refused(file):
    with pytest.raises(ExchangeError):
        archive.Bundle(file)


def test_a_link_in_an_archive_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        member = zipfile.ZipInfo("manifest.json")
        member.external_attr = 0o120777 << 16
        file.writestr(member, "/etc/passwd")
    with pytest.raises(ExchangeError):
        archive.Bundle(out)


def test_pictures_are_drawn_anew(without_a_link_out, index):
    """What a picture's file holds beside the picture does not come in."""
    page, _lessons, _assessment = without_a_link_out
    picture = get_image_model().objects.get()
    drawn = content(picture.file)
    picture.file.storage.delete(picture.file.name)
    picture.file.storage.save(picture.file.name, io.BytesIO(drawn + b"<script>hidden</script>"))
    file = exported(page)
    emptied(page)
    imported(file, index)
    assert b"hidden" not in content(get_image_model().objects.get().file)


def test_videos_and_their_captions_come_along(index):
    trees.image()
    page, _module, (lesson, _other) = trees.course(index)
    film = media_files.video()
    block = media_files.video_block(film, captions=[("en", media_files.captions())])
    lesson.body = lesson.body.stream_block.to_python([block])
    trees.publish(lesson)
    before, file = told(page), exported(page)
    again = imported(file, index)
    expected, found = anonymous(before), anonymous(told(again))
    for described in (expected, found):
        described.pop("course")
        described["pages"] = [{**entry, "slug": ""} for entry in described["pages"]]
    assert found == expected
    assert sorted(asset["kind"] for asset in found["assets"]) == ["document", "media"]
    made = type(film).objects.exclude(pk=film.pk).get()
    assert (made.type, content(made.file)) == ("video", content(film.file))
