/** Data that is asked for when a view appears, in one of the states that every view has. */

import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "./api";

export interface Loaded<Data> {
  data: Data | null;
  error: string | null;
}

/** Asks at once and whenever one of `reasons` changes; what was there stays until the new data has come. */
export function useLoaded<Data>(ask: () => Promise<Data>, reasons: unknown[] = []): [Signal<Loaded<Data>>, () => void] {
  const state = useSignal<Loaded<Data>>({ data: null, error: null });
  const load = () => {
    ask().then(
      (data) => (state.value = { data, error: null }),
      (error: unknown) =>
        (state.value = { ...state.value, error: error instanceof ApiError ? error.message : String(error) }),
    );
  };
  useEffect(load, reasons);
  return [state, load];
}
