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

// A picture of one point.
const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM44KAAAALkASGBJcjIAAAAAElFTkSuQmCC', 'base64');

/** Counts choices. */
class Person {
  constructor(page) { this.page = page; this.choices = 0; }
  async click(locator) {
    this.choices += 1;
    await Promise.all([this.page.waitForLoadState('load'), locator.first().click()]);
    await this.page.waitForLoadState('load');
    await this.page.waitForLoadState('networkidle');
  }
  /** Picks an entry of a list. */
  async pick(select, value) {
    this.choices += 1;
    await select.first().selectOption(value);
  }
  /** Drops a file. */
  async drop(name, text) {
    this.choices += 1;
    await this.page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await this.page.waitForURL(/\/detect$/, { timeout: 60_000 });
    await this.page.waitForLoadState('networkidle');
  }
  async key(name) {
    this.choices += 1;
    await this.page.keyboard.press(name);
    await this.page.waitForLoadState('networkidle');
  }
}

/** A number of identity with its right last sign (GB 11643): nobody's. */
function number(area, born, n) {
  const start = `${area}${born}${String(n).padStart(3, '0')}`;
  const sum = [...start].reduce((sum, digit, at) => sum + Number(digit) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][at], 0);
  return start + '10X98765432'[sum % 11];
}

/** From a dropped file to its rows in the ledger: what a file of either kind goes through. */
async function bring(person, { name, text, rows, settle }) {
  const { page } = person;
  await person.drop(name, text);
  await person.click(page.locator('main a.btn-p[href$="/map"]'));
  must(here(page).endsWith('/map'), `not at the columns: ${here(page)}`);
  await settle(person);
  await person.click(page.locator('main form button.btn-p'));
  must(here(page).endsWith('/preview'), `not at the preview: ${here(page)}`);
  await page.locator('[data-progress]').waitFor({ state: 'detached', timeout: 120_000 });
  const go = page.locator('main form[action$="/run"] button.btn-p');
  must((await go.innerText()).includes(String(rows)), `the button does not say ${rows} rows: ${await go.innerText()}`);
  await person.click(go);
  await page.waitForURL((url) => /^\/imports\/[^/]+$/.test(url.pathname), { timeout: 120_000 });
  must((await page.locator('.big.c-in').first().innerText()) === String(rows), 'not all rows came in');
}

function must(is, what) { if (!is) throw new Error(what); }

/** Says which list a file is and what the columns are that nobody could name. */
async function settle(person) {
  const { page } = person;
  const source = page.locator('select[name^="source."]');
  if ((await source.count()) > 0) await person.pick(source, 'town_survey');
  const meaning = async (header, value) => {
    const select = page.locator('main tr', { hasText: header }).locator('select');
    if ((await select.inputValue()) !== value) await person.pick(select, value);
  };
  await meaning('娃的名字', 'name');
  await meaning('眼下', 'status');
}

