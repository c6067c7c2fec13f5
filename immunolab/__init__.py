"""ImmunoLab: the small library behind a course on cancer immunotherapy in Jupyter notebooks."""

__version__ = "0.1.0"
