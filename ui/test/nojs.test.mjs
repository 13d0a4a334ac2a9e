// Signing in, searching, opening a child and sending a form work without scripts; where one does not, the check says which.
import assert from 'node:assert/strict';
import test from 'node:test';
import { run, scratch, write } from './lib/run.mjs';
import { ACCOUNT, site } from './lib/site.mjs';

async function check(options, ...args) {
  const server = await site(options);
  try {
    return await scratch((folder) => run('check/nojs.mjs', server.base, '--accounts', write(folder, 'a.json', [ACCOUNT]), ...args));
  } finally {
    await server.close();
  }
}

test('the whole way', async () => {
  const { code, out } = await check({}, '--set', 'note=kept', '--expect', 'kept');
  assert.equal(code, 0, out);
  assert.match(out, /submit a form: ok/);
});

test('a form that needs scripts is found', async () => {
  const routes = (request, response, { url, html, page, lang }) => {
    if (url.pathname !== '/me') return false;
    page(response, html(lang, 'x', '<button type="button" data-dialog="d">x</button>'));
    return true;
  };
  const { code, out } = await check({ routes });
  assert.equal(code, 1);
  assert.match(out, /no form that posts on \/me/);
});

test('an answer that is not the expected one is found', async () => {
  const { code, out } = await check({}, '--set', 'note=kept', '--expect', 'other words');
  assert.equal(code, 1);
  assert.match(out, /does not say/);
});
