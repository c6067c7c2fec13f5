"""Make the course's typeface: three cuts of Inter, reduced to the characters the course writes.

    python -m tools.fonts FOLDER_WITH_INTER_OTF

Run it again only to add characters. Inter is under the SIL Open Font License; a changed version may be passed on
under the same licence, and carries a name of its own, so that an installed Inter is never picked in its place.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "ImmunoLab Sans"
TARGET = Path(__file__).parents[1] / "immunolab" / "draw" / "fonts"
CUTS = {"Regular": "Inter-Regular.otf", "SemiBold": "Inter-SemiBold.otf", "Italic": "Inter-Italic.otf"}

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
GREEK = [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x3B1, 0x3CA), 0x3D1, 0x3D5]
SCRIPTS = [0x2070, 0x2071, *range(0x2074, 0x208F), *range(0x2090, 0x209D)]
SIGNS = [ord(sign) for sign in "–—‘’“”†‡•…‰′″←↑→↓↔↗↘⁄−∂∏∑√∞∫≈≠≤≥✓✗●○■□▲△▼▽  "]


def cut(source: Path, style: str) -> TTFont:
    """The reduced font of one style, renamed, with kerning and contextual forms kept."""
    options = subset.Options()
    options.layout_features = ["kern", "calt", "ccmp", "mark", "tnum"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.hinting = False
    font = TTFont(source, recalcTimestamp=False)
    reducer = subset.Subsetter(options)
    reducer.populate(unicodes=[*LATIN, *GREEK, *SCRIPTS, *SIGNS])
    reducer.subset(font)
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names = {
        1: FAMILY,
        2: style,
        3: f"{postscript}; a subset of Inter",
        4: f"{FAMILY} {style}",
        6: postscript,
        16: FAMILY,
        17: style,
    }
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
    font["CFF "].cff.fontNames = [postscript]
    top = font["CFF "].cff[postscript]
    top.FamilyName, top.FullName = FAMILY, f"{FAMILY} {style}"
    return font


def main(folder: str) -> None:
    """Write the three reduced fonts beside the drawing code."""
    for style, file in CUTS.items():
        target = TARGET / f"ImmunoLabSans-{style}.otf"
        cut(Path(folder) / file, style).save(target)
        print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
