"""How FcRn keeps an antibody in the blood for weeks."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import fc_rn, free_igg, red_cell, small_antibodies, soft_body
from immunolab.draw.palette import (
    ANTIBODY,
    BLOOD,
    ENDOSOME,
    ENDOTHELIUM,
    FC_RN,
    LYSOSOME,
    MUTED,
    PAPER,
    Colour,
    mix,
)
from immunolab.draw.scene import LINE, Point, Scene, disc, rounded, smooth_polygon

TITLE = "Why an antibody lasts for weeks"
ALT = (
    "A cell of a vessel wall below the blood. First, the cell takes in blood fluid with whatever floats in it: antibodies and other "
    "proteins. Second, in an acid vesicle inside the cell FcRn grips the Fc parts of the antibodies. Third, the vesicle goes back to the "
    "surface, where it is neutral; FcRn lets go and the antibodies are in the blood again. Fourth, what FcRn does not hold goes to the "
    "lysosome and is cut to pieces. An IgG lasts for weeks because it is brought back again and again."
)
CAPTION = "FcRn brings most IgG back from the acid vesicle; so an antibody stays in the blood for weeks."
SOURCES = ("Roopenian2007",)

WIDTH, HEIGHT = 920, 560
NM = 4.6
FACE = 402  # height of the cell's border with the blood
ENDO = (420, 236)
PROTEIN = MUTED


def draw() -> Figure:
    """From the blood through the cell, back or down."""
    scene = Scene(WIDTH, HEIGHT)
    _blood(scene)
    _cell(scene)
    _uptake(scene)
    _endosome(scene)
    _back(scene)
    _lysosome(scene)
    scene.caption(CAPTION)
    return scene.figure


def _blood(scene: Scene) -> None:
    for share in np.linspace(0, 1, 12):
        scene.path(
            rounded(10, FACE - 84, WIDTH - 20, HEIGHT - FACE + 72 - 40 * share, 18),
            fill=mix(BLOOD.tint, PAPER, 0.75 - 0.45 * share),
        )
    for x, y, tilt in ((286, 510, 20), (520, 522, -15), (838, 505, 40), (64, 516, 70)):
        red_cell(scene, (x, y), 21, tilt)
    small_antibodies(
        scene, [(160, 518, 200), (358, 474, 60), (452, 500, 320), (590, 470, 150), (812, 452, 20)], 2.9
    )
    _proteins(scene, [(216, 476), (396, 520), (640, 512), (300, 452), (880, 452)])
    scene.name((104, 470), "Blood", BLOOD)


def _proteins(scene: Scene, places: list[Point], size: float = 8) -> None:
    """Other proteins: grey and knobbly."""
    knob = smooth_polygon(
        [
            (
                size * (1 + 0.16 * (-1) ** i) * np.cos(i * np.pi / 5),
                size * (1 + 0.16 * (-1) ** i) * np.sin(i * np.pi / 5),
            )
            for i in range(10)
        ]
    )
    scene.stamp(knob, places, PAPER, PAPER, 2.5)
    scene.stamp(knob, places, mix(PROTEIN, PAPER, 0.45), PROTEIN, 1)


def _cell(scene: Scene) -> None:
    """The flat cell of the wall; its upper border dips where it drinks and where it opens."""
    top = [(20, FACE), (70, FACE), (110, FACE - 8), (124, FACE - 44), (158, FACE - 62), (192, FACE - 44), (206, FACE - 8), (246, FACE),
           (380, FACE + 3), (560, FACE + 2), (640, FACE), (668, FACE - 8), (680, FACE - 44), (722, FACE - 64), (764, FACE - 44),
           (776, FACE - 8), (804, FACE), (900, FACE)]  # fmt: skip
    low = [
        (908, FACE - 60),
        (908, 110),
        (880, 62),
        (700, 54),
        (460, 52),
        (220, 54),
        (40, 62),
        (12, 110),
        (12, FACE - 60),
    ]
    outline = smooth_polygon(top + low)
    soft = mix(ENDOTHELIUM.tint, PAPER, 0.35)
    scene.path(outline, fill=soft, edge=mix(ENDOTHELIUM.edge, ENDOTHELIUM.line, 0.3), width=6, role=LINE)
    scene.path(outline, edge=mix(ENDOTHELIUM.tint, PAPER, 0.35), width=3)
    soft_body(
        scene,
        disc((112, 156), 70, 44),
        (112, 156),
        ENDOTHELIUM,
        membrane=0,
        rings=10,
        depth=0.3,
        shadow=False,
    )
    scene.name((112, 151), "nucleus", ENDOTHELIUM)
    scene.name((34, 74), "Cell of the vessel wall", ENDOTHELIUM, align="left")


def _uptake(scene: Scene) -> None:
    small_antibodies(scene, [(158, FACE - 22, 60)], 2.7)
    _proteins(scene, [(146, FACE - 44), (182, FACE - 38)], 7)
    scene.arrow((196, FACE - 76), (296, 290), -0.14, MUTED, 3)
    _step(scene, (60, 322), 1, "takes in\nblood fluid", ENDOTHELIUM.edge)


def _vesicle(scene: Scene, at: Point, radius: float, tone: Colour, acid: float) -> None:
    soft_body(scene, disc(at, radius), at, tone, membrane=6, rings=12, depth=acid, shadow=False)


def _endosome(scene: Scene) -> None:
    """The acid vesicle, FcRn on its inside, the antibodies held by the elbow."""
    x, y = ENDO
    radius = 120
    _vesicle(scene, ENDO, radius, ENDOSOME, 0.35)
    for angle, hand in ((156, 1), (36, -1), (272, 1)):
        foot = (x + (radius - 2) * np.cos(np.radians(angle)), y + (radius - 2) * np.sin(np.radians(angle)))
        _held(scene, foot, angle + 180, hand)
    _proteins(scene, [(x - 6, y + 86), (x - 66, y - 58), (x + 88, y - 36)], 9)
    _step(scene, (x - 40, y - 148), 2, "acid: FcRn grips the Fc part", FC_RN.edge)


def _held(scene: Scene, foot: Point, inwards: float, hand: int) -> None:
    """An FcRn and the antibody in its grip: the antibody lies across, held where CH2 meets CH3."""
    tip = fc_rn(scene, foot, inwards, NM).tip
    u = np.array([np.cos(np.radians(inwards)), np.sin(np.radians(inwards))])
    along = hand * np.array([-u[1], u[0]])
    lean = np.radians(34)  # the arms turn to the middle of the vesicle
    fc, side = np.cos(lean) * along - np.sin(lean) * u, np.cos(lean) * u + np.sin(lean) * along
    hinge = np.asarray(tip) + (2.25 * side - 4.7 * fc) * NM
    free_igg(scene, tuple(hinge), float(np.degrees(np.arctan2(fc[1], fc[0]))), NM, spread=96)


def _back(scene: Scene) -> None:
    scene.arrow((546, 268), (668, FACE - 80), -0.16, ANTIBODY.line, 6)
    small_antibodies(scene, [(708, FACE - 18, 250), (738, FACE + 30, 120)], 2.9)
    for x, angle in ((690, 20), (752, 160)):
        fc_rn(scene, (x + (-2 if x < 700 else 2), FACE - 44), angle, 3.4)
    _step(scene, (780, 318), 3, "neutral:\nFcRn lets go", ANTIBODY.edge)


def _lysosome(scene: Scene) -> None:
    at = (664, 150)
    scene.arrow((540, 200), (602, 170), 0.1, LYSOSOME.line, 2.4)
    _vesicle(scene, at, 56, LYSOSOME, 0.4)
    fate = np.random.default_rng(4)
    bits = [
        (at[0] + r * np.cos(t), at[1] + r * np.sin(t))
        for r, t in zip(42 * np.sqrt(fate.random(26)), 6.28 * fate.random(26), strict=True)
    ]
    scene.stamp(disc((0, 0), 2.6), bits[:16], mix(PROTEIN, PAPER, 0.3), PROTEIN, 0.7)
    scene.stamp(disc((0, 0), 2.6), bits[16:], ANTIBODY.line, ANTIBODY.edge, 0.7)
    _step(scene, (742, 160), 4, "what is not held\nis digested", LYSOSOME.edge)


def _step(scene: Scene, at: Point, number: int, words: str, colour: str) -> None:
    scene.step(at, number, colour)
    scene.name((at[0] + 19, at[1] - 5), words.split("\n")[0], colour, align="left")
    if "\n" in words:
        scene.name((at[0] + 19, at[1] - 24), words.split("\n")[1], colour, align="left")
