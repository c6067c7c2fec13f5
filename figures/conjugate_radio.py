"""How far the particles of three nuclides fly, and what carries them."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import electron_track, free_igg, nuclide
from immunolab.draw.palette import LINKER, MUTED, NUCLIDE, PAPER, PEPTIDE, mix
from immunolab.draw.scene import BODY, HEAD, Point, Scene, disc, rounded, smooth_line
from immunolab.tables import table

TITLE = "How far radiation reaches, and what carries it"
ALT = (
    "Three rows to one scale, twelve millimetres long. Electrons of lutetium-177 fly 0.67 millimetres on average and 1.6 at most, those of "
    "iodine-131 0.8 and 2.4, those of yttrium-90 2.8 and 12: at 20 micrometres a cell, about 34, 40 and 140 cells on average. Below, two "
    "carriers: an antibody with a nuclide is a radioimmunoconjugate, a peptide or small molecule with a nuclide is a radioligand. A long "
    "range reaches cells without the target, and healthy ones; a short range suits small clusters."
)
CAPTION = (
    "Yttrium-90 crosses some 140 cells, lutetium-177 some 34: the range must suit the size of the tumour."
)
SOURCES = ("Nuclides2010", "RadioTable2022")

WIDTH, HEIGHT = 920, 590
CELL_UM = 20
LEFT, MM = 166, 58  # where the source stands, and pixels for a millimetre
ROWS = {"Lu-177": 480, "I-131": 390, "Y-90": 276}


def draw() -> Figure:
    """Ranges above, carriers below."""
    scene = Scene(WIDTH, HEIGHT)
    scene.name((24, HEIGHT - 34), "How far the electrons fly", NUCLIDE, align="left", size=HEAD)
    scene.text((WIDTH - 24, HEIGHT - 34), f"cells counted at {CELL_UM} µm each", BODY, MUTED, align="right")
    for row in table("nuclides").itertuples():
        _range(scene, row)
    _ruler(scene)
    _carriers(scene)
    scene.caption(CAPTION)
    return scene.figure


def _range(scene: Scene, row: tuple) -> None:
    """Mean range in full colour, the largest pale, some tracks within."""
    y = ROWS[row.name]
    mean, most = row.mean_range_mm * MM, row.max_range_mm * MM
    for reach, tone in ((most, mix(NUCLIDE.tint, PAPER, 0.62)), (mean, NUCLIDE.tint)):
        scene.path(rounded(LEFT, y - 27, reach, 54, 10), fill=tone)
    scene.line([(LEFT + mean, y - 27), (LEFT + mean, y + 27)], NUCLIDE.edge, 2)
    fate = np.random.default_rng(12)
    for number, aside in enumerate((-20, -11, 11, 20, 0)):
        length = mean * fate.uniform(0.75, 1.0) if aside else mean + 0.55 * (most - mean)
        electron_track(
            scene, (LEFT, y), np.degrees(np.arctan2(aside, length)), length, seed=number + 3, width=1.2
        )
    nuclide(scene, (LEFT, y), 7.5)
    scene.label(
        (24, y + 19),
        row.name,
        f"mean {row.mean_range_mm:g} mm,\nat most {row.max_range_mm:g} mm",
        colour=NUCLIDE,
    )
    words = f"about {row.mean_range_mm * 1000 / CELL_UM:.0f} cells on average, {row.max_range_mm * 1000 / CELL_UM:.0f} at most"
    if most < 500:
        scene.text((LEFT + most + 16, y - 5), words, BODY)
    else:
        scene.text((LEFT + mean + 16, y + 36), words, BODY)


def _ruler(scene: Scene) -> None:
    y = 204
    scene.line([(LEFT, y), (LEFT + 12 * MM, y)], MUTED, 1.4)
    for mm in range(13):
        scene.line([(LEFT + mm * MM, y), (LEFT + mm * MM, y - 6)], MUTED, 1.4)
        if mm % 2 == 0:
            scene.text(
                (LEFT + mm * MM, y - 22), f"{mm} mm" if mm == 12 else f"{mm}", 13.5, MUTED, align="center"
            )


def _carriers(scene: Scene) -> None:
    """An antibody with a nuclide beside a small carrier with one."""
    for left, name, words in (
        (20, "Radioimmunoconjugate", "an antibody carries it: ibritumomab\ntiuxetan with Y-90, for lymphoma"),
        (470, "Radioligand", "a peptide or small molecule carries it:\ndotatate or PSMA ligand with Lu-177"),
    ):
        scene.path(rounded(left, 48, 430, 112, 18), fill=mix(NUCLIDE.tint, PAPER, 0.72))
        scene.label((left + 122, 142), name, words, colour=NUCLIDE)
    free_igg(scene, (68, 104), -100, 4.6)
    _tether(scene, [(72, 76), (88, 70), (100, 76)])
    nuclide(scene, (110, 82), 9)
    beads = [(500 + 10 * np.cos(t), 112 + 13 * np.sin(t)) for t in np.linspace(0.5, 6.2, 8)]
    scene.stamp(disc((0, 0), 5), beads, PEPTIDE.line, PEPTIDE.edge, 0.8)
    _tether(scene, [(512, 104), (528, 98), (544, 104)])
    nuclide(scene, (556, 106), 9)


def _tether(scene: Scene, points: list[Point]) -> None:
    scene.path(smooth_line(points), edge=PAPER, width=5)
    scene.path(smooth_line(points), edge=LINKER.edge, width=2.4)
