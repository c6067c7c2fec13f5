"""What the tests of a lesson's numbers read: each names its lesson in ``STEM``."""

import pytest
from lesson_text import bank_of, prose_of


@pytest.fixture(scope="module")
def prose(request) -> str:
    return prose_of(request.module.STEM)


@pytest.fixture(scope="module")
def bank(request) -> str:
    return bank_of(request.module.STEM)
