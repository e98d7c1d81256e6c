#!/usr/bin/env python3
"""Make the fonts that certificates are set in: static TTF, cut to the scripts that the product's languages write.

    subset_pdf_fonts.py SOURCE [SOURCE …]

Each SOURCE is a folder that is searched for the fonts named below: the unpacked wheels `fontpkg-noto-serif` and
`fontpkg-noto-sans` 2.15 (PyPI) and the unpacked Debian package `fonts-noto-core`. Static and TTF, because variable
fonts and woff2 cost the renderer up to thirty times as much for every certificate.
"""

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parent.parent / "ui" / "paper_fonts"
EUROPEAN = (
    "U+20-7E,U+A0-24F,U+2B0-2FF,U+300-36F,U+400-52F,U+1E00-1EFF,U+2000-206F,U+20A0-20C0,U+2116,U+2122,U+2212"
)
ARABIC = (
    "U+20-7E,U+A0,U+AB,U+BB,U+600-6FF,U+750-77F,U+8A0-8FF,U+200C-200F,U+2010-2026,U+25CC,U+FB50-FDFF,U+FE70-FEFF"
)
# File to make: (font to look for, position on its axes or None for a static one, what is kept).
MAKE = {
    "NotoSerif-Regular.ttf": ("NotoSerif[wdth,wght].ttf", {"wght": 400, "wdth": 100}, EUROPEAN),
    "NotoSerif-Bold.ttf": ("NotoSerif[wdth,wght].ttf", {"wght": 700, "wdth": 100}, EUROPEAN),
    "NotoSans-Regular.ttf": ("NotoSans[wdth,wght].ttf", {"wght": 400, "wdth": 100}, EUROPEAN),
    "NotoSans-SemiBold.ttf": ("NotoSans[wdth,wght].ttf", {"wght": 600, "wdth": 100}, EUROPEAN),
    "NotoNaskhArabic-Regular.ttf": ("NotoNaskhArabic-Regular.ttf", None, ARABIC),
    "NotoNaskhArabic-Bold.ttf": ("NotoNaskhArabic-Bold.ttf", None, ARABIC),
}


def find(sources, name):
    for source in sources:
        for path in source.rglob("*.ttf"):
            if path.name == name:
                return path
    sys.exit(f"{name} is in none of the folders given.")


def make(source, target, axes, kept):
    font = TTFont(source, recalcTimestamp=False)
    if axes:
        font = instantiateVariableFont(font, axes, updateFontNames=True)
    options = subset.Options(
        layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False, recalc_timestamp=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(kept))
    cutter.subset(font)
    font.save(target, reorderTables=False)
    print(f"{target.name}: {target.stat().st_size:,} bytes, {len(font.getBestCmap())} characters")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    sources = parser.parse_args().sources
    for name, (wanted, axes, kept) in MAKE.items():
        make(find(sources, wanted), FONTS / name, axes, kept)


if __name__ == "__main__":
    main()
