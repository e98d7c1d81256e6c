import datetime as dt
import json

import pytest
from django.utils import timezone
from django.utils.translation import get_language

from courses import actions
from courses.models import Package
from courses.packages.origin import LONGEST_SECONDS
from courses.packages.storage import private
from courses.sweeps import packages as sweep
from tests.courses.packages import building

pytestmark = pytest.mark.django_db


def test_an_upload_becomes_a_folder_that_can_be_played():
    package = building.upload(building.single_12())
    assert (package.state, package.kind, package.title, package.errors, package.warnings) == (
        "ready",
        "scorm12",
        "Safe travel",
        [],
        [],
    )
    assert building.stored(package) == [f"{package.folder}/imsmanifest.xml", f"{package.folder}/index.html"]
    assert (package.file_count, package.size > 0, package.retired) == (2, True, [])
    assert [item["launch_data"] for item in package.items] == ["hello"]


def test_a_package_that_was_packed_with_its_folder_is_played_too():
    package = building.upload({f"course/{name}": text for name, text in building.single_12().items()})
    assert (package.state, package.items[0]["href"]) == ("ready", "course/index.html")


def hostile():
    fine = building.single_12()
    yield "leads out", {**fine, "../../evil.html": "x"}, "“../../evil.html”"
    yield "kind", {**fine, "evil.php": "x"}, "“evil.php”"
    yield "bomb", {**fine, "a.txt": b"\0" * 3_000_000}, "“a.txt”"
    yield (
        "entities",
        {**fine, "imsmanifest.xml": '<!DOCTYPE m [<!ENTITY a "x">]><manifest>&a;</manifest>'},
        "entities",
    )
    yield "lost page", {"imsmanifest.xml": fine["imsmanifest.xml"]}, "“index.html”"
    yield "below", {"a/imsmanifest.xml": "<x/>", "b/index.html": "x"}, "the folder “a”"
    yield "nothing", {"index.html": "x"}, "neither a SCORM package"
    yield "cmi5", {"cmi5.xml": "<x/>"}, "Export it as SCORM"
    yield "no zip", b"%PDF-1.7", "not a zip archive"


@pytest.mark.parametrize(("files", "said"), [case[1:] for case in hostile()], ids=[case[0] for case in hostile()])
def test_what_is_refused_leaves_a_sentence_and_no_file(files, said):
    package = building.upload(files, title="Evil")
    assert (package.state, package.folder, package.items, package.retired) == ("refused", "", [], [])
    (sentence,) = package.errors
    assert said in sentence
    assert building.stored(package) == []
    assert not private().exists("evil.html")


def test_the_sentences_are_in_the_authors_language(monkeypatch):
    spoken = []
    monkeypatch.setattr("courses.actions.unpacking.contents.read", lambda archive: spoken.append(get_language()))
    package = Package(title="x")
    package.file.save("x.zip", building.ContentFile(building.zipped(building.single_12()).getvalue()), save=False)
    package.save()
    with pytest.raises(AttributeError):
        actions.check_package(package.pk, language="uk")
    assert (spoken, get_language()) == (["uk"], "en")


def test_a_disk_that_fills_up_leaves_nothing(monkeypatch):
    files = private()
    kept = type(files)._save

    def fails(self, name, content):
        if name.endswith("index.html"):
            raise OSError("No space left on device")
        return kept(self, name, content)

    monkeypatch.setattr(type(files), "_save", fails)
    with pytest.raises(OSError, match="No space"):
        building.upload(building.single_12(), title="Large")
    package = Package.objects.get()
    assert (package.state, package.folder, package.retired, building.stored(package)) == ("uploaded", "", [], [])
    monkeypatch.undo()
    assert actions.check_package(package.pk) is True


