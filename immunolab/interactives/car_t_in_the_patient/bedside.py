"""At the bedside: ``bedside()`` grades a case."""

from dataclasses import dataclass

from matplotlib.patches import FancyBboxPatch

from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import astct

GRADES = ("1", "2", "3", "4")
PRESSURES = {  # what is needed: hypotension, vasopressors, vasopressin
    "normal": (False, 0, False),
    "fluids": (True, 0, False),
    "one": (True, 1, False),
    "one and vasopressin": (True, 1, True),
    "several": (True, 2, False),
}
OXYGENS = {"none": None, "nasal cannula": 3.0, "face mask": None, "ventilator": None}  # and their flow, L/min
# What each sign must show for a grade; None where the sign has no such grade.
CRS_GRID = {
    "fever": ("38 °C or more", None, None, None),
    "blood pressure": (None, "low, fluids suffice", "one vasopressor", "several"),
    "oxygen": (None, "cannula, to 6 L/min", "high flow, mask", "positive pressure"),
}
ICANS_GRID = {
    "ICE": ("7 to 9 points", "3 to 6 points", "0 to 2 points", "0, cannot be woken"),
    "consciousness": ("wakes alone", "wakes to voice", "wakes to touch", "hardly or not"),
    "seizure": (None, None, "ends quickly", "over 5 min, repeated"),
    "brain": (None, None, "local oedema", "diffuse oedema"),
}


@dataclass(frozen=True)
class Bedside:
    """The two grades of a patient, each with its findings."""

    crs: astct.Grade
    icans: astct.Grade


def bedside_of(
    temperature_C: float,
    pressure: str,
    oxygen: str,
    treated: str,
    ice: int,
    consciousness: str,
    seizure: str,
    brain: str,
) -> Bedside:
    """Grades of a case; a patient who cannot be woken scores 0 on the ICE, whatever the slider says."""
    hypotension, vasopressors, vasopressin = PRESSURES[pressure]
    return Bedside(
        astct.crs_grade(
            temperature_C, hypotension=hypotension, vasopressors=vasopressors, vasopressin=vasopressin,
            oxygen=oxygen, flow_L_min=OXYGENS[oxygen], treated=treated == "yes",
        ),
        astct.icans_grade(0 if consciousness == "unarousable" else ice, consciousness=consciousness, seizure=seizure, brain=brain),
    )  # fmt: skip


def bedside_sentence(state: dict, result: Bedside) -> str:
    """Both grades, each with the sign that decided."""
    return f"{_graded('CRS', result.crs)} {_graded('ICANS', result.icans)}"


def _graded(name: str, grade: astct.Grade) -> str:
    if grade.grade:
        return f"{name} grade {grade.grade}: {'; '.join(finding.reason for finding in grade.deciding)}."
    if name == "ICANS":
        return "No ICANS."
    fever, *others = grade.findings
    unexplained = [finding.reason.split(" that ")[0] for finding in others if finding.grade]
    if unexplained:
        return f"No CRS: {fever.reason}. What else explains the {' and the '.join(unexplained)}?"
    return "No CRS."


class BedsidePlot(LivePlot):
    """Two tables, signs by grades: above for CRS, below for ICANS. The cell that a sign has reached is filled."""

    width, height = 680, 410
    LEFT, CELL = 0.163, 0.208  # of the width of the picture

    def build(self):
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, 1), ylim=(0, 1))
        self.axes.axis("off")
        self.reached, self.titles = {}, {}
        top = self._table("CRS", CRS_GRID, 0.93, palette.CYTOKINE)
        self._table("ICANS", ICANS_GRID, top - 0.045, palette.B_CELL)
        self.mark = self.moving(
            self._box(self.LEFT, top - 0.012, palette.PAPER, palette.PREDICTION, 0.945 - top)
        )
        self.mark.set_width(self.CELL)  # around the cells of a grade
        self.mark.set(fill=False, linestyle=(0, (1, 1.6)), linewidth=2.4 * self.scale, zorder=6)
        self.mark_name = self.moving(
            self.axes.text(
                0,
                0.94,
                "your prediction",
                color=palette.PREDICTION,
                ha="center",
                va="bottom",
                fontsize=plots.small(),
            )
        )

    def _table(self, name: str, grid: dict, top: float, colour: palette.Colour) -> float:
        """Draw one table downwards from ``top``; returns where it ends."""
        step = 0.098
        self.titles[name] = self.moving(
            self.axes.text(0.012, top - 0.035, "", fontweight="semibold", va="center")
        )
        for column, grade in enumerate(GRADES):
            middle = self.LEFT + (column + 0.5) * self.CELL
            self.axes.text(
                middle, top - 0.035, f"grade {grade}", ha="center", va="center", color=palette.MUTED
            )
        for row, (sign, wanted) in enumerate(grid.items(), 1):
            y = top - 0.035 - row * step
            self.axes.text(0.012, y, {"consciousness": "waking"}.get(sign, sign), va="center")
            for column, words in enumerate(wanted):
                if words is None:
                    continue
                x = self.LEFT + column * self.CELL
                middle = {
                    "x": x + self.CELL / 2,
                    "y": y,
                    "s": words,
                    "ha": "center",
                    "va": "center",
                    "fontsize": plots.small(),
                    "zorder": 5,
                }
                self._box(x, y - 0.038, palette.PAPER, palette.GRID)
                self.axes.text(**middle, color=palette.MUTED)
                box = self._box(x, y - 0.038, colour.tint, colour.edge)
                self.reached[name, sign, column + 1] = self.moving(
                    box, self.axes.text(**middle, color=colour.edge)
                )
        return top - 0.035 - len(grid) * step - 0.038

    def _box(self, x: float, y: float, fill: str, edge: str, height: float = 0.076) -> FancyBboxPatch:
        box = FancyBboxPatch(
            (x + 0.006, y), self.CELL - 0.012, height, boxstyle="round,pad=0,rounding_size=0.012", facecolor=fill, edgecolor=edge,
            linewidth=1.4 * self.scale, mutation_aspect=self.width / self.height, zorder=3,
        )  # fmt: skip
        return self.axes.add_patch(box)

    def update(self, result, previous=None, prediction=None):
        for name, grade in (("CRS", result.crs), ("ICANS", result.icans)):
            self.titles[name].set_text(f"{name}: {f'grade {grade.grade}' if grade.grade else 'none'}")
            reached = {(name, finding.sign, finding.grade) for finding in grade.findings}
            for cell, artists in self.reached.items():
                for artist in artists if cell[0] == name else ():
                    artist.set_visible(cell in reached)
        for artist in (self.mark, self.mark_name):
            artist.set_visible(prediction is not None)
        if prediction is not None:
            x = self.LEFT + (prediction - 1) * self.CELL
            self.mark.set_x(x)
            self.mark_name.set_x(x + self.CELL / 2)


