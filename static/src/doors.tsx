/** The pages before one is inside: signing in, the first password, a locked or silent daemon. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, TargetedSubmitEvent } from "preact";
import { ApiError, api } from "./api";
import { Mark } from "./icons";
import { arrive, expired, user } from "./session";
import { strength } from "./strength";

function Door({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="door">
      <Mark size={56} />
      <h1>{title}</h1>
      {children}
    </main>
  );
}

/** A form that sends once at a time and shows why it was refused. */
function useSending(send: () => Promise<unknown>) {
  const busy = useSignal(false);
  const trouble = useSignal("");
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    trouble.value = "";
    try {
      await send();
      await arrive();
    } catch (error) {
      trouble.value = error instanceof ApiError ? error.message : String(error);
    }
    busy.value = false;
  };
  return { busy, trouble, submit };
}

function Trouble({ text }: { text: string }) {
  return (
    <p class="trouble" role="alert">
      {text}
    </p>
  );
}

export function SignIn() {
  const name = useSignal(user.value);
  const password = useSignal("");
  const remember = useSignal(false);
  const { busy, trouble, submit } = useSending(() => api.signIn(name.value, password.value, remember.value));
  return (
    <Door title="Sign in">
      {expired.value && <p>Your session has ended.</p>}
      <form onSubmit={submit}>
        <label>
          User
          <input
            name="username"
            autocomplete="username"
            required
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            autofocus
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={remember.value}
            onChange={(event) => (remember.value = event.currentTarget.checked)}
          />
          Keep me signed in
        </label>
        <Trouble text={trouble.value} />
        <button type="submit" class="primary" disabled={busy.value}>
          Sign in
        </button>
      </form>
    </Door>
  );
}

export function FirstPassword() {
  const password = useSignal("");
  const shown = useSignal(false);
  const { busy, trouble, submit } = useSending(() => api.setFirstPassword(password.value));
  const { level, word } = strength(password.value);
  return (
    <Door title="Welcome">
      <p>
        Choose a password for the user <b>{user.value}</b>. From then on this page and the API ask for it.
      </p>
      <form onSubmit={submit}>
        <input type="hidden" name="username" autocomplete="username" value={user.value} />
        <label>
          New password
          <input
            {...(shown.value ? { type: "text" as const } : { type: "password" as const })}
            name="password"
            autocomplete="new-password"
            required
            minLength={8}
            autofocus
            aria-describedby="strength"
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <div class="strength" id="strength" aria-live="polite">
          <meter min={0} max={4} low={2} high={3} optimum={4} value={level} aria-label="Strength of the password" />
          <span>{password.value ? word : "Some unrelated words make a good one"}</span>
        </div>
        <label class="choice">
          <input type="checkbox" checked={shown.value} onChange={(event) => (shown.value = event.currentTarget.checked)} />
          Show the password
        </label>
        <Trouble text={trouble.value} />
        <button type="submit" class="primary" disabled={busy.value || level === 0}>
          Set password
        </button>
      </form>
    </Door>
  );
}

export function Locked() {
  return (
    <Door title="No password yet">
      <p>
        The daemon prints a sign-in link when it starts, in its terminal and its log. Open that link to choose a password;
        it works once.
      </p>
      <p>
        Or set a password on the daemon's machine: <code>flexget web passwd</code>
      </p>
      <button type="button" onClick={() => void arrive()}>
        Look again
      </button>
    </Door>
  );
}

export function Offline() {
  return (
    <Door title="No answer">
      <p>The daemon does not answer. It may be stopped, or just starting.</p>
      <button type="button" class="primary" onClick={() => void arrive()}>
        Try again
      </button>
    </Door>
  );
}
