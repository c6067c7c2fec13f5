"""Every lesson that is ready keeps the contract of tools/lessons.py, and each rule of it can fail."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
