"""Hashes and magnets, sizes, spans of time."""

from __future__ import annotations

import datetime as dt

import pytest

from server.parsing.numbers import number
from server.parsing.size import config_size, parse_size, size_text, told_size
from server.parsing.timedelta import LONGEST, parse_timedelta
from server.parsing.torrent import hash_of_magnet, is_magnet

HEX = "AABBCCDDEEFF00112233445566778899AABBCCDD"
BASE32 = "VK54ZXPO74ABCIRTIRKWM54ITGVLXTG5"


def test_base32_and_hexadecimal_are_one_hash() -> None:
    found = {hash_of_magnet(f"magnet:?xt=urn:btih:{text}") for text in (HEX, HEX.lower(), BASE32, BASE32.lower())}
    assert found == {HEX}
    assert is_magnet("MAGNET:?x")


@pytest.mark.parametrize("url", ["magnet:?dn=x", "magnet:?xt=urn:btih:zz", "magnet:"])
def test_a_magnet_without_a_hash_has_none(url: str) -> None:
    assert hash_of_magnet(url) is None


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1.4 GB", 1_400_000_000),
        ("1,4 GB", 1_400_000_000),
        ("700MiB", 734_003_200),
        ("1,024 MB", 1_024_000_000),
        ("1 024 kb", 1_024_000),
        ("12 B", 12),
        ("1024", 1024),
        ("5 K", 5000),
        ("1.5TiB", 1_649_267_441_664),
    ],
)
def test_a_size_is_read_in_bytes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "abc", "1.4GB2", "1.2.3 MB", "-5 MB", "MB"])
def test_what_is_no_size_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("value", "size"),
    [(300, 314_572_800), ("300", 314_572_800), (100.5, 105_381_888), ("100 MB", 100_000_000), ("100 MiB", 104_857_600)],
)
def test_a_configs_number_without_a_unit_counts_mebibytes(value: float | str, size: int) -> None:
    assert config_size(value) == size


def test_a_size_is_written_for_people() -> None:
    sizes = (12, 2048, 734_003_200, 1.5 * 1024**3, 3 * 1024**4)
    assert [size_text(size) for size in sizes] == ["12 B", "2.0 KiB", "700.0 MiB", "1.5 GiB", "3.00 TiB"]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("5 minutes", dt.timedelta(minutes=5)),
        ("1 day 2 hours", dt.timedelta(days=1, hours=2)),
        ("1 Week, 1 second", dt.timedelta(weeks=1, seconds=1)),
        ("1 hour and 30 minutes", dt.timedelta(hours=1.5)),
        ("1.5 hours", dt.timedelta(hours=1.5)),
        ("999999999 weeks", LONGEST),
        (f"1 day {'9' * 5000} days", LONGEST),
    ],
)
def test_a_span_of_time_is_read(text: str, span: dt.timedelta) -> None:
    assert parse_timedelta(text) == span


@pytest.mark.parametrize("text", ["", "5", "5 fortnights", "5 minutes 5", "-5 minutes", "1 day,"])
def test_what_is_no_span_of_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="span of time"):
        parse_timedelta(text)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("iv", 4), ("xxxix", 39), ("three", 3)])
def test_numbers_are_digits_roman_or_words(text: str, value: int) -> None:
    assert number(text) == value


def test_what_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a number"):
        number("abc")


@pytest.mark.parametrize("text", ["9" * 400, "9" * 400 + " GB", "inf", "1e400", "9999999 PiB"])
def test_a_size_beyond_all_measure_is_none(text: str) -> None:
    for read in (parse_size, config_size):
        with pytest.raises(ValueError, match=r"is more than anything holds|is no size"):
            read(text)
    assert told_size(f"Size: {text} MB") is None
