import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont

from certificates import rendering
from certificates.exceptions import PaperError
from certificates.rendering import render
from tests.certificates.factories import ENGLISH, a_snapshot
from ui import papers

UKRAINIAN = {
    **ENGLISH,
    "heading": "Сертифікат про участь",
    "given_to": "Цим засвідчується, що",
    "did": "взяла участь у заході",
    "facts": [["Проведено", "2–3 березня 2026"], ["Місце", "Львівська область"], ["Тривалість", "12 годин"]],
    "took": "Відвідано щонайменше 80 % часу занять.",
    "foot": [["Видано", "3 березня 2026"], ["Номер", "OB-7KQM-4XTP-92HN"]],
    "check": "Перевірте справжність сертифіката:",
}
ARABIC = {
    **ENGLISH,
    "heading": "شهادة مشاركة",
    "given_to": "نشهد بأن",
    "did": "شارك في",
    "facts": [["التاريخ", "2–3 مارس 2026"], ["المكان", "لفيف"], ["المدة", "12 ساعة"]],
    "took": "حضر ما لا يقل عن 80 في المئة من وقت الجلسات.",
    "foot": [["صدرت في", "3 مارس 2026"], ["الرقم", "OB-7KQM-4XTP-92HN"]],
    "check": "تحقق من صحة هذه الشهادة:",
}
LONG = {
    "uk": a_snapshot(
        language="uk",
        paper=UKRAINIAN,
        name="Олександра-Вікторія Володимирівна Їжакевич-Ґонтаренко-Щербаківська",
        latin_name="Oleksandra-Viktoriia Volodymyrivna Yizhakevych-Gontarenko-Shcherbakivska",
        title="Протидія торгівлі людьми під час надзвичайних ситуацій: виявлення постраждалих осіб і "
        "перенаправлення до служб допомоги у прикордонних областях України",
    ),
    "pl": a_snapshot(name="Maria Magdalena Świętosławska-Brzęczyszczykiewicz-Żółkiewska", latin_name=""),
    "ar": a_snapshot(
        language="ar",
        paper=ARABIC,
        name="عبد الرحمن بن محمد بن عبد العزيز الأنصاري الخزرجي المدني",
        latin_name="Abd ar-Rahman ibn Muhammad ibn Abd al-Aziz al-Ansari al-Khazraji",
        title="مكافحة الاتجار بالبشر في حالات الطوارئ",
    ),
}


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].get_textpage()
    # pdfium writes a hyphen at the end of a line as a control character.
    return " ".join(page.get_text_bounded().replace("\x02", "-").split())


def test_the_same_snapshot_is_the_same_bytes():
    assert render(a_snapshot()) == render(a_snapshot())


def test_another_process_makes_the_same_bytes():
    code = (
        "import django; django.setup()\n"
        "from certificates.rendering import render\n"
        "from tests.certificates.test_rendering import LONG\n"
        "import hashlib; print([hashlib.sha256(render(one)).hexdigest() for one in LONG.values()])"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            text=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "PYTHONHASHSEED": seed,
                "TZ": zone,
            },
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    here = str([hashlib.sha256(render(one)).hexdigest() for one in LONG.values()])
    assert made == [here, here]


@pytest.mark.parametrize("language", LONG)
def test_it_is_one_landscape_page(language):
    document = pypdfium2.PdfDocument(render(LONG[language]))
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [842, 595]


@pytest.mark.parametrize("language", ["uk", "pl"])
def test_its_text_can_be_copied(language):
    text = text_of(render(LONG[language]))
    assert LONG[language]["name"] in text
    assert "OB-7KQM-4XTP-92HN" in text


def test_arabic_is_written_from_the_right():
    snapshot = a_snapshot(language="ar", paper=ARABIC, name="محمد", latin_name="Muhammad", title="تدريب")
    document = pypdfium2.PdfDocument(render(snapshot))
    page = document[0].get_textpage()
    found = page.search("OB-7KQM").get_next()
    name = page.search("محمد").get_next()
    assert found is not None
    assert name is not None
    left, _bottom, right, _top = page.get_charbox(name[0])
    assert (left + right) / 2 > document[0].get_width() / 2


@pytest.mark.parametrize("language", LONG)
def test_nothing_is_drawn_over_the_frame(language):
    """The frame's inner edge is 24 mm from the paper's on the one side and 46 mm on the other."""
    document = pypdfium2.PdfDocument(render(LONG[language]))
    page = document[0].get_textpage()
    boxes = [page.get_charbox(i) for i in range(page.count_chars()) if page.get_text_range(i, 1).strip()]
    start, end = (24, 46) if language == "ar" else (46, 24)
    millimetre = 72 / 25.4
    assert min(box[0] for box in boxes) >= start * millimetre - 2
    assert max(box[2] for box in boxes) <= (297 - end) * millimetre + 2


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("dpi", [72, 200])
def test_the_code_is_read_from_the_picture(language, dpi):
    picture = pypdfium2.PdfDocument(render(LONG[language]))[0].render(scale=dpi / 72).to_pil()
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert codes == ["https://learn.example.org/v/3vT0yq1mQk2hX8aZbR5dWc1e/"]


