"""Personal data: found by pattern and check digit, and replaced by words such as ``<EMAIL>``.

One file a kind, each with ``find(text) -> Iterator[Span]``; ``finding`` puts them together. What
no pattern tells (names, street addresses) is not looked for.
"""
