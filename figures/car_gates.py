"""AND, OR and NOT: what each gate spares or catches, and how it fails."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    antigen_a,
    antigen_b,
    binding_sites,
    car,
    dead_cell,
    gate,
    healthy_cell,
    leukaemia_cell,
    t_cell,
)
from immunolab.draw.palette import (
    ACTIVATES,
    ANTIGEN_A,
    ANTIGEN_B,
    GRID,
    HEALTHY,
    INHIBITS,
    PAPER,
    T_CELL,
    TCR,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, Point, Scene, rounded

TITLE = "Three logic gates and how each fails"
ALT = (
    "Three columns show a T cell with two inputs, antigen A and antigen B, joined by a circuit symbol. The AND gate kills a "
    "tumour cell with A and B and spares a healthy cell with A alone; it fails when the tumour loses B. The OR gate kills a "
    "tumour cell with A and B and one that has lost A; it fails when a healthy cell carries B. The gate A NOT B kills a "
    "tumour cell with A alone and spares a healthy cell with A and B; it fails when a healthy cell lacks B. AND protects "
    "healthy tissue and eases escape; OR does the reverse."
)
CAPTION = "AND spares healthy cells but eases escape; OR hinders escape but hits more healthy cells; NOT needs its brake."
SOURCES = ("Roybal2016", "Fedorov2013", "Savanur2021")

WIDTH, HEIGHT = 920, 560
COLUMNS = (156, 460, 764)
CELL = 378  # the middle of the T cells
NM = 5.2
FAULT = mix(INHIBITS, PAPER, 0.94)
GATES = (
    ("A AND B", "AND", "Attacks only where both are.", (("tumour", "AB", True), ("healthy", "A", False), ("tumour", "A", False)),
     "Fails: the tumour loses B"),
    ("A OR B", "OR", "Attacks where at least one is.", (("tumour", "AB", True), ("tumour", "B", True), ("healthy", "B", True)),
     "Fails: healthy cells carry B"),
    ("A NOT B", "NOT", "B holds the attack back.", (("tumour", "A", True), ("healthy", "AB", False), ("healthy", "A", True)),
     "Fails: healthy cells lack B"),
)  # fmt: skip


def draw() -> Figure:
    """A column for each gate."""
    scene = Scene(WIDTH, HEIGHT)
    for x in (308, 612):
        scene.line([(x, 60), (x, HEIGHT - 20)], GRID, 1.5)
    for x, (name, kind, rule, targets, failure) in zip(COLUMNS, GATES, strict=True):
        scene.name((x, HEIGHT - 34), name, T_CELL, size=HEAD)
        scene.text((x, HEIGHT - 57), rule, BODY, align="center")
        _circuit(scene, x, kind)
        scene.path(rounded(x + 47, 92, 90, 166, 14), fill=FAULT, edge=INHIBITS, width=1.4, dashes=(5, 5))
        for step, target in enumerate(targets):
            _target(scene, x + 92 * (step - 1), *target)
        scene.name((x, 62), failure, INHIBITS)
    scene.caption(CAPTION)
    return scene.figure


def _circuit(scene: Scene, x: float, kind: str) -> None:
    """A T cell with a receptor for A and one for B, wired through the gate to the attack."""
    cell = t_cell(scene, (x, CELL), 86, "naive")
    held = []
    for turn, antigen, name, colour in ((152, antigen_a, "A", ANTIGEN_A), (208, antigen_b, "B", ANTIGEN_B)):
        foot, out = cell.surface(turn)
        receptor = car(scene, foot, out, NM, inside=False)
        away = np.array([np.cos(np.radians(out)), np.sin(np.radians(out))])
        far = np.add(receptor.tip, binding_sites(antigen)[0][1] * NM * away)
        antigen(scene, tuple(far), out + 180, NM)
        scene.name((far[0] - 12, far[1] + (6 if name == "A" else -18)), name, colour, align="right")
        held.append(foot)
    ends = gate(scene, (x + 4, CELL), 52, kind)
    for foot, end in zip(held, ends.inputs, strict=True):
        _wire(scene, [foot, (end[0] - 10, end[1]), end])
    _wire(scene, [ends.output, (x + 66, CELL)])
    scene.arrow((x + 66, CELL), (x + 104, CELL))
    scene.text((x + 82, CELL + 13), "attack", BODY, ACTIVATES)


def _wire(scene: Scene, points: list[Point]) -> None:
    scene.line(points, TCR.edge, 2.6)


def _target(scene: Scene, x: float, kind: str, antigens: str, killed: bool) -> None:
    """A target cell and what becomes of it; green when that is wanted."""
    body = leukaemia_cell if kind == "tumour" else healthy_cell
    colour = TUMOUR if kind == "tumour" else HEALTHY
    turns = {"A": (90,), "B": (90,), "AB": (118, 62)}[antigens]
    feet = body(scene, (x, 186), 33) if not killed else dead_cell(scene, (x, 186), 34, colour)
    for turn, name in zip(turns, antigens, strict=True):
        (antigen_a if name == "A" else antigen_b)(scene, *feet.surface(turn), 4.0)
    wanted = killed == (kind == "tumour")
    scene.text((x, 124), kind, BODY, colour.edge, align="center")
    fate = "killed" if killed else "spared" if wanted else "escapes"
    scene.text((x, 104), fate, BODY, ACTIVATES if wanted else INHIBITS, bold=True, align="center")
