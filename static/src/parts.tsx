/** Small pieces that several views use. */

import { Icon } from "./icons";

export function Failed({ text, again }: { text: string; again: () => void }) {
  return (
    <div class="notice failed" role="alert">
      <Icon name="alert" />
      <span>{text}</span>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}

const COUNTS = [
  ["accepted", "check"],
  ["rejected", "dash"],
  ["failed", "cross"],
] as const;

/** How many entries ended how: icon, number and word; a zero is left out but for accepted. */
export function Counts(counts: { accepted?: number; rejected?: number; failed?: number }) {
  return (
    <span class="counts">
      {COUNTS.filter(([verdict]) => counts[verdict] || verdict === "accepted").map(([verdict, icon]) => (
        <span key={verdict} class={counts[verdict] ? `verdict ${verdict}` : "verdict"}>
          <Icon name={icon} size={14} />
          {counts[verdict] ?? 0} {verdict}
        </span>
      ))}
    </span>
  );
}
