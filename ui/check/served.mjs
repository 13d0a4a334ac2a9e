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

/** A child out of school, one with a conflict, a row of a file: as a town sees them. */
async function places(base) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, base, account('zhenban'));
    const first = async (path, selector) => {
      await page.goto(new URL(path, base).href, { waitUntil: 'load' });
      const href = await page.locator(selector).first().getAttribute('href');
      return href.split(/[?#]/)[0];
    };
    const child = await first('/children?status=out', 'main table a[href^="/children/c_"]');
    const claim = await first(child, 'main a[href*="/claims/"]');
    const rule = await first('/rules', 'main a[href^="/rules/"]');
    const paper = await first('/documents?show=all', 'main table a[href^="/documents/d_"]');
    const one = await first('/cases?view=list', 'main a[href^="/cases/k_"]');
    return { child, claim, rule, one, paper };
  } finally {
    await browser.close();
  }
}

function pagesOf({ child, claim, rule, one, paper }) {
  return [
    { login: '', pages: ['/login', '/v', '/tip', '/tip/answer'] },
    account('jiaotiju', ['/today', '/map', '/map/definitions', '/children', { path: child, name: 'child' }, { path: `${child}/history`, name: 'history' }, { path: claim, name: 'claim' }, '/review/identity', '/review/duplicates', '/review/conflicts', '/children/export', '/exports', '/imports', '/imports/new', '/rules', { path: rule, name: 'rule' }, '/sources', '/sources/town_survey', '/api', '/me', '/me/factor', '/cases', '/cases?view=list', { path: one, name: 'case' }, '/documents', { path: paper, name: 'document' }, '/reports', '/reports/duties', '/reports/departments', '/reports/towns', '/tips', '/inspect', '/determinations', '/letters', '/notices', '/reports/monthly']),
    account('ducha', ['/today', '/inspect', '/inspect/new', '/inspect/sample']),
    account('minzheng', ['/today', '/reports']),
    account('quzhang', ['/today', '/map']),
    account('cunganbu', ['/today', '/children']),
    account('xiaozhang', ['/today', '/children', '/absences', '/letters']),
    account('xitong', ['/admin', '/admin/users', '/admin/users/new', '/admin/health', '/admin/towns', '/admin/schools', '/admin/calendar', '/admin/escalation', '/admin/notices']),
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
  if (!values['no-pages']) {
    const looked = file('pages.json', pagesOf(await places(base)));
    failed += run('pages.mjs', base, '--accounts', looked, '--out', values.out, '--lang', values.lang);
  }
  const people = ['quzhang', 'jiaotiju', 'ducha', 'shenji', 'zhenban', 'cunganbu', 'minzheng', 'xiaozhang', 'banzhuren'].map((login) => account(login));
  failed += run('journeys.mjs', base, '--accounts', file('journeys.json', people));
  // Last: it gives its account another password.
  const words = ['old=Yige-Haizi-Ye-Bushao', 'new=Qingshan-Lvshui-2019-Xun', 'again=Qingshan-Lvshui-2019-Xun'].flatMap((pair) => ['--set', pair]);
  failed += run('nojs.mjs', base, '--accounts', file('nojs.json', [account('banzhuren')]), '--form', '/me', ...words);
} finally {
  server.removeAllListeners('exit');
  server.kill('SIGTERM');
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