def bedside() -> Explorer:
    """The interactive of segment 3: vital signs in, grades and reasons out."""
    case = {"temperature_C": 38.6, "pressure": "one", "oxygen": "nasal cannula"}
    calm = {"temperature_C": 37.4, "treated": "yes"}
    return Explorer(
        title="CRS and ICANS at the bedside",
        compute=bedside_of,
        draw=BedsidePlot,
        controls=[
            Slide("temperature_C", "Temperature", 37.0, 36.0, 41.0, 0.1, unit="°C"),
            Pick(
                "pressure",
                "Blood pressure",
                "normal",
                {
                    "normal": "normal",
                    "fluids": "low, fluids suffice",
                    "one": "low, one vasopressor",
                    "one and vasopressin": "low, one and vasopressin",
                    "several": "low, several vasopressors",
                },
            ),
            Pick(
                "oxygen",
                "Oxygen needed",
                "none",
                {
                    "none": "none",
                    "nasal cannula": "nasal cannula, 3 L/min",
                    "face mask": "face mask",
                    "ventilator": "ventilator",
                },
            ),
            Pick(
                "treated",
                "Tocilizumab, steroids or a drug against fever",
                "no",
                {"no": "not given", "yes": "given after fever"},
                advanced=True,
            ),
            Slide("ice", "ICE test", 10, 0, 10, 1, unit="points", advanced=True),
            Pick(
                "consciousness",
                "Waking",
                "alert",
                {key: words for key, (_, words) in astct.CONSCIOUSNESS.items()},
                style="select",
                advanced=True,
            ),
            Pick(
                "seizure",
                "Seizure",
                "none",
                {key: words for key, (_, words) in astct.SEIZURE.items()},
                style="select",
                advanced=True,
            ),
            Pick(
                "brain",
                "Brain on the image",
                "none",
                {key: astct.BRAIN[key][1] for key in ("none", "focal oedema", "diffuse oedema")},
                style="select",
                advanced=True,
            ),
        ],
        presets=[
            Preset("38.6 °C, one vasopressor, 3 L of oxygen", case),
            Preset(
                "39 °C, fluids, 3 L of oxygen",
                {"temperature_C": 39.0, "pressure": "fluids", "oxygen": "nasal cannula"},
            ),
            Preset("After tocilizumab: no fever, one vasopressor", calm | {"pressure": "one"}),
            Preset("No fever from the start, low pressure", {"temperature_C": 37.4, "pressure": "fluids"}),
            Preset("ICE 5, wakes to voice", calm | {"ice": 5, "consciousness": "awakens to voice"}),
            Preset("ICE 8, then a short seizure", calm | {"ice": 8, "seizure": "brief"}),
        ],
        prediction="07.Q13",
        sentence=bedside_sentence,
        alt="Two tables with signs as rows and grades 1 to 4 as columns. Above, cytokine release syndrome: fever, blood pressure, "
        "oxygen. Below, ICANS: ICE points, waking, seizure, brain image. The cell that each sign has reached is filled.",
        explain=(
            "Compare <em>After tocilizumab</em> with <em>No fever from the start</em>. Both have 37.4 °C and a low pressure. Why is only one of them CRS?",
            "CRS begins with fever. Where it did, and a drug then took the fever away, the other signs go on counting. Where there never was "
            "a fever, a low pressure has another cause to be looked for, such as bleeding or the heart. In every case the worst sign decides, "
            "and no level of a cytokine enters: the grade is read at the bedside, not in the laboratory.",
        ),
        vary=Task(
            "The case of the prediction becomes grade 4. Which one change of one sign is enough? (There are two.)",
            lambda state, result: (
                result.crs.grade == 4
                and state["temperature_C"] == 38.6
                and (state["pressure"] == "one") != (state["oxygen"] == "nasal cannula")
            ),
        ),
        limits=[
            "Rules, not biology: the consensus of 2019 for teaching. A grade follows the worst sign that nothing else explains; deciding "
            "what explains a sign is the clinician's work, and is left out.",
            "Shown are some of the devices and signs of the consensus. Death (grade 5), children under 12 (another score) and "
            "weakness of limbs are left out.",
            "A grade is not a treatment. What follows from it is in guidelines and with the team at the bedside.",
        ],
        tag="Data · consensus grading, Lee 2019 (ASTCT)",
        sources=("Lee2019",),
    )
