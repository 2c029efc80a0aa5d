"""SSL Studio: train a language model on your own text by self-supervision.

Importing this package imports neither Qt nor torch.
"""

__version__ = "0.1.0"
