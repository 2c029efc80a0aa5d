"""The report: what is in a corpus, what is wrong with it, and what would mend it."""
