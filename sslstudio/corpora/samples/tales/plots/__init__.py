"""All plots, and the wordings that they share."""

from sslstudio.corpora.samples.tales.plots import friends, home, outdoors
from sslstudio.corpora.samples.tales.plots.plot import Plot
from sslstudio.corpora.samples.tales.plots.rules import RULES

PLOTS: tuple[Plot, ...] = (*home.PLOTS, *outdoors.PLOTS, *friends.PLOTS)

__all__ = ["PLOTS", "RULES", "Plot"]
