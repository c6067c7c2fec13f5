"""Therapies on the cancer–immunity cycle: ``cycle()`` asks of each which broken step it can do without."""

import textwrap
from dataclasses import dataclass
from functools import cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette
from immunolab.draw.glyphs import dead_cell, dendritic_cell, t_cell, tumour_cell, vessel
from immunolab.draw.live import LiveScene
from immunolab.draw.scene import Scene, disc, rounded
from immunolab.interactives.explorer import Explorer, Pick, Preset, Task
from immunolab.interactives.immune_system_and_cancer.shared import joined, steps_in

WHOLE = 0  # no step is broken
MHC_LOST = 6
# The six of question 01.Q10.
ASKED_OF = (
    "antibody against PD-1 or PD-L1",
    "vaccine against a cancer",
    "TIL",
    "CAR-T cell",
    "T-cell engager",
    "antibody-drug conjugate",
)
MENDS, NEEDS, PARTLY, WITHOUT = "acts on that step", "is stopped", "works in part", "does without that step"
BECAUSE = {
    MENDS: "",
    NEEDS: ", for it needs that step",
    PARTLY: ", for not all that it does needs that step",
    WITHOUT: "",
}
SIGNS = {MENDS: "✓", WITHOUT: "✓", PARTLY: "(✓)", NEEDS: "✗"}
TONES = {MENDS: palette.ACTIVATES, WITHOUT: palette.ACTIVATES, PARTLY: palette.MUTED, NEEDS: palette.INHIBITS}


@dataclass(frozen=True)
class Therapy:
    """A kind of therapy: the steps of the cycle it acts on, those it cannot do without, and those it partly can."""

    name: str
    does: str
    acts_on: tuple[int, ...]
    stopped_by: tuple[int, ...]
    weakened_by: tuple[int, ...]
    cannot_mend_step: int
    cannot_mend: str
    why_mhc: str

    def verdict(self, step: int) -> str:
        """What becomes of it where this step is broken."""
        if step in self.stopped_by:
            return NEEDS
        if step in self.weakened_by:
            return PARTLY
        return MENDS if step in self.acts_on else WITHOUT


@cache
def known_therapies() -> dict[str, Therapy]:
    """The rows of the table of therapies, by name."""
    rows = tables.immunotherapies().fillna({"stopped_by_steps": "", "weakened_by_steps": ""})
    return {
        row.therapy: Therapy(
            row.therapy, row.does, steps_in(row.acts_on_steps), steps_in(row.stopped_by_steps), steps_in(row.weakened_by_steps),
            row.cannot_mend_step, row.cannot_mend, row.why_mhc,
        )
        for row in rows.itertuples()
    }  # fmt: skip


@cache
def cycle_steps() -> tuple:
    """The seven steps of the cycle, as rows of their table; the step 1 is the first."""
    return tuple(tables.cycle_steps().itertuples())


@dataclass(frozen=True)
class Round:
    """A therapy on the cycle, with one step broken (WHOLE: none), and what becomes of every therapy then."""

    therapy: Therapy
    broken: int
    verdicts: tuple[tuple[str, str], ...]


def go_round(therapy: str, broken: str) -> Round:
    """Place a therapy on the cycle and break a step, named by its number."""
    step = int(broken)
    verdicts = tuple((name, known.verdict(step) if step else "") for name, known in known_therapies().items())
    return Round(known_therapies()[therapy], step, verdicts)


def round_sentence(state: dict, result: Round) -> str:
    """What the therapy does and where, and what the broken step makes of it and of the others."""
    therapy, step = result.therapy, result.broken
    name = _capital(therapy.name)
    if not step:
        return " ".join([f"{name}: {therapy.does} ({_named(therapy.acts_on)}).", *_needs(therapy)])
    verdict = therapy.verdict(step)
    told = [f"{name}: where {cycle_steps()[step - 1].broken}, it {verdict}"]
    if step == MHC_LOST:
        asked = sum(verdict in (MENDS, WITHOUT) for name, verdict in result.verdicts if name in ASKED_OF)
        return f"{told[0]}. {_capital(therapy.why_mhc)}. Of the six in the question, {asked} can still work. {_count(result)}"
    told[0] += f"{_because(therapy, step)}."
    if step == therapy.cannot_mend_step:
        told.append(therapy.cannot_mend)
    return " ".join([*told, _count(result)])


