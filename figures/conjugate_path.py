"""The way of a conjugate: bind, be swallowed, be cut, kill, and sometimes reach the neighbour."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import UP, conjugate, her2, payload, small_antibodies, soft_body, tumour_cell
from immunolab.draw.palette import ANTIBODY, ENDOSOME, HER2, LYSOSOME, MUTED, PAPER, PAYLOAD, TUMOUR, mix
from immunolab.draw.scene import LINE, Point, Scene, disc, smooth_polygon

TITLE = "The way of a conjugate"
ALT = (
    "A large tumour cell with HER2 on its surface, and a neighbour without. First, a conjugate binds HER2 with both arms. Second, cell and "
    "conjugate fold inwards: it is swallowed. Third, in the lysosome the antibody is digested and the payloads, red hexagons, come free. "
    "Fourth, payloads leave the lysosome and act in the cell. Fifth, some cross the cell's membrane and reach the neighbour, which carries "
    "no HER2. The payload must leave the lysosome to act; whether it also leaves the cell is a matter of its chemistry."
)
CAPTION = "Most of the work is done inside: swallowed, cut, released; some payloads go on to the neighbour."
SOURCES = ("ADCReview2021",)

WIDTH, HEIGHT = 920, 540
NM = 4.6
FACE = 380


def draw() -> Figure:
    """From the surface to the lysosome and out again."""
    scene = Scene(WIDTH, HEIGHT)
    _cell(scene)
    _binds(scene)
    _swallowed(scene)
    _lysosome(scene)
    _neighbour(scene)
    scene.caption(CAPTION)
    return scene.figure


def _cell(scene: Scene) -> None:
    top = [(24, FACE - 8), (70, FACE), (230, FACE + 2), (286, FACE), (318, FACE - 10), (330, FACE - 50), (368, FACE - 74), (406, FACE - 50),
           (418, FACE - 10), (448, FACE), (560, FACE), (626, FACE - 14)]  # fmt: skip
    low = [
        (654, FACE - 80),
        (658, 200),
        (640, 90),
        (560, 58),
        (330, 52),
        (110, 56),
        (30, 84),
        (12, 180),
        (12, FACE - 80),
    ]
    outline = smooth_polygon(top + low)
    scene.path(
        outline,
        fill=mix(TUMOUR.tint, PAPER, 0.42),
        edge=mix(TUMOUR.edge, TUMOUR.line, 0.3),
        width=6,
        role=LINE,
    )
    scene.path(outline, edge=mix(TUMOUR.tint, PAPER, 0.35), width=3)
    heart = (150, 152)
    soft_body(scene, disc(heart, 104, 70, 8), heart, TUMOUR, membrane=0, rings=12, depth=0.3, shadow=False)
    scene.path(disc((126, 170), 17), fill=TUMOUR.edge, alpha=0.4)
    scene.path(disc((186, 138), 14), fill=TUMOUR.edge, alpha=0.4)
    scene.name((34, 338), "Tumour cell with HER2", TUMOUR, align="left")


def _binds(scene: Scene) -> None:
    tips = [her2(scene, (x, FACE + 2), UP, NM).tip for x in (128, 192)]
    conjugate(scene, tips, UP, NM, payloads=4)
    for x in (66, 250, 500, 556):
        her2(scene, (x, FACE + 1), UP, NM)
    small_antibodies(scene, [(330, 492, 200), (468, 476, 60)], 2.8, payloads=4)
    _step(scene, (34, 494), 1, "binds", ANTIBODY.edge)
    scene.name((574, FACE + 24), "HER2", HER2, align="left")


def _swallowed(scene: Scene) -> None:
    for x, angle in ((352, 50), (388, 120)):
        her2(scene, (x - (0 if x > 370 else 2), FACE - 64), angle, 3.0)
    small_antibodies(scene, [(370, FACE - 22, 90)], 2.8, payloads=4)
    scene.arrow((376, FACE - 88), (404, 256), 0.1, MUTED, 3.4)
    _step(scene, (256, 296), 2, "swallowed", ENDOSOME.edge)


def _lysosome(scene: Scene) -> None:
    at = (432, 182)
    soft_body(scene, disc(at, 70), at, LYSOSOME, membrane=5, rings=12, depth=0.4, shadow=False)
    fate = np.random.default_rng(8)
    bits = [
        (at[0] + r * np.cos(t), at[1] + r * np.sin(t))
        for r, t in zip(54 * np.sqrt(fate.random(26)), 6.28 * fate.random(26), strict=True)
    ]
    scene.stamp(disc((0, 0), 3.4, 2.2), bits, ANTIBODY.line, ANTIBODY.edge, 0.7)
    payload(
        scene,
        [
            (at[0] - 30, at[1] + 22),
            (at[0] + 26, at[1] + 30),
            (at[0] - 4, at[1] - 36),
            (at[0] + 36, at[1] - 18),
        ],
        8,
    )
    _step(scene, (366, 90), 3, "cut in the lysosome", LYSOSOME.edge)
    scene.arrow((356, 178), (290, 168), 0.0, PAYLOAD.line, 3.4)
    payload(scene, [(324, 200), (306, 192), (278, 214), (262, 176), (232, 150), (208, 176)], 7)
    _step(scene, (262, 244), 4, "kills", PAYLOAD.edge)


def _neighbour(scene: Scene) -> None:
    tumour_cell(scene, (800, 176), 92, seed=4)
    payload(scene, [(536, 196), (582, 190), (626, 186), (686, 192), (740, 204), (764, 232)], 7)
    scene.arrow((518, 168), (700, 166), 0.0, PAYLOAD.line, 3.4)
    _step(scene, (690, 318), 5, "leaves, reaches the", PAYLOAD.edge)
    scene.name((709, 294), "neighbour: bystander", PAYLOAD.edge, align="left")
    scene.name((800, 62), "Neighbour without HER2", TUMOUR)


def _step(scene: Scene, at: Point, number: int, words: str, colour: str) -> None:
    scene.step(at, number, colour)
    scene.name((at[0] + 19, at[1] - 5), words, colour, align="left")
