"""Files that are something else than they say, or that do something when they are opened; by each way in."""

import io
import json
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw
from wagtail.documents.models import Document
from wagtail.images.models import Image as Picture
from wagtail.models import Collection

from certificates import storage
from certificates.models import Certificate
from tests.certificates.factories import an_issued_certificate

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file open in which it draws a picture in another size.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
]

KINDS = {"wagtailimages": Picture, "wagtaildocs": Document}
WAYS = ["add", "many", "chooser"]
# Where it was taken: degrees, minutes and seconds of the house that somebody hides in.
HIDEOUT = "hidden-at-49-50-24"


def upload(client, app, way, name, content):
    """Upload a file as an editor does; returns the rows that this made."""
    before = set(KINDS[app].objects.values_list("pk", flat=True))
    file = SimpleUploadedFile(name, content)
    collection = Collection.objects.first().pk
    if way == "add":
        client.post(reverse(f"{app}:add"), {"title": "A file", "file": file, "collection": collection})
    elif way == "many":
        answer = client.post(
            reverse(f"{app}:add_multiple"), {"title": "A file", "files[]": file, "collection": collection}
        )
        assert answer.status_code == 200
        json.loads(answer.content)
    else:
        prefix = "image" if app == "wagtailimages" else "document"
        said = {"title": "A file", "file": file, "collection": collection}
        client.post(
            reverse(f"{app}_chooser:create"),
            {f"{prefix}-chooser-upload-{key}": value for key, value in said.items()},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
    return list(KINDS[app].objects.exclude(pk__in=before))


@pytest.fixture
def editor(admin_client, site_tree):
    return admin_client


def a_picture(kind="JPEG", size=(40, 20), **options):
    image = Image.new("RGB", size, "#1a6")
    ImageDraw.Draw(image).rectangle((0, 0, 9, 9), "#fff")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_place():
    exif = Image.Exif()
    exif[0x010E] = HIDEOUT
    exif.get_ifd(0x8825)[2] = (49.0, 50.0, 24.0)
    return a_picture(exif=exif, comment=HIDEOUT.encode())


def an_archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def a_docx(**more):
    return an_archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>", **more})


def a_pdf(*objects):
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer << /Root 1 0 R >>\n%%EOF"


def packed(text):
    content = zlib.compress(text)
    return b"4 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + content + b"\nendstream endobj"


def an_odt(**more):
    return an_archive(**{"mimetype": "application/vnd.oasis.opendocument.text", **more})


def odf(body):
    return (
        '<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        f' xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0">{body}</o:d>'
    )


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXTERNAL = '<Relationships><Relationship Id="r1" Type="%s" Target="https://evil.example/x" TargetMode="External"/></Relationships>'
TEMPLATE = EXTERNAL % f"{OFFICE}/attachedTemplate"


def related(content, name="word/_rels/settings.xml.rels"):
    return a_docx(**{name: content})


GOOD = {
    "plain.pdf": a_pdf(b"1 0 obj << /Type /Catalog >> endobj", packed(b"<< /Type /Page >>")),
    "words.docx": a_docx(),
    "linked.docx": related(EXTERNAL % f"{OFFICE}/hyperlink"),
    "linked-strictly.docx": related(
        EXTERNAL % "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink"
    ),
    "illustrated.docx": related(
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/image" Target="media/image1.png"/></Relationships>'
    ),
    "numbers.xlsx": an_archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}),
    "slides.pptx": an_archive(**{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}),
    "text.odt": an_odt(**{"content.xml": "<d/>", "Configurations2/accelerator/current.xml": ""}),
    "linked.odt": an_odt(
        **{
            "content.xml": odf(
                '<text:a xlink:href="https://example.org/x"/><text:a xlink:href="#there"/><o:scripts/>'
                '<draw:image xlink:href="Pictures/1.png"/><draw:image xlink:href=""/>'
            )
        }
    ),
    "list.csv": "ім’я;вік\nОлена;34\n".encode(),
    "note.txt": b"\xef\xbb\xbfa < b",
    "talk.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Олена>Добрий день".encode(),
}

