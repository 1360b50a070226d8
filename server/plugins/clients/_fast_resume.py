"""Tells rTorrent that what a torrent holds lies in its folder already, so that it need not read and check all of it.

The form is that of libtorrent's resume data (rTorrent's own ``rtorrent_fast_resume.pl``): for each file its time and
how many pieces of it are there.
"""

from __future__ import annotations

from pathlib import Path

from server.parsing.torrent import Torrent


def with_resume_data(raw: bytes, folder: str) -> bytes | None:
    """The torrent file with the data; None where a file is missing below ``folder`` or has another size, and of a
    torrent that is not cut into pieces."""
    torrent = Torrent.read(raw)
    base = Path(folder) / torrent.name if torrent.is_multi_file else Path(folder)
    piece = torrent.info.get(b"piece length")
    if not isinstance(piece, int) or piece <= 0:
        return None
    files, begin = [], 0
    for file in torrent.files:
        try:
            facts = (base / file.path).stat()
        except (OSError, ValueError):
            return None
        if facts.st_size != file.size:
            return None
        end = begin + file.size
        pieces = (end + piece - 1) // piece - begin // piece if file.size else 0
        files.append({b"priority": 1, b"mtime": int(facts.st_mtime), b"completed": pieces})
        begin = end
    torrent.content[b"libtorrent_resume"] = {b"bitfield": (begin + piece - 1) // piece, b"files": files}
    return torrent.encode()
