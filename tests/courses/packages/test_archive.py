"""A corpus of archives that somebody made to do harm. Each is refused by the check that is meant for it."""

import io
import re
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packages.archive import ArchiveError, Limits, open_checked
from tests.courses.packages.building import zipped

LIMITS = Limits(
    archive=5_000_000,
    total=3_000_000,
    files=100,
    ratio=100,
    extensions=frozenset({"html", "js", "txt", "png"}),
)


def refused(file, limits=LIMITS):
    """The code of the check that refuses the archive; None where none does."""
    try:
        with open_checked(file, limits):
            return None
    except ArchiveError as error:
        return error.code if str(error).endswith(".") else f"{error.code}, without a sentence"


def raw(*entries, flags=0, directory_count=None):
    """An archive written by hand: (name in bytes, content, {fields of the tables that lie})."""
    out, rows = io.BytesIO(), []
    for name, content, lies in entries:
        offset = lies.get("offset", out.tell())
        packed = lies.get("packed", content)
        method = lies.get("method", 0)
        crc = lies.get("crc", zlib.crc32(content))
        size = lies.get("size", len(content))
        packed_size = lies.get("packed_size", len(packed))
        local = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, crc, packed_size, size, len(name), 0
        )
        if "offset" not in lies:
            out.write(local + name + packed)
        rows.append(
            struct.pack(
                "<4s6H3L5H2L",
                b"PK\x01\x02",
                (3 << 8) | 20,
                20,
                flags,
                method,
                0,
                33,
                crc,
                packed_size,
                size,
                len(name),
                0,
                0,
                0,
                0,
                lies.get("mode", stat.S_IFREG | 0o644) << 16,
                offset,
            )
            + name
        )
    start = out.tell()
    out.write(b"".join(rows))
    count = len(rows) if directory_count is None else directory_count
    out.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, out.tell() - start, start, 0))
    out.seek(0)
    return out


def named(name):
    return raw((name if isinstance(name, bytes) else name.encode(), b"x", {}), flags=0x800)


def test_an_honest_archive_is_read():
    with open_checked(zipped({"index.html": "<p>hello", "a/Картинка 1.png": "png", "a/": ""}), LIMITS) as archive:
        found = {member.name: b"".join(member.chunks()) for member in archive}
    assert found == {"index.html": b"<p>hello", "a/Картинка 1.png": b"png"}


@pytest.mark.parametrize(
    "name",
    [
        "../x.html",
        "a/../../x.html",
        "/etc/x.html",
        "//host/x.html",
        "C:/x.html",
        "C:\\x.html",
        "a\\..\\x.html",
        "x.html:stream.txt",
        "a//x.html",
        "./x.html",
        "a/./x.html",
        "x.html\0.png",
        "a\n.html",
        "con.html",
        "LPT1.txt",
        "a /x.html",
        "x.html.",
        " x.html",
        "\u202egnp.html",
        "a\u200b.html",
        f"{'x' * 250}.html",
        "/".join(["a"] * 300) + "/x.html",
    ],
)
def test_a_name_that_leads_elsewhere_or_pretends_is_refused(name):
    assert refused(named(name)) == "name"


def test_a_name_in_an_old_code_page_is_refused():
    assert refused(raw(("Урок.html".encode("cp866"), b"x", {}))) == "encoding"


def test_utf8_that_does_not_say_so_is_read():
    with open_checked(raw(("Урок.html".encode(), b"x", {})), LIMITS) as archive:
        assert [member.name for member in archive] == ["Урок.html"]


def test_links_are_refused():
    assert refused(raw((b"a.html", b"/etc/passwd", {"mode": stat.S_IFLNK | 0o777}))) == "link"
    assert refused(raw((b"a.html", b"", {"mode": stat.S_IFIFO | 0o777}))) == "link"


@pytest.mark.parametrize(
    "names",
    [(b"a.html", b"a.html"), (b"a.html", b"A.HTML"), (b"a.html", b"a.html/b.html")],
)
def test_what_would_be_written_over_is_refused(names):
    assert refused(raw(*((name, b"x", {}) for name in names))) == "duplicate"


def test_the_same_name_in_two_spellings_of_unicode_is_refused():
    assert refused(raw(*((name.encode(), b"x", {}) for name in ("й.html", "й.html")), flags=0x800)) == "duplicate"


def test_encrypted_and_oddly_packed_entries_are_refused():
    assert refused(raw((b"a.html", b"x", {}), flags=0x1)) == "encrypted"
    assert refused(raw((b"a.html", b"x", {"method": 12}))) == "method"


