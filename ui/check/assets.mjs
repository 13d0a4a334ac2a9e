// Checks what was built: the browser floor, the weight, the contrast of the tokens.
//   node check/assets.mjs [DIST]
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { budget } from './lib/budget.mjs';
import { cssFloor, jsFloor } from './lib/floor.mjs';
import { tokenContrast } from './lib/tokens.mjs';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = resolve(process.argv[2] ?? join(ui, 'dist'));
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const built = (name) => readFileSync(join(dist, manifest[name]), 'utf8');
const source = (name) => readFileSync(join(ui, name), 'utf8');

const { findings, sizes } = budget(dist);
for (const name of Object.keys(manifest).filter((key) => key.endsWith('.css'))) findings.push(...cssFloor(built(name)).map((text) => `${name}: ${text}`));
for (const name of ['app.js', 'charts.js']) findings.push(...jsFloor(built(name)).map((text) => `${name}: ${text}`));
findings.push(...tokenContrast(source('bx.css') + source('web.css')));

for (const [name, size] of Object.entries(sizes)) console.log(`${name.padEnd(14)} ${String(size).padStart(7)} bytes gz`);
for (const finding of findings) console.error(finding);
console.log(findings.length ? `${findings.length} findings` : 'assets: floor, weight and contrast hold');
process.exit(findings.length ? 1 : 0);
