"""The healthy cells that carry the same antigen, and two switches."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    b_cell,
    bind,
    car,
    car_t_cell,
    cd19,
    dead_cell,
    egfrt,
    healthy_cell,
    igg,
    leukaemia_cell,
    plasma_cell,
)
from immunolab.draw.palette import (
    ANTIBODY,
    B_CELL,
    CD19,
    EGFRT,
    GRID,
    HEALTHY,
    IL1,
    MUTED,
    PAPER,
    T_CELL,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import HEAD, Scene, disc, rounded, smooth_polygon

TITLE = "The same antigen on healthy cells, and safety switches"
ALT = (
    "On the left a CAR-T cell holds CD19 on a leukaemia cell and CD19 on a healthy B cell alike. Below, the family of the "
    "B cell: a stem cell without CD19 is spared and keeps making B cells, the B cells are killed as long as CAR-T cells last, "
    "and plasma cells without CD19 are mostly spared. On the right two switches. In the first, a small drug joins two halves "
    "of caspase 9 inside the CAR-T cell, which then dies. In the second, an antibody holds a cut-down EGFR on the CAR-T cell "
    "and other cells remove it. A CAR-T cell attacks the antigen, not the tumour; a switch takes the attack away."
)
CAPTION = "A CAR-T cell attacks the antigen, not the tumour; a switch removes the CAR-T cells, and the attack with them."
SOURCES = ("Yu2019", "Zhou2015")

WIDTH, HEIGHT = 920, 560
NM = 5.8
SPLIT = 566
CASPASE = IL1


def draw() -> Figure:
    """Two halves: the healthy cells, and the switches."""
    scene = Scene(WIDTH, HEIGHT)
    scene.line([(SPLIT, 60), (SPLIT, HEIGHT - 20)], GRID, 1.5)
    scene.name((282, HEIGHT - 34), "On target, off tumour", T_CELL, size=HEAD)
    scene.name((744, HEIGHT - 34), "Safety switches", T_CELL, size=HEAD)
    _both(scene)
    _family(scene)
    _caspase(scene)
    _handle(scene)
    scene.caption(CAPTION)
    return scene.figure


def _both(scene: Scene) -> None:
    """One CAR-T cell, the same antigen on two cells."""
    y = 408
    middle = car_t_cell(scene, (282, y), 46, angles=(60, 120, 240, 300), nm=3.4)
    tumour = leukaemia_cell(scene, (108, y), 46, seed=2)
    healthy = b_cell(scene, (456, y), 46)
    for other, angle in ((tumour, 180), (healthy, 0)):
        for aside in (-16, 16):
            bind(
                scene,
                partial(car, inside=False),
                cd19,
                middle.rim(angle, aside),
                other.rim(angle + 180, -aside),
                NM,
            )
        for turn in (90 - 35 * np.cos(np.radians(angle)), 270 + 35 * np.cos(np.radians(angle))):
            cd19(scene, *other.surface(turn), 3.4)
    scene.name((108, y - 80), "Leukaemia cell", TUMOUR)
    scene.name((282, y - 80), "CAR-T cell", T_CELL)
    scene.name((456, y - 80), "Healthy B cell", B_CELL)
    scene.name((195, y + 40), "CD19", CD19)
    scene.name((369, y + 40), "CD19", CD19)


def _family(scene: Scene) -> None:
    """Stem cell, B cells, plasma cell: who carries CD19."""
    y = 196
    ground = rounded(18, 62, 530, 232, 22)
    scene.path(ground, fill=mix(B_CELL.tint, PAPER, 0.72), edge=mix(B_CELL.line, PAPER, 0.6), width=1.4)
    scene.name((283, 264), "B-cell aplasia, while CAR-T cells last", B_CELL)
    healthy_cell(scene, (96, y - 8), 33)
    dead = dead_cell(scene, (283, y - 8), 36, B_CELL)
    for turn in (60, 120):
        cd19(scene, *dead.surface(turn), 3.4)
    plasma_cell(scene, (466, y - 8), 34)
    for start in (142, 334):
        scene.arrow((start, y - 8), (start + 82, y - 8), 0, MUTED)
    for x, name, remark, colour in (
        (96, "Stem cell", "no CD19: spared,\nmakes new B cells", HEALTHY),
        (283, "B cells", "CD19: killed,\ninfections more likely", B_CELL),
        (466, "Plasma cell", "little or no CD19:\nmostly spared", B_CELL),
    ):
        scene.label((x, y - 52), name, remark, colour=colour, align="center")


def _caspase(scene: Scene) -> None:
    """Two halves of caspase 9, joined by a drug."""
    y = 410
    cell = car_t_cell(scene, (664, y), 52, "naive", angles=(110, 160, 205), nm=3.2)
    for hand in (-1, 1):
        turn = np.radians(np.linspace(-90, 90, 9))
        half = np.column_stack([9 + 13 * np.cos(turn), 17 * np.sin(turn)]) * (hand, 1) + cell.at
        scene.path(smooth_polygon(half, 0.0), fill=CASPASE.line, edge=CASPASE.edge, width=1.6)
    scene.path(disc((cell.at[0], y), 8.5), fill=mix(ANTIBODY.line, PAPER, 0.1), edge=ANTIBODY.edge, width=1.2)
    _dies(scene, y)
    scene.label(
        (744, y - 62),
        "Caspase 9 in two halves",
        "a small drug joins them: the cell dies",
        colour=CASPASE,
        align="center",
    )
    scene.label((700, y + 82), "drug", colour=ANTIBODY, to=(cell.at[0] + 2, y + 4))


def _handle(scene: Scene) -> None:
    """A handle on the outside, and the antibody that holds it."""
    y = 192
    cell = car_t_cell(scene, (664, y), 52, "naive", angles=(160, 205), nm=3.2)
    tags = [egfrt(scene, *cell.surface(turn), 3.8) for turn in (104, 58)]
    igg(scene, [tag.tip for tag in tags], 82, 3.8)
    _dies(scene, y)
    scene.label(
        (744, y - 62),
        "A handle, cut-down EGFR",
        "an antibody marks the cell for removal",
        colour=EGFRT,
        align="center",
    )


def _dies(scene: Scene, y: float) -> None:
    scene.arrow((732, y), (792, y), 0, MUTED)
    dead_cell(scene, (846, y), 40, T_CELL, seed=4)
