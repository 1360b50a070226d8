import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const COMPRESSED = /\.(js|css|html|svg|json)$/;
const WORTH_IT = 600;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

/** Puts Swagger UI (for the daemon's /api/ page) and the icons beside the built page. */
function neighbours(): Plugin {
  return {
    name: "neighbours",
    apply: "build",
    writeBundle() {
      const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      mkdirSync(join(out, "swagger"), { recursive: true });
      for (const name of ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE"]) {
        copyFileSync(join(swagger, name), join(out, "swagger", name));
      }
      copyFileSync(join(here, "../icons/running.svg"), join(out, "favicon.svg"));
      copyFileSync(join(here, "../icons/flexget-tray.ico"), join(out, "favicon.ico"));
    },
  };
}

/** Compresses once what would be compressed at each request: `app.js.br` and `app.js.gz` beside `app.js`. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const path of files(out).filter((name) => COMPRESSED.test(name) && statSync(name).size > WORTH_IT)) {
        const body = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
        writeFileSync(`${path}.br`, brotliCompressSync(body, { params }));
      }
    },
  };
}

export default defineConfig({
  base: "./", // the page is served below any base_url
  build: { outDir: out, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  plugins: [neighbours(), compress()],
  server: { proxy: { "/api": process.env["FLEXGET_URL"] ?? "http://127.0.0.1:5050" } },
});
