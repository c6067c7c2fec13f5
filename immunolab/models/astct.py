"""Grades of cytokine release syndrome (CRS) and of neurotoxicity (ICANS) after cell therapy, with reasons.

The consensus of the American Society for Transplantation and Cellular Therapy: each sign asks for a grade, and
the worst sign decides. Give only signs that nothing else explains (an infection, a sedative, a stroke).

Source: Lee et al. 2019, Biol Blood Marrow Transplant 25:625, as its tables are reprinted in PMC8021214 (CRS),
PMC9327779 and PMC8403007 (ICANS) and PMC8153820 (ICE). Limits: grade 5 (death) is left out; so are
children under 12, whose ICE is replaced by another score (CAPD). Toxicity of organs does not enter the grade.
For teaching, never for the care of a patient.
"""

from dataclasses import dataclass

import numpy as np

from immunolab.models._checks import flag, one_of, positive, whole, within

FEVER_C = 38.0
LOW_FLOW_L_MIN = 6.0


@dataclass(frozen=True)
class Finding:
    """One ``sign``, the ``grade`` it asks for (0: none), and the ``reason`` in words."""

    sign: str
    grade: int
    reason: str


@dataclass(frozen=True)
class Grade:
    """The ``grade`` (0: no syndrome to grade) and every finding behind it."""

    grade: int
    findings: tuple[Finding, ...]

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that ask for the worst grade; empty at grade 0."""
        return tuple(f for f in self.findings if f.grade == self.grade > 0)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in words, the worst sign first."""
        return tuple(f.reason for f in sorted(self.findings, key=lambda f: -f.grade))


# --- cytokine release syndrome -------------------------------------------------------------------------

PRESSURE = (  # by the vasopressors needed: none, one, several
    (2, "hypotension that needs no vasopressor"),
    (3, "hypotension that needs one vasopressor"),
    (4, "hypotension that needs several vasopressors"),
)
OXYGEN = {
    "none": (0, "no hypoxia"),
    "nasal cannula": (2, "hypoxia that needs oxygen at low flow, at most 6 L/min"),
    "blow-by": (2, "hypoxia that needs oxygen blown past the face"),
    "high-flow nasal cannula": (3, "hypoxia that needs oxygen at high flow, above 6 L/min"),
    "face mask": (3, "hypoxia that needs a face mask"),
    "non-rebreather mask": (3, "hypoxia that needs a non-rebreather mask"),
    "Venturi mask": (3, "hypoxia that needs a Venturi mask"),
    "CPAP": (4, "hypoxia that needs positive pressure (CPAP)"),
    "BiPAP": (4, "hypoxia that needs positive pressure (BiPAP)"),
    "ventilator": (4, "hypoxia that needs positive pressure (intubation and a ventilator)"),
}


def crs_grade(
    temperature_C,
    *,
    hypotension=False,
    vasopressors=0,
    vasopressin=False,
    oxygen="none",
    flow_L_min=None,
    treated=False,
) -> Grade:
    """CRS grade of a patient: fever, and with it low blood pressure or lack of oxygen.

    ``hypotension``: low blood pressure, which is implied by a vasopressor. ``vasopressors`` counts them
    without ``vasopressin``, which adds nothing to another one; alone it counts as one (our reading, the
    table does not say). ``oxygen`` is the device, a key of ``OXYGEN``, that low oxygen makes necessary;
    ``flow_L_min`` is needed for ``"nasal cannula"``, which above 6 L/min is high flow. ``treated``: an
    antipyretic or a drug against cytokines (tocilizumab, steroids) was given to a CRS that began with
    fever; then fever is no longer required.

    Bad input raises ValueError. Source and limits: see the module.
    """
    treated = _yes("treated", treated)
    fever = _fever(temperature_C, treated)
    findings = (fever, _pressure(hypotension, vasopressors, vasopressin), _oxygen(oxygen, flow_L_min))
    if fever.grade or treated:
        return Grade(max(f.grade for f in findings), findings)
    return Grade(0, findings)


def _yes(name: str, value) -> bool:
    return bool(flag(name, _single(name, value)))


def _single(name: str, value):
    if np.ndim(value):
        raise ValueError(f"{name} is {value}: give one value, for one patient")
    return value


def _fever(temperature_C, treated: bool) -> Finding:
    temperature_C = _single("temperature_C", temperature_C)
    degrees = within("temperature_C", temperature_C, 25, 45, "the body temperature in °C")
    if degrees >= FEVER_C:
        return Finding("fever", 1, f"fever: {degrees:g} °C, which is 38 °C or more")
    if treated:
        return Finding(
            "fever", 0, f"{degrees:g} °C after a drug that lowers fever: fever is no longer required"
        )
    return Finding("fever", 0, f"{degrees:g} °C, below 38 °C: without fever this is not CRS")


def _pressure(hypotension, vasopressors, vasopressin) -> Finding:
    others = whole("vasopressors", vasopressors, 0, 10, "the vasopressors in use, vasopressin left out")
    hypotension, vasopressin = _yes("hypotension", hypotension), _yes("vasopressin", vasopressin)
    needed = max(others, int(vasopressin))
    if not needed and not hypotension:
        return Finding("blood pressure", 0, "no hypotension")
    grade, reason = PRESSURE[min(needed, 2)]
    if others and vasopressin:
        reason += " (vasopressin beside it is not counted)"
    return Finding("blood pressure", grade, reason)