BAD = {
    "html.pdf": b"<html><script>alert(1)</script>",
    "html.vtt": b"<html><script>alert(1)</script>",
    "script.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script>",
    "styled.vtt": b"WEBVTT\n\nSTYLE\n::cue { background: url(//evil.example) }\n\n00:01.000 --> 00:02.000\nx",
    "late.pdf": b"<script>alert(1)</script>\n" + GOOD["plain.pdf"],
    "script.pdf": a_pdf(b"1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj"),
    "spelled.pdf": a_pdf(b"1 0 obj << /S /#4aava#53cript /JS (app.alert(1)) >> endobj"),
    "packed.pdf": a_pdf(packed(b"<< /S /JavaScript /JS (app.alert(1)) >>")),
    "unreadable.pdf": a_pdf(b"4 0 obj << /Type /ObjStm >> stream\nnot packed at all\nendstream endobj"),
    "bomb.pdf": a_pdf(packed(b" " * 20_000_000)),
    "launch.pdf": a_pdf(b"1 0 obj << /S /Launch /F (cmd.exe) >> endobj"),
    "attached.pdf": a_pdf(b"1 0 obj << /Names << /EmbeddedFiles 2 0 R >> >> endobj"),
    "form.pdf": a_pdf(b"1 0 obj << /AcroForm << /XFA 2 0 R >> >> endobj"),
    "locked.pdf": a_pdf(b"trailer << /Encrypt 2 0 R >>"),
    "program.docx": b"MZ\x90\x00",
    "archive.docx": an_archive(**{"a.txt": "a"}),
    "sheet.docx": GOOD["numbers.xlsx"],
    "macro.docx": a_docx(**{"word/vbaProject.bin": "x"}),
    "macro-by-kind.docx": a_docx(
        **{"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"}
    ),
    "macro-by-kind-in-utf-16.docx": a_docx(
        **{"[Content_Types].xml": '<Types><Default ContentType="x.macroEnabled.y"/></Types>'.encode("utf-16")}
    ),
    "macro-by-kind-spelled.docx": a_docx(
        **{"[Content_Types].xml": '<Types><Default ContentType="x.macro&#69;nabled.y"/></Types>'}
    ),
    "two-lists.docx": a_docx(**{"[content_types].xml": "<Types>macroEnabled</Types>"}),
    "template.docx": related(TEMPLATE),
    "template-after-a-sign.docx": related(TEMPLATE.replace('"r1"', '"r>1"')),
    "template-in-utf-16.docx": related(f'<?xml version="1.0" encoding="UTF-16"?>{TEMPLATE}'.encode("utf-16")),
    "template-spelled.docx": related(TEMPLATE.replace("External", "Extern&#97;l")),
    "template-spaced.docx": related(TEMPLATE.replace("TargetMode=", "TargetMode = ")),
    "template-unsaid.docx": related(TEMPLATE.replace(' TargetMode="External"', "")),
    "template-shouted.docx": related(TEMPLATE, "word/_rels/settings.xml.RELS"),
    "template-called-a-link.docx": related(TEMPLATE.replace("Id=", 'foo="/hyperlink" Id=')),
    "template-of-a-kind-of-link.docx": related(EXTERNAL % "http://evil.example/hyperlink"),
    "template-unparsed.docx": related(TEMPLATE.removesuffix(">")),
    "template-by-entity.docx": related(
        f'<!DOCTYPE x [<!ENTITY e "External">]>{TEMPLATE.replace("External", "&e;")}',
    ),
    "script-link.docx": related((EXTERNAL % f"{OFFICE}/hyperlink").replace("https://", "ms-msdt:/")),
    "object.docx": a_docx(**{"word/embeddings/oleObject1.bin": "x"}),
    "control.docx": a_docx(**{"word/activeX/activeX1.xml": "x"}),
    "climbing.docx": a_docx(**{"../../etc/cron.d/x": "x"}),
    "drive.docx": a_docx(**{"C:\\x": "x"}),
    "bomb.docx": a_docx(**{"word/_rels/document.xml.rels": " " * 20_000_000}),
    "basic.odt": an_odt(**{"Basic/Standard/Module1.xml": "x"}),
    "picture.odt": an_odt(**{"content.xml": odf('<draw:image xlink:href="http://evil.example/pixel.png"/>')}),
    "picture-of-a-style.odt": an_odt(
        **{"styles.xml": odf('<draw:fill-image xlink:href="//evil.example/x.png"/>')}
    ),
    "neighbour.odt": an_odt(**{"content.xml": odf('<text:section-source xlink:href="../secret.odt"/>')}),
    "picture-inside.odt": an_odt(**{"a/content.xml": odf('<draw:image xlink:href="http://evil.example/x.png"/>')}),
    "picture-broken.odt": an_odt(
        **{"content.xml": odf('<draw:image xlink:href="ht&#10;tp://evil.example/x.png"/>')}
    ),
    "share.odt": an_odt(**{"content.xml": odf('<draw:image xlink:href="&#92;&#92;evil.example&#92;x.png"/>')}),
    "listener.odt": an_odt(
        **{"content.xml": odf('<script:event-listener xlink:href="vnd.sun.star.script:x"/>')},
    ),
    "listener-of-a-setting.odt": an_odt(**{"settings.xml": odf("<script:event-listener/>")}),
    "script.odt": an_odt(**{"content.xml": odf("<text:script>x</text:script>")}),
    "script-link.odt": an_odt(**{"content.xml": odf('<text:a xlink:href="vnd.sun.star.script:x"/>')}),
    "unparsed.odt": an_odt(**{"content.xml": "<d>"}),
    "entity.odt": an_odt(**{"content.xml": '<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'}),
    "other.odt": an_archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "page.txt": b"  <!DOCTYPE html><script>alert(1)</script>",
    "picture.txt": b"\xef\xbb\xbf<svg onload=alert(1)>",
    "binary.csv": b"a;b\0c",
    "old.csv": "ім’я".encode("cp1251", "replace"),
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "package.zip": an_archive(**{"a.txt": "a"}),
    "program.docm": a_docx(),
}


