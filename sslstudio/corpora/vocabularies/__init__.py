"""Vocabularies: one file a kind, each learns from texts what ``tokenizer.json`` describes."""
