"""What all clients share, by one that is no program; the real ones are in ``tests/clients``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from server.plugins.clients._fast_resume import with_resume_data
from tests.support import Engine, titles

CLIENT = '''
from server.plugins.clients._base import TorrentClient as ClientPlugin


class Mine(ClientPlugin):
    """Takes what has a number."""

    schema = {}
    options = ("ratio",)

    def connect(self, task, config):
        return None

    def hand_over(self, task, client, entry, options):
        float(options["ratio"])
'''


def test_an_option_of_an_entry_that_is_of_another_kind_fails_the_entry_alone(
    engine: Callable[[str], Engine], tmp_path: Path
) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "mine.py").write_text(CLIENT)
    magnet = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567"
    entries = ", ".join(
        f"{{title: {title}, url: '{magnet}{title}', ratio: {ratio}}}"
        for title, ratio in (("a", "high"), ("b", "[1]"), ("c", "'2'"))
    )
    disable = "disable: [seen, retry_failed, seen_info_hash], max_reruns: 0"
    task = engine(f"tasks: {{t: {{mock: [{entries}], accept_all: yes, mine: yes, {disable}}}}}").run()
    assert titles(task.failed) == ["a", "b"] and titles(task.accepted) == ["c"]
    assert task.failed[0]["reason"] == "mine: could not convert string to float: 'high'"


def test_a_torrent_without_pieces_gets_no_resume_data(tmp_path: Path) -> None:
    for piece in (b"", b"12:piece lengthi0e", b"12:piece length1:x"):
        assert with_resume_data(b"d4:infod6:lengthi1e4:name1:a" + piece + b"ee", str(tmp_path)) is None
