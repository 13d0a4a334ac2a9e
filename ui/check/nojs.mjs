// Without scripts: signs in, searches, opens a child, submits a form.
//   node check/nojs.mjs BASE_URL --accounts FILE.json [--search TEXT] [--form PATH] [--set NAME=VALUE] [--expect TEXT]
// The first account of the file is used. --form is a page with a form that posts (default /me); --set fills a field of
// it; --expect is a text that the answer must hold.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch } from './lib/chrome.mjs';
import { signIn } from './lib/signin.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { accounts: { type: 'string' }, search: { type: 'string', default: '王' }, form: { type: 'string', default: '/me' }, set: { type: 'string', multiple: true, default: [] }, expect: { type: 'string' } },
});
if (positionals.length !== 1 || !values.accounts) {
  console.error('usage: node check/nojs.mjs BASE_URL --accounts FILE.json [--search TEXT] [--form PATH] [--set NAME=VALUE] [--expect TEXT]');
  process.exit(2);
}
const base = positionals[0];
const CHILD = /^\/children\/c_[^/?]+$/;

/** Does `act`, waits for the page that follows, and refuses an answer that is an error. */
async function follow(page, act) {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load', timeout: 15_000 }), act()]);
  const status = response?.status() ?? 0;
  if (status >= 400) throw new Error(`${status} at ${page.url()}`);
  return response;
}

async function search(page) {
  await page.goto(new URL('/children', base).href, { waitUntil: 'load' });
  const field = page.locator('form:visible [name=q]').first();
  await field.fill(values.search);
  await follow(page, () => field.press('Enter'));
  if (!page.url().includes('q=') && !CHILD.test(new URL(page.url()).pathname)) throw new Error(`the search is not in the address: ${page.url()}`);
}

async function child(page) {
  if (CHILD.test(new URL(page.url()).pathname)) return;
  const addresses = await page.locator('main a[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const address = addresses.find((href) => CHILD.test(href.split(/[?#]/)[0]));
  if (!address) throw new Error(`nobody found for “${values.search}”`);
  await follow(page, () => page.locator(`main a[href="${address}"]`).first().click());
  if ((await page.locator('h1').count()) !== 1) throw new Error('the page of the child has no heading');
}

async function form(page) {
  await page.goto(new URL(values.form, base).href, { waitUntil: 'load' });
  const posted = page.locator('main form[method=post i]').first();
  if ((await posted.count()) === 0) throw new Error(`no form that posts on ${values.form}`);
  for (const pair of values.set) {
    const at = pair.indexOf('=');
    const field = posted.locator(`[name="${pair.slice(0, at)}"]`).first();
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(pair.slice(at + 1));
    else if (/^(radio|checkbox)$/.test((await field.getAttribute('type')) ?? '')) await posted.locator(`[name="${pair.slice(0, at)}"][value="${pair.slice(at + 1)}"]`).check();
    else await field.fill(pair.slice(at + 1));
  }
  await follow(page, () => posted.locator('button:not([type]),button[type=submit],input[type=submit]').first().click());
  if (values.expect && !(await page.locator('body').innerText()).includes(values.expect)) throw new Error(`the answer does not say “${values.expect}”`);
}

const browser = await launch();
let failed = false;
try {
  const context = await browser.newContext({ javaScriptEnabled: false, ignoreHTTPSErrors: true, viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const page = await context.newPage();
  const account = JSON.parse(readFileSync(values.accounts, 'utf8'))[0];
  const steps = { 'sign in': () => signIn(page, base, account), search: () => search(page), 'open a child': () => child(page), 'submit a form': () => form(page) };
  for (const [name, step] of Object.entries(steps)) {
    await step();
    console.log(`without scripts: ${name}: ok (${new URL(page.url()).pathname})`);
  }
} catch (error) {
  failed = true;
  console.error(`without scripts: ${error.message.split('\n')[0]}`);
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
