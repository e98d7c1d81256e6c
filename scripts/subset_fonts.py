#!/usr/bin/env python3
"""Cut the packed fonts down to what the site's languages need.

    subset_fonts.py SOURCE

SOURCE holds the unpacked npm packages as folders `golos-text`, `literata` and `noto-sans-arabic` (versions in
THIRD_PARTY.md). Writes woff2 files and licences to ui/static/oberih/ui/fonts. Needs fonttools and brotli.

Scripts go to files of their own, so that with `unicode-range` a page in English loads no Cyrillic.
"""

import argparse
import copy
import pathlib
import shutil
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = pathlib.Path(__file__).parent.parent / "ui/static/oberih/ui/fonts"

# Without the accented letters of Latin-1: a page in English or Ukrainian has no use for them.
LATIN = "20-7E A0 A7 A9 AB AD AE B0 B1 B7 BB D7 2BC 2010-2015 2018-201E 2020 2022 2026 202F 2030 2032-2033 2039-203A 20AC 2122 2212"
LATIN_1 = "A1-A6 A8 AA AC AF B2-B6 B8-BA BC-D6 D8-FF 131 152-153 2C6 2DA 2DC"
# Polish, Romanian (comma below), Turkish, the Baltic and Czech letters of names, and currency signs.
LATIN_EXT = "100-130 132-151 154-17F 18F 192 1A0-1A1 1AF-1B0 1CD-1DC 1E6-1E7 218-21B 237 259 1E9E 20B4 20BA 20BD"
# Ukrainian, Belarusian, Russian, Bulgarian; the stress mark of lessons; the numero sign.
CYRILLIC = "301 401 404 406-407 40E 410-44F 451 454 456-457 45E 490-491 2116"
ARABIC = (
    "600-604 609-60C 60D-61C 61E-625 627-63A 641-652 654-655 660-66D 670-671 679 67E 686 688 691 698 6A9 6AF 6BA 6BE 6C0-6C3"
    " 6CC 6CE 6D0 6D2-6D5 6F0-6F9 626 61B 61F 640 653 200C-200F FDFC"
)

# Golos keeps its weight axis for text; Literata only sets headings, so one weight does.
JOBS = [
    ("golos-text/files/golos-text-latin-wght-normal.woff2", "golos-latin.woff2", LATIN, {"wght": (400, 700)}),
    ("golos-text/files/golos-text-latin-wght-normal.woff2", "golos-latin-1.woff2", LATIN_1, {"wght": (400, 700)}),
    (
        "golos-text/files/golos-text-latin-ext-wght-normal.woff2",
        "golos-latin-ext.woff2",
        LATIN_EXT,
        {"wght": (400, 700)},
    ),
    (
        "golos-text/files/golos-text-cyrillic-wght-normal.woff2",
        "golos-cyrillic.woff2",
        CYRILLIC,
        {"wght": (400, 700)},
    ),
    ("literata/files/literata-latin-wght-normal.woff2", "literata-latin.woff2", LATIN, {"wght": 600}),
    ("literata/files/literata-latin-wght-normal.woff2", "literata-latin-1.woff2", LATIN_1, {"wght": 600}),
    ("literata/files/literata-latin-ext-wght-normal.woff2", "literata-latin-ext.woff2", LATIN_EXT, {"wght": 600}),
    ("literata/files/literata-cyrillic-wght-normal.woff2", "literata-cyrillic.woff2", CYRILLIC, {"wght": 600}),
    (
        "noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2",
        "noto-sans-arabic.woff2",
        ARABIC,
        {"wght": (400, 700)},
    ),
]
LICENCES = {
    "golos-text": "OFL-golos-text.txt",
    "literata": "OFL-literata.txt",
    "noto-sans-arabic": "OFL-noto-sans-arabic.txt",
}


def codepoints(ranges):
    points = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        points |= set(range(int(first, 16), int(last or first, 16) + 1))
    return points


# Golos Text 5.3.0 draws these three without their breve. Each takes it from a letter that has one, and the place
# (with its variation) from a letter whose mark sits right.
BREVES = {
    "gbreve": ("uni0306", "gdotaccent"),
    "Gbreve": ("uni0306.case", "Gdotaccent"),
    "Ubreve": ("uni0306.case", "Umacron"),
}


def give_breves(font):
    glyphs, variations = font["glyf"], font["gvar"].variations
    for name, (breve, model) in BREVES.items():
        if name not in glyphs or len(glyphs[name].components) > 1:
            continue
        placed = glyphs[model].components[1]
        mark = copy.deepcopy(placed)
        mark.glyphName = breve
        mark.x = placed.x + (_centre(glyphs, placed.glyphName) - _centre(glyphs, breve)) // 2
        glyphs[name].components.append(mark)
        glyphs[name].recalcBounds(glyphs)
        variations[name] = copy.deepcopy(variations[model])


def _centre(glyphs, name):
    """Twice the middle of a glyph, to stay with whole units."""
    return glyphs[name].xMin + glyphs[name].xMax


def cut(source, target, ranges, axes):
    font = TTFont(source)
    if "gvar" in font:
        give_breves(font)
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VVAR", "gasp"]
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.layout_features = [
        "kern",
        "mark",
        "mkmk",
        "ccmp",
        "locl",
        "liga",
        "rlig",
        "calt",
        "isol",
        "init",
        "medi",
        "fina",
    ]
    if isinstance(axes["wght"], tuple):
        options.layout_features.append("tnum")  # for tables, which are never set in the headings' font
    # A fixed timestamp, so that the same sources give the same bytes.
    font["head"].modified = font["head"].created
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codepoints(ranges))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, axes)
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    source = parser.parse_args().source
    TARGET.mkdir(parents=True, exist_ok=True)
    for origin, name, ranges, axes in JOBS:
        sys.stdout.write(f"{cut(source / origin, TARGET / name, ranges, axes):>7,} bytes  {name}\n")
    for folder, name in LICENCES.items():
        shutil.copyfile(source / folder / "LICENSE", TARGET / name)


if __name__ == "__main__":
    main()
