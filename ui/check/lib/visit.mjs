// One page at one size in one language: opens it, photographs it light and dark, and says what is wrong with it.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
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

/** Rules of axe that the page breaks; in the dark only what colours decide. */
async function axe(page, dark) {
  const options = dark ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : { runOnly: { type: 'tag', values: AXE_TAGS } };
  const found = await page.evaluate(async (chosen) => {
    const { violations } = await globalThis.axe.run(document, { ...chosen, resultTypes: ['violations'] });
    return violations.map((violation) => ({ id: violation.id, target: violation.nodes[0]?.target.join(' ') ?? '', times: violation.nodes.length }));
  }, options);
  return found.map((violation) => `axe ${violation.id} ×${violation.times}: ${violation.target.slice(0, 90)}`);
}

function limit(entry, charts) {
  if (entry.budget) return entry.budget;
  if (!charts) return LIMITS.page;
  return /^\/map/.test(entry.path) ? LIMITS.map : LIMITS.chart;
}

/** What a theme decides: the picture, and whether everything can be read. */
async function look(page, theme, shot) {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((name) => { document.documentElement.dataset.theme = name; }, theme);
  // Charts are drawn anew, and colours fade over 120 ms.
  await page.waitForTimeout(170);
  await page.screenshot({ path: shot(theme) });
  const findings = [...(await page.evaluate(contrast)), ...(await axe(page, theme === 'dark'))];
  return theme === 'dark' ? findings.map((finding) => `dark: ${finding}`) : findings;
}

/** What the page says by its answer, its words and its size, whatever the theme. */
async function read(page, response, { entry, lang, phone, scale }) {
  const findings = [];
  const wanted = entry.status ?? 200;
  const status = response?.status() ?? 0;
  if (status !== wanted) findings.push(`status ${status}, not ${wanted}`);
  if (!entry.nobody && new URL(page.url()).pathname === '/login') findings.push('sent back to /login');
  findings.push(...policyFindings(response?.headers()['content-security-policy']));
  findings.push(...(await page.evaluate(inline)), ...(await page.evaluate(foreign, lang)));
  if (phone) findings.push(...(await page.evaluate(overflow)));
  const count = await page.evaluate(nodes);
  if (count > LIMITS.nodes) findings.push(`${count} elements, at most ${LIMITS.nodes}`);
  const bytes = scale ? scale.bytes() : null;
  if (scale) {
    const most = limit(entry, (await page.locator('script[src*="/charts."]').count()) > 0);
    if (bytes > most) findings.push(`weight ${bytes} bytes, at most ${most}`);
    await scale.stop();
  }
  return { findings, bytes, nodes: count };
}

/**
 * @param {import('playwright-core').Page} page signed in, of the right size
 * @param {{base: string, entry: {path: string, status?: number, budget?: number, wait?: string, nobody?: boolean}, lang: string, phone: boolean, heard: string[], shot: (theme: string) => string}} job
 *   `shot` names the file of a picture; the weight is taken on the desk only
 * @returns {Promise<{findings: string[], bytes: number | null, nodes: number}>}
 */
export async function visit(page, { base, entry, lang, phone, heard, shot }) {
  heard.length = 0;
  const scale = phone ? null : await weigh(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const response = await page.goto(new URL(entry.path, base).href, { waitUntil: 'load' });
  if (entry.wait) await page.locator(entry.wait).first().waitFor({ timeout: 10_000 });
  const told = await read(page, response, { entry, lang, phone, scale });
  await page.evaluate(AXE);
  const findings = [...told.findings, ...(await look(page, 'light', shot)), ...(await look(page, 'dark', shot))];
  // A page that means to answer with an error says so on the console as well.
  const said = heard.filter((text) => !(entry.status >= 400 && /Failed to load resource/.test(text)));
  return { ...told, findings: [...new Set([...said, ...findings])] };
}
