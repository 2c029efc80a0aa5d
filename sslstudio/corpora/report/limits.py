"""From which figure on a finding is made, with the reasons; all of them in this one place.

Below the verdict. Shares are between 0 and 1.
"""

from __future__ import annotations

# A model of 100,000 parameters wants about as many tokens; and of 200 KB, 10 KB are kept apart:
# on fewer the validation loss is uncertain by more than 0.1 nats.
SMALL_BYTES = 200_000
TINY_BYTES = 20_000

# Copies are read as extra epochs of the same text (reference 2.11): under one in a hundred they
# change nothing; with a third of them every epoch costs a half more than it teaches.
EXACT_CAUTION, EXACT_BAD = 0.01, 0.30
# Near copies still teach a little; ordinary corpora hold some per cent (Lee et al. 2022).
NEAR_CAUTION, NEAR_BAD = 0.05, 0.40
# The share of the characters that stand in lines repeated over many documents: menus, notices.
LINES_CAUTION, LINES_BAD = 0.05, 0.25

# Passages of validation text that share a phrase with the training text. It is told and never
# blamed: the preparation leaves near copies out of the validation, and what then is shared is how
# people write about one thing; made-up tales share phrases in every passage.
LEAKS_TOLD = 0.05

# Settings that take out so much were probably not meant for this kind of text.
REMOVED_CAUTION, REMOVED_BAD = 0.30, 0.70
# Repetition at twice the usual limits fires on hardly any sound document of any kind.
POOR_CAUTION = 0.05
# A preset fits where it takes out less than this; the reference calls rates of a third usual for
# raw web text and of some per cent for text that people chose.
FITS = 0.10
# Web pages are told by what only they hold: policy phrases, "javascript", wiki citations.
WEB_SIGNS = 0.02
WEB_RULES = ("c4_javascript", "c4_policy", "c4_lorem_ipsum")

# Characters in 10,000 that were lost or decoded wrongly; one is a stray quotation, five a habit.
DAMAGED_CAUTION = 5e-4
# Prose is compressed 2.5 to 3.5 times by zlib, code 4 to 5, made-up tales 5; templates far more.
REDUNDANT_CAUTION, REDUNDANT_BAD = 7.0, 20.0
# A text in which nothing follows from what stands before takes as many bits as its single bytes do
# (Shannon 1948, theorem 9), so compression gains nothing beyond them: 0.85 to 1.0 times on
# shuffled, random, encrypted or encoded text, 1.2 and more on any language. On less text than this,
# compression has not begun to pay. Letters have four bits and more; what has fewer is figures, or
# sequences such as DNA, that somebody may mean.
GAIN_CAUTION, GAIN_FROM_BYTES, LETTERS_BITS = 1.05, 20_000, 3.8

# Of addresses and numbers, a few stand in every book and manual; of what opens a door or an
# account, manuals hold an example in some megabytes. Below these rates they are told, not blamed.
SECRETS = ("card", "iban", "key", "url_credentials")
SECRETS_PER_MB = 1.0
CONTACTS = ("email", "phone", "ip")
CONTACTS_PER_MB = 10.0

# Below it the classifier saw code, tables, or a language that it does not know.
UNDETERMINED_CAUTION = 0.30
SHORT_CHARACTERS = 20
# Of running text; where more documents end in mid-sentence than do not, something cut them, and a
# model that is trained to the end of documents learns to stop there.
CUT_OFF_CAUTION = 0.5
# Manuals quote a tag now and then; of a page with its tags, text is the smaller part.
MARKUP_CAUTION = 0.05
# Languages are named from a twentieth of the text on; and where none has half of it, there are
# several, however small each is.
LANGUAGE_NAMED, LANGUAGE_MAIN = 0.05, 0.5
# Texts of another language have about 0.2, of another genre 0.6, of the same kind 0.9 and more.
UNSUITABLE = 0.5
