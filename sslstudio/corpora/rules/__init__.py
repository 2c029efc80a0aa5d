"""Rules: one file a family, each a pure function of a document's text."""
