"""Four counts: a mark that a patient has or lacks, and an outcome that comes or does not."""

import math
from dataclasses import dataclass

from scipy.stats import fisher_exact

from immunolab.models._checks import whole


@dataclass(frozen=True)
class TwoByTwo:
    """Patients with the mark (test positive) and without it (negative), each by whether the outcome came.

    All four are whole numbers, 0 or more, and not all 0; otherwise ValueError. A ratio whose denominator is 0
    is inf, and nan where its numerator is 0 too. Limit: the counts speak of the patients counted. The
    predictive values move with how frequent the outcome is, and a table of pooled groups can show an
    association that no single group has.
    """

    positive_with: int
    positive_without: int
    negative_with: int
    negative_without: int

    def __post_init__(self):
        for name in self.__dataclass_fields__:
            whole(name, getattr(self, name), 0, 10**9, "a number of patients")
        if not self.positive_with + self.positive_without + self.negative_with + self.negative_without:
            raise ValueError("positive_with and the other counts are all 0: give at least one patient")

    @property
    def sensitivity(self) -> float:
        """Of those with the outcome, the share with the mark."""
        return _over(self.positive_with, self.positive_with + self.negative_with)

    @property
    def specificity(self) -> float:
        """Of those without the outcome, the share without the mark."""
        return _over(self.negative_without, self.positive_without + self.negative_without)

    @property
    def positive_predictive_value(self) -> float:
        """Of those with the mark, the share with the outcome."""
        return _over(self.positive_with, self.positive_with + self.positive_without)

    @property
    def negative_predictive_value(self) -> float:
        """Of those without the mark, the share without the outcome."""
        return _over(self.negative_without, self.negative_with + self.negative_without)

    @property
    def risk_ratio(self) -> float:
        """The share with the outcome among those with the mark, over that among those without."""
        negative = self.negative_with + self.negative_without
        positive = self.positive_with + self.positive_without
        return _over(self.positive_with * negative, self.negative_with * positive)

    @property
    def odds_ratio(self) -> float:
        """Odds of the outcome with the mark over odds without; far from the risk ratio where outcomes are frequent."""
        return _over(self.positive_with * self.negative_without, self.positive_without * self.negative_with)

    @property
    def p(self) -> float:
        """Fisher's exact test, two-sided: the chance of a table at least as unlikely if mark and outcome are unrelated."""
        rows = [[self.positive_with, self.positive_without], [self.negative_with, self.negative_without]]
        return float(fisher_exact(rows).pvalue)


def _over(part: int, whole_: int) -> float:
    if whole_:
        return part / whole_
    return math.inf if part else math.nan