def _because(therapy: Therapy, step: int) -> str:
    verdict = therapy.verdict(step)
    if verdict == NEEDS and step in therapy.acts_on:
        return ", for it can strengthen that step and not replace it"
    return BECAUSE[verdict]


def _count(result: Round) -> str:
    """How many of all therapies the broken step leaves at work."""
    found = [verdict for _, verdict in result.verdicts]
    on, part = sum(verdict in (MENDS, WITHOUT) for verdict in found), found.count(PARTLY)
    return f"Of all {len(found)} kinds, {on} can still work, {part} in part, and {found.count(NEEDS)} are stopped."


def _needs(therapy: Therapy) -> list[str]:
    told = []
    if therapy.stopped_by:
        by_itself = "itself" if len(therapy.stopped_by) == 1 else "themselves"
        told.append(f"It needs {_named(therapy.stopped_by)} to work by {by_itself}.")
    if therapy.weakened_by:
        told.append(f"Without step {joined(therapy.weakened_by, 'or')} it works in part.")
    return told or ["No single step of the cycle stops it."]


def _named(steps: tuple[int, ...]) -> str:
    return f"{'step' if len(steps) == 1 else 'steps'} {joined(steps)}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


class WheelScene(LiveScene):
    """Left: the seven steps in a ring, with what the therapy does at each. Right: all therapies, with their verdicts."""

    WIDTH, HEIGHT = width, height = 680, 372  # low enough for a projector, which shows it half as large again
    CENTRE, RADII, DISC = (211, 206), (150, 130), 28
    LIST, TOP, ROW = 440, HEIGHT - 22, 22  # the column of names, its head, and the distance of its rows
    # Of the way to the next step, where its arrow begins and ends: beside the discs, and below the names.
    ARROWS = (
        (0.28, 0.72),
        (0.52, 0.73),
        (0.52, 0.76),
        (0.28, 0.72),
        (0.24, 0.48),
        (0.27, 0.49),
        (0.28, 0.72),
    )

    def __init__(self, scale: float = 1.0):
        super().__init__(scale)
        self._grounds: dict[float, np.ndarray] = {}

    def shows(self, result, previous=None, prediction=None):
        return result.therapy.name, result.broken, prediction

    def scene(self, result, previous=None, prediction=None):
        scene = Scene(self.WIDTH, self.HEIGHT)
        self._lay_ground(scene)
        for step in range(1, 8):
            self._arrow(scene, step, cut=step == result.broken)
            self._mark(scene, step, result)
        self._middle(scene, result)
        self._verdicts(scene, result)
        if prediction is not None:
            words = f"your prediction: {prediction:.0f} of 6"
            scene.text((self.WIDTH - 6, 8), words, colour=palette.PREDICTION, align="right")
        return scene

    def _lay_ground(self, scene: Scene) -> None:
        """The cells and the names, which never change: drawn once for a screen and kept as pixels."""
        ratio = self.scale * self._ratio
        if ratio not in self._grounds:
            self._grounds[ratio] = self._ground().pixels(ratio)
        scene.figure.figimage(self._grounds[ratio], zorder=-1)

    def _ground(self) -> Scene:
        scene = Scene(self.WIDTH, self.HEIGHT)
        for row, station in zip(cycle_steps(), STATIONS, strict=True):
            x, y = self.place(row.step)
            station(scene, (x, y))
            scene.text((x, y - self.DISC - 17), f"{row.step} {row.name}", 13.5, bold=True, align="center")
        for x, verdict, words in (
            (24, MENDS, "acts here"), (122, NEEDS, "needs it"), (212, PARTLY, "in part"), (290, WITHOUT, "does without"),
        ):  # fmt: skip
            self._ring(scene, (x, 14), 7, verdict, acts=verdict == MENDS)
            scene.text((x + 16, 9), words, 13.5)
        for place, name in enumerate(known_therapies()):
            scene.text((self.LIST + 22, self._row(place)), name, 14)
        return scene

    def place(self, step: float) -> tuple[float, float]:
        """Where a step stands on the ring; the first at the top, then clockwise."""
        turn = np.pi / 2 - 2 * np.pi * (step - 1) / 7
        return self.CENTRE[0] + self.RADII[0] * np.cos(turn), self.CENTRE[1] + self.RADII[1] * np.sin(turn)

    def _row(self, place: int) -> float:
        return self.TOP - 28 - place * self.ROW

    def _arrow(self, scene: Scene, step: int, cut: bool) -> None:
        begin, end = self.ARROWS[step - 1]
        ends = self.place(step + begin), self.place(step + (end - 0.08 if cut else end))
        draw = scene.bar if cut else scene.arrow
        draw(*ends, bend=0.04, colour=palette.INHIBITS if cut else palette.BEFORE, width=2.6)

    def _mark(self, scene: Scene, step: int, result: Round) -> None:
        """Ring a step as the therapy stands to it; cross it out if it is broken."""
        at, verdict = self.place(step), result.therapy.verdict(step)
        if verdict == WITHOUT and step != result.broken:
            scene.path(disc(at, self.DISC + 1), fill=palette.PAPER, alpha=0.62)
        self._ring(scene, at, self.DISC, verdict, acts=step in result.therapy.acts_on)
        if step == result.broken:
            reach = 0.62 * self.DISC
            for colour, width in ((palette.PAPER, 9), (palette.INHIBITS, 5)):
                for side in (-reach, reach):
                    scene.line([(at[0] - reach, at[1] - side), (at[0] + reach, at[1] + side)], colour, width)

    @staticmethod
    def _ring(scene: Scene, at, radius: float, verdict: str, acts: bool) -> None:
        needed = verdict in (NEEDS, PARTLY)
        edge, width = (palette.INK, 2.2) if needed else (palette.EMPTY.line, 1.2)
        scene.path(disc(at, radius), edge=edge, width=width, dashes=(4, 4) if verdict == PARTLY else None)
        if acts:
            scene.path(disc(at, radius + 3), edge=palette.ACTIVATES, width=4.2)

    def _middle(self, scene: Scene, result: Round) -> None:
        x, y = self.CENTRE
        name = textwrap.fill(_capital(result.therapy.name), 18)
        scene.text((x, y + 6), name, 15.5, bold=True, align="center", valign="center")
        if result.broken:
            verdict = result.therapy.verdict(result.broken)
            scene.text(
                (x, y - 38), f"{SIGNS[verdict]} {verdict}", 15.5, TONES[verdict], bold=True, align="center"
            )

    def _verdicts(self, scene: Scene, result: Round) -> None:
        """The head of the list, the sign before each therapy, and a bar behind the one that is chosen."""
        head = _capital(cycle_steps()[result.broken - 1].broken) if result.broken else "Acts on step"
        scene.text((self.LIST - 22, self.TOP), head, 14.5, bold=True)
        for place, (name, verdict) in enumerate(result.verdicts):
            y = self._row(place)
            if name == result.therapy.name:
                bar = rounded(self.LIST - 28, y - 7, self.WIDTH - self.LIST + 24, self.ROW - 2, 6)
                scene.path(bar, fill=palette.GRID)
                scene.text((self.LIST + 22, y), name, 14, bold=True)
            sign = SIGNS[verdict] if verdict else joined(known_therapies()[name].acts_on, ",")
            scene.text(
                (self.LIST - 4, y), sign, 14, TONES.get(verdict, palette.INK), bold=True, align="center"
            )


