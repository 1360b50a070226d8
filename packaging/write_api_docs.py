"""Writes ``docs/api-reference.md``: every endpoint, from its declaration.

python packaging/write_api_docs.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "api-reference.md"

HEAD = """# API reference

<!-- Written by packaging/write_api_docs.py from the declarations of the endpoints: change it there. -->

Everything is below `/api`. Statuses of wrong paths, methods and credentials (401, 404, 405) are the same everywhere,
see [the API](api.md). The same as a document for programs: `/api/openapi.json` and `/api/swagger.json`; to try it out:
`/api/`.
"""


def text() -> str:
    """The page as it should be."""
    sys.path.insert(0, str(ROOT))
    from server.routes import ROUTES
    from server.web.router import Mounted

    sections: dict[str, list[str]] = {}
    for route in ROUTES:
        resource = Mounted(route, None, None).route.load()
        tag = str(resource.tag)
        for declared in declared_by(resource):
            sections.setdefault(tag, []).extend(described(route.path, declared))
    lines = [HEAD]
    for tag, rows in sections.items():
        lines += [f"## {tag}", "", *rows]
    return "\n".join(lines).rstrip() + "\n"


def declared_by(resource: Any) -> list[Any]:
    """The endpoints of a resource class, in the order of its methods."""
    from server.web.endpoint import Endpoint

    found: dict[str, Endpoint] = {}
    for cls in reversed(resource.__mro__):
        for member in vars(cls).values():
            declared = getattr(member, "endpoint", None)
            if isinstance(declared, Endpoint):
                found[declared.method] = declared
    return [declared for declared in found.values() if not declared.hidden]


def described(path: str, declared: Any) -> list[str]:
    """A heading, the summary, the parameters and the statuses of one endpoint."""
    plain = re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", path)
    lines = [f"### `{declared.method} {plain}`", "", f"{declared.summary}.", ""]
    parameters = [*(declared.paginated.parameters() if declared.paginated else ()), *declared.query]
    seen = set()
    for parameter in parameters:
        if parameter.name in seen:
            continue
        seen.add(parameter.name)
        default = "" if parameter.default is None else f" (default `{parameter.default}`)"
        options = getattr(parameter, "options", ())
        choices = f": {', '.join(f'`{option}`' for option in options)}" if options else ""
        lines.append(f"- `{parameter.name}`{default}: {parameter.description}{choices}")
    if declared.body is not None:
        lines.append(f"- body: {body(declared.body)}")
    lines += [f"- statuses: {', '.join(map(str, declared.statuses))}", ""]
    return lines


def body(schema: Any) -> str:
    """The keys of a body in a line."""
    if schema.get("type") == "array":
        return "a list"
    needed = set(schema.get("required", ()))
    keys = [f"`{name}`{'' if name in needed else ' (optional)'}" for name in schema.get("properties", {})]
    return ", ".join(keys) or "an object"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
