"""The one list of lessons: the README's table, the start page, the tests and the spaced questions follow it."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course.

    ``stem`` names the notebook, the exercise folder and, without its number, the topic. ``objectives`` maps
    ids such as ``02.O1`` to what a learner can do afterwards; ``misconceptions`` are the ones the lesson answers.
    """

    stem: str
    title: str
    idea: str
    minutes: int
    status: Literal["ready", "planned"] = "planned"
    objectives: dict[str, str] = field(default_factory=dict)
    misconceptions: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The two digits that begin the stem, and the id of every question of the lesson."""
        return self.stem[:2]


LESSONS = (
    Lesson(
        "00_start_here",
        "Start here",
        "Check the set-up, learn how to learn here, and choose where to go.",
        10,
        "ready",
    ),
    Lesson(
        "01_immune_system_and_cancer",
        "The immune system and cancer",
        "Recognition is a matter of time; a tumour is eliminated, held, or escapes.",
        50,
    ),
    Lesson(
        "02_immune_checkpoints",
        "Immune checkpoints",
        "Blocking a brake: occupancy saturates, and exposure decides the schedule.",
        50,
        "ready",
        {
            "02.O1": "Say which cell carries CTLA-4, PD-1 and PD-L1, where and when each brake acts, "
            "and what a blocking antibody releases.",
            "02.O2": "Decide from numbers and affinities whether CTLA-4 can silence CD28 at a synapse.",
            "02.O3": "Calculate receptor occupancy, and explain why, with spare receptors, 70 % occupied is not 70 % released.",
            "02.O4": "Predict C_max, C_min, C_avg and the time to steady state of a regimen, and say what "
            "stays equal between two schedules and what does not.",
            "02.O5": "Judge a claim about a checkpoint drug by its evidence: trial size, comparison, confounding.",
        },
        ("M1", "M2", "M3", "M4", "M5"),
    ),
    Lesson(
        "03_checkpoint_trials",
        "Checkpoint trials and melanoma",
        "Reading a survival curve: median, hazard ratio, tail.",
        50,
    ),
    Lesson(
        "04_antibody_targeting",
        "Antibody targeting",
        "Bind, block, flag; affinity is not depth.",
        50,
    ),
    Lesson(
        "05_conjugates_and_engagers",
        "Conjugates and engagers",
        "Carrying a payload, bridging two cells: more is not always better.",
        50,
    ),
    Lesson(
        "06_car_t_engineering",
        "CAR-T: engineering the receptor",
        "A receptor built from parts; gates and escape.",
        50,
    ),
    Lesson(
        "07_car_t_in_the_patient",
        "CAR-T: the living drug in the patient",
        "Expansion, persistence, and what happens when the immune system overheats.",
        50,
    ),
    Lesson(
        "08_cancer_vaccines",
        "Cancer vaccines",
        "Prevent or treat; from mutation to peptide to HLA.",
        50,
    ),
    Lesson(
        "09_cytokines_and_innate_agonists",
        "Cytokines and innate agonists",
        "Windows and thresholds.",
        50,
    ),
    Lesson(
        "10_dynamics_and_combinations",
        "Dynamics and combinations",
        "Basins and thresholds; independence is not synergy; order matters.",
        50,
    ),
    Lesson(
        "11_immune_related_adverse_events",
        "Immune-related adverse events",
        "The price: which organ, when, what then.",
        50,
    ),
    Lesson(
        "12_biomarkers_and_prediction",
        "Biomarkers and prediction",
        "Calibration, leakage, and who is missing.",
        50,
    ),
    Lesson(
        "13_tolerance_and_frontiers",
        "Tolerance and frontiers",
        "Immunotherapy that suppresses, and what comes next.",
        50,
    ),
    Lesson(
        "90_glossary_and_sources",
        "Glossary and sources",
        "Every term and every source of the lessons that are ready.",
        0,
    ),
)


def lesson(name: str) -> Lesson:
    """The lesson with this stem or two-digit number. Raises ValueError that lists the stems."""
    for entry in LESSONS:
        if name in (entry.stem, entry.number):
            return entry
    raise ValueError(f"No lesson {name!r}. The lessons are: {', '.join(entry.stem for entry in LESSONS)}.")


def ready() -> tuple[Lesson, ...]:
    """The lessons that are built, in order."""
    return tuple(entry for entry in LESSONS if entry.status == "ready")


def next_ready(stem: str) -> Lesson | None:
    """The next built lesson after this one, or None at the end of what is built."""
    later = [entry for entry in ready() if entry.stem > stem]
    return later[0] if later else None
