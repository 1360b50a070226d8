"""Qualities: what titles tell, how they compare, what requirements allow."""

from __future__ import annotations

import itertools
import pickle
import re

import pytest

from server.parsing import quality as quality_module
from server.parsing.quality import CATEGORIES, COMPONENTS, Quality, QualityError
from server.parsing.quality_requirements import Requirements

TABLE = quality_module._TABLE

TITLES = {
    "Show.S01E01.720p.HDTV.x264-GRP": "720p hdtv h264",
    "Show.S01E01.1080p.WEB-DL.DD5.1.H.264-GRP": "1080p webdl h264 dd5.1",
    "Movie.2010.2160p.UHD.BluRay.REMUX.HDR10.HEVC.TrueHD.7.1.Atmos": "2160p bluray h265 hdr truehd",
    "Movie 2010 4K DV HDR10+ DDP5.1": "2160p hybrid_hdr dd+5.1",
    "Movie.2010.DoVi.webrip": "webrip dolbyvision",
    "Movie.2010.hdr.10bit": "hdr",
    "Show 1280x720 hi10p flac2.0": "720p 10bit flac",
    "Show.1920x1080p60.AV1.8bit": "1080p av1 8bit",
    "Movie.2010.CAM.1080p.BluRay": "1080p cam",
    "Movie.2010.hdts.bdscr": "ts",
    "Movie.DVD.Screener.XviD.MP3": "dvdscr xvid mp3",
    "Movie.WEB.Screener": "dvdscr",
    "Show.PDTV": "sdtv",
    "Show.DVB-Rip": "sdtv",
    "Show.DS-Rip": "dsr",
    "Show_720p_hdtv_ac3": "720p hdtv ac3",
    "Show.web.rip": "webrip",
    "Show.web.dl.rip": "webdl",
    "Show.web.hd.rip": "hdrip",
    "Show.blu ray": "bluray",
    "Show.BR-Rip.AC35.1": "bluray ac3",
    "Show.dts-hd.ma.5.1": "dtshd",
    "Show.dts-x": "dts",
    "Show.dts-hd.dts": "dts",
    "Show.heaac": "unknown",
    "Show.web-rip2": "webdl",
    "Show.r5.line": "r5",
    "Show.720p10": "unknown",
    "Show.x720p": "unknown",
    "Xhdtv hdtvé 日hdtv": "unknown",
    "": "unknown",
}


@pytest.mark.parametrize(("title", "name"), TITLES.items())
def test_a_title_tells_its_quality(title: str, name: str) -> None:
    assert str(Quality.parse(title)) == name


@pytest.mark.parametrize("name", [name for name in COMPONENTS if name not in ("hybrid_hdr",)])
def test_every_component_is_found_by_its_own_name(name: str) -> None:
    assert str(Quality.parse(f"Some Title {name} End")) == name


def test_every_start_named_in_the_table_is_possible_and_none_is_missing() -> None:
    """The table says with which characters a component's words begin; a word that begins otherwise would be missed."""
    samples = ["1280x720", "720hd", "1920x1080", "3840x2160", "2160", "4k", "hdcam", "hdts", "telesync", "telecine"]
    samples += ["r2", "r8", "dvb", "pdtv", "sdtv", "scr", "webscr", "dvdscr", "ahdtv", "brrip", "bdrip", "h264", "x264"]
    samples += [
        "avc",
        "hevc",
        "x265",
        "sdr",
        "hi8p",
        "8bit",
        "hi10",
        "10bit",
        "dv",
        "dovi",
        "dv.hdr",
        "hdr.dv",
    ]
    for rows in TABLE.values():
        for name, starts, look in rows:
            for sample in [*samples, name]:
                if re.fullmatch(look, sample):
                    assert sample[0] in starts, (name, sample)


def test_the_name_of_a_quality_reads_back() -> None:
    for names in itertools.product(*([row[0] for row in TABLE[category]][:3] for category in CATEGORIES)):
        quality = Quality.from_name(" ".join(names))
        assert Quality.from_name(str(quality)) == quality
    assert Quality.from_name("unknown") == Quality()
    assert str(Quality.from_name("1080p hybrid_hdr dd+5.1")) == "1080p hybrid_hdr dd+5.1"


def test_qualities_order_by_resolution_then_source_then_codec_then_color_then_audio() -> None:
    ladder = [
        "unknown",
        "mp3",
        "truehd",
        "8bit",
        "hdr",
        "divx",
        "h265",
        "hdtv",
        "hdtv h264",
        "bluray",
        "360p",
        "480p bluray",
        "720p",
        "720p hdtv",
        "720p hdtv h264",
        "720p webdl",
        "1080p tvrip",
    ]
    qualities = [Quality.from_name(name) for name in ladder]
    assert sorted(set(qualities)) == qualities


