// app.js and charts.js in a real browser, under the policy of the pages.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { after, before } from 'node:test';
import { launch } from '../check/lib/chrome.mjs';
import { listen } from '../check/lib/visit.mjs';
import { write, scratch } from './lib/run.mjs';
import { manifest, site } from './lib/site.mjs';
import { uploads } from './lib/uploads.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/**
 * Opens a page with `main` as its content, with more routes, and gives it to `use`.
 * @param {string} main
 * @param {(request, response, helpers) => boolean | Promise<boolean>} routes
 * @param {(page, heard: string[], base: string) => Promise<void>} use
 */
async function open(main, routes, use, head = '') {
  const server = await site({
    routes: async (request, response, helpers) => {
      if (helpers.url.pathname === '/x') { helpers.page(response, helpers.html('zh-CN', 'x', main, head)); return true; }
      return routes ? routes(request, response, helpers) : false;
    },
  });
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  try {
    const heard = await listen(page, server.base);
    await page.goto(`${server.base}/x`);
    await use(page, heard, server.base);
  } finally {
    await context.close();
    await server.close();
  }
}

const text = (response, { send }, body, status = 200, headers = {}) => { send(response, status, 'text/html; charset=utf-8', body, headers); return true; };

test('keys act on what is marked, not while somebody types, not while held down, not when switched off', () => open(
  `<input class="inp" type="search" aria-label="q" data-key="/"><button class="btn" id="y" type="button" data-key="y">Y</button><button class="btn" id="n" type="button" data-key="n" disabled>N</button><button class="btn" type="button" data-key="?" data-dialog="help">?</button><dialog id="help" class="dlg" aria-label="help"><button type="button" class="btn" data-close data-key="y">ok</button></dialog>`,
  null,
  async (page) => {
    await page.evaluate(() => { globalThis.pressed = 0; document.getElementById('y').addEventListener('click', () => { globalThis.pressed += 1; }); });
    const pressed = () => page.evaluate(() => globalThis.pressed);
    await page.keyboard.press('y');
    assert.equal(await pressed(), 1);
    await page.keyboard.press('Control+y');
    await page.keyboard.press('n');
    await page.keyboard.down('y');
    await page.keyboard.down('y');
    await page.keyboard.up('y');
    assert.equal(await pressed(), 2);
    await page.keyboard.press('/');
    await page.keyboard.type('yy/');
    assert.equal(await pressed(), 2);
    assert.equal(await page.locator('[type=search]').inputValue(), 'yy/');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await page.locator('#help').evaluate((dialog) => dialog.open), true);
    await page.keyboard.press('y');
    assert.equal(await page.locator('#help').evaluate((dialog) => dialog.open), false);
    assert.equal(await pressed(), 2);
    await page.evaluate(() => { document.documentElement.dataset.hotkeys = 'off'; });
    await page.keyboard.press('y');
    assert.equal(await pressed(), 2);
  },
));

test('the drawer shows the fragment, closes by Esc and gives the focus back; names blur by F8', () => open(
  '<a id="open" class="btn" href="/claim" data-drawer>x</a> <span class="person">王小明</span>',
  (request, response, helpers) => helpers.url.pathname === '/claim' && text(response, helpers, `<h2 tabindex="-1" data-focus>claim ${request.headers['hx-target']}</h2>`),
  async (page, heard) => {
    await page.locator('#open').click();
    await page.getByRole('dialog', { name: 'claim drawer-body' }).waitFor();
    // The focus moves when the swap has settled, a moment after the text can be seen.
    await page.locator('[data-focus]:focus', { hasText: 'claim drawer-body' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'open');
    await page.keyboard.press('F8');
    assert.match(await page.locator('.person').evaluate((name) => getComputedStyle(name).filter), /blur/);
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains('veil')), true);
    assert.deepEqual(heard, []);
  },
));

