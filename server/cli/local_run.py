"""Running tasks inside the command line's own process."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from server.engine.runner import UnknownTask
from server.engine.task import copy_of

if TYPE_CHECKING:
    from server.engine.entry import Entry
    from server.engine.execution import ExecuteOptions
    from server.engine.queue import Job
    from server.engine.services import Services


WAKE = 0.5
"""Seconds between looks at the keyboard: where waiting cannot be interrupted, Ctrl-C is seen then."""


def run_here(services: Services, names: list[str], options: ExecuteOptions, *, progress: bool = False) -> bool:
    """Run the tasks one after the other; returns whether one was aborted for a reason worth a complaint."""
    selected = select(services, names, options.template)
    if progress:
        from server.terminal.progress import show_progress

        services.events.subscribe(show_progress(len(selected)))
    jobs = [services.queue.submit(name, _own(options), urgent=True, output=click.echo) for name in selected]
    try:
        aborted = sum(_aborted(job) for job in jobs)
        while not services.queue.wait_empty(WAKE):  # tasks that these have queued
            pass
        return aborted > 0
    except KeyboardInterrupt:
        for job in reversed(jobs):
            services.queue.cancel(job.id, "interrupted")
        raise
    finally:
        services.queue.shutdown()


def _own(options: ExecuteOptions) -> ExecuteOptions:
    """The options with entries that no other task has."""
    return replace(options, inject=[_fresh(entry) for entry in options.inject])


def _fresh(entry: Entry) -> Entry:
    fresh = copy_of(entry)
    if entry.accepted:
        fresh.accept(entry["reason"])
    return fresh


def select(services: Services, names: list[str], template: str | None) -> list[str]:
    """The tasks that fit; a name that fits none is bad usage."""
    try:
        return services.runner.select(names, template)
    except UnknownTask as error:
        known = ", ".join(services.config.task_names()) or "none"
        message = f"{error}. The config has: {known}."
        raise click.BadParameter(message, param_hint="--tasks") from error


def _aborted(job: Job) -> bool:
    while (result := job.wait(WAKE)) is None:
        pass
    if sys.stdout is not None:
        sys.stdout.flush()
    return result.aborted and not result.silent
