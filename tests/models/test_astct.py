"""ASTCT grades: vignettes of the dossier (L6 quiz 3 to 5), every rule of the tables, properties, and messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolab.models.astct import (
    BRAIN,
    CONSCIOUSNESS,
    MOTOR,
    OXYGEN,
    SEIZURE,
    crs_grade,
    icans_grade,
    ice_score,
)

devices = st.sampled_from([device for device in OXYGEN if device != "nasal cannula"])


def cannula(flow_L_min):
    return {"oxygen": "nasal cannula", "flow_L_min": flow_L_min}


class TestVignettes:
    def test_quiz_3_one_vasopressor_beats_low_flow(self):
        """L6 quiz 3: 38.6 °C, noradrenaline alone, 3 L of oxygen by cannula: grade 3."""
        grade = crs_grade(38.6, hypotension=True, vasopressors=1, **cannula(3))
        assert grade.grade == 3
        assert [finding.sign for finding in grade.deciding] == ["blood pressure"]
        assert grade.reasons == (
            "hypotension that needs one vasopressor",
            "hypoxia that needs oxygen at low flow, at most 6 L/min",
            "fever: 38.6 °C, which is 38 °C or more",
        )

    def test_quiz_4_fluids_and_low_flow(self):
        """L6 quiz 4: 39 °C, fluids only, 2 L of oxygen: grade 2, for both reasons."""
        grade = crs_grade(39, hypotension=True, **cannula(2))
        assert grade.grade == 2
        assert [finding.sign for finding in grade.deciding] == ["blood pressure", "oxygen"]

    def test_quiz_5_ice_5_and_wakes_to_voice(self):
        """L6 quiz 5: grade 2."""
        assert icans_grade(5, consciousness="awakens to voice").grade == 2


class TestCRS:
    """Table of Lee 2019 as reprinted in PMC8021214, Table 1."""

    @pytest.mark.parametrize(
        ("signs", "grade"),
        [
            ({}, 1),
            ({"hypotension": True}, 2),
            ({"vasopressors": 1}, 3),
            ({"vasopressors": 1, "vasopressin": True}, 3),
            ({"vasopressin": True}, 3),
            ({"vasopressors": 2}, 4),
            ({"vasopressors": 3, "vasopressin": True}, 4),
            (cannula(1), 2),
            (cannula(6), 2),
            (cannula(6.1), 3),
            ({"oxygen": "blow-by"}, 2),
            ({"oxygen": "high-flow nasal cannula"}, 3),
            ({"oxygen": "high-flow nasal cannula", "flow_L_min": 40}, 3),
            ({"oxygen": "face mask", "flow_L_min": 5}, 3),
            ({"oxygen": "non-rebreather mask"}, 3),
            ({"oxygen": "Venturi mask"}, 3),
            ({"oxygen": "CPAP"}, 4),
            ({"oxygen": "BiPAP"}, 4),
            ({"oxygen": "ventilator"}, 4),
            ({"hypotension": True, "oxygen": "ventilator"}, 4),
        ],
    )
    def test_each_cell_of_the_table(self, signs, grade):
        assert crs_grade(38.5, **signs).grade == grade

    @pytest.mark.parametrize(("temperature_C", "grade"), [(37.9, 0), (38.0, 1), (41, 1)])
    def test_fever_begins_at_38(self, temperature_C, grade):
        assert crs_grade(temperature_C).grade == grade

    def test_without_fever_it_is_not_crs(self):
        grade = crs_grade(37.2, vasopressors=2)
        assert grade.grade == 0
        assert grade.deciding == ()
        assert "37.2 °C, below 38 °C: without fever this is not CRS" in grade.reasons

    def test_after_tocilizumab_fever_is_no_longer_required(self):
        grade = crs_grade(37.2, vasopressors=1, treated=True)
        assert grade.grade == 3
        assert "37.2 °C after a drug that lowers fever: fever is no longer required" in grade.reasons
        assert crs_grade(37.2, treated=True).grade == 0
        assert crs_grade(38.5, treated=True).grade == 1

    def test_vasopressin_beside_another_is_named_and_not_counted(self):
        reasons = crs_grade(39, vasopressors=1, vasopressin=True).reasons
        assert "hypotension that needs one vasopressor (vasopressin beside it is not counted)" in reasons

    @given(st.floats(38, 42), st.integers(0, 4), st.booleans(), devices, st.booleans())
    def test_the_worst_sign_decides(self, degrees, vasopressors, vasopressin, device, treated):
        signs = {"vasopressors": vasopressors, "vasopressin": vasopressin}
        grade = crs_grade(degrees, **signs, oxygen=device, treated=treated)
        pressure_alone, oxygen_alone = crs_grade(degrees, **signs), crs_grade(degrees, oxygen=device)
        assert grade.grade == max(pressure_alone.grade, oxygen_alone.grade)
        assert grade.deciding
        assert len(grade.reasons) == 3


class TestICANS:
    """Table of Lee 2019 as reprinted in PMC8403007, Table 4, and PMC9327779, Table 2."""

    @pytest.mark.parametrize(
        ("ice", "grade"),
        [(10, 0), (9, 1), (8, 1), (7, 1), (6, 2), (5, 2), (4, 2), (3, 2), (2, 3), (1, 3), (0, 3)],
    )
    def test_ice_bands(self, ice, grade):
        assert icans_grade(ice).grade == grade

    @pytest.mark.parametrize(
        ("signs", "grade"),
        [
            ({}, 0),
            ({"consciousness": "awakens spontaneously"}, 1),
            ({"consciousness": "awakens to voice"}, 2),
            ({"consciousness": "awakens to touch"}, 3),
            ({"consciousness": "needs vigorous stimuli"}, 4),
            ({"consciousness": "unarousable"}, 4),
            ({"seizure": "brief"}, 3),
            ({"seizure": "on EEG only"}, 3),
            ({"seizure": "prolonged"}, 4),
            ({"seizure": "repetitive"}, 4),
            ({"motor": "tremor or myoclonus"}, 0),
            ({"motor": "deep focal weakness"}, 4),
            ({"brain": "haemorrhage"}, 0),
            ({"brain": "focal oedema"}, 3),
            ({"brain": "diffuse oedema"}, 4),
            ({"brain": "signs of raised pressure"}, 4),
        ],
    )
    def test_each_cell_of_the_table(self, signs, grade):
        assert icans_grade(**signs).grade == grade

    def test_ice_3_and_a_seizure(self):
        """The example in the note of the table: grade 3."""
        grade = icans_grade(3, seizure="brief")
        assert grade.grade == 3
        assert [finding.sign for finding in grade.deciding] == ["seizure"]

    def test_ice_0_awake_or_not(self):
        """Awake without speech: grade 3; not to be woken: grade 4."""
        assert icans_grade(0).grade == 3
        asleep = icans_grade(0, consciousness="unarousable")
        assert asleep.grade == 4
        assert asleep.reasons[:2] == ("ICE 0, because the patient cannot be woken", "cannot be woken")

    def test_untested_ice_is_said(self):
        assert "ICE not tested" in icans_grade(seizure="brief").reasons

    @given(
        st.integers(0, 10),
        st.sampled_from([words for words in CONSCIOUSNESS if words != "unarousable"]),
        st.sampled_from(list(SEIZURE)),
        st.sampled_from(list(MOTOR)),
        st.sampled_from(list(BRAIN)),
    )
    def test_the_worst_sign_decides(self, ice, consciousness, seizure, motor, brain):
        grade = icans_grade(ice, consciousness=consciousness, seizure=seizure, motor=motor, brain=brain)
        alone = (
            icans_grade(ice),
            icans_grade(consciousness=consciousness),
            icans_grade(seizure=seizure),
            icans_grade(motor=motor),
            icans_grade(brain=brain),
        )
        assert grade.grade == max(one.grade for one in alone)
        assert bool(grade.deciding) == bool(grade.grade)


class TestICE:
    def test_full_marks_and_none(self):
        assert ice_score() == 10
        assert ice_score(orientation=0, naming=0, command=0, writing=0, attention=0) == 0

    def test_points_add_up(self):
        """Knows year and city, names two objects, follows the command, cannot write or count back."""
        assert ice_score(orientation=2, naming=2, writing=0, attention=0) == 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crs_grade(101), "temperature_C is 101: give the body temperature in °C, between 25 and 45"),
        (lambda: crs_grade(None), "temperature_C is None"),
        (lambda: crs_grade([38, 39]), r"temperature_C is \[38, 39\]: give one value, for one patient"),
        (lambda: crs_grade(39, treated=[0, 1]), "treated is"),
        (lambda: icans_grade(seizure=["brief"]), "seizure is"),
        (lambda: crs_grade(39, vasopressors=1.5), "vasopressors is 1.5"),
        (lambda: crs_grade(39, vasopressors=-1), "vasopressors is -1"),
        (lambda: crs_grade(39, vasopressin="yes"), "vasopressin is 'yes': give 1 for yes or 0 for no"),
        (lambda: crs_grade(39, hypotension=2), "hypotension is 2"),
        (lambda: crs_grade(39, vasopressors=1, hypotension=2), "hypotension is 2"),
        (lambda: crs_grade(39, treated="toci"), "treated is 'toci'"),
        (lambda: crs_grade(39, oxygen="tent"), "oxygen is 'tent': give one of 'none', 'nasal cannula'"),
        (
            lambda: crs_grade(39, oxygen="nasal cannula"),
            "flow_L_min is None: give the flow of the nasal cannula",
        ),
        (lambda: crs_grade(39, **cannula(0)), "flow_L_min is 0"),
        (lambda: crs_grade(39, **cannula(300)), "flow_L_min is 300"),
        (lambda: crs_grade(39, flow_L_min=3), "flow_L_min is 3 and oxygen is 'none': name the device"),
        (
            lambda: crs_grade(39, oxygen="high-flow nasal cannula", flow_L_min=4),
            "flow_L_min is 4: high flow is above 6 L/min, so give 'nasal cannula'",
        ),
        (lambda: icans_grade(11), "ice is 11: give the ICE score, a whole number, between 0 and 10"),
        (lambda: icans_grade(4.5), "ice is 4.5"),
        (
            lambda: icans_grade(4, consciousness="unarousable"),
            "ice is 4: a patient who cannot be woken scores 0",
        ),
        (lambda: icans_grade(consciousness="sleepy"), "consciousness is 'sleepy': give one of 'alert'"),
        (lambda: icans_grade(seizure="yes"), "seizure is 'yes'"),
        (lambda: icans_grade(motor="weak"), "motor is 'weak'"),
        (lambda: icans_grade(brain="oedema"), "brain is 'oedema'"),
        (
            lambda: ice_score(orientation=5),
            "orientation is 5: give the points for orientation, a whole number",
        ),
        (lambda: ice_score(attention=0.5), "attention is 0.5"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
