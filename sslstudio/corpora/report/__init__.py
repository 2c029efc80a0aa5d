"""The report: what is in a corpus, what is wrong with it, and what would mend it."""

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.making import make_report
from sslstudio.corpora.report.suitability import propose_weights

__all__ = ["CorpusReport", "make_report", "propose_weights"]
