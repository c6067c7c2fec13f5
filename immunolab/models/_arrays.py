"""A number goes in, a number comes out; an array goes in, an array comes out."""

import numpy as np


def plain(values):
    """A float for an array without a shape, anything else as it is."""
    return values if np.ndim(values) else float(values)