@pytest.mark.parametrize("name", GOOD)
def test_documents_that_only_say_something_are_taken(editor, name):
    assert len(upload(editor, "wagtaildocs", "add", name, GOOD[name])) == 1


@pytest.mark.parametrize("name", BAD)
def test_documents_that_lie_or_run_are_refused(editor, name):
    assert upload(editor, "wagtaildocs", "add", name, BAD[name]) == []


@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_is_less_strict_with_documents(editor, way):
    assert upload(editor, "wagtaildocs", way, "script.pdf", BAD["script.pdf"]) == []
    assert len(upload(editor, "wagtaildocs", way, "plain.pdf", GOOD["plain.pdf"])) == 1


def test_without_the_check_they_would_have_been_taken(editor, settings):
    """The control: what the tests above see refused is refused by our form and by nothing else."""
    del settings.WAGTAILDOCS_DOCUMENT_FORM_BASE
    del settings.WAGTAILIMAGES_IMAGE_FORM_BASE
    assert len(upload(editor, "wagtaildocs", "add", "script.pdf", BAD["script.pdf"])) == 1
    (picture,) = upload(editor, "wagtailimages", "add", "place.jpg", with_place())
    assert HIDEOUT.encode() in picture.file.read()
    picture.file.close()


def test_replacing_the_file_of_a_document_is_no_way_around(editor):
    (document,) = upload(editor, "wagtaildocs", "add", "plain.pdf", GOOD["plain.pdf"])
    former = document.filename
    said = {"title": "A file", "collection": document.collection_id}
    place = reverse("wagtaildocs:edit", args=[document.pk])
    editor.post(place, {**said, "file": SimpleUploadedFile("script.pdf", BAD["script.pdf"])})
    document.refresh_from_db()
    assert document.filename == former
    editor.post(place, {**said, "title": "Another name"})
    document.refresh_from_db()
    assert (document.title, document.filename) == ("Another name", former)


