"""Lines of a page go back to the paragraphs that they were laid out from."""

from __future__ import annotations

from sslstudio.corpora.extraction.pdf_lines import Line
from sslstudio.corpora.extraction.pdf_paragraphs import laid_back

_WIDE = 300.0
_LETTER = 5.0


def _line(text: str, top: float, left: float = 50.0, height: float = 10.0) -> Line:
    """Return a line of letters of one width."""
    return Line(text, left, left + _LETTER * len(text), top, height, height)


def _page(*texts: str, left: float = 50.0, top: float = 700.0) -> list[Line]:
    """Return lines one below the other; an empty text is a gap."""
    return [_line(text, top - 12 * number, left) for number, text in enumerate(texts) if text]


_FULL = ("The keeper of the lighthouse wrote every", "evening about all of the responsibilities")


def test_full_lines_go_on_and_gaps_end_paragraphs() -> None:
    page = _page(*_FULL, "that he had.", "", *_FULL, "that others had.")
    assert laid_back([page]) == (
        "The keeper of the lighthouse wrote every evening about all of the responsibilities that "
        "he had.\n\nThe keeper of the lighthouse wrote every evening about all of the "
        "responsibilities that others had."
    )


def test_verses_stay_lines() -> None:
    verses = ("The sea is wide,", "The lamp is low,", "", "The keeper climbs,", "And so we go.")
    prose = ("", *_FULL, "that he had.")
    text = laid_back([_page(*verses, *prose)])
    assert text.startswith(
        "The sea is wide,\nThe lamp is low,\n\nThe keeper climbs,\nAnd so we go.\n\nThe keeper of"
    )


def test_an_indent_and_another_size_begin_paragraphs() -> None:
    top = [_line("A long heading in large letters", 712, height=16.0)]
    first = [_line(text, 690 - 12 * number) for number, text in enumerate(_FULL)]
    second = [
        _line("The second paragraph is indented here", 666, left=65.0),
        _line("a little.", 654),
    ]
    assert laid_back([[*top, *first, *second]]).split("\n\n") == [
        "A long heading in large letters",
        " ".join(_FULL),
        "The second paragraph is indented here a little.",
    ]


def test_items_of_lists_are_lines() -> None:
    page = _page(
        "The keeper of the lighthouse needed these:",
        "• two candles",
        "• bread and butter",
        "2. a barometer",
    )
    assert laid_back([page]).split("\n")[1:] == [
        "• two candles",
        "• bread and butter",
        "2. a barometer",
    ]


def test_divided_words_are_joined_and_compounds_keep_their_hyphen() -> None:
    page = _page(
        "The keeper of the lighthouse was respon-",
        "sible for the well-known and for the well-",
        "known, and said that this was extraordi\ufffe",
        "nary, or so he said to all of the others.",
    )
    assert laid_back([page]) == (
        "The keeper of the lighthouse was responsible for the well-known and for the well-known, "
        "and said that this was extraordinary, or so he said to all of the others."
    )


def test_writing_without_spaces_is_joined_without_spaces() -> None:
    line = "灯台守は毎晩手紙を書いた。" * 3
    page = _page(line, line, "終わり")
    assert laid_back([page]) == line + line + "終わり"


def test_running_titles_and_page_numbers_go() -> None:
    pages = [
        _page(
            f"{number} The Keeper's Handbook",
            "",
            *_FULL,
            f"that page {number} has.",
            "",
            *("Another line.", "And another one."),
            "",
            f"- {number} -",
        )
        for number in range(1, 5)
    ]
    text = laid_back(pages)
    assert "Handbook" not in text
    assert " - " not in text
    assert [f"that page {number} has." in text for number in range(1, 5)] == [True] * 4


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    left, right = (
        _page(*_FULL),
        _page("that he had been given by the whole of the", "board.", left=320),
    )
    assert laid_back([[*left, *right]]).endswith(
        "responsibilities that he had been given by the whole of the board."
    )
    assert laid_back([_page(*_FULL), _page("that he had.")]) == " ".join((*_FULL, "that he had."))


def test_without_places_blank_lines_and_lengths_must_do() -> None:
    page = [Line(text) for text in (*_FULL, "that he had.", "", *_FULL)]
    assert laid_back([page]).split("\n\n") == [" ".join((*_FULL, "that he had.")), " ".join(_FULL)]


def test_nothing_is_nothing() -> None:
    assert laid_back([]) == ""
    assert laid_back([[], [Line("")], [Line("  ")]]) == ""
