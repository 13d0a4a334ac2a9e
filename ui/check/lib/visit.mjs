// One page at one size in one theme and language: opens it, photographs it, and says what is wrong with it.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from './budget.mjs';
import { contrast, foreign, inline, nodes, overflow } from './inpage.mjs';
import { policyFindings } from './policy.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Hears everything that a page says while it loads. */
export async function listen(page, base) {
  const heard = [];
  const host = new URL(base).host;
  await page.exposeBinding('__violation', (_, text) => { heard.push(text); });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.__violation(`policy violation: ${event.violatedDirective} ${event.blockedURI || ''} line ${event.lineNumber}`);
    });
  });
  page.on('console', (message) => {
    // Violations are heard above, with their line.
    if (message.type() === 'error' && !/Content Security Policy directive/.test(message.text())) heard.push(`console: ${message.text().slice(0, 160)}`);
  });
  page.on('pageerror', (error) => heard.push(`script error: ${error.message.slice(0, 160)}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) heard.push(`request to another host: ${url.host}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // The stream of progress ends when the page is left.
    if (!/ERR_ABORTED/.test(why)) heard.push(`request failed: ${new URL(request.url()).pathname} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') heard.push(`${response.status()} for ${new URL(response.url()).pathname}`);
  });
  return heard;
}

/** Bytes on the wire of everything that the page loads on a first visit. */
async function weigh(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  return { bytes: () => bytes, stop: () => session.detach() };
}

async function axe(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return violations.map((violation) => ({ id: violation.id, target: violation.nodes[0]?.target.join(' ') ?? '', times: violation.nodes.length }));
  }, AXE_TAGS);
  return found.map((violation) => `axe ${violation.id} ×${violation.times}: ${violation.target.slice(0, 90)}`);
}

function limit(entry, charts) {
  if (entry.budget) return entry.budget;
  if (!charts) return LIMITS.page;
  return /^\/map/.test(entry.path) ? LIMITS.map : LIMITS.chart;
}

/**
 * @param {import('playwright-core').Page} page signed in, of the right size
 * @param {{base: string, entry: {path: string, status?: number, budget?: number, wait?: string}, lang: string, theme: string, phone: boolean, heard: string[], shot: string | null, first: boolean}} job
 * @returns {Promise<{findings: string[], bytes: number | null, nodes: number}>}
 */
export async function visit(page, { base, entry, lang, theme, phone, heard, shot, first }) {
  heard.length = 0;
  await page.emulateMedia({ colorScheme: theme });
  const scale = first ? await weigh(page) : null;
  const response = await page.goto(new URL(entry.path, base).href, { waitUntil: 'load' });
  if (entry.wait) await page.locator(entry.wait).first().waitFor({ timeout: 10_000 });
  await page.evaluate((name) => { document.documentElement.dataset.theme = name; }, theme);
  await page.waitForTimeout(150);
  const findings = [];
  const status = response?.status() ?? 0;
  if (status !== (entry.status ?? 200)) findings.push(`status ${status}, not ${entry.status ?? 200}`);
  if (!entry.login && new URL(page.url()).pathname === '/login') findings.push('sent back to /login');
  findings.push(...policyFindings(response?.headers()['content-security-policy']));
  if (shot) await page.screenshot({ path: join(shot), fullPage: false });
  findings.push(...(await page.evaluate(inline)), ...(await page.evaluate(foreign, lang)), ...(await page.evaluate(contrast)));
  if (phone) findings.push(...(await page.evaluate(overflow)));
  const count = await page.evaluate(nodes);
  if (count > LIMITS.nodes) findings.push(`${count} elements, at most ${LIMITS.nodes}`);
  const bytes = scale ? scale.bytes() : null;
  if (scale) {
    const charts = await page.locator('script[src*="/charts."]').count();
    if (bytes > limit(entry, charts > 0)) findings.push(`weight ${bytes} bytes, at most ${limit(entry, charts > 0)}`);
    await scale.stop();
  }
  findings.push(...(await axe(page)));
  // A page that means to answer with an error says so on the console as well.
  const said = heard.filter((text) => !(entry.status >= 400 && /Failed to load resource/.test(text)));
  return { findings: [...new Set([...said, ...findings])], bytes, nodes: count };
}
