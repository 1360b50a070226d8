"""``variables:``: values kept apart from the config and put in by ``{? name ?}``.

The variables stand in a file beside the config (``variables: yes`` is ``variables.yml``, a text names another) or
inline as a mapping. ``secrets:`` is the old name. Only ``{? ... ?}`` is looked at: ``{{ }}`` and ``{% %}`` belong to
the tasks and pass untouched. A value that is nothing but one placeholder keeps the variable's type, so lists and
mappings can be put in; what reads as a number after the placeholders are filled becomes one, as in FlexGet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from server.config.document import Document, load
from server.config.errors import ConfigError, Issue, KeyPath, Position, did_you_mean, sort_issues

KEYS = ("variables", "secrets")
DEFAULT_FILE = "variables.yml"
MASK = "***"
MASKED_LENGTH = 4
"""Values shorter than this are not masked: hiding every ``5`` would hide nothing and spoil every text."""

_PLACEHOLDER = re.compile(r"\{\?.*?\?\}", re.DOTALL)
_WORD = re.compile(r"\{\?\s*([A-Za-z_]\w*)")

SCHEMA: dict[str, Any] = {
    "title": "Variables",
    "description": "Values that `{? name ?}` stands for: a file beside the config, or a mapping.",
    "anyOf": [{"type": "boolean"}, {"type": "string", "minLength": 1}, {"type": "object"}],
}


@dataclass(frozen=True)
class Variables:
    """The variables of a config. ``file`` is where they are written, None for inline ones or none at all."""

    values: dict[str, Any] = field(default_factory=dict)
    active: bool = False
    file: Path | None = None
    document: Document | None = None
    prefix: KeyPath = ()
    """Key path of the values within ``document``."""

    def position(self, name: str) -> Position | None:
        """Where a variable is set."""
        return None if self.document is None else self.document.position((*self.prefix, name))

    def mask(self, text: str) -> str:
        """The text with every value of four characters or more replaced by ``***``."""
        for secret in self.secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    @cached_property
    def secrets(self) -> list[str]:
        """The texts that must not be shown, longest first."""
        found = {text for text in _texts(self.values) if len(text) >= MASKED_LENGTH}
        return sorted(found, key=lambda text: (-len(text), text))


def read_variables(document: Document) -> Variables:
    """The variables that a config names. Raises :class:`ConfigError` for a file that is missing or not a mapping."""
    data = document.data if isinstance(document.data, dict) else {}
    key = next((key for key in KEYS if data.get(key) not in (None, False)), None)
    if key is None:
        return Variables()
    value = data[key]
    if isinstance(value, dict):
        return Variables({str(name): below for name, below in value.items()}, True, None, document, (key,))
    file = _file_of(value, document, key)
    if not file.is_file():
        if value is True:
            return Variables({}, True, file)
        issue = Issue(f"The variables file `{file}` does not exist.", key_path=(key,))
        hint = "Create it with `name: value` lines, or correct the name."
        raise ConfigError(Issue(issue.message, key_path=(key,), suggestion=hint).at(document.position((key,))))
    found = load(file)
    if found.data is not None and not isinstance(found.data, dict):
        raise ConfigError(Issue("A variables file holds a mapping.", file=str(file), line=1, column=1))
    return Variables({str(name): below for name, below in (found.data or {}).items()}, True, file, found)


def write_variables(file: Path, values: Mapping[str, Any]) -> None:
    """Make a variables file hold exactly these values; what stays the same keeps its layout. A new file is 0600."""
    from server.config.atomic import write_atomically
    from server.config.edit import replace_all

    text = load(file).text if file.is_file() else ""
    new = replace_all(text, dict(values)) if text.strip() or values else "{}\n"
    write_atomically(file, new.encode("utf-8"))


def substitute(
    data: Any, variables: Variables, document: Document | None = None, root_path: KeyPath = ()
) -> tuple[Any, dict[KeyPath, list[str]]]:
    """The data with all placeholders filled, and for each key path that had one the names of its variables.

    The data itself is left as it is; parts without placeholders are shared. Raises :class:`ConfigError` with all
    unknown names, each at its line in ``document``.
    """
    if not variables.active:
        return data, {}
    filler = _Filler(variables)
    filled = filler.fill(data, root_path)
    if filler.issues:
        placed = [
            issue.at(document.position(issue.key_path)) if document is not None else issue for issue in filler.issues
        ]
        raise ConfigError(sort_issues(placed))
    return filled, filler.used


class _Filler:
    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.used: dict[KeyPath, list[str]] = {}
        self.issues: list[Issue] = []
        self._render: Callable[[str], Any] | None = None

    def fill(self, data: Any, path: KeyPath) -> Any:
        if isinstance(data, str):
            return self._text(data, path) if "{?" in data and _PLACEHOLDER.search(data) else data
        if isinstance(data, dict):
            filled = {self._key(key, path): self.fill(value, (*path, key)) for key, value in data.items()}
            same = all(name in filled and filled[name] is value for name, value in data.items())
            return data if same and len(filled) == len(data) else filled
        if isinstance(data, list):
            items = [self.fill(item, (*path, index)) for index, item in enumerate(data)]
            return data if all(new is old for new, old in zip(items, data, strict=True)) else items
        return data

    def _key(self, key: Any, path: KeyPath) -> Any:
        if not isinstance(key, str) or "{?" not in key:
            return key
        filled = self.fill(key, (*path, key))
        return filled if isinstance(filled, (str, int)) else str(filled)

    def _text(self, text: str, path: KeyPath) -> Any:
        self.used[path] = [match[1] for match in map(_WORD.match, _PLACEHOLDER.findall(text)) if match]
        if self._render is None:
            self._render = _renderer(self.variables.values)
        from jinja2 import TemplateError, UndefinedError

        try:
            filled = self._render(text)
            for _ in range(2):  # a variable may be made of others
                if not isinstance(filled, str) or not _PLACEHOLDER.search(filled):
                    break
                filled = self._render(filled)
        except UndefinedError as error:
            self.issues.append(self._unknown(text, path, error))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            message = f"The placeholder cannot be filled: {error}."
            self.issues.append(Issue(message, key_path=path, expected="`{? name ?}`"))
        else:
            return filled
        return text

    def _unknown(self, text: str, path: KeyPath, error: Exception) -> Issue:
        names = self.used.get(path, [])
        known = self.variables.values
        name = next((name for name in names if name not in known), None)
        if name is None:
            return Issue(f"The placeholder cannot be filled: {error}.", key_path=path)
        where = f" in `{self.variables.file}`" if self.variables.file else ""
        return Issue(
            f"There is no variable `{name}`{where}.",
            key_path=path,
            expected="one of " + ", ".join(f"`{item}`" for item in sorted(known)[:12]) if known else None,
            suggestion=did_you_mean(name, known) or f"Add `{name}: value` to the variables.",
        )


def _renderer(values: Mapping[str, Any]) -> Callable[[str], Any]:
    """Fills the placeholders of a text; values keep their type where a placeholder stands alone."""
    from jinja2 import StrictUndefined, Undefined, UndefinedError
    from jinja2.nativetypes import NativeEnvironment
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment, NativeEnvironment):
        """Sandboxed, keeping types."""

    environment = Environment(
        variable_start_string="{?",
        variable_end_string="?}",
        # Everything else of Jinja must pass untouched: marks that no config holds.
        block_start_string="\x00{%",
        block_end_string="%}\x00",
        comment_start_string="\x00{#",
        comment_end_string="#}\x00",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )

    def render(text: str) -> Any:
        filled = environment.from_string(text).render(values)
        if isinstance(filled, Undefined):
            raise UndefinedError("the name is not known")
        return filled

    return render


def _file_of(value: Any, document: Document, key: str) -> Path:
    if not isinstance(value, (str, bool)):
        issue = Issue(f"Got `{value}`.", key_path=(key,), expected="`yes`, the name of a file, or a mapping")
        raise ConfigError(issue.at(document.position((key,))))
    name = Path(DEFAULT_FILE if value is True else str(value)).expanduser()
    folder = document.path.parent if document.path is not None else Path()
    return name if name.is_absolute() else folder / name


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item)
    elif data is not None and not isinstance(data, bool):
        yield str(data)