def test_a_worker_that_dies_leaves_a_promise_to_clean_up(monkeypatch):
    """Killed between two files: the row knows the folder, the next try takes another, the sweep deletes the first."""
    from courses.actions import unpacking

    monkeypatch.setattr(unpacking, "_forget", lambda pk, paths: None)
    monkeypatch.setattr(unpacking, "delete_folder", lambda folder: None)
    monkeypatch.setattr(unpacking, "_current", lambda package: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        building.upload(building.single_12(), title="Killed")
    monkeypatch.undo()
    package = Package.objects.get()
    left = building.stored(package)
    assert (len(left), len(package.retired)) == (2, 1)
    assert actions.check_package(package.pk) is True
    assert len(building.stored(package)) == 4
    later = timezone.now() + dt.timedelta(seconds=LONGEST_SECONDS + 60)
    assert (actions.delete_retired(), actions.delete_retired(now=later), actions.delete_retired(now=later)) == (
        0,
        1,
        0,
    )
    package.refresh_from_db()
    assert (building.stored(package), package.retired) == (
        [f"{package.folder}/imsmanifest.xml", f"{package.folder}/index.html"],
        [],
    )


def replaced(package, files):
    old = package.file.name
    package.file.save("next.zip", building.ContentFile(building.zipped(files).getvalue()), save=False)
    package.state = "uploaded"
    package.save()
    actions.replace_file(package, old)
    actions.check_package(package.pk)
    package.refresh_from_db()
    return old


def test_a_replaced_package_keeps_its_old_folder_until_no_page_can_be_reading_it():
    package = building.upload(building.single_12())
    folder = package.folder
    old = replaced(package, building.single_2004())
    assert (package.kind, package.folder != folder) == ("scorm2004", True)
    assert len(building.stored(package)) == 4
    later = timezone.now() + dt.timedelta(seconds=LONGEST_SECONDS + 60)
    assert actions.delete_retired(now=later) == 2
    assert (len(building.stored(package)), private().exists(old), private().exists(package.file.name)) == (
        2,
        False,
        True,
    )


def test_a_refused_replacement_leaves_what_learners_see():
    package = building.upload(building.single_12())
    folder = package.folder
    replaced(package, {"index.html": "x"})
    assert (package.state, package.folder, package.is_playable, len(package.errors)) == (
        "refused",
        folder,
        True,
        1,
    )


def test_a_lost_hint_is_found_by_the_sweep():
    package = Package(title="")
    package.file.save("x.zip", building.ContentFile(building.zipped(building.single_12()).getvalue()), save=False)
    package.save()
    assert sweep() == 0
    Package.objects.update(uploaded_at=timezone.now() - dt.timedelta(minutes=5))
    assert (sweep(), sweep()) == (1, 0)


def test_a_package_that_never_reports_is_warned_of():
    package = building.upload(building.single_12(page="<script>API.LMSInitialize('')</script>"))
    assert (package.state, len(package.warnings)) == ("ready", 1)
    assert "never report" in package.warnings[0]


def test_rules_and_windows_are_warned_of():
    page = building.PAGE_2004 + '<a target="_blank" href="x.html">x</a>'
    files = building.single_2004(page=page)
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(
        "</item>", "<imsss:sequencing><imsss:sequencingRules/></imsss:sequencing></item>"
    )
    warnings = building.upload(files).warnings
    assert ["order of its parts" in warnings[0], "new windows" in warnings[1], len(warnings)] == [True, True, 2]


def test_a_package_that_goes_takes_its_files_along(django_capture_on_commit_callbacks):
    package = building.upload(building.single_12())
    name = package.file.name
    with django_capture_on_commit_callbacks(execute=True):
        package.delete()
    assert (private().exists(name), building.stored(package)) == (False, [])


def an_h5p(**more):
    about = {
        "title": "True or false",
        "language": "uk",
        "mainLibrary": "H5P.TrueFalse",
        "preloadedDependencies": [{"machineName": "H5P.TrueFalse", "majorVersion": 1, "minorVersion": 8}],
    }
    return {
        "h5p.json": json.dumps(about),
        "content/content.json": "{}",
        "H5P.TrueFalse-1.8/library.json": "{}",
        **more,
    }


@pytest.fixture
def h5p_files(settings, tmp_path):
    for name in ("main.bundle.js", "frame.bundle.js", "styles/h5p.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("/**/")
    settings.OBERIH_COURSES_H5P_DIR = str(tmp_path)
    return tmp_path


def test_h5p_is_refused_where_nobody_brought_its_player():
    package = building.upload(an_h5p(), title="x")
    assert (package.state, "cannot play H5P" in package.errors[0]) == ("refused", True)


def test_h5p_is_taken_where_its_player_is(h5p_files):
    package = building.upload(an_h5p())
    assert (package.state, package.kind, package.title, package.language) == (
        "ready",
        "h5p",
        "True or false",
        "uk",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"h5p.json": "{"}, "does not say what"),
        ({"h5p.json": "[]"}, "does not say what"),
        ({"content/content.json": None}, "nothing to show"),
        ({"H5P.TrueFalse-1.8/library.json": None}, "“H5P.TrueFalse-1.8” is missing"),
    ],
)
def test_h5p_that_lacks_something_is_refused(h5p_files, change, said):
    files = {name: text for name, text in {**an_h5p(), **change}.items() if text is not None}
    package = building.upload(files, title="x")
    assert (package.state, said in package.errors[0]) == ("refused", True)
