/** What a run tells while it goes on: the lines of the execute endpoint's one long JSON document. */

export interface Progress {
  status: "pending" | "running" | "complete";
  phase: string | null;
  plugin: string | null;
  percent: number;
}

export interface Summary {
  accepted: number;
  rejected: number;
  failed: number;
  undecided: number;
  aborted: boolean;
  abort_reason: string | null;
}

export interface EntryDump {
  title: string;
  url?: string;
  /** Which plugin accepted it; missing where none did. */
  accepted_by?: string;
  [field: string]: unknown;
}

export interface Piece {
  progress?: Progress;
  summary?: Summary;
  entry_dump?: EntryDump[];
}

/** One line of the document as a piece; null for the opening, the closing and heartbeats. */
export function piece(line: string): Piece | null {
  const text = line.replace(/^\{"stream":\s*\[/, "").replace(/,\s*$/, "").trim();
  if (!text || text === "{}" || text === "{}]}") return null;
  const value: unknown = JSON.parse(text);
  return value && typeof value === "object" ? (value as Piece) : null;
}

/** The pieces of an answer as they arrive. */
export async function* pieces(response: Response): AsyncGenerator<Piece> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) {
      const found = piece(line);
      if (found) yield found;
    }
    if (done) return;
  }
}