def test_kinds_of_files_that_no_package_needs_are_refused():
    for name in ("run.exe", "shell.php", "inner.zip", "page.html.sh", "noending"):
        assert refused(zipped({name: "x"})) == "extension", name


def test_what_systems_leave_behind_is_left_out():
    files = {"index.html": "x", "__MACOSX/._index.html": "x", ".DS_Store": "x", "js/LICENSE": "x"}
    with open_checked(zipped(files), LIMITS) as archive:
        assert [member.name for member in archive] == ["index.html"]


def test_a_bomb_is_refused_by_its_ratio():
    assert refused(zipped({"a.txt": b"\0" * 2_000_000})) == "ratio"


def test_many_small_bombs_are_refused_by_the_ratio_of_all():
    assert refused(zipped({f"{number}.txt": b"\0" * 900_000 for number in range(3)})) == "ratio"


def test_more_than_the_limit_unpacked_is_refused_before_anything_is_unpacked():
    assert refused(raw((b"a.txt", b"x", {"size": 4_000_000, "packed_size": 3_999_999}))) == "total"


def test_sizes_that_lie_are_found_by_counting():
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(b"\0" * 2_000_000) + packed.flush()
    small = (b"a.txt", b"\0" * 10, {"packed": stream, "method": 8, "size": 10, "crc": 1})
    assert refused(raw(small)) == "damaged"
    assert refused(raw((b"a.txt", b"abc", {"size": 9, "packed_size": 3}))) == "damaged"
    assert refused(raw((b"a.txt", b"abc", {"crc": 7}))) == "damaged"


def test_a_stream_that_goes_on_after_its_size_gives_no_byte_more():
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(b"\0" * 2_000_000) + packed.flush()
    file = raw((b"a.txt", b"\0" * 10, {"packed": stream, "method": 8, "size": 10}))
    with open_checked(file, LIMITS) as archive:
        assert [b"".join(member.chunks()) for member in archive] == [b"\0" * 10]


def test_entries_that_share_their_bytes_are_refused():
    content = b"x" * 500
    assert refused(raw((b"a.txt", content, {}), (b"b.txt", content, {"offset": 0}))) in {"overlap", "damaged"}
    # One that quotes the next one's header as its contents.
    inner = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, 5, 0) + b"b.txtx"
    assert refused(raw((b"a.txt", inner, {}), (b"b.txt", b"x", {"offset": 30 + 5}))) == "overlap"


def test_more_files_than_the_limit_are_refused():
    assert refused(zipped({f"{number}.txt": "" for number in range(101)})) == "files"


def test_a_table_of_a_million_rows_is_refused_without_reading_it(monkeypatch):
    file = zipped({f"{number}.txt": "" for number in range(2000)})
    data = bytearray(file.getvalue())
    data[-14:-10] = struct.pack("<HH", 1, 1)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *args: pytest.fail("the table was read"))
    assert refused(io.BytesIO(bytes(data))) == "files"


def test_a_file_that_is_too_large_or_no_archive_is_refused():
    assert refused(io.BytesIO(b"PK\x05\x06" + b"\0" * 6_000_000)) == "archive"
    assert refused(io.BytesIO(b"%PDF-1.7 hello")) == "unreadable"
    assert refused(io.BytesIO(b"")) == "unreadable"
    assert refused(io.BytesIO(zipped({"a.txt": "x"}).getvalue()[:-40])) == "unreadable"


def test_what_is_refused_names_the_entry():
    with pytest.raises(ArchiveError, match=re.escape("“../x.html”")), open_checked(named("../x.html"), LIMITS):
        pass


@given(st.text(min_size=1, max_size=40))
def test_no_accepted_name_leads_out_of_its_folder(name):
    """Whatever a name is made of: it is refused, or it lies below the folder under exactly this name."""
    from pathlib import PurePosixPath, PureWindowsPath

    try:
        encoded = f"{name}.html".encode()
    except UnicodeEncodeError:
        return
    try:
        with open_checked(raw((encoded, b"x", {}), flags=0x800), LIMITS) as archive:
            names = [member.name for member in archive]
    except ArchiveError:
        return
    for one in names:
        for path in (PurePosixPath(one), PureWindowsPath(one)):
            assert not path.is_absolute()
            assert not path.drive
            assert ".." not in path.parts
        assert str(PurePosixPath(one)) == one


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_the_refusal(data):
    refused(io.BytesIO(data))
    refused(io.BytesIO(zipped({"a.txt": "hello"}).getvalue() + data))
    whole = zipped({"a.txt": "hello", "b/c.html": "x"}).getvalue()
    cut = len(data) % len(whole)
    refused(io.BytesIO(whole[:cut] + data + whole[cut + len(data) :]))
