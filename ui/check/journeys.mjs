// What people do here, in a real browser, within the number of choices that each may cost. A choice is a click, or a key that
// chooses; typing is none.
//   node check/journeys.mjs BASE_URL --accounts FILE.json [--only N,N]
// The accounts must be those of `baoxue demo`.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DESK, launch } from './lib/chrome.mjs';
import { signIn } from './lib/signin.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { accounts: { type: 'string' }, only: { type: 'string' } } });
if (positionals.length !== 1 || !values.accounts) {
  console.error('usage: node check/journeys.mjs BASE_URL --accounts FILE.json [--only N,N]');
  process.exit(2);
}
const base = positionals[0];
const accounts = JSON.parse(readFileSync(values.accounts, 'utf8'));
const CHILD = /^\/children\/c_[^/?]+$/;
const here = (page) => new URL(page.url()).pathname;

/** Counts choices. */
class Person {
  constructor(page) { this.page = page; this.choices = 0; }
  async click(locator) {
    this.choices += 1;
    await Promise.all([this.page.waitForLoadState('load'), locator.first().click()]);
    await this.page.waitForLoadState('load');
    await this.page.waitForLoadState('networkidle');
  }
  async key(name) {
    this.choices += 1;
    await this.page.keyboard.press(name);
    await this.page.waitForLoadState('networkidle');
  }
}

function must(is, what) { if (!is) throw new Error(what); }

const JOURNEYS = [
  { n: 1, login: 'quzhang', what: 'a leader sees how the county stands', most: 0, async go({ page }) {
    must(here(page) === '/map', `the first page is ${here(page)}`);
    must(await page.locator('.kpi').first().isVisible(), 'no figure in view');
  } },
  { n: 2, login: 'quzhang', what: 'from a number to who is late', most: 1, async go(person) {
    await person.click(person.page.locator('.kpi[href*="due="]'));
    must(here(person.page) === '/children', 'no list of those that are late');
    must((await person.page.locator('main .due').count()) > 0 || (await person.page.locator('.empty').count()) > 0, 'the list says no day');
  } },
  { n: 4, login: 'quzhang', what: 'why this child is counted', most: 2, async go(person) {
    const { page } = person;
    await person.click(page.locator('.kpi[href*="status="]'));
    await person.click(page.locator('main table a[href^="/children/c_"]'));
    must(CHILD.test(here(page)), `not at a child: ${here(page)}`);
    const why = await page.locator('.why').first().boundingBox();
    must(why && why.y < 768, 'the reason is not in view');
  } },
  { n: 7, login: 'jiaotiju', what: 'decide one pair', most: 1, start: '/review/identity', async go(person) {
    const { page } = person;
    const before = await page.locator('.q li').count();
    must(before > 0, 'no pair waits');
    const first = await page.locator('.q li.on a').first().getAttribute('href');
    await person.key('u');
    await page.waitForFunction((href) => !document.querySelector(`.q li.on a[href="${href}"]`), first, { timeout: 10_000 });
  } },
  { n: 9, login: 'ducha', what: 'find a child with a caller on the phone', most: 1, async go(person) {
    const { page } = person;
    const name = await page.evaluate(async () => {
      const text = await (await fetch('/children?status=out')).text();
      return new DOMParser().parseFromString(text, 'text/html').querySelector('main table .person').textContent.trim();
    });
    await page.keyboard.press('/');
    await page.keyboard.type(name);
    await person.key('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/children'), { timeout: 10_000 });
    must(CHILD.test(here(page)) || (await page.locator('main table .person', { hasText: name }).count()) > 0, `${name} is not found`);
  } },
  { n: 24, login: 'shenji', what: 'who saw this child in 30 days', most: 2, start: '/children', async go(person) {
    const { page } = person;
    const child = page.locator('main table a[href^="/children/c_"]');
    must((await child.count()) > 0, 'no child in the ledger');
    await person.click(child);
    if (!here(page).endsWith('/history')) await person.click(page.locator('a[href$="/history"]'));
    must(here(page).endsWith('/history'), `not at the history: ${here(page)}`);
    must((await page.locator('main table tbody tr').count()) > 0, 'nobody looked');
  } },
  { n: 25, login: 'zhenban', what: 'from a figure to the cell of the file', most: 3, async go(person) {
    const { page } = person;
    await person.click(page.locator('main a.kpi[href^="/children"], main a[href*="status="]'));
    if (!CHILD.test(here(page))) await person.click(page.locator('main table a[href^="/children/c_"]'));
    await person.click(page.locator('a[data-drawer]'));
    const drawer = page.locator('#drawer-body, main');
    await page.waitForFunction(() => /SM3/.test(document.body.innerText), null, { timeout: 10_000 });
    must(await drawer.first().isVisible(), 'no drawer');
  } },
];

async function journey(browser, one) {
  const account = accounts.find((account) => account.login === one.login);
  const context = await browser.newContext({ viewport: DESK.viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true });
  try {
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await signIn(page, base, account);
    if (one.start) await page.goto(new URL(one.start, base).href, { waitUntil: 'networkidle' });
    const person = new Person(page);
    const begun = Date.now();
    await one.go(person);
    must(person.choices <= one.most, `${person.choices} choices, at most ${one.most}`);
    must(errors.length === 0, `errors of scripts: ${errors.join('; ')}`);
    console.log(`journey ${one.n}: ${one.what}: ${person.choices} of ${one.most} choices, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    return 0;
  } catch (error) {
    console.error(`journey ${one.n}: ${one.what}: ${error.message.split('\n')[0]}`);
    return 1;
  } finally {
    await context.close();
  }
}

const only = values.only?.split(',').map(Number);
const chosen = JOURNEYS.filter((one) => !only || only.includes(one.n));
const browser = await launch();
let failed = 0;
// Codes of a second factor work once: an account's next journey waits for its next code.
const last = new Map();
for (const one of chosen) {
  const since = Date.now() - (last.get(one.login) ?? 0);
  const step = 30_000 - (Date.now() % 30_000) + 500;
  if (last.has(one.login) && since < 30_500) await new Promise((done) => { setTimeout(done, step); });
  last.set(one.login, Date.now());
  failed += await journey(browser, one);
}
await browser.close();
process.exit(failed ? 1 : 0);