def test_a_document_is_handed_out_to_be_kept_and_not_to_be_shown(client, editor):
    (document,) = upload(editor, "wagtaildocs", "add", "plain.pdf", GOOD["plain.pdf"])
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == GOOD["plain.pdf"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.jpeg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_pictures_are_taken(editor, way, name, kind):
    (picture,) = upload(editor, "wagtailimages", way, name, a_picture(kind))
    assert (picture.width, picture.height) == (40, 20)
    with picture.file.open("rb") as kept, Image.open(kept) as drawn:
        assert (drawn.format, drawn.size) == (kind, (40, 20))


@pytest.mark.parametrize("way", WAYS)
def test_where_a_picture_was_taken_is_not_kept(editor, way):
    (picture,) = upload(editor, "wagtailimages", way, "place.jpg", with_place())
    with picture.file.open("rb") as kept:
        content = kept.read()
    assert HIDEOUT.encode() not in content
    with Image.open(io.BytesIO(content)) as drawn:
        assert (dict(drawn.getexif()), "icc_profile" in drawn.info) == ({}, False)


def test_a_picture_that_lay_on_its_side_stands_up(editor):
    exif = Image.Exif()
    exif[0x0112] = 6
    (picture,) = upload(editor, "wagtailimages", "add", "side.jpg", a_picture(exif=exif))
    assert (picture.width, picture.height) == (20, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_second_file_inside_a_picture_is_not_kept(editor, kind):
    """A picture and a web page, or an archive, in one: each reader sees in it what it looks for."""
    content = a_picture(kind) + b"<script>alert(1)</script>" + an_archive(**{"a.txt": "a"})
    (picture,) = upload(editor, "wagtailimages", "add", f"two.{kind.lower()}", content)
    with picture.file.open("rb") as kept:
        content = kept.read()
    assert (b"<script>" in content, zipfile.is_zipfile(io.BytesIO(content))) == (False, False)


def _png_that_claims(width, height):
    content = bytearray(a_picture("PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("moving.gif", a_picture("GIF")),
        ("wrong.jpg", a_picture("PNG")),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("bomb.png", _png_that_claims(60_000, 60_000)),
        ("large.png", _png_that_claims(8_000, 6_000)),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_picture_of_a_sane_size_is_refused(editor, way, name, content):
    assert upload(editor, "wagtailimages", way, name, content) == []


def test_a_file_that_is_too_large_is_refused(editor, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 200
    assert upload(editor, "wagtailimages", "add", "a.png", a_picture("PNG", size=(400, 400))) == []
    assert upload(editor, "wagtaildocs", "add", "a.txt", b"a" * 201) == []


def test_what_is_uploaded_or_issued_has_no_address_of_its_own(client, editor, settings):
    """Somebody who knows or guesses the path of a file gets nothing: not where a whole folder is served, either."""
    (document,) = upload(editor, "wagtaildocs", "add", "plain.pdf", GOOD["plain.pdf"])
    (picture,) = upload(editor, "wagtailimages", "add", "a.jpg", a_picture())
    certificate = an_issued_certificate()
    rendition = picture.get_rendition("fill-10x10")
    served = settings.MEDIA_ROOT.resolve()
    for file in (document.file, picture.file, certificate.pdf):
        assert served not in Path(file.path).resolve().parents
        assert client.get(f"/media/{file.name}").status_code == 404
    assert served in Path(rendition.file.path).resolve().parents
    assert Certificate.pdf.field.storage.exists(certificate.pdf.name)


def test_a_site_that_keeps_certificates_where_everybody_reads_is_warned(settings):
    assert storage.check_files_are_private(None) == []
    settings.STORAGES = {key: value for key, value in settings.STORAGES.items() if key != storage.ALIAS}
    assert [one.id for one in storage.check_files_are_private(None)] == ["oberih_certificates.W001"]
    assert storage.private().save("oberih/probe.txt", ContentFile(b"x")).startswith("oberih/probe")


def test_a_file_that_cannot_be_a_certificate_is_not_read(client, site_tree):
    huge = SimpleUploadedFile("certificate.pdf", b"%PDF-" + b"0" * 2_100_000)
    assert "larger than 2 MB" in client.post("/en/verify/", {"file": huge}).content.decode()
