"""``/runs/``: what ran, and what happened to every entry: "why did it (not) download?"."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.engine.entry import STATES
from server.features.runs._recorder import trace_as_dicts
from server.features.runs._shapes import RUN, RUN_ENTRY, RUN_ENTRY_WITH_TRACE
from server.features.runs.store import Run, RunStore, Wanted
from server.web.endpoint import (
    Boolean,
    Choice,
    Page,
    PageQuery,
    Paginated,
    Resource,
    Text,
    array,
    get,
)
from server.web.errors import NotFound


class _RunResource(Resource):
    tag = "runs"

    @property
    def store(self) -> RunStore:
        """The store of the database in use."""
        return self.services.db.store(RunStore)

    def find(self, run_id: int) -> Run:
        """The run of that id, or a 404."""
        found = self.store.get(run_id)
        if found is None:
            raise NotFound(f"there is no run {run_id}; runs are kept for some weeks only")
        return found


class Runs(_RunResource):
    """All runs."""

    @get(
        "List the runs",
        query=[
            Text("task", "only runs of this task"),
            Boolean("aborted", "only those that were aborted (true) or were not (false)"),
        ],
        paginated=Paginated(ordered=False, link_when_empty=True),
        returns=array(RUN),
        groups=("runs",),
    )
    def list(self, page: PageQuery, task: str | None, aborted: bool | None) -> Page:
        """Newest first. Runs with `--test` leave nothing."""
        rows, total = self.store.page(task=task, aborted=aborted, limit=page.limit, offset=page.offset)
        return Page([as_json(run) for run in rows], total)


class OneRun(_RunResource):
    """A run."""

    @get("One run", returns=RUN, errors=(404,), groups=("runs",))
    def show(self, run_id: int) -> dict[str, Any]:
        """Its numbers, and why it was aborted."""
        return as_json(self.find(run_id))


class RunEntries(_RunResource):
    """The entries of a run."""

    @get(
        "List the entries of a run",
        query=[
            Choice("verdict", "only entries in this state", options=STATES),
            Text("plugin", "only those that this plugin decided about"),
            Text("reason", "only those whose reason has these words, in any case"),
            Text("text", "only those with these words in title, url, plugin or reason, in any case"),
        ],
        paginated=Paginated(ordered=False, link_when_empty=True),
        returns=array(RUN_ENTRY),
        errors=(404,),
        groups=("runs", "run_entries"),
    )
    def list(
        self,
        run_id: int,
        page: PageQuery,
        verdict: str | None,
        plugin: str | None,
        reason: str | None,
        text: str | None,
    ) -> Page:
        """In the order of the run. `n` is the entry's number in it."""
        run = self.find(run_id)
        wanted = Wanted(verdict, plugin, reason, text)
        rows, total = self.store.entry_page(run_id, wanted, limit=page.limit, offset=page.offset)
        if not total and wanted == Wanted() and run.produced:
            raise NotFound(f"the entries of run {run_id} are not kept any more")
        return Page([entry_as_json(number, entry) for number, entry in rows], total)


class RunEntry(_RunResource):
    """An entry of a run."""

    @get(
        "One entry of a run, and its way through it",
        returns=RUN_ENTRY_WITH_TRACE,
        errors=(404,),
        groups=("runs", "run_entries"),
    )
    def show(self, run_id: int, n: int) -> dict[str, Any]:
        """Each step of its trace tells which plugin did what, when, by which rule and on which values."""
        self.find(run_id)
        rows, total = self.store.entry_page(run_id, Wanted(), limit=1, offset=n - 1) if n > 0 else ([], 0)
        if not rows:
            raise NotFound(f"run {run_id} has no entry {n}" + (f"; it has {total}" if n > 0 else ", they count from 1"))
        entry = rows[0][1]
        return {
            **entry_as_json(n, entry),
            "fields": entry["fields"],
            "trace": trace_as_dicts(entry["trace"]),
        }


def as_json(run: Run) -> dict[str, Any]:
    """A run as the API tells it."""
    return asdict(run)


def entry_as_json(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    """A kept entry as lists tell it: without its fields and trace."""
    return {"n": number, **{name: entry[name] for name in ("title", "url", "state", "plugin", "reason")}}