test('writes bring the token and one key for one intention; an error stays in place and nothing typed is lost', async () => {
  const seen = [];
  let status = 500;
  await open(
    '<form id="f" hx-post="/save" hx-target="#f" hx-swap="outerHTML"><input class="inp" name="a" aria-label="a"><button class="btn">go</button></form>',
    (request, response, helpers) => {
      if (helpers.url.pathname !== '/save') return false;
      seen.push([request.headers['x-csrf-token'], request.headers['idempotency-key']]);
      return text(response, helpers, status === 500 ? '<p data-error role="alert">编号 7F3A</p>' : '<form id="f" hx-post="/save"><b data-focus>saved</b></form><div hx-swap-oob="beforeend:#toasts"><div class="toast-x">已保存</div></div>', status);
    },
    async (page) => {
      await page.locator('[name=a]').fill('typed');
      await page.locator('button.btn', { hasText: 'go' }).click();
      await page.getByText('编号 7F3A').waitFor();
      assert.equal(await page.locator('[name=a]').inputValue(), 'typed');
      await Promise.all([page.waitForResponse(/\/save$/), page.locator('button.btn', { hasText: 'go' }).click()]);
      await page.waitForFunction(() => !document.querySelector('.htmx-request'));
      assert.equal(await page.locator('[data-failure]').count(), 1);
      await page.locator('[name=a]').fill('typed more');
      status = 200;
      await page.locator('button.btn', { hasText: 'go' }).click();
      await page.getByText('saved').waitFor();
      await page.locator('#toasts .toast-x').waitFor();
      await page.locator('[data-focus]:focus', { hasText: 'saved' }).waitFor();
    },
  );
  assert.equal(seen.length, 3);
  assert.ok(seen.every(([token, key]) => token === 'token' && /^[0-9a-f]{32}$/.test(key)));
  assert.equal(seen[0][1], seen[1][1]);
  assert.notEqual(seen[1][1], seen[2][1]);
});

test('a read is tried once more; three failures in a row raise the banner; success takes it away', async () => {
  let asked = 0;
  let down = true;
  await open(
    '<button class="btn" id="r" hx-get="/part" hx-target="#t">r</button><div id="t"></div>',
    (request, response, helpers) => {
      if (helpers.url.pathname !== '/part') return false;
      asked += 1;
      if (down) return text(response, helpers, '', 503);
      return text(response, helpers, 'here');
    },
    async (page) => {
      await page.locator('#r').click();
      await page.locator('#t [data-failure]').waitFor();
      assert.equal(asked, 2);
      assert.equal(await page.locator('#netbar').count(), 0);
      await page.locator('#r').click();
      await page.locator('#netbar').waitFor();
      await page.locator('#t [data-failure]').waitFor();
      assert.equal(asked, 4);
      down = false;
      await page.locator('#t [data-failure] button').click();
      await page.getByText('here').waitFor();
      assert.equal(await page.locator('#netbar').count(), 0);
    },
  );
});

test('a plain form is sent once however often it is pressed', async () => {
  let sent = 0;
  await open(
    '<form method="post" action="/slow"><button class="btn" id="b">go</button></form>',
    async (request, response, helpers) => {
      if (helpers.url.pathname !== '/slow') return false;
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 600));
      return text(response, helpers, '<title>t</title>done');
    },
    async (page) => {
      await page.evaluate(() => { const button = document.getElementById('b'); button.click(); button.click(); button.click(); });
      await page.getByText('done').waitFor();
    },
  );
  assert.equal(sent, 1);
});

test('filters submit themselves through htmx, with only what is set in the address', () => open(
  '<form data-filter hx-get="/x" hx-target="#t" hx-select="#t" hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace" action="/x"><input class="inp" type="search" name="q" aria-label="q"><select class="sel" name="town" aria-label="t"><option value=""></option><option value="3">3</option></select><button data-nojs>go</button></form><div id="t"></div>',
  null,
  async (page, heard) => {
    assert.equal(await page.locator('[data-nojs]').isVisible(), false);
    await page.locator('[name=q]').pressSequentially('why');
    await page.waitForURL(/\/x\?q=why$/);
    await page.locator('[name=town]').selectOption('3');
    await page.waitForURL(/\/x\?q=why&town=3$/);
    assert.deepEqual(heard, []);
  },
));

test('the end of the session is announced and one click extends it', async () => {
  let extended = 0;
  await open(
    '<form><input type="hidden" name="csrf" value="token"></form>',
    (request, response, { url, send }) => {
      if (url.pathname !== '/me/extend') return false;
      extended += 1;
      send(response, 200, 'application/json', '{"left":1800,"csrf":"fresh"}');
      return true;
    },
    async (page) => {
      await page.locator('#sessionbar').waitFor();
      await page.locator('[data-stay]').click();
      await page.locator('#toasts .toast-x').waitFor();
      assert.equal(await page.locator('#sessionbar').count(), 0);
      assert.equal(await page.locator('meta[name=csrf]').getAttribute('content'), 'fresh');
      assert.equal(await page.locator('[name=csrf]').last().inputValue(), 'fresh');
    },
    '<meta name="session-ends" content="90">',
  );
  assert.equal(extended, 1);
});

