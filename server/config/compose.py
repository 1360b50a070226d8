"""From a file to a config that can be run: variables filled in, everything checked, tasks merged when asked for.

::

    config = build(load(path), plugin_schema=registry.schema, plugin_names=registry.names, top_level={...})
    config.task("tv")["rss"]                        # as the user wrote it, variables filled in
    effective = config.effective_task("tv")         # with templates, includes and defaults
    effective.origins()[("rss",)]                   # Origin(kind="template", name="base", position=...)

:func:`build` raises :class:`ConfigError` with all findings. What would end only one task (a template that does not
exist, say) is a warning: the other tasks can run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from server.config import settings, variables
from server.config.document import Document
from server.config.errors import ConfigError, Issue, KeyPath, SchemaFact, did_you_mean, sort_issues
from server.config.formats import relative_to
from server.config.includes import KEY as INCLUDE
from server.config.includes import include_path, included
from server.config.merge import Merged, Origin, Source, as_names, template_names, unknown_template, without
from server.config.schema_check import BrokenSchema, Resolve, Schema
from server.config.validate import SchemaValidator, fill_defaults, has_defaults, place
from server.config.variables import Variables, read_variables, substitute

PluginSchema = Callable[[str], Schema | None]
"""A plugin's name -> the schema of its options; None where a task cannot use it."""

PluginHint = Callable[[str], str | None]
"""An unknown plugin's name -> a sentence about it (that it must be installed, say), or None."""

OWN_KEYS: dict[str, Schema] = {
    "tasks": {"type": "object"},
    "templates": {"type": "object"},
    "variables": variables.SCHEMA,
    "secrets": variables.SCHEMA,
    "web_server": settings.SCHEMA,
}


@dataclass(frozen=True)
class EffectiveTask:
    """What a task comes to. ``config`` is the caller's own: nobody else holds it."""

    name: str
    config: dict[str, Any]
    templates: list[str]
    files: list[Path]
    merged: Merged

    def origins(self) -> dict[KeyPath, Origin]:
        """Key path -> where that option came from; options filled in by default are ``default``."""
        found = self.merged.origins()
        _note_defaults(self.config, (), found)
        return found


def _note_defaults(data: Any, path: KeyPath, found: dict[KeyPath, Origin]) -> None:
    if path and path not in found:
        found[path] = Origin("default", None)
    if isinstance(data, dict):
        for key, below in data.items():
            _note_defaults(below, (*path, key), found)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            _note_defaults(item, (*path, index), found)


class Checker:
    """Checks tasks against the schemas of their plugins. Keeps what it compiled: one for the life of the process."""

    def __init__(
        self,
        plugin_schema: PluginSchema,
        plugin_names: Callable[[], Iterable[str]],
        resolve: Resolve | None = None,
        plugin_hint: PluginHint | None = None,
    ) -> None:
        self.plugin_schema = plugin_schema
        self.plugin_names = plugin_names
        self.resolve = resolve
        self.plugin_hint = plugin_hint
        self._validators: dict[str, tuple[Schema, SchemaValidator]] = {}
        self._defaults: dict[str, tuple[Schema, bool]] = {}

    def options(self, name: str, value: Any, path: KeyPath) -> list[Issue]:
        """Findings about a plugin's options, or about a plugin that is not there."""
        validator = self._validator(name)
        if validator is None:
            return [self._unknown(name, path)]
        try:
            return [_inside(issue, name) for issue in validator.issues(value, root_path=path)]
        except BrokenSchema as error:
            return [Issue(f"The options of `{name}` cannot be checked, its schema is broken: {error}.", key_path=path)]

    def task(self, config: Any, path: KeyPath) -> list[Issue]:
        """Findings about a task, a template, or an included file."""
        if not isinstance(config, dict):
            got = "nothing" if config is None else f"`{config}`"
            return [Issue(f"Got {got}.", key_path=path, expected="plugins and their options")]
        return [issue for name, value in config.items() for issue in self.options(str(name), value, (*path, name))]

    def with_defaults(self, config: dict[str, Any]) -> dict[str, Any]:
        """A valid task with the defaults of its plugins filled in."""
        filled = {}
        for name, value in config.items():
            schema = self.plugin_schema(name)
            useful = schema is not None and self._has_defaults(name, schema)
            filled[name] = fill_defaults(value, schema, resolve=self.resolve) if useful and schema else value
        return filled

    def _has_defaults(self, name: str, schema: Schema) -> bool:
        known = self._defaults.get(name)
        if known is None or known[0] is not schema:
            known = self._defaults[name] = (schema, has_defaults(schema))
        return known[1]

    def _validator(self, name: str) -> SchemaValidator | None:
        schema = self.plugin_schema(name)
        if schema is None:
            return None
        known = self._validators.get(name)
        if known is None or known[0] is not schema:
            known = self._validators[name] = (schema, SchemaValidator(schema, self.resolve))
        return known[1]

    def _unknown(self, name: str, path: KeyPath) -> Issue:
        said = self.plugin_hint(name) if self.plugin_hint else None
        if said is not None:
            words = f"The plugin `{name}` is missing."
            return Issue(words, key_path=path, suggestion=said, fact=_not_known(words, path))
        hint = did_you_mean(name, self.plugin_names())
        said = f"There is no plugin `{name}`."
        return Issue(said, key_path=path, expected="the name of a plugin", suggestion=hint, fact=_not_known(said, path))


