// Builds dist/: one style sheet, the scripts, the icon sprite, each named by its content and packed beside itself
// (.br, .gz), and manifest.json that says which name is which. The same sources give the same bytes.
//   node build.mjs [OUT]
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { HTMX_CONFIG } from './src/htmx-config.mjs';
import { sprite } from './build/sprite.mjs';
import { themes } from './build/themes.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, 'dist'));
/** The oldest engine in county offices; see check/floor.mjs. */
const TARGET = 'chrome86';
/** What is shipped to the browser; the licence texts of these go along. */
const SHIPPED = ['bootstrap', '@tabler/icons', 'htmx.org', 'echarts', 'zrender', 'tslib'];

const read = (name) => readFileSync(join(HERE, name), 'utf8');

async function css() {
  const boot = sass.compile(join(HERE, 'boot.scss'), {
    loadPaths: [join(HERE, 'node_modules')],
    logger: sass.Logger.silent,
  }).css;
  const own = themes(read('bx.css') + read('web.css'));
  const { code } = await esbuild.transform(boot + own, { loader: 'css', minify: true, target: TARGET, legalComments: 'none' });
  return code;
}

async function script(entry) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    target: TARGET,
    legalComments: 'none',
    absWorkingDir: HERE,
  });
  return outputFiles[0].text;
}

function licences() {
  const text = (name) => {
    const folder = join(HERE, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'NOTICE'].map((file) => {
      try { return readFileSync(join(folder, file), 'utf8'); } catch { return ''; }
    });
    return `${name} ${version} (${license})\n\n${files.join('\n').trim()}\n`;
  };
  return SHIPPED.map(text).join(`\n${'-'.repeat(72)}\n\n`);
}

function put(manifest, name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(OUT, file), bytes);
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  writeFileSync(join(OUT, `${file}.br`), brotliCompressSync(bytes, brotli));
  writeFileSync(join(OUT, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  manifest[name] = file;
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const icons = read('icons.txt').split('\n').map((line) => line.trim()).filter(Boolean);
const manifest = {};
put(manifest, 'app.css', await css());
put(manifest, 'app.js', await script('app.ts'));
put(manifest, 'charts.js', await script('charts.ts'));
put(manifest, 'icons.svg', sprite(icons, join(HERE, 'node_modules/@tabler/icons/icons/outline')));
put(manifest, 'favicon.svg', read('favicon.svg'));
put(manifest, 'licences.txt', licences());
manifest.icons = icons;
manifest['htmx-config'] = JSON.stringify(HTMX_CONFIG);
writeFileSync(join(OUT, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
