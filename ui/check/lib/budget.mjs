// How much a first visit may weigh, compressed with gzip (proxies of counties speak nothing better).
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const KB = 1000;
/** Bytes that a page's own HTML may have, compressed. */
const HTML = 8 * KB;
/** The limits of the design, in bytes. */
export const LIMITS = { page: 150 * KB, chart: 300 * KB, map: 320 * KB, fragment: 8 * KB, nodes: 1500 };
const PARTS = { 'app.js': 30 * KB, 'app.css': 22 * KB, 'icons.svg': 8 * KB, 'charts.js': 212 * KB };

/**
 * @param {string} dist the built folder
 * @returns {{findings: string[], sizes: Record<string, number>}} what is too heavy or missing, and bytes of each part
 */
export function budget(dist) {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  const findings = [];
  const sizes = {};
  for (const [name, file] of Object.entries(manifest)) {
    if (typeof file !== 'string' || name === 'htmx-config') continue;
    for (const packed of [`${file}.gz`, `${file}.br`]) if (!existsSync(join(dist, packed))) findings.push(`${packed} is missing`);
    if (existsSync(join(dist, `${file}.map`))) findings.push(`${file}.map: source maps are not shipped`);
    sizes[name] = existsSync(join(dist, `${file}.gz`)) ? statSync(join(dist, `${file}.gz`)).size : Number.POSITIVE_INFINITY;
  }
  for (const [name, limit] of Object.entries(PARTS)) {
    if (!((sizes[name] ?? Number.POSITIVE_INFINITY) <= limit)) findings.push(`${name}: ${sizes[name]} bytes, at most ${limit}`);
  }
  const page = HTML + sizes['app.css'] + sizes['app.js'] + sizes['icons.svg'];
  if (!(page <= LIMITS.page)) findings.push(`a page: ${page} bytes, at most ${LIMITS.page}`);
  if (!(page + sizes['charts.js'] <= LIMITS.chart)) findings.push(`a page with a chart: ${page + sizes['charts.js']} bytes, at most ${LIMITS.chart}`);
  return { findings, sizes };
}
