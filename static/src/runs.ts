/** The runs that were started from this page, one a task, and how far they are. */

import { signal, type Signal } from "@preact/signals";
import { ApiError, api } from "./api";
import { pieces, type EntryDump, type Progress, type Summary } from "./stream";

export interface Run {
  progress: Progress;
  /** Those that were accepted. */
  entries: EntryDump[];
  summary: Summary | null;
  error: string | null;
}

const runs = new Map<string, Signal<Run | null>>();
const WAITING: Progress = { status: "pending", phase: null, plugin: null, percent: 0 };

/** Counts the runs that ended, for what has to be asked anew then. */
export const finished = signal(0);

/** The run of a task; null as long as it was not started from here. */
export function runOf(task: string): Signal<Run | null> {
  const known = runs.get(task);
  if (known) return known;
  const fresh = signal<Run | null>(null);
  runs.set(task, fresh);
  return fresh;
}

/** Whether a run is under way. */
export function isRunning(run: Run | null): boolean {
  return run !== null && run.error === null && run.summary === null;
}

/** Runs a task and keeps `runOf(task)` up to date until it has ended. */
export async function start(task: string): Promise<void> {
  const run = runOf(task);
  if (isRunning(run.value)) return;
  run.value = { progress: WAITING, entries: [], summary: null, error: null };
  const change = (part: Partial<Run>) => {
    if (run.value) run.value = { ...run.value, ...part };
  };
  try {
    for await (const { progress, entry_dump, summary } of pieces(await api.execute(task))) {
      if (progress) change({ progress });
      if (entry_dump) change({ entries: entry_dump.filter((entry) => entry.accepted_by) }); // undecided ones are told too
      if (summary) change({ summary });
    }
    if (isRunning(run.value)) change({ error: "The daemon ended the connection before the run was over." });
  } catch (error) {
    change({ error: error instanceof ApiError ? error.message : "The connection broke. The run may go on." });
  }
  finished.value += 1;
}
