/** The one way to the daemon: addresses relative to the page, a time limit, retries for reads, one kind of error. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Setup {
  user: string;
  password_set: boolean;
  signed_in: boolean;
}

export interface Version {
  flexget_version: string;
  api_version: string;
}

export interface HistoryItem {
  id: number;
  task: string;
  title: string;
  url: string;
  filename: string | null;
  details: string;
  time: string;
}

export interface PastRun {
  id: number;
  task: string;
  started: string;
  accepted: number;
  rejected: number;
  failed: number;
  aborted: boolean;
  reason: string | null;
}

export interface Page<Row> {
  rows: Row[];
  total: number;
}

const TIME_LIMIT = 15_000;
const RETRIES = 2;

/** Called when the daemon says that nobody is signed in. */
export const signedOut: { handler: () => void } = { handler: () => {} };

/** The absolute address of a path below `api/`, wherever the page is served. */
export function address(path: string): URL {
  return new URL(`api/${path}`, document.baseURI);
}

/** Sends a request; raises an ApiError for every answer that is not a success and for none at all (status 0). */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const reading = (options.method ?? "GET") === "GET";
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(address(path), { credentials: "same-origin", ...options });
      if (response.ok) return response;
      if (response.status === 401 && !path.startsWith("auth/")) signedOut.handler();
      if (!reading || response.status < 500 || attempt >= RETRIES) {
        throw new ApiError(response.status, await reason(response));
      }
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (!reading || attempt >= RETRIES) throw new ApiError(0, "The daemon does not answer. Is it running?");
    }
    await new Promise((resolve) => setTimeout(resolve, 300 * 3 ** attempt));
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (body && typeof body === "object" && "message" in body) return String(body.message);
  } catch {
    // not JSON: the status says all there is
  }
  return `${response.status} ${response.statusText}`.trim();
}

function timed(): RequestInit {
  return { signal: AbortSignal.timeout(TIME_LIMIT) };
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function write(method: string, path: string, body: unknown): Promise<Response> {
  return request(path, { ...timed(), ...json(method, body) });
}

async function read<Answer>(path: string): Promise<Answer> {
  return (await request(path, timed())).json() as Promise<Answer>;
}

async function page<Row>(path: string): Promise<Page<Row>> {
  try {
    const response = await request(path, timed());
    const rows = (await response.json()) as Row[];
    return { rows, total: Number(response.headers.get("Total-Count") ?? rows.length) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { rows: [], total: 0 }; // past the last page
    throw error;
  }
}

export const api = {
  setup: () => read<Setup>("setup/"),
  setFirstPassword: (password: string) => write("POST", "setup/", { password }),
  signIn: (username: string, password: string, remember: boolean) =>
    write("POST", `auth/login/?remember=${remember}`, { username, password }),
  signOut: () => write("POST", "auth/logout/", {}),
  version: () => read<Version>("server/version/"),
  tasks: () => read<string[]>("tasks/?include_config=false"),
  /** Newest first. */
  runs: () => page<PastRun>("runs/?per_page=100"),
  history: (number: number) => page<HistoryItem>(`history/?page=${number}&per_page=30`),
  /** Answers at once and goes on as long as the run does: without a time limit. */
  execute: (task: string) =>
    request("tasks/execute/", json("POST", { tasks: [task], progress: true, summary: true, entry_dump: true })),
};
