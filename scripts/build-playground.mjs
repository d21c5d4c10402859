/**
 * The playground as static files in dist/playground. They are built beside the place and moved there at the end, so that
 * a server that runs meanwhile never serves half of them.
 */
import { cp, mkdir, rm, rename } from 'node:fs/promises';
import { build } from 'esbuild';

const SOURCE = 'src/client/playground';
const TARGET = 'dist/playground';
const STAGE = `dist/.playground-${process.pid}`;

await mkdir(STAGE, { recursive: true });
await build({
  entryPoints: { app: `${SOURCE}/main.tsx` },
  outdir: STAGE,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  tsconfigRaw: {},
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
await cp(`${SOURCE}/style.css`, `${STAGE}/app.css`);
for (const file of ['index.html', 'icon.svg']) await cp(`${SOURCE}/${file}`, `${STAGE}/${file}`);
await rm(TARGET, { recursive: true, force: true });
await rename(STAGE, TARGET);