def test_a_poor_source_loses_against_any_other_whatever_the_resolution() -> None:
    assert Quality.from_name("1080p cam") < Quality.from_name("unknown")
    assert Quality.from_name("1080p workprint") < Quality.from_name("cam") < Quality.from_name("preair")
    assert Quality.from_name("480p tvrip") > Quality.from_name("2160p hdrip")


def test_a_quality_is_a_value() -> None:
    one, other = Quality.parse("A.720p.HDTV"), Quality.from_name("720p hdtv")
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    assert one >= "720p"
    assert one != "1080p"
    assert (one == 5) is False
    assert not Quality()
    with pytest.raises(AttributeError):
        one.name = "x"
    assert (one.resolution.name, one.source.name, one.codec.name) == ("720p", "hdtv", "unknown")


ALLOWED = [
    ("720p", "720p hdtv", True),
    ("720p", "1080p", False),
    ("720p", "hdtv", False),
    ("720p+", "1080i", True),
    ("720p+", "hdtv", False),
    ("<=720p", "unknown", True),
    ("<=720p", "720p", True),
    ("<720p", "720p", False),
    (">720p", "720p", False),
    (">=720p", "720p", True),
    ("480p-720p", "hr", True),
    ("480p-720p", "1080p", False),
    ("720p|1080p", "1080p", True),
    ("720p|1080p", "1080i", False),
    ("720p 1080p", "1080p", True),
    ("720p,hdtv", "720p webdl", False),
    ("720p+ 480p", "480p", True),
    ("720p+ 480p", "576p", False),
    ("<=720p 1080p", "unknown", True),
    ("<=720p 1080p", "1080i", False),
    ("360p-480p 720p-1080p", "480p", False),
    ("<720p >1080p", "720p", False),
    ("720p|1080p !720p", "720p", False),
    ("!cam", "unknown", True),
    ("!cam !ts", "ts", False),
    ("!480p-720p", "576p", False),
    ("!480p-720p", "1080p", True),
    ("!hdtv|webdl", "webdl", False),
    ("dd+5.1", "dd+5.1", True),
    ("dd+5.1+", "flac", True),
    ("dd+5.1-dts", "dts", True),
    ("dd5.1-dd+5.1", "ac3", True),
    ("hybrid_hdr", "hybrid_hdr", True),
    ("hdtv <720p", "720p hdtv", False),
    ("hdtv <720p", "hdtv", True),
    ("720p-1080p webdl+ !h265", "1080p bluray h264", True),
    ("720p-1080p webdl+ !h265", "1080p bluray h265", False),
    ("720P HDTV", "720p hdtv", True),
    ("any", "cam", True),
    ("", "unknown", True),
]


@pytest.mark.parametrize(("text", "name", "allowed"), ALLOWED)
def test_requirements_allow_what_they_say(text: str, name: str, allowed: bool) -> None:
    requirements, quality = Requirements(text), Quality.from_name(name)
    assert requirements.allows(quality) is allowed
    assert bool(requirements.explain(quality)) is not allowed


def test_an_explanation_names_each_category_that_misses() -> None:
    explanation = Requirements("720p+ webdl|bluray !mp3").explain(Quality.from_name("480p hdtv mp3"))
    assert explanation == "resolution 480p is not 720p+, source hdtv is not webdl|bluray, audio mp3 is not !mp3"


@pytest.mark.parametrize(
    ("text", "word", "suggestion"),
    [
        ("720p x264", "x264", "h264"),
        ("4k", "4k", "2160p"),
        ("hdtvv", "hdtvv", "hdtv"),
        ("720p-", "", None),
        ("!", "", None),
        ("720p | 1080p", "", None),
        ("<=", "", None),
        ("zzz", "zzz", None),
    ],
)
def test_a_requirement_that_cannot_be_read_says_which_word_and_what_is_near(
    text: str, word: str, suggestion: str | None
) -> None:
    with pytest.raises(QualityError) as error:
        Requirements(text)
    assert (error.value.word, error.value.suggestion) == (word, suggestion)
    assert f"'{word}'" in str(error.value)


@pytest.mark.parametrize("text", ["720p|hdtv", "480p-hdtv"])
def test_a_word_over_two_categories_is_an_error(text: str) -> None:
    with pytest.raises(QualityError, match="mixes"):
        Requirements(text)


def test_requirements_that_mean_the_same_are_equal() -> None:
    assert Requirements("720p|1080p") == Requirements("1080p 720p")
    assert Requirements("720p") != Requirements("1080p")
    assert str(Requirements(" 720p+ ")) == "720p+"


def test_a_component_compares_with_the_names_of_its_category() -> None:
    resolution = Quality.parse("720p hdtv").resolution
    assert resolution == "720P"
    assert resolution != "1080p"
    assert resolution >= "720p"
    assert resolution < "1080p"
    assert resolution > Quality.parse("").resolution
    with pytest.raises(TypeError):
        assert resolution > "hdtv"