def _inside(issue: Issue, name: str) -> Issue:
    """The finding about a plugin's options, its facts told as those of the whole task (an object of plugins)."""
    fact = issue.fact
    return replace(issue, fact=fact and replace(fact, schema_path=("properties", name, *fact.schema_path)))


def _not_known(message: str, path: KeyPath) -> SchemaFact:
    """The facts about a plugin that is not there: a key too many in the task."""
    return SchemaFact(message, None, "additionalProperties", False, path[:-1], ("additionalProperties",))


class ValidatedConfig:
    """A config that passed every check. Immutable: a changed file makes a new one."""

    def __init__(self, document: Document, data: dict[str, Any], source: Source, found: Variables, checker: Checker):
        self.document = document
        self.data = data
        """The whole config with variables filled in."""
        self.variables = found
        self.warnings: list[Issue] = []
        self._source = source
        self._checker = checker
        self.tasks: dict[str, dict[str, Any]] = {str(name): task for name, task in (data.get("tasks") or {}).items()}
        self.templates: dict[str, dict[str, Any]] = {
            str(name): template for name, template in (data.get("templates") or {}).items()
        }

    @property
    def folder(self) -> Path:
        """The folder that relative names count from."""
        return Path() if self.document.path is None else self.document.path.parent

    @property
    def web_server(self) -> settings.WebServerSettings | None:
        """The settings of the web server; None when it is off."""
        return settings.from_config(self.data.get("web_server"))

    def task_names(self, *, hidden: bool = False) -> list[str]:
        """The tasks in the order of the file; those that begin with ``_`` only when asked for."""
        return [name for name in self.tasks if hidden or not name.startswith("_")]

    def task(self, name: str) -> dict[str, Any]:
        """A task as it is written; ``KeyError`` where there is none."""
        return self.tasks[name]

    def templates_of(self, name: str) -> list[str]:
        """The templates that a task gets, ``global`` included."""
        return template_names(self.tasks[name], self.templates)

    def mask(self, text: str) -> str:
        """A text with the values of variables hidden."""
        return self.variables.mask(text)

    def effective_task(self, name: str) -> EffectiveTask:
        """A task with templates, included files and defaults. ``KeyError`` where there is none; :class:`ConfigError`
        where the parts do not fit together."""
        return self.effective(name, self.tasks[name])

    def effective(self, name: str, config: dict[str, Any]) -> EffectiveTask:
        """The same for a task that need not be in the file."""
        prefix = ("tasks", self._key("tasks", name))
        placed = self.tasks.get(name) is config
        own = Source("task", name, config, self.document if placed else None, prefix, self._source.used)
        names = template_names(config, self.templates)
        issues = [self._place(issue) for issue in self._unknown_templates(name, names)]
        if issues:
            raise ConfigError(issues)
        merged = Merged(own, *(self._template(template) for template in names))
        files = included(merged.data.get(INCLUDE), self.folder, self.variables)
        for file in files:
            found = place(self._checker.task(file.data, ()), file.document)
            if found:
                raise ConfigError([_masked(issue, self.variables) for issue in found])
            merged.add(file)
        paths = [Path(file.name) for file in files if file.name is not None]
        return EffectiveTask(name, self._checker.with_defaults(merged.data), names, paths, merged)

    def files(self) -> list[Path]:
        """All other files that the config is made of: variables, and what tasks and templates include."""
        found = [self.variables.file] if self.variables.file is not None else []
        for config in [*self.tasks.values(), *self.templates.values()]:
            for name in as_names(config.get(INCLUDE)):
                path = include_path(name, self.folder)
                found.append(path)
                if path.is_file():
                    found += self._nested(name)
        return list(dict.fromkeys(found))

    def _nested(self, name: str) -> list[Path]:
        try:
            return [Path(str(source.name)) for source in included(name, self.folder, self.variables)]
        except ConfigError:
            # The task that includes the broken file will say so; for watching it, its own name is enough.
            return []

    def check_tasks(self) -> list[Issue]:
        """Merge every task and tell what does not fit: what runs would find out, found out now."""
        issues: list[Issue] = []
        for name in self.tasks:
            try:
                self.effective_task(name)
            except ConfigError as error:
                issues += [issue for issue in error.issues if issue not in issues]
        return sort_issues(issues)

    def _template(self, name: str) -> Source:
        data = without(self.templates[name], "template")
        return Source(
            "template", name, data, self.document, ("templates", self._key("templates", name)), self._source.used
        )

    def _key(self, section: str, name: str) -> str | int:
        """The key as YAML reads it: a task may be called 2019."""
        items = self.data.get(section) or {}
        return name if name in items else next((key for key in items if str(key) == name), name)

    def _unknown_templates(self, task: str, names: Iterable[str]) -> list[Issue]:
        return [
            unknown_template(name, self.templates, ("tasks", self._key("tasks", task), "template"))
            for name in names
            if name not in self.templates
        ]

    def _place(self, issue: Issue) -> Issue:
        return issue.at(self.document.position(issue.key_path))