const JOURNEYS = [
  { n: 1, login: 'quzhang', what: 'a leader sees how the county stands', most: 0, async go({ page }) {
    must(here(page) === '/map', `the first page is ${here(page)}`);
    must(await page.locator('.kpi').first().isVisible(), 'no figure in view');
  } },
  { n: 2, login: 'quzhang', what: 'from a number to who is late', most: 1, async go(person) {
    const { page } = person;
    const late = page.locator('section[aria-labelledby="h-late"] tbody tr');
    must((await late.count()) > 0, 'nobody is late on the map');
    must((await late.first().locator('td').nth(1).locator('b').innerText()).trim() !== '', 'the first line names nobody');
    await person.click(page.locator('.kpi[href*="late=1"]'));
    must(here(page) === '/reports/duties', `no list of those that are late: ${here(page)}`);
    must((await page.locator('main table tbody tr').count()) > 0, 'the list is empty');
  } },
  { n: 3, login: 'quzhang', what: 'instruct a mayor on one case', most: 3, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href*="do=instruct"]'));
    await person.click(page.locator('#do-instruct button.btn-p'));
    must((await page.locator('.tl li', { hasText: '督办' }).count()) > 0, 'the instruction is not there');
  } },
  { n: 4, login: 'quzhang', what: 'why this child is counted', most: 2, async go(person) {
    const { page } = person;
    await person.click(page.locator('.kpi[href*="status="]'));
    await person.click(page.locator('main table a[href^="/children/c_"]'));
    must(CHILD.test(here(page)), `not at a child: ${here(page)}`);
    const why = await page.locator('.why').first().boundingBox();
    must(why && why.y < 768, 'the reason is not in view');
  } },
  { n: 5, login: 'jiaotiju', what: 'load a monthly file of known layout', most: 4, start: '/imports', async go(person) {
    const head = '\ufeff序号,姓名,性别,残疾人证号,残疾类别,残疾等级,出生日期,监护人姓名,联系电话,户籍地址,乡镇,首次发证日期,是否在学';
    const row = (n) => `${n},白小${'一二三'[n]},女,${number('610902', '20100305', 100 + n * 2)}43,听力,三级,2010-3-5,白某,,汉滨区五里镇松门村,五里镇,2016-01-15,`;
    await bring(person, {
      name: '04_持证残疾人信息_区残联_20190705.csv',
      text: [head, row(0), row(1), row(2)].join('\n'),
      rows: 3,
      // Nothing is asked: the columns are remembered from the file before.
      async settle({ page }) { must((await page.locator('select[name^="source."]').count()) === 0, 'the source is asked for'); },
    });
  } },
  { n: 6, login: 'jiaotiju', what: 'load an unknown, messy file', most: 8, start: '/imports', async go(person) {
    const row = (n, place, now) => `${n},黑小${'一二三'[n]},${number('610902', '20110407', 201 + n * 2)},${place},${now}`;
    const text = ['五里镇各村情况汇总（7月）,,,,', ',,,,', '序号,娃的名字,身份证号,家庭住址,眼下', row(0, '松门村', '在五里镇小学读书'), row(1, '民权村', '辍学在家'), row(2, '松门村', '在五里镇小学读书'), '合计,3人,,,'].join('\n');
    await bring(person, {
      name: '七月的表.csv',
      text,
      rows: 3,
      async settle(person) { await settle(person); },
    });
  } },
  { n: 7, login: 'jiaotiju', what: 'decide one pair', most: 1, start: '/review/identity', async go(person) {
    const { page } = person;
    const before = await page.locator('.q li').count();
    must(before > 0, 'no pair waits');
    const first = await page.locator('.q li.on a').first().getAttribute('href');
    await person.key('u');
    await page.waitForFunction((href) => !document.querySelector(`.q li.on a[href="${href}"]`), first, { timeout: 10_000 });
  } },
  { n: 8, login: 'jiaotiju', what: 'confirm determinations that are ready', most: 2 + 7, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href="/determinations"]'));
    const ready = page.locator('nav a[href^="/determinations?at="]');
    const n = Math.min(await ready.count(), 7);
    must(n >= 3, `only ${n} are ready`);
    for (let done = 0; done < n; done += 1) {
      const left = await ready.count();
      const why = await page.locator('.why').first().boundingBox();
      must(why && why.y < 768, 'the reasons are not in view');
      await person.click(page.locator('main form[action$="/determine"] button.btn-p'));
      must(here(page) === '/determinations' && (await ready.count()) === left - 1, 'it is not confirmed');
    }
  } },
  { n: 9, login: 'ducha', what: 'find a child with a caller on the phone', most: 1, async go(person) {
    const { page } = person;
    const name = await page.evaluate(async () => {
      const read = async (href) => new DOMParser().parseFromString(await (await fetch(href)).text(), 'text/html');
      const link = (await read('/children?status=out')).querySelector('main table a[href^="/children/c_"]');
      const child = await read(link.getAttribute('href'));
      // Two may have one name: the caller says the end of the number too.
      const tail = child.querySelector('#id-number').textContent.trim().slice(-4);
      return `${child.querySelector('h1 .person').textContent.trim()} ${tail}`;
    });
    await page.keyboard.press('/');
    await page.keyboard.type(name);
    await person.key('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/children'), { timeout: 10_000 });
    must(CHILD.test(here(page)), `${name} is not opened: ${here(page)}`);
  } },
  { n: 10, login: 'jiaotiju', what: 'send a task to civil affairs', most: 3, start: '/cases?view=list', async go(person) {
    const { page } = person;
    await page.goto(await page.locator('main a[href^="/cases/k_"]').first().evaluate((link) => link.href), { waitUntil: 'networkidle' });
    const form = page.locator('details', { has: page.locator('#ask-task') });
    await person.click(form.locator('summary'));
    await person.pick(page.locator('#ask-task'), await page.locator('#ask-task option[value^="civil_affairs."]').first().getAttribute('value'));
    await page.fill('#ask-words', '请核实是否符合救助条件');
    await person.click(form.locator('button.btn-p'));
    must((await page.locator('.tl li', { hasText: '派给民政局' }).count()) > 0, 'the task was not sent');
  } },
  { n: 11, login: 'jiaotiju', what: 'issue a deadline notice', most: 3, start: '/documents?show=drafted', async go(person) {
    const { page } = person;
    const drafts = page.locator('main table tr', { hasText: '限期复学通知书' });
    must((await drafts.count()) > 0, 'no draft waits');
    await page.goto(await drafts.first().locator('a[href^="/cases/"]').evaluate((link) => link.href), { waitUntil: 'networkidle' });
    await person.click(page.locator('section a[href^="/documents/d_"]', { hasText: '限期复学通知书' }));
    must((await page.locator('main dl', { hasText: '监护人' }).count()) > 0, 'the paper cannot be read');
    await person.click(page.locator('form[action$="/issue"] button'));
    must((await page.locator('main h2', { hasText: '〔' }).count()) > 0, 'it has no number');
  } },
  { n: 12, login: 'jiaotiju', what: 'monthly statutory report', most: 2, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href^="/reports/monthly?"]'));
    must((await page.locator('main table tfoot').count()) > 0, 'no figures');
    await person.click(page.locator('main form[action="/reports/monthly"] button'));
    must((await page.locator('main .al-o').count()) > 0, 'it is not submitted');
  } },
  { n: 13, login: 'zhenban', what: 'verify a suspected child after a call', most: 4, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href*="do=visit"]'));
    const before = await page.locator('.tl li').count();
    await person.pick(page.locator('#visit-met'), '0');
    await person.pick(page.locator('#visit-found'), '0');
    await page.fill('#visit-words', '电话联系监护人，孩子在家');
    await person.click(page.locator('#do-visit button.btn-p'));
    must((await page.locator('.tl li').count()) > before, 'the visit is not there');
  } },
  { n: 14, login: 'zhenban', what: 'print all papers to deliver', most: 2, async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href="/documents?show=serve"]'));
    const print = page.locator('a[href="/documents/to-serve.pdf"]');
    person.choices += 1;
    const [file] = await Promise.all([page.waitForEvent('download'), print.click()]);
    must(file.suggestedFilename() === 'to-serve.pdf', 'no papers');
  } },
  { n: 17, login: 'cunganbu', what: 'answer whether a visit still holds', most: 2, start: '/today', async go(person) {
    const { page } = person;
    const asked = page.locator('form[action$="/still"]');
    const before = await asked.count();
    must(before > 0, 'nobody is asked');
    const both = await page.locator('main .todo', { has: asked }).first().innerText();
    must(both.includes('填“') && both.includes('报“'), `not both statements: ${both}`);
    const href = await page.locator('main .todo', { has: asked }).first().locator('a[href^="/cases/k_"]').getAttribute('href');
    await person.click(asked.first().locator('button[value=yes]'));
    must(here(page) === '/today' && (await asked.count()) === before - 1, 'it is asked again');
    await page.goto(new URL(href, base).href, { waitUntil: 'networkidle' });
    must((await page.locator('.tl li', { hasText: '两条都保留' }).count()) === 1, 'the answer is not in the timeline');
  } },
  { n: 18, login: 'xiaozhang', what: 'prove a return', most: 2, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href*="do=attended"]'));
    const of = Number((await page.locator('#do-attended').innerText()).match(/(\d+)\s*个教学日/)?.[1] ?? 0);
    must(of > 0, 'the page does not say how many school days there were');
    must((await page.inputValue('#attended-days')) === '', 'the page guesses the days');
    await page.fill('#attended-days', String(of));
    await person.click(page.locator('#do-attended button.btn-p'));
    must((await page.locator('.tl li', { hasText: '到校' }).count()) > 0, 'the attendance is not there');
  } },
  { n: 19, login: 'banzhuren', what: 'report an absence of three days', most: 4, start: '/today', async go(person) {
    const { page } = person;
    await person.click(page.locator('a[href="/absences"]'));
    await person.click(page.locator('main a[href^="/absences/new?child="]'));
    const since = await page.evaluate(() => {
      const day = new Date(document.querySelector('#since').value);
      day.setDate(day.getDate() - 3);
      return day.toISOString().slice(0, 10);
    });
    await page.fill('#since', since);
    person.choices += 1;
    await page.locator('input[name=why]').first().check();
    await page.fill('#words', '电话没人接');
    await person.click(page.locator('main form button.btn-p'));
    must((await page.locator('.tl li', { hasText: '缺勤' }).count()) > 0, 'no case hears of it');
  } },
  { n: 20, login: 'minzheng', what: 'finish a task with an answer', most: 3, async go(person) {
    const { page } = person;
    await person.click(page.locator('main a[href*="/tasks/t_"]'));
    person.choices += 1;
    await page.locator('input[name=answer][value=done]').check();
    await page.fill('#words', '符合条件，已纳入救助');
    await person.click(page.locator('main form button.btn-p'));
    must((await page.locator('main li', { hasText: '已办结' }).count()) > 0, 'the answer is not there');
  } },
  { n: 21, login: 'minzheng', what: 'send a task back', most: 3, async go(person) {
    const { page } = person;
    const task = page.locator('main a[href*="/tasks/t_"]');
    must((await task.count()) > 0, 'no task waits');
    await person.click(task);
    person.choices += 1;
    await page.locator('input[name=answer][value=declined]').check();
    await page.fill('#words', '不属于本单位职责');
    await person.click(page.locator('main form button.btn-p'));
    must((await page.locator('main li', { hasText: '退回' }).count()) > 0, 'it is not sent back');
  } },
  { n: 22, login: 'ducha', what: 'sample 20 children of one town and print', most: 4, async go(person) {
    const { page } = person;
    await person.click(page.locator('header a[href="/inspect"]'));
    await person.click(page.locator('main a[href^="/inspect/sample?town="]'));
    await person.click(page.locator('main form button.btn-p'));
    must((await page.locator('main table tbody tr').count()) === 20, 'not 20 were drawn');
    must(new URL(page.url()).searchParams.get('seed'), 'no seed in the address');
    await page.evaluate(() => { window.print = () => { document.body.dataset.printed = '1'; }; });
    await person.click(page.locator('button[data-print]'));
    must((await page.locator('body[data-printed]').count()) === 1, 'nothing was printed');
  } },
  { n: 23, login: 'ducha', what: 'enter a finding about a child', most: 4, start: '/children?status=in', async go(person) {
    const { page } = person;
    await person.click(page.locator('main table a[href^="/children/c_"]'));
    await person.click(page.locator('a[href*="/inspect/new?"][href$="found=out"]'));
    await page.fill('#words', '在家，没有去学校');
    if (!(await page.inputValue('#unit'))) await page.fill('#unit', '教体局');
    person.choices += 1;
    await page.setInputFiles('#file', { name: 'photo.png', mimeType: 'image/png', buffer: DOT });
    await person.click(page.locator('main form button.btn-p'));
    must(/^\/inspect\/f_\d+$/.test(here(page)), `not at the finding: ${here(page)}`);
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

const PLACE = { viewport: DESK.viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true };

/** Cookies by login: a code of a second factor works once, so an account signs in once and goes on, as people do. */
const signed = new Map();
async function cookies(browser, login) {
  if (!signed.has(login)) {
    const context = await browser.newContext(PLACE);
    await signIn(await context.newPage(), base, accounts.find((account) => account.login === login));
    signed.set(login, await context.storageState());
    await context.close();
  }
  return signed.get(login);
}

async function journey(browser, one) {
  const context = await browser.newContext({ ...PLACE, storageState: await cookies(browser, one.login) });
  try {
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    // Without a place of its own a journey begins where signing in leads to.
    await page.goto(new URL(one.start ?? '/', base).href, { waitUntil: 'networkidle' });
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
for (const one of chosen) failed += await journey(browser, one);
await browser.close();
process.exit(failed ? 1 : 0);