def test_a_name_that_fits_is_set_large_and_a_long_one_smaller():
    sizes = [rendering._size(one["name"], rendering._NAME_SIZES, lines=1) for one in (a_snapshot(), LONG["uk"])]
    assert sizes[0] == 40
    assert 18 <= sizes[1] < 30


@pytest.mark.parametrize("name", ["王小明", "Olena 😀", "გიორგი", "Oле\x00на"])
def test_what_the_fonts_cannot_print_is_refused_by_name(name):
    with pytest.raises(PaperError) as refused:
        render(a_snapshot(name=name))
    strange = next(char for char in name if char in "王😀გ\x00")
    assert f"U+{ord(strange):04X}" in str(refused.value) or "U+" in str(refused.value)


def test_a_certificate_without_a_name_is_refused():
    with pytest.raises(PaperError):
        render(a_snapshot(name="  "))


def test_a_title_of_a_page_is_refused():
    with pytest.raises(PaperError):
        render(a_snapshot(title="Протидія торгівлі людьми " * 40))


def test_decomposed_letters_are_printed_composed():
    assert "Їжак" in text_of(render(a_snapshot(name="Їжак")))


def test_a_name_is_text_and_no_markup():
    assert "<b>Olena</b>" in text_of(render(a_snapshot(name="<b>Olena</b>", latin_name="")))


class Canary(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture
def canary():
    server = HTTPServer(("127.0.0.1", 0), Canary)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_renderer_fetches_nothing(canary, tmp_path):
    """Even from a page that asks for it in every way there is: what a template may one day hold is not trusted."""
    address = f"http://127.0.0.1:{canary.server_port}"
    secret = tmp_path / "secret.txt"
    secret.write_text("secret-canary")
    inner = base64.b64encode(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/svg"/></svg>'.encode()
    ).decode()
    html = f"""<html><head><title>x</title><link rel="stylesheet" href="{address}/css">
        <link rel="attachment" href="file://{secret}"><style>@import url({address}/import);
        @font-face {{ font-family: f; src: url({address}/font); }} p {{ font-family: f; background: url({address}/bg); }}</style>
        </head><body><p>text</p><img src="{address}/img" alt="i"><img src="file://{secret}" alt="f">
        <img src="data:image/svg+xml;base64,{inner}" alt="s"></body></html>"""
    engine = rendering._engine()
    pdf = engine.HTML(string=html, url_fetcher=engine.fetcher, base_url="asset:").write_pdf(
        stylesheets=[engine.css], font_config=engine.font_config
    )
    assert canary.asked == []
    assert b"secret-canary" not in pdf
    assert b"/EmbeddedFile" not in pdf


def test_it_is_tagged_and_names_its_language_and_standards():
    pdf = render(LONG["uk"])
    metadata = pypdfium2.PdfDocument(pdf).get_metadata_dict()
    assert metadata["Title"] == "Сертифікат про участь OB-7KQM-4XTP-92HN"
    assert metadata["CreationDate"] == "D:20260303000000Z"
    packets = b"".join([pdf, *_streams(pdf)])
    assert b"/MarkInfo" in packets
    assert b"/Lang (uk)" in packets
    assert re.search(rb'pdfaid:part="3"', packets)
    assert re.search(rb'pdfuaid:part="1"', packets)


def _streams(pdf):
    for body in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(body)
        except zlib.error:
            yield body


def test_only_our_fonts_are_in_it():
    pdf = render(LONG["ar"])
    names = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([\w-]+)", b"".join([pdf, *_streams(pdf)])))
    assert {name.split(b"-")[0] for name in names} == {b"Oberih"}


def test_every_font_ships_with_its_licence():
    folder = papers.FONTS
    families = {TTFont(path)["name"].getBestFamilyName() for path in folder.glob("*.ttf")}
    assert families == {"Noto Serif", "Noto Sans", "Noto Naskh Arabic"}
    licences = {path.name for path in folder.glob("OFL-*.txt")}
    assert licences == {f"OFL-{family.lower().replace(' ', '-')}.txt" for family in families}
    assert io.StringIO((folder / "OFL-noto-naskh-arabic.txt").read_text()).readline().startswith("Copyright")