def _dying(scene: Scene, at) -> None:
    dead_cell(scene, at, 19, seed=3)


def _presenting(scene: Scene, at) -> None:
    dendritic_cell(scene, at, 15, seed=2)


def _priming(scene: Scene, at) -> None:
    dendritic_cell(scene, (at[0] - 9, at[1] + 3), 13, seed=4)
    t_cell(scene, (at[0] + 13, at[1] - 5), 11, "naive", seed=2)


def _travelling(scene: Scene, at) -> None:
    vessel(scene, [(at[0] - 17, at[1] - 4), at, (at[0] + 17, at[1] + 4)], 22)
    t_cell(scene, at, 10, seed=3)


def _entering(scene: Scene, at) -> None:
    tumour_cell(scene, (at[0] + 6, at[1] - 10), 14, seed=2)
    t_cell(scene, (at[0] - 10, at[1] + 9), 10, seed=5)


def _recognising(scene: Scene, at) -> None:
    tumour_cell(scene, (at[0] + 11, at[1] + 2), 14, seed=3)
    t_cell(scene, (at[0] - 12, at[1] - 2), 12, seed=6)


def _killing(scene: Scene, at) -> None:
    dead_cell(scene, (at[0] + 10, at[1] + 2), 14, seed=5)
    t_cell(scene, (at[0] - 13, at[1] - 2), 12, seed=7, facing=0)