def _oxygen(device: str, flow_L_min) -> Finding:
    one_of("oxygen", device, OXYGEN)
    if flow_L_min is not None:
        flow = positive("flow_L_min", _single("flow_L_min", flow_L_min), "the flow of oxygen in L/min")
        flow = within("flow_L_min", flow, 0, 80, "the flow of oxygen in L/min")
        if device == "none":
            raise ValueError(f"flow_L_min is {flow:g} and oxygen is 'none': name the device")
        if device == "high-flow nasal cannula" and flow <= LOW_FLOW_L_MIN:
            raise ValueError(f"flow_L_min is {flow:g}: high flow is above 6 L/min, so give 'nasal cannula'")
        if device == "nasal cannula" and flow > LOW_FLOW_L_MIN:
            device = "high-flow nasal cannula"
    elif device == "nasal cannula":
        raise ValueError(
            "flow_L_min is None: give the flow of the nasal cannula in L/min, it decides the grade"
        )
    return Finding("oxygen", *OXYGEN[device])


# --- neurotoxicity -------------------------------------------------------------------------------------

ICE_POINTS = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
ICE_BANDS = (  # from this score up: the grade
    (10, 0),
    (7, 1),
    (3, 2),
    (0, 3),
)
CONSCIOUSNESS = {
    "alert": (0, "alert"),
    "awakens spontaneously": (1, "drowsy, but awakens without help"),
    "awakens to voice": (2, "awakens only to a voice"),
    "awakens to touch": (3, "awakens only to touch"),
    "needs vigorous stimuli": (4, "awakens only to vigorous or repeated stimuli"),
    "unarousable": (4, "cannot be woken"),
}
SEIZURE = {
    "none": (0, "no seizure"),
    "brief": (3, "a seizure that ends quickly"),
    "on EEG only": (3, "a seizure seen only on the EEG, which ends with treatment"),
    "prolonged": (4, "a seizure of more than 5 minutes"),
    "repetitive": (4, "repeated seizures without recovery in between"),
}
MOTOR = {
    "none": (0, "no weakness"),
    "tremor or myoclonus": (0, "tremor or myoclonus, which do not change the grade"),
    "deep focal weakness": (4, "deep weakness of one side or of both legs"),
}
BRAIN = {
    "none": (0, "no sign of oedema or raised pressure"),
    "haemorrhage": (0, "haemorrhage in the brain, which is graded elsewhere"),
    "focal oedema": (3, "local oedema on the image"),
    "diffuse oedema": (4, "diffuse oedema on the image"),
    "signs of raised pressure": (4, "posturing, sixth-nerve palsy, papilloedema or Cushing's triad"),
}


def ice_score(*, orientation=4, naming=3, command=1, writing=1, attention=1) -> int:
    """The ICE score from 0 to 10: points won in five small tasks; the default is full marks.

    ``orientation``: year, month, city, hospital (4 points); ``naming`` of three objects (3); following a simple
    ``command`` (1); ``writing`` a sentence (1); ``attention``: counting backwards from 100 by tens (1). Other
    than whole points within these limits raises ValueError.
    """
    points = {
        "orientation": orientation,
        "naming": naming,
        "command": command,
        "writing": writing,
        "attention": attention,
    }
    return sum(
        whole(task, won, 0, ICE_POINTS[task], f"the points for {task}") for task, won in points.items()
    )


def icans_grade(ice=None, *, consciousness="alert", seizure="none", motor="none", brain="none") -> Grade:
    """ICANS grade of an adult: the worst of five signs.

    ``ice``: the ICE score, 0 to 10, or None where it was not tested; 0 asks for grade 3 in a patient who can be
    woken, and belongs to grade 4 in one who cannot. ``consciousness``, ``seizure``, ``motor`` and ``brain`` are
    keys of ``CONSCIOUSNESS``, ``SEIZURE``, ``MOTOR`` and ``BRAIN``.

    Bad input, and points on the ICE for a patient who cannot be woken, raise ValueError. Source and limits:
    see the module.
    """
    findings = (
        _ice(ice, consciousness),
        Finding("consciousness", *CONSCIOUSNESS[one_of("consciousness", consciousness, CONSCIOUSNESS)]),
        Finding("seizure", *SEIZURE[one_of("seizure", seizure, SEIZURE)]),
        Finding("movement", *MOTOR[one_of("motor", motor, MOTOR)]),
        Finding("brain", *BRAIN[one_of("brain", brain, BRAIN)]),
    )
    return Grade(max(f.grade for f in findings), findings)


def _ice(ice, consciousness: str) -> Finding:
    if ice is None:
        return Finding("ICE", 0, "ICE not tested")
    score = whole("ice", ice, 0, 10, "the ICE score")
    if consciousness == "unarousable":
        if score:
            raise ValueError(
                f"ice is {score}: a patient who cannot be woken scores 0; give 0, or None if not tested"
            )
        return Finding("ICE", 4, "ICE 0, because the patient cannot be woken")
    grade = next(grade for lowest, grade in ICE_BANDS if score >= lowest)
    return Finding("ICE", grade, f"ICE {score} of 10")
