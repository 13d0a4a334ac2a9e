// The check of pages finds nothing on a clean site and names each planted fault.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { policyFindings } from '../check/lib/policy.mjs';
import { run, scratch, write } from './lib/run.mjs';
import { ACCOUNT, POLICY, site } from './lib/site.mjs';

async function check(options, lang = 'en', pages = ['/me'], account = ACCOUNT, shared = null) {
  const server = await site(options);
  try {
    return await scratch(async (folder) => {
      const accounts = write(folder, 'accounts.json', [{ ...account, pages }]);
      const more = shared ? ['--pages', write(folder, 'pages.json', shared)] : [];
      const out = join(folder, 'shots');
      const done = await run('check/pages.mjs', server.base, '--accounts', accounts, '--out', out, '--lang', lang, ...more);
      return { ...done, shots: existsSync(out) ? readdirSync(out) : [] };
    });
  } finally {
    await server.close();
  }
}

test('a clean site has no finding, and each page has a picture for each language, size and theme', async () => {
  const { code, out, shots } = await check({}, 'zh-CN,en', ['/me', { path: '/children?q=x', name: 'found' }, { path: '/nothing', status: 404 }], ACCOUNT, { '': ['/login'] });
  assert.equal(code, 0, out);
  assert.equal(shots.length, (3 + 1) * 2 * 2 * 2);
  assert.ok(shots.includes('nobody-login-zh-CN-1366-light.png'), shots.join(' '));
  assert.ok(shots.includes('limin-found-en-390-dark.png'), shots.join(' '));
});

const PLANTED = {
  overflow: /wider than the screen: 9\d\d px of 390 \(div\.wide-fault\)/,
  handler: /inline handler on button/,
  style: /policy violation: style-src/,
  host: /request to another host: 127\.0\.0\.2:9/,
  missing: /404 for \/assets\/none\.png/,
  han: /not in en: p “中文”/,
  title: /not in en: title “中文”/,
  label: /axe label/,
  pale: /contrast .*“pale”/,
  script: /inline script/,
  dim: /dark: contrast .*“dim”/,
  heavy: /weight \d+ bytes, at most 150000/,
  crowd: /16\d\d elements, at most 1500/,
};
test('planted faults are named, all of them', async () => {
  const { code, out } = await check({ faults: Object.keys(PLANTED) });
  assert.equal(code, 1);
  for (const [fault, pattern] of Object.entries(PLANTED)) assert.match(out, pattern, fault);
});

test('a fault alone is enough', async () => {
  const { code, out } = await check({ faults: ['han'] });
  assert.equal(code, 1, out);
});

test('no policy and a wrong status are findings', async () => {
  const { code, out } = await check({ policy: null }, 'en', ['/nothing']);
  assert.equal(code, 1);
  assert.match(out, /no Content-Security-Policy/);
  assert.match(out, /status 404, not 200/);
});

test('a wrong password is a finding', async () => {
  const { code, out } = await check({}, 'en', ['/me'], { ...ACCOUNT, password: 'wrong' });
  assert.equal(code, 1);
  assert.match(out, /limin: not signed in/);
});

test('a policy may be stronger than ours, not weaker', () => {
  assert.deepEqual(policyFindings(POLICY), []);
  assert.deepEqual(policyFindings(POLICY.replace("img-src 'self' blob: data:", "img-src 'self'")), []);
  assert.deepEqual(policyFindings(`${POLICY}; script-src 'self' 'unsafe-inline'`), ["policy: script-src allows 'unsafe-inline'"]);
  assert.deepEqual(policyFindings(POLICY.replace("default-src 'self'", "default-src 'self' https:")), ['policy: default-src allows https:']);
  assert.deepEqual(policyFindings(POLICY.replace("; form-action 'self'", '')), ['policy: form-action is missing']);
  assert.deepEqual(policyFindings(undefined), ['no Content-Security-Policy']);
});
