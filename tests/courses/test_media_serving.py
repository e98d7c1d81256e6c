"""Parts of files: what a player asks for is what it gets, and only if the reader may read the lesson."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import GroupCollectionPermission, PageViewRestriction

from courses.media.serving import Part
from safeguarding.models import Role
from tests.courses import media_files as made
from tests.courses import trees
from tests.factories import UserFactory, give_factor, grant

pytestmark = pytest.mark.django_db

CONTENT = made.mp4()


@pytest.fixture
def film(index):
    """(lesson, block, address of the file)"""
    block = made.video_block(made.video(CONTENT), [("en", made.captions())])
    _page, module, _lessons = trees.course(index, lessons=0)
    lesson = trees.add(module, trees.lesson("A film", block))
    return lesson, block, address(lesson, block)


def address(lesson, block, name="media_file", *more):
    with override("en"):
        return reverse(f"oberih_courses:{name}", args=[lesson.translation_key, block["id"], *more])


def read(answer):
    # Django's client closes a stream at its end; closing the answer would close the tests' database with it.
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_whole_file(client, film):
    answer = client.get(film[2])
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert (answer.status_code, answer["Content-Length"], read(answer)) == (200, str(len(CONTENT)), CONTENT)


HEADERS = {
    "Content-Type": "video/mp4",
    "Accept-Ranges": "bytes",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=86400",
    "X-Robots-Tag": "noindex",
}
SIZE = len(CONTENT)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=10-999999", 10, SIZE - 1),
        ("bytes=-7", SIZE - 7, SIZE - 1),
        ("bytes=-999999", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
    ],
)
def test_a_part_of_it(client, film, asked, first, last):
    answer = client.get(film[2], headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/{SIZE}")
    assert (answer["Content-Length"], read(answer)) == (str(last - first + 1), CONTENT[first : last + 1])


@pytest.mark.parametrize(
    "asked", ["bytes=5-4", "bytes=x-", "bytes=0-1,3-4", "lines=0-1", "bytes=-", "bytes=", "bytes=1"]
)
def test_what_is_no_single_range_is_answered_with_the_whole(client, film, asked):
    answer = client.get(film[2], headers={"Range": asked})
    assert (answer.status_code, read(answer)) == (200, CONTENT)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", "bytes=9999999999999999999-"])
def test_a_part_beyond_the_end_is_refused(client, film, asked):
    answer = client.get(film[2], headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, f"bytes */{SIZE}", b"")


def test_a_part_counts_only_of_the_file_that_the_player_knows(client, film):
    tag = client.head(film[2])["ETag"]
    contents = [
        read(client.get(film[2], headers={"Range": "bytes=0-1", "If-Range": known}))
        for known in (tag, '"another"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT")
    ]
    assert contents == [CONTENT[:2], CONTENT, CONTENT, CONTENT]
    assert client.get(film[2], headers={"If-None-Match": tag}).status_code == 304


def test_a_head_has_no_content(client, film):
    whole, part = client.head(film[2]), client.head(film[2], headers={"Range": "bytes=0-9"})
    assert [(one.status_code, one["Content-Length"], one.content) for one in (whole, part)] == [
        (200, str(SIZE), b""),
        (206, "10", b""),
    ]


def test_nothing_is_compressed_again(client, film):
    answer = client.get(film[2], headers={"Range": "bytes=0-299", "Accept-Encoding": "gzip"})
    assert (answer.has_header("Content-Encoding"), read(answer)) == (False, CONTENT[:300])


def test_a_new_file_has_another_tag_and_address(client, film):
    lesson, _block, url = film
    before = client.head(url)["ETag"]
    medium = lesson.body[0].value["file"]
    medium.file.save("new.mp4", ContentFile(made.mp4(10)))
    after = client.head(url)
    assert (after["ETag"] != before, after["Content-Length"]) == (True, str(len(made.mp4(10))))


def test_captions_are_text_and_nothing_else(client, film):
    lesson, block, _url = film
    answer = client.get(address(lesson, block, "media_captions", "en"))
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "text/vtt; charset=utf-8",
        "nosniff",
    )
    assert answer.content.decode() == made.CAPTIONS
    assert client.get(address(lesson, block, "media_captions", "uk")).status_code == 404


def test_a_lesson_behind_a_lock_locks_its_files(client, admin_client, film):
    lesson, block, url = film
    PageViewRestriction.objects.create(page=lesson, restriction_type=PageViewRestriction.LOGIN)
    urls = [url, address(lesson, block, "media_captions", "en")]
    assert [client.get(one).status_code for one in urls] == [404, 404]
    assert [read(admin_client.get(one)) for one in urls] == [CONTENT, made.CAPTIONS.encode()]


def test_what_is_not_published_is_not_served(client, film):
    lesson, _block, url = film
    lesson.unpublish()
    assert client.get(url).status_code == 404


def test_a_block_of_another_lesson_or_kind_is_none(client, index, film):
    lesson, block, _url = film
    story = made.story_block()
    other = trees.add(lesson.get_parent(), trees.lesson("Other", story))
    elsewhere = made.video_block(address="https://youtu.be/abcdefghij_", minutes=1, has_captions=True)
    abroad = trees.add(lesson.get_parent(), trees.lesson("Abroad", elsewhere))
    asked = [address(other, block), address(other, story), address(abroad, elsewhere)]
    assert [client.get(one).status_code for one in asked] == [404, 404, 404]


def test_a_file_that_the_storage_lost_is_not_there(client, film):
    lesson, _block, url = film
    file = lesson.body[0].value["file"].file
    file.storage.delete(file.name)
    assert client.get(url).status_code == 404


def test_something_else_in_the_library_is_never_shown_as_a_page(client, film):
    lesson, _block, url = film
    medium = lesson.body[0].value["file"]
    medium.file.save("page.html", ContentFile(b"<script>alert(1)</script>"))
    assert client.get(url).status_code == 404


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(first=st.integers(0, SIZE + 20), last=st.integers(0, SIZE + 20))
def test_any_range_gives_the_bytes_it_names(client, film, first, last):
    answer = client.get(film[2], headers={"Range": f"bytes={first}-{last}"})
    content = read(answer)
    if last < first:
        assert (answer.status_code, content) == (200, CONTENT)
    elif first >= SIZE:
        assert answer.status_code == 416
    else:
        assert (answer.status_code, content) == (206, CONTENT[first : last + 1])


class Bucket:
    """S3 as far as it matters: an object gives the range that it is asked for."""

    asked = []

    def Object(self, name):
        bucket = self

        class Stored:
            def get(self, Range):
                bucket.asked.append((name, Range))
                first, last = Range.removeprefix("bytes=").split("-")
                return {"Body": io.BytesIO(CONTENT[int(first) : int(last) + 1])}

        return Stored()


class Remote:
    bucket = Bucket()

    def _normalize_name(self, name):
        return f"files/{name}"


def test_of_a_file_in_s3_only_the_part_is_fetched():
    part = Part(Remote(), "media/a.mp4", 10, 20)
    assert (b"".join(part), Bucket.asked) == (CONTENT[10:30], [("files/media/a.mp4", "bytes=10-29")])
    part.close()


# In Wagtail's admin


def test_files_of_the_library_are_for_whoever_works_with_it(client, admin_client, film):
    medium = film[0].body[0].value["file"]
    url = medium.url
    assert client.get(url).status_code == 302
    answer = admin_client.get(url, headers={"Range": "bytes=0-9"})
    assert (url, answer.status_code, read(answer)) == (
        f"/admin/training/media/{medium.file.name}",
        206,
        CONTENT[:10],
    )
    assert admin_client.get("/admin/training/media/media/none.mp4").status_code == 404
    assert admin_client.get("/admin/training/media/media/../secret.mp4").status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_staff_who_do_not_write_see_nothing_of_the_library(client, film, role):
    medium = film[0].body[0].value["file"]
    user = give_factor(UserFactory())
    grant(user, role)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    asked = [medium.url, reverse("wagtailmedia:index"), reverse("wagtailmedia:edit", args=[medium.pk])]
    asked += [reverse("wagtailmedia:add", args=["video"]), reverse("wagtailmedia:media_chosen", args=[medium.pk])]
    assert [client.get(one).status_code for one in asked] == [404, 302, 302, 302, 302]
    chooser = client.get(reverse("wagtailmedia:chooser"))
    assert (chooser.status_code, medium.title in chooser.content.decode()) == (200, False)


def test_an_editor_uploads_hears_and_chooses(client, film):
    medium = film[0].body[0].value["file"]
    user = give_factor(UserFactory())
    grant(user, Role.EDITOR)
    group = Group.objects.create(name="Writers")
    for permission in Permission.objects.filter(codename__in=["add_media", "change_media"]):
        GroupCollectionPermission.objects.create(group=group, collection=medium.collection, permission=permission)
    user.groups.add(group)
    client.force_login(user)
    assert read(client.get(medium.url)) == CONTENT
    asked = [reverse("wagtailmedia:index"), reverse("wagtailmedia:media_chosen", args=[medium.pk])]
    asked += [reverse("wagtailmedia:add", args=[kind]) for kind in ("video", "audio")]
    assert [client.get(one).status_code for one in asked] == [200, 200, 200, 200]
