// Opens every page as every account, at two sizes, light and dark, in each language; photographs it; looks for faults.
//   node check/pages.mjs BASE_URL --accounts FILE.json --out DIR [--lang zh-CN,en] [--pages FILE.json] [--only WORD]
// accounts: [{"login", "password", "totp_secret"?, "pages"?: ["/today", {"path", "name"?, "status"?, "budget"?, "wait"?}]}]
// pages: the same list for every account that has none of its own, or {"login": [...]}; "" stands for nobody signed in.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DESK, PHONE, launch } from './lib/chrome.mjs';
import { speak } from './lib/language.mjs';
import { signIn } from './lib/signin.mjs';
import { listen, visit } from './lib/visit.mjs';

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { accounts: { type: 'string' }, out: { type: 'string' }, lang: { type: 'string', default: 'zh-CN,en' }, pages: { type: 'string' }, only: { type: 'string' } },
  });
  if (positionals.length !== 1 || !values.accounts || !values.out) {
    console.error('usage: node check/pages.mjs BASE_URL --accounts FILE.json --out DIR [--lang zh-CN,en] [--pages FILE.json] [--only WORD]');
    process.exit(2);
  }
  return { base: positionals[0], ...values };
}

/** The pages of an account, each as an object with a name for its picture. */
function pagesOf(account, shared, only) {
  const list = account.pages ?? (Array.isArray(shared) ? shared : shared?.[account.login]) ?? [];
  return list
    .map((entry) => (typeof entry === 'string' ? { path: entry } : entry))
    .filter((entry) => !only || entry.path.includes(only))
    .map((entry) => ({ ...entry, nobody: account.login === '', name: entry.name ?? (entry.path.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'root') }));
}

function show(row) {
  const weight = row.bytes === null ? '' : `${(row.bytes / 1000).toFixed(0)} KB`;
  console.log([row.account.padEnd(12), row.lang.padEnd(6), row.size.padEnd(5), row.path.padEnd(36), weight.padStart(7), String(row.nodes).padStart(5), row.findings.length ? `✗ ${row.findings.length}` : 'ok'].join(' '));
  for (const finding of row.findings) console.log(`    ${finding}`);
}

/** All pages of one account in one language at one size. */
async function walk(browser, job, state) {
  const { base, account, lang, size, out, entries } = job;
  const context = await browser.newContext({ viewport: size.viewport, isMobile: size.isMobile, hasTouch: size.hasTouch, locale: lang, timezoneId: 'Asia/Shanghai', storageState: state, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const heard = await listen(page, base);
  await speak(page, base, lang, entries[0].path);
  let faults = 0;
  for (const entry of entries) {
    const shot = (theme) => join(out, `${account.login || 'nobody'}-${entry.name}-${lang}-${size.name}-${theme}.png`);
    const row = await visit(page, { base, entry, lang, phone: size === PHONE, heard, shot })
      .catch((error) => ({ findings: [`cannot be looked at: ${error.message.split('\n')[0]}`], bytes: null, nodes: 0 }));
    show({ account: account.login || 'nobody', lang, size: size.name, path: entry.path, ...row });
    faults += row.findings.length;
  }
  const kept = await context.storageState();
  await context.close();
  return { faults, kept };
}

async function account(browser, base, one, entries, langs, out) {
  let state;
  if (one.login !== '') {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, timezoneId: 'Asia/Shanghai' });
    await signIn(await context.newPage(), base, one);
    state = await context.storageState();
    await context.close();
  }
  let faults = 0;
  for (const lang of langs) {
    for (const size of [DESK, PHONE]) {
      const done = await walk(browser, { base, account: one, lang, size, out, entries }, state);
      faults += done.faults;
      state = done.kept;
    }
  }
  return faults;
}

const chosen = options();
mkdirSync(chosen.out, { recursive: true });
const shared = chosen.pages ? json(chosen.pages) : null;
const accounts = json(chosen.accounts);
if (shared && !Array.isArray(shared) && shared[''] && !accounts.some((one) => one.login === '')) accounts.push({ login: '' });
const browser = await launch();
let faults = 0;
let looked = 0;
try {
  for (const one of accounts) {
    const entries = pagesOf(one, shared, chosen.only);
    if (entries.length === 0) continue;
    looked += entries.length;
    faults += await account(browser, chosen.base, one, entries, chosen.lang.split(','), chosen.out).catch((error) => {
      console.error(error.message);
      return 1;
    });
  }
} finally {
  await browser.close();
}
if (looked === 0) { console.error('no page to look at'); faults += 1; }
console.log(faults ? `${faults} findings` : `pages: ${looked} pages without a finding; pictures in ${chosen.out}`);
process.exit(faults ? 1 : 0);
