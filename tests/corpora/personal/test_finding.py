"""Personal data: known answers, what must stay, and that replacing twice is replacing once."""

from __future__ import annotations

import random

import pytest

from sslstudio.corpora.personal.cards import is_luhn
from sslstudio.corpora.personal.finding import KINDS, LABELS, Found, find, placeholder, replace
from sslstudio.corpora.personal.ibans import is_iban
from sslstudio.corpora.personal.keys import entropy

KEY_BLOCK = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq3p0h5T2vS\n-----END RSA PRIVATE KEY-----"
)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0T"

FINDS = [
    ("email", "Write to jane.doe+news@mail.example.co.uk.", "jane.doe+news@mail.example.co.uk"),
    ("email", "('jürgen@münchen.de')", "jürgen@münchen.de"),
    ("email", "mailto:a_b@x-y.org?subject", "a_b@x-y.org"),
    ("phone", "call +49 30 901820 today", "+49 30 901820"),
    ("phone", "call +44 (0)20 7946 0958.", "+44 (0)20 7946 0958"),
    ("phone", "in +1 650-253-0000 2024 was", "+1 650-253-0000"),
    ("phone", "dial (650) 253-0000 now", "(650) 253-0000"),
    ("phone", "dial 650-253-0000 now", "650-253-0000"),
    ("phone", "appelez le 01 42 68 53 00.", "01 42 68 53 00"),
    ("phone", "Tel.: 1234567", "1234567"),
    ("card", "card 4111 1111 1111 1111, thanks", "4111 1111 1111 1111"),
    ("card", "card 378282246310005.", "378282246310005"),
    ("card", "card 3782 822463 10005.", "3782 822463 10005"),
    ("card", "5555-5555-5555-4444", "5555-5555-5555-4444"),
    ("iban", "to DE89 3704 0044 0532 0130 00 by", "DE89 3704 0044 0532 0130 00"),
    ("iban", "GB82WEST12345698765432", "GB82WEST12345698765432"),
    ("iban", "FR14 2004 1010 0505 0001 3M02 606", "FR14 2004 1010 0505 0001 3M02 606"),
    ("iban", "MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"),
    ("ip", "ping 8.8.8.8.", "8.8.8.8"),
    ("ip", "ping 2001:4860:4860::8888.", "2001:4860:4860::8888"),
    ("ip", "ping [2606:4700:4700:0:0:0:0:1111]", "2606:4700:4700:0:0:0:0:1111"),
    ("key", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("key", "use ghp_" + "a1B2" * 9 + " here", "ghp_" + "a1B2" * 9),
    ("key", "Authorization: Bearer " + TOKEN, TOKEN),
    ("key", KEY_BLOCK, KEY_BLOCK),
    ("key", "api_key=Zx81kPq0LmN7vT4rYw2s", "Zx81kPq0LmN7vT4rYw2s"),
    ("key", 'the "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEX"', "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEX"),
    ("url_credentials", "https://bob:s3cret@example.com/x", "bob:s3cret"),
]
KEPT = [
    "jane at example dot com, @jane, jane@localhost, a@b.c1, 5 @ 3.50",
    "in 1984, 1999-2004, from 2019 to 2021, on 01.02.2024 12:30, 2024-01-02 and 12/31/1999",
    "π = 3.14159265358979 and 0.123456789, costs 1,234,567.89 or 100 000 000",
    "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2, 0306406152, EAN 4006381333931",
    "version 1.2.3.4, v1.2.3.4, release 10.11.12.13",
    "10.0.0.1, 192.168.1.1, 172.16.0.9, 127.0.0.1, 0.0.0.0, 256.1.1.1, 1.2.3.4.5",
    "fe80::1, ::1, fd00::12, 2001:db8::1, std::vector, a::b, at 12:30:45",
    "4111 1111 1111 1112 and 1234567812345670 and 99999999999999999999",
    "GB82WEST12345698765433 and XX89370400440532013000 and DE8937040044053201300",
    "this_is_a_long_identifier_name and token: another_long_identifier_name",
    "checksum Zx81kPq0LmN7vT4rYw2s, " + "-" * 60,
    "https://example.com:8080/a@b and http://user@host/",
    "-----BEGIN PRIVATE KEY----- without an end",
]


@pytest.mark.parametrize(("kind", "text", "stretch"), FINDS)
def test_known_data_is_found_where_it_stands(kind: str, text: str, stretch: str) -> None:
    start = text.index(stretch)
    assert find(text) == [Found(kind, start, start + len(stretch))]


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert replace(text) == (text, {})


@pytest.mark.parametrize(
    ("number", "is_good"),
    [("79927398713", True), ("79927398710", False), ("4111111111111111", True), ("0", True)],
)
def test_luhn_gives_the_known_answers(number: str, is_good: bool) -> None:
    assert is_luhn(number) is is_good


def test_one_wrong_figure_is_always_seen_by_luhn_and_by_mod_97() -> None:
    card, account = "4111111111111111", "DE89370400440532013000"
    for place in range(len(card)):
        for figure in set("0123456789") - {card[place]}:
            assert not is_luhn(card[:place] + figure + card[place + 1 :])
    for place in range(2, len(account)):
        for figure in set("0123456789") - {account[place]}:
            assert not is_iban(account[:place] + figure + account[place + 1 :])
    assert is_iban(account)


def test_entropy_of_equal_shares_is_their_logarithm() -> None:
    assert entropy("aabb") == pytest.approx(1.0)
    assert entropy("abcdefgh") == pytest.approx(3.0)
    assert entropy("aaaa") == 0.0


def test_counts_are_by_kind_and_placeholders_name_it() -> None:
    text, counts = replace("a@b.com, c@d.org; 8.8.8.8 and http://u:p@h.de")
    assert text == "<EMAIL>, <EMAIL>; <IP> and http://<URL_CREDENTIALS>@h.de"
    assert counts == {"email": 2, "ip": 1, "url_credentials": 1}
    assert set(LABELS) == set(KINDS)


def test_only_the_kinds_that_are_asked_for_are_found() -> None:
    text = "a@b.com and 8.8.8.8"
    assert [found.kind for found in find(text, ("ip",))] == ["ip"]
    assert find(text, ()) == []


ATOMS = [
    *(stretch for _, _, stretch in FINDS),
    *KEPT,
    " ",
    "\n",
    "+",
    "x",
    "1",
    "<EMAIL>",
    "é",
    "(",
]


def test_everything_else_is_unchanged_and_replacing_twice_is_replacing_once() -> None:
    generator = random.Random(0)
    for _ in range(300):
        text = "".join(generator.choices(ATOMS, k=generator.randint(1, 8)))
        found = find(text)
        ends = [0, *(stretch.end for stretch in found)]
        assert all(
            end <= stretch.start < stretch.end for end, stretch in zip(ends, found, strict=False)
        )
        pieces = [
            text[end : stretch.start] + placeholder(stretch.kind)
            for end, stretch in zip(ends, found, strict=False)
        ]
        replaced, counts = replace(text)
        assert replaced == "".join(pieces) + text[ends[-1] :]
        assert sum(counts.values()) == len(found)
        assert replace(replaced) == (replaced, {})


@pytest.mark.parametrize(
    "unit",
    [
        "a@",
        "@a.",
        "1",
        " 1",
        "1.",
        "::",
        "1:2: ",
        "+1",
        "-",
        "eyJ",
        "eyJ.",
        "sk-",
        "://a:b",
        "(",
        "x",
    ],
)
def test_hostile_texts_end(unit: str) -> None:
    # a quadratic pattern would need minutes for these; the limit of pytest would end it
    text = unit * (200_000 // len(unit))
    assert replace(text) == (text, {})
