// The checks of pages on the real server: starts the demonstration of the sample county and goes through it.
//   node check/served.mjs PROGRAM --out DIR [--lang zh-CN,en] [--no-pages]
// Every page as the role that works with it, in both languages, two sizes, light and dark (not with --no-pages); without
// scripts; the journeys. Pictures of all pages are in DIR.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './lib/chrome.mjs';
import { signIn } from './lib/signin.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' }, lang: { type: 'string', default: 'zh-CN,en' }, 'no-pages': { type: 'boolean', default: false } } });
if (positionals.length !== 1 || !values.out) {
  console.error('usage: node check/served.mjs PROGRAM --out DIR [--lang zh-CN,en] [--no-pages]');
  process.exit(2);
}
const ui = dirname(dirname(fileURLToPath(import.meta.url)));
const county = resolve(ui, '../examples/county');
const work = mkdtempSync(join(tmpdir(), 'baoxue-served-'));
// The accounts of `baoxue demo`; its data is synthetic.
const account = (login, pages = []) => ({ login, password: 'Yige-Haizi-Ye-Bushao', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', pages });

function start() {
  const server = spawn(resolve(positionals[0]), ['demo', join(county, 'input'), '--config', join(county, 'county.toml'), '--data', join(work, 'data'), '--listen', '127.0.0.1:0', '--days', '15'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, fail) => {
    server.on('exit', (code) => fail(new Error(`the server ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const found = /http:\/\/[\d.:]+/.exec(line);
      if (found) done({ server, base: found[0] });
    });
  });
}

/** Signs in and hands over a page with a way to the first link of a page that a selector finds. */
async function as(browser, base, login, look) {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, base, account(login));
  const first = async (path, selector) => {
    await page.goto(new URL(path, base).href, { waitUntil: 'load' });
    const link = page.locator(selector).first();
    if ((await link.count()) === 0) throw new Error(`${login} finds no ${selector} on ${path}`);
    return (await link.getAttribute('href')).split('#')[0];
  };
  const found = await look(first, page);
  await page.context().close();
  return found;
}

/** A file in the middle of its way in: at its columns, and at what it would change. */
async function uploads(page, base) {
  const steps = [];
  const text = ['五里镇各村情况汇总（8月）,,,,', ',,,,', '序号,娃的名字,身份证号,家庭住址,眼下', '1,黑小一,,松门村,在五里镇小学读书', '2,黑小二,,民权村,辍学在家'].join('\n');
  for (const step of ['detect', 'map']) {
    await page.goto(new URL('/imports', base).href, { waitUntil: 'networkidle' });
    await page.setInputFiles('#file', { name: `半路的表${steps.length}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`${text}\n${steps.length + 3},黑小三,,松门村,在五里镇小学读书`) });
    await page.waitForURL(/\/detect$/, { timeout: 20_000 });
    await page.waitForLoadState('networkidle');
    if (step === 'map') await Promise.all([page.waitForURL(/\/map$/), page.locator('main a.btn-p[href$="/map"]').click()]);
    steps.push(new URL(page.url()).pathname);
  }
  return { detect: steps[0], map: steps[1] };
}

/** One of each kind of page: a child, a row of a file, a paper and so on, as those see them who work with them. */
async function places(base) {
  const browser = await launch();
  try {
    const town = await as(browser, base, 'zhenban', async (first) => {
      const child = (await first('/children?status=out', 'main table a[href^="/children/c_"]')).split('?')[0];
      return {
        child,
        claim: await first(child, 'main a[href*="/claims/"]'),
        rule: await first('/rules', 'main a[href^="/rules/"]'),
        paper: await first('/documents?show=all', 'main table a[href^="/documents/d_"]'),
        one: await first('/cases?view=list', 'main a[href^="/cases/k_"]'),
      };
    });
    const bureau = await as(browser, base, 'jiaotiju', async (first, page) => ({
      ...await uploads(page, base),
      taken: await first('/imports', 'main table a[href^="/imports/"]'),
      taught: (await first('/children?group=home_teaching', 'main table a[href^="/children/c_"]')).split('?')[0],
      draft: await first('/cases?view=list', 'main a[href^="/cases/k_"]').then((one) => first(one, 'main a[href^="/documents/new?"]')),
      issued: await first('/documents?show=all', 'main table a[href^="/documents/d_"]'),
    }));
    const task = await as(browser, base, 'minzheng', (first) => first('/today', 'main a[href*="/tasks/t_"]'));
    const finding = await as(browser, base, 'ducha', (first) => first('/inspect', 'main a[href^="/inspect/f_"]'));
    const user = await as(browser, base, 'xitong', (first) => first("/admin/users", "main table a[href^=\"/admin/users/\"]"));
    return { ...town, ...bureau, task, finding, user };
  } finally {
    await browser.close();
  }
}

function pagesOf({ child, claim, rule, one, paper, detect, map, taken, taught, draft, task, finding, user }) {
  return [
    { login: '', pages: ['/login', '/v', '/tip', '/tip/answer', { path: '/v/23456789ABCD', name: 'paper-unknown', status: 404 }, { path: '/nowhere', name: 'not-found', status: 404 }] },
    account('jiaotiju', ['/today', '/map', '/map/definitions', '/map?group=poverty', '/children', { path: '/children?q=%E6%97%A0%E6%AD%A4%E4%BA%BA', name: 'children-none' }, { path: child, name: 'child' }, { path: `${child}/history`, name: 'history' }, { path: `${child}/family`, name: 'family' }, { path: `${taught}/teaching`, name: 'teaching' }, { path: claim, name: 'claim' }, '/review/identity', '/review/duplicates', '/review/conflicts', '/children/export', '/exports', '/imports', '/imports/new', { path: detect, name: 'import-detect' }, { path: map, name: 'import-map' }, { path: taken, name: 'import-taken' }, '/rules', { path: rule, name: 'rule' }, '/sources', '/sources/town_survey', '/api', { path: '/api?show=shapes&size=20', name: 'api-shapes' }, '/me', '/me/factor', '/me/step-up', '/cases', '/cases?view=list', { path: one, name: 'case' }, '/documents', { path: paper, name: 'document' }, { path: draft, name: 'draft' }, '/reports', '/reports/duties', '/reports/departments', '/reports/towns', '/tips', '/inspect', '/determinations', '/letters', '/notices', '/reports/monthly', { path: '/admin/users', name: 'forbidden', status: 403 }]),
    account('ducha', ['/today', '/inspect', { path: finding, name: 'finding' }, '/inspect/new', '/inspect/sample']),
    account('minzheng', ['/today', '/reports', { path: task, name: 'task' }]),
    account('quzhang', ['/today', '/map']),
    account('cunganbu', ['/today', '/children']),
    account('xiaozhang', ['/today', '/children', '/absences', '/letters']),
    account('xitong', ['/admin', '/admin/users', { path: user, name: 'user' }, '/admin/users/new', '/admin/health', '/admin/towns', '/admin/schools', '/admin/calendar', '/admin/escalation', '/admin/notices']),
    account('anquan', ['/admin/keys']),
    account('rizhi', ['/today', '/audit', '/audit?whose=all', '/audit/unusual']),
  ];
}

/** Runs another check; its output is ours. */
function run(name, ...more) {
  const done = spawnSync(process.execPath, [join(ui, 'check', name), ...more], { stdio: 'inherit' });
  return done.status === 0 ? 0 : 1;
}

const { server, base } = await start();
let failed = 0;
try {
  mkdirSync(values.out, { recursive: true });
  const file = (name, content) => { writeFileSync(join(work, name), JSON.stringify(content)); return join(work, name); };
  const people = ['quzhang', 'jiaotiju', 'ducha', 'shenji', 'zhenban', 'cunganbu', 'minzheng', 'xiaozhang', 'banzhuren'].map((login) => account(login));
  failed += run('journeys.mjs', base, '--accounts', file('journeys.json', people));
  // After the journeys, which leave something on every list.
  if (!values['no-pages']) {
    const looked = file('pages.json', pagesOf(await places(base)));
    failed += run('pages.mjs', base, '--accounts', looked, '--out', values.out, '--lang', values.lang);
  }
  // Last: it gives its account another password.
  const words = ['old=Yige-Haizi-Ye-Bushao', 'new=Qingshan-Lvshui-2019-Xun', 'again=Qingshan-Lvshui-2019-Xun'].flatMap((pair) => ['--set', pair]);
  failed += run('nojs.mjs', base, '--accounts', file('nojs.json', [account('banzhuren')]), '--form', '/me', ...words);
} finally {
  server.removeAllListeners('exit');
  server.kill('SIGTERM');
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
