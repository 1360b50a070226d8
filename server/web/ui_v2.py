"""FlexGet's own web UI (its built v2) as a guest at ``/v2``.

Its page is a template with the address it lives at, and it asks for the API below that address: ``/v2/api/`` is the
same as ``/api/``. What it needs of the browser is allowed on its own page only: styles made by scripts, an icon font of
Google's, pictures from anywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from server.web.rendered import Rendered
from server.web.static_files import StaticFiles

if TYPE_CHECKING:
    from server.web.exchange import Exchange

PLACE = "/v2"

POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline' https://fonts.googleapis.com; "
    "font-src 'self' data: https://fonts.gstatic.com; img-src 'self' data: https:; worker-src 'self' blob:; "
    "frame-ancestors 'none'"
)

PAGE = "index.html"
MARK = "{{ base_url }}"


class UiV2(StaticFiles):
    """The files of one build. ``base``: ``base_url`` of the config, such as ``/flexget``, or nothing."""

    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(folder)
        self._start = base + PLACE

    def holds(self, inner: str) -> bool:
        """Whether a path (below ``base_url``) is one of this UI: the API's are not."""
        return (inner == PLACE or inner.startswith(f"{PLACE}/")) and not self.is_api(inner)

    @staticmethod
    def is_api(inner: str) -> bool:
        """Whether a path is one of the API, as this UI asks for it."""
        return inner.startswith(f"{PLACE}/api/")

    def show(self, exchange: Exchange, inner: str) -> None:
        """Send the file at a path, or the page."""
        self.send(exchange, inner.removeprefix(PLACE).lstrip("/") or PAGE)

    def _file(self, path: Path, exchange: Exchange) -> Rendered:
        if path.name != PAGE:
            return super()._file(path, exchange)
        body = path.read_text(encoding="utf-8").replace(MARK, self._start).encode()
        headers = [("Cache-Control", "no-cache"), ("Content-Security-Policy", POLICY)]
        return Rendered(200, body, "text/html; charset=utf-8", headers).with_tag(())
