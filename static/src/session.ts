/** Who is here: asked once, changed by signing in and out. */

import { signal } from "@preact/signals";
import { api, signedOut } from "./api";

export type Place = "loading" | "offline" | "locked" | "sign-in" | "first-password" | "inside";

export const place = signal<Place>("loading");
export const user = signal("flexget");
export const expired = signal(false);

/** Finds out what to show: locked is a daemon without a password, which only its sign-in link opens. */
export async function arrive(): Promise<void> {
  try {
    const setup = await api.setup();
    user.value = setup.user;
    if (setup.signed_in) place.value = setup.password_set ? "inside" : "first-password";
    else place.value = setup.password_set ? "sign-in" : "locked";
  } catch {
    place.value = "offline";
  }
}

/** Ends the session here and at the daemon. */
export async function leave(): Promise<void> {
  await api.signOut();
  expired.value = false;
  place.value = "sign-in";
}

signedOut.handler = () => {
  if (place.value === "inside") {
    expired.value = true;
    place.value = "sign-in";
  }
};
