/** The page: one of the doors, or the views behind them. */

import { signal } from "@preact/signals";
import { render } from "preact";
import { api } from "./api";
import { FirstPassword, Locked, Offline, SignIn } from "./doors";
import { History } from "./history";
import { Icon, Mark } from "./icons";
import { useLoaded } from "./loading";
import { arrive, leave, place } from "./session";
import "./styles.css";
import { Tasks } from "./tasks";

const VIEWS = { tasks: ["Tasks", Tasks], history: ["History", History] } as const;
type ViewName = keyof typeof VIEWS;

function chosen(): ViewName {
  const name = location.hash.slice(1);
  return name in VIEWS ? (name as ViewName) : "tasks";
}

const view = signal<ViewName>(chosen());
addEventListener("hashchange", () => (view.value = chosen()));

function Inside() {
  const [version] = useLoaded(api.version);
  const [title, View] = VIEWS[view.value];
  document.title = `${title} · FlexGet`;
  return (
    <>
      <header>
        <div class="bar">
          <span class="brand">
            <Mark size={28} />
            FlexGet
          </span>
          <nav aria-label="Views">
            {(Object.keys(VIEWS) as ViewName[]).map((name) => (
              <a key={name} href={`#${name}`} aria-current={name === view.value ? "page" : undefined}>
                {VIEWS[name][0]}
              </a>
            ))}
          </nav>
          <button type="button" class="plain" onClick={() => void leave()}>
            <Icon name="out" />
            Sign out
          </button>
        </div>
      </header>
      <main class="inside">
        <View />
      </main>
      <footer>
        {version.value.data && <span>Version {version.value.data.flexget_version}</span>}
        <a href="api/">API</a>
      </footer>
    </>
  );
}

const DOORS = { "sign-in": SignIn, "first-password": FirstPassword, locked: Locked, offline: Offline, inside: Inside };

function App() {
  if (place.value === "loading") return null;
  const Door = DOORS[place.value];
  return <Door />;
}

const root = document.getElementById("app");
if (root) render(<App />, root);
void arrive();