STATIONS = (_dying, _presenting, _priming, _travelling, _entering, _recognising, _killing)


def cycle() -> Explorer:
    """The interactive of segment 3."""
    names = {name: _capital(name) for name in known_therapies()}
    breaks = {str(WHOLE): "nothing"} | {str(row.step): f"{row.step} · {row.broken}" for row in cycle_steps()}
    checkpoint, car_t, engager = "antibody against PD-1 or PD-L1", "CAR-T cell", "T-cell engager"
    return Explorer(
        title="Round the cycle",
        compute=go_round,
        draw=WheelScene,
        controls=[
            Pick("therapy", "Therapy", checkpoint, names, style="select"),
            Pick("broken", "What is broken", str(WHOLE), breaks, style="select"),
        ],
        presets=[
            Preset("MHC class I lost: anti-PD-1", {"therapy": checkpoint, "broken": "6"}),
            Preset("MHC class I lost: CAR-T cell", {"therapy": car_t, "broken": "6"}),
            Preset("Kept out: CAR-T cell", {"therapy": car_t, "broken": "5"}),
            Preset("None primed: anti-PD-1", {"therapy": checkpoint, "broken": "3"}),
            Preset("None primed: engager", {"therapy": engager, "broken": "3"}),
        ],
        prediction="01.Q10",
        sentence=round_sentence,
        alt="Left, a ring of seven pictures, one for each step of the cycle, joined by arrows. Green rings: the therapy acts there; dark rings: "
        "it needs that step; pale: it does without. A broken step is crossed out and its arrow ends in a bar. Right, a list of therapies, each "
        "with a tick, a tick in brackets or a cross.",
        explain=(
            "Break step 6, then step 5, then step 3, and read down the list each time. Who is stopped every time, and who never?",
            "The antibody against PD-1 and TIL: they need T cells that were primed, came in, and see. Like vaccines they end with a natural "
            "T-cell receptor, which reads peptides on MHC class I. A CAR or an engager holds a surface molecule itself, and can spare steps 1 "
            "to 3 as well, but its T cells must still get in. What kills without T cells, such as a conjugate, is stopped by no step of this "
            "cycle; other things stop it. "
            "So ask of a tumour where its cycle is broken, and of a therapy which step it leaves to the body.",
        ),
        vary=Task(
            "T cells are held back from killing (step 7). Find a therapy that takes a brake off at that very step.",
            lambda state, result: result.broken == 7 and result.therapy.name == checkpoint,
        ),
        limits=[
            "A scheme with yes, no and in part. In a patient a step is weak more often than broken, several are weak at once, and nobody measures "
            "them all.",
            "Each step fails for many reasons; the list takes the most common. Where a surface molecule is lost, CAR-T cells, engagers, flagging "
            "antibodies and conjugates are stopped as well.",
            "That a therapy can work here does not say how often it does. Some cancers without MHC class I have responded to antibodies against PD-1 "
            "all the same, perhaps by other T cells than those of this cycle.",
        ],
        tag="Model · a scheme after Chen and Mellman 2013; therapies as in our table",
        sources=("ChenMellman2013", "deVries2023"),
    )
