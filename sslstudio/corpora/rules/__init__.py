"""Quality rules: one file a family, each rule a pure function of a document's text.

``catalogue`` lists them, ``presets`` says which of them suit what kind of text.
"""