test('a run is followed by events, and by asking where events do not come through', async () => {
  for (const stream of [true, false]) {
    let polled = 0;
    // The run ends when the page has been looked at, however slow the machine is.
    let seen = false;
    let end = null;
    await open(
      '<div data-progress="/run"><ol class="steps-x"><li data-stage="read">1</li><li data-stage="link">2</li></ol><progress aria-label="p"></progress><b data-show="done"></b><i data-show="what"></i></div>',
      async (request, response, { url, send }) => {
        if (url.pathname !== '/run') return false;
        const state = { stage: 'link', done: 1500, total: 3000, what: '第 3 个文件' };
        if (url.searchParams.get('poll')) {
          polled += 1;
          send(response, 200, 'application/json', JSON.stringify(seen ? { finished: true, location: '/login' } : state));
        } else if (stream) {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' });
          response.write(`data: ${JSON.stringify(state)}\n\n`);
          end = () => response.end('data: {"finished":true,"location":"/login"}\n\n');
        } else {
          send(response, 503, 'text/plain', '');
        }
        return true;
      },
      async (page) => {
        await page.waitForFunction(() => document.querySelector('[data-show=done]').textContent === '1,500');
        assert.equal(await page.locator('progress').evaluate((bar) => bar.position), 0.5);
        assert.equal(await page.locator('[data-stage=link]').getAttribute('aria-current'), 'step');
        assert.match(await page.locator('[data-stage=read]').getAttribute('class'), /dn/);
        seen = true;
        end?.();
        await page.waitForURL(/\/login$/, { timeout: 30_000 });
      },
    );
    assert.equal(polled > 0, !stream);
  }
});

test('an upload from the browser arrives whole over a line that is cut', async () => {
  const bytes = randomBytes(6 * 1024 * 1024 + 17);
  const server = uploads({ cuts: 3, token: 'token' });
  await open(
    '<form data-upload method="post" enctype="multipart/form-data" action="/imports"><label for="f">f</label><input id="f" type="file" name="file"><input type="hidden" name="source" value="学校"><button class="btn" id="up">up</button></form>',
    async (request, response, { url }) => {
      if (!url.pathname.startsWith('/imports/uploads')) return false;
      await server.handle(request, response);
      return true;
    },
    (page) => scratch(async (folder) => {
      await page.locator('#f').setInputFiles(write(folder, 'a.bin', ''));
      await page.locator('#f').setInputFiles({ name: '名单.xlsx', mimeType: 'application/octet-stream', buffer: bytes });
      await page.locator('#up').click();
      await page.waitForURL(/\/imports\/i_1\/detect|\/login/, { timeout: 30_000 });
    }),
  );
  assert.equal(server.log.cut, 3);
  assert.ok(server.content().equals(bytes));
  assert.equal(new URLSearchParams(server.log.fields).get('source'), '学校');
  assert.equal(server.log.refused, 0);
});

test('charts are drawn under the policy, in both themes, and keep the sentence that tells the finding', () => open(
  `<div class="chart" role="img" aria-label="the finding"></div><script type="application/json" data-chart="waterfall">{"steps":[{"label":"起点","value":-10.2},{"label":"姓名","value":14.2}],"sum":"合计"}</script>
  <div class="chart chart-s" role="img" aria-label="the trend"></div><script type="application/json" data-chart="trend">{"x":["8/24","8/31","9/7"],"mark":{"x":"8/31","label":"开学"},"plots":[{"title":"未复学（人）","unit":"人","series":[{"name":"未复学","values":[4,9,7],"color":"out"}]},{"title":"数出多门（人）","unit":"人","series":[{"name":"数出多门","values":[46,58,33],"color":"con"}]}]}</script>`,
  null,
  async (page, heard) => {
    await page.locator('.chart svg').nth(1).waitFor();
    assert.match(await page.locator('.chart').first().innerHTML(), /\+4\.0/);
    assert.match(await page.locator('.chart').nth(1).innerHTML(), /33 人/);
    assert.equal(await page.locator('.chart').first().getAttribute('aria-label'), 'the finding');
    const before_ = await page.locator('.chart').first().innerHTML();
    await page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
    await page.waitForTimeout(100);
    assert.notEqual(await page.locator('.chart').first().innerHTML(), before_);
    assert.equal(await page.locator('.chart').first().getAttribute('aria-label'), 'the finding');
    await page.locator('.chart').nth(1).hover();
    await page.waitForTimeout(200);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
    assert.deepEqual(heard, []);
  },
  `<script src="/assets/${manifest['charts.js']}" defer></script>`,
));
