/** What was accepted, newest first, by day. */

import { useSignal } from "@preact/signals";
import { api, type HistoryItem } from "./api";
import { useLoaded } from "./loading";
import { Failed, Skeleton } from "./parts";
import { finished } from "./runs";
import { clock, day } from "./time";

async function upTo(last: number): Promise<{ rows: HistoryItem[]; total: number }> {
  const pages = await Promise.all(Array.from({ length: last }, (_, index) => api.history(index + 1)));
  return { rows: pages.flatMap((page) => page.rows), total: pages[0]?.total ?? 0 };
}

function byDay(rows: HistoryItem[]): [string, HistoryItem[]][] {
  const days = new Map<string, HistoryItem[]>();
  for (const row of rows) {
    const heading = day(new Date(row.time));
    days.set(heading, [...(days.get(heading) ?? []), row]);
  }
  return [...days];
}

export function History() {
  const pages = useSignal(1);
  const [state, load] = useLoaded(() => upTo(pages.value), [pages.value, finished.value]);
  const { data, error } = state.value;
  return (
    <section aria-labelledby="history">
      <h1 id="history">History</h1>
      {error && <Failed text={error} again={load} />}
      {!data && !error && <Skeleton rows={6} />}
      {data?.rows.length === 0 && (
        <div class="empty">
          <p>
            Nothing was accepted yet. <a href="#tasks">Run a task</a> and it shows here.
          </p>
        </div>
      )}
      {data && byDay(data.rows).map(([heading, rows]) => <Day key={heading} heading={heading} rows={rows} />)}
      {data && data.rows.length < data.total && (
        <button type="button" onClick={() => (pages.value += 1)}>
          Show more ({data.total - data.rows.length} older)
        </button>
      )}
    </section>
  );
}

function Day({ heading, rows }: { heading: string; rows: HistoryItem[] }) {
  return (
    <>
      <h2 class="day">{heading}</h2>
      <ul class="list">
        {rows.map((row) => (
          <li key={row.id}>
            <time dateTime={row.time}>{clock(new Date(row.time))}</time>
            <span class="title">{row.title}</span>
            <span class="chip">{row.task}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