def build(
    document: Document,
    *,
    plugin_schema: PluginSchema,
    plugin_names: Callable[[], Iterable[str]],
    top_level: Mapping[str, Schema],
    resolve: Resolve | None = None,
    plugin_hint: PluginHint | None = None,
) -> ValidatedConfig:
    """Check a document as a whole. ``top_level`` holds the schemas of the keys beside ``tasks`` that parts of the
    program bring along (``schedules``, ``irc`` ...). Raises :class:`ConfigError` with every finding."""
    checker = Checker(plugin_schema, plugin_names, resolve, plugin_hint)
    return build_with(document, checker, top_level)


def build_with(document: Document, checker: Checker, top_level: Mapping[str, Schema]) -> ValidatedConfig:
    """:func:`build` with a checker that was used before, which saves compiling the schemas again."""
    raw = {} if document.data is None else document.data
    if not isinstance(raw, dict):
        issue = Issue("A config is a mapping.", expected="`tasks:` and other keys at the left edge")
        raise ConfigError(issue.at(document.position(())))
    found = read_variables(document)
    kept = {key: value for key, value in raw.items() if key in variables.KEYS}
    filled, used = substitute(without(raw, *variables.KEYS), found, document)
    data = {**kept, **filled}
    with relative_to(None if document.path is None else document.path.parent):
        issues = _check(data, checker, {**OWN_KEYS, **top_level})
    if issues:
        raise ConfigError(place([_masked(issue, found) for issue in issues], document))
    source = Source("task", None, data, document, (), used)
    config = ValidatedConfig(document, data, source, found, checker)
    config.warnings = _warnings(config)
    return config


def _masked(issue: Issue, found: Variables) -> Issue:
    """The finding without the values of variables, in the words for people and in the facts."""
    fact = issue.fact
    if fact is not None:
        parent = None if fact.parent is None else found.mask(fact.parent)
        cause = None if fact.cause is None else found.mask(fact.cause)
        fact = replace(fact, message=found.mask(fact.message), parent=parent, cause=cause)
    return replace(issue, message=found.mask(issue.message), fact=fact)


def _check(data: dict[str, Any], checker: Checker, schemas: Mapping[str, Schema]) -> list[Issue]:
    issues: list[Issue] = []
    for key, value in data.items():
        if key not in schemas:
            issues.append(_unknown_key(key, schemas, checker))
            continue
        issues += SchemaValidator(schemas[key], checker.resolve).issues(value, root_path=(key,))
    for section in ("tasks", "templates"):
        for name, config in data[section].items() if isinstance(data.get(section), dict) else ():
            issues += checker.task(config, (section, name))
    return issues


def _unknown_key(key: Any, schemas: Mapping[str, Schema], checker: Checker) -> Issue:
    hint = did_you_mean(key, schemas)
    if hint is None and isinstance(key, str) and checker.plugin_schema(key) is not None:
        hint = f"`{key}` is a plugin: it belongs in a task, below `tasks:`."
    return Issue(f"`{key}` is not a key of a config.", key_path=(key,), expected=_listed(schemas), suggestion=hint)


def _listed(schemas: Mapping[str, Schema]) -> str:
    return "one of " + ", ".join(f"`{name}`" for name in sorted(schemas))


def _warnings(config: ValidatedConfig) -> list[Issue]:
    """What one task will stumble over: told at load, an error only for that task."""
    issues = []
    for section, items in (("tasks", config.tasks), ("templates", config.templates)):
        for name, below in items.items():
            known = {*config.templates, "no_global"} if section == "tasks" else set(config.templates)
            for template in as_names(below.get("template")):
                if template not in known:
                    issues.append(unknown_template(template, config.templates, (section, name, "template")))
            for file in as_names(below.get(INCLUDE)):
                path = include_path(file, config.folder)
                if not path.is_file():
                    issues.append(Issue(f"The file `{path}` does not exist.", key_path=(section, name, INCLUDE)))
    placed = [issue.at(config.document.position(issue.key_path)) for issue in issues]
    return sort_issues(replace(issue, severity="warning") for issue in placed)
