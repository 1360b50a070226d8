/** The tasks, what their last run did, and a button that runs them now. */

import { api, type PastRun } from "./api";
import { Icon } from "./icons";
import { useLoaded } from "./loading";
import { Counts, Failed, Skeleton } from "./parts";
import { finished, isRunning, runOf, start, type Run } from "./runs";
import { ago } from "./time";

async function overview(): Promise<{ names: string[]; last: Map<string, PastRun> }> {
  const [names, runs] = await Promise.all([api.tasks(), api.runs()]);
  return { names, last: new Map(runs.rows.reverse().map((run) => [run.task, run])) };
}

export function Tasks() {
  const [state, load] = useLoaded(overview, [finished.value]);
  const { data, error } = state.value;
  return (
    <section aria-labelledby="tasks">
      <h1 id="tasks">Tasks</h1>
      {error && <Failed text={error} again={load} />}
      {!data && !error && <Skeleton rows={3} />}
      {data?.names.length === 0 && (
        <div class="empty">
          <p>The config has no tasks yet. Add one under <code>tasks:</code> and it appears here.</p>
        </div>
      )}
      <ul class="cards">
        {data?.names.map((name) => (
          <Task key={name} name={name} last={data.last.get(name)} />
        ))}
      </ul>
    </section>
  );
}

function Task({ name, last }: { name: string; last: PastRun | undefined }) {
  const run = runOf(name).value;
  const running = isRunning(run);
  return (
    <li class="card">
      <div class="row">
        <div class="what">
          <h2>{name}</h2>
          <LastRun run={last} />
        </div>
        <button type="button" class="primary" disabled={running} onClick={() => void start(name)} aria-label={`Run ${name}`}>
          <Icon name="play" size={14} />
          {running ? "Running" : "Run"}
        </button>
      </div>
      {run && <Course run={run} name={name} />}
    </li>
  );
}

function LastRun({ run }: { run: PastRun | undefined }) {
  if (!run) return <p class="quiet">No run yet</p>;
  const start = new Date(run.started);
  return (
    <p class="quiet">
      <time dateTime={start.toISOString()} title={start.toLocaleString()}>
        {ago(start)}
      </time>
      {run.aborted ? <span class="verdict failed">aborted: {run.reason}</span> : <Counts {...run} />}
    </p>
  );
}

function doing({ progress, summary, error }: Run): string {
  if (error) return error;
  if (summary?.aborted) return `Aborted: ${summary.abort_reason ?? "no reason given"}`;
  if (summary) return "Done";
  if (progress.status === "pending") return "Waiting for its turn";
  return [progress.phase, progress.plugin].filter(Boolean).join(" · ") || "Starting";
}

/** A run from its start to its result: progress, then what was accepted. */
function Course({ run, name }: { run: Run; name: string }) {
  const bad = run.error !== null || run.summary?.aborted === true;
  return (
    <div class={bad ? "course failed" : "course"}>
      <div class="line">
        <span role="status">{doing(run)}</span>
        {run.summary && <Counts {...run.summary} />}
      </div>
      <progress max={100} value={run.summary ? 100 : run.progress.percent} aria-label={`Progress of ${name}`} />
      {run.entries.length > 0 && (
        <ul class="entries" aria-label={`Accepted by ${name}`}>
          {run.entries.map((entry, index) => (
            <li key={index}>
              <span class="verdict accepted">
                <Icon name="check" size={14} />
                <span class="sr">accepted</span>
              </span>
              <span class="title">{String(entry.title)}</span>
            </li>
          ))}
        </ul>
      )}
      {run.summary && !bad && run.entries.length === 0 && (
        <p class="quiet">Nothing was accepted: what came was seen before or did not fit.</p>
      )}
    </div>
  );
}
