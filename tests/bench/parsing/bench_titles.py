"""How much CPU parsing a title takes: ``python tests/bench/parsing/bench_titles.py [number of titles]``.

Every title differs, so nothing comes from a cache. The target is 100 microseconds a title, quality included.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from server.parsing.movies import parse_movie
from server.parsing.quality import Quality
from server.parsing.series import parse_series

SHAPES = (
    "Some.Show.Name.S{season:02}E{episode:02}.The.Episode.Title.1080p.AMZN.WEB-DL.DDP5.1.H.264-GR{n}",
    "[Group{n}] Some Show Name - {episode:02} [1080p][10bit]",
    "Some Show Name {season}x{episode:02} HDTV XviD-G{n}",
    "Some.Show.Name.2014.05.{episode:02}.Guest.Name.720p.WEB.h264-G{n}",
)
MOVIE = "The.Movie.Name.Number.{n}.20{season:02}.1080p.BluRay.DTS-HD.MA.5.1.x264-GRP"


def measure(label: str, work: Callable[[str], object], titles: list[str]) -> None:
    begin = time.process_time()
    for title in titles:
        work(title)
    print(f"{label:32} {(time.process_time() - begin) / len(titles) * 1e6:8.1f} us/title")


def made(shape: str, count: int, salt: str) -> list[str]:
    return [shape.format(n=f"{salt}{n}", season=n % 20 + 1, episode=n % 24 + 1) for n in range(count)]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    measure("quality", Quality.parse, made(SHAPES[0], count, "q"))
    for place, shape in enumerate(SHAPES):
        titles = made(shape, count, f"g{place}")
        measure(f"series, given name, shape {place}", lambda title: parse_series(title, "Some Show Name"), titles)
        measure(f"series, guessed name, shape {place}", parse_series, titles)
    measure("movie", parse_movie, made(MOVIE, count, "m"))
    for text in ("s1 " * 3300, "1 " * 5000, "hdr10+" * 1600, "[" * 10_000, "1.2." * 2500):
        begin = time.process_time()
        parse_series("Show " + text, "Show")
        parse_series(text)
        print(f"hostile {text[:8]!r:24} {(time.process_time() - begin) * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
