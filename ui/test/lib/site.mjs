// A small site with the shape of the real one, to try the checks on. Each fault can be planted by name.
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { totp } from '../../check/lib/totp.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../../dist');
export const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8'));
export const POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
export const ACCOUNT = { login: 'limin', password: 'correct horse 9', totp_secret: 'JBSWY3DPEHPK3PXP' };
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', txt: 'text/plain' };

/** What can be planted, and where. */
const FAULTS = {
  overflow: { body: '<div class="wide-fault">x</div>', css: '.wide-fault{width:900px}' },
  handler: { body: '<button type="button" class="btn" onclick="alert(1)">go</button>' },
  style: { body: '<p style="color:red">red</p>' },
  host: { body: '<img src="http://127.0.0.2:9/x.png" alt="x">' },
  missing: { body: '<img src="/assets/none.png" alt="x">' },
  han: { body: '<p>中文</p>' },
  title: { body: '<a class="btn" href="/me" title="中文">me</a>' },
  label: { body: '<input class="inp" name="nothing">' },
  pale: { body: '<p class="pale-fault">pale</p>', css: '.pale-fault{color:#ccd}' },
  dim: { body: '<p class="dim-fault">dim</p>', css: '.dim-fault{color:#333}' },
  script: { body: '<script>document.title="x"</script>' },
  heavy: { body: `<!--${Array.from({ length: 40000 }, (_, i) => (i * 7919).toString(36)).join('')}-->` },
  crowd: { body: '<i></i>'.repeat(1600) },
};

const WORDS = { 'zh-CN': { title: '我的设置', save: '保存', sign: '登录', search: '查找', child: '儿童' }, en: { title: 'My settings', save: 'Save', sign: 'Sign in', search: 'Search', child: 'Child' } };

function html(lang, title, main, extra = '') {
  const asset = (name) => `/assets/${manifest[name]}`;
  const other = lang === 'en' ? 'zh-CN' : 'en';
  return `<!doctype html><html lang="${lang}" data-theme="light"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<meta name="csrf" content="token"><meta name="icons" content="${asset('icons.svg')}"><meta name="htmx-config" content='${manifest['htmx-config']}'>
<link rel="icon" href="${asset('favicon.svg')}"><link rel="stylesheet" href="${asset('app.css')}"><link rel="stylesheet" href="/assets/fault.css"><script src="${asset('app.js')}" defer></script>${extra}</head>
<body><header class="top"><a class="brand" href="/me">Baoxue</a><nav aria-label="main"><form method="post" action="/lang"><button class="btn" name="lang" value="${other}" data-lang="${other}" lang="${other}">${other === 'en' ? 'English' : '中文'}</button></form></nav></header><main class="main" id="main"><h1>${title}</h1>${main}</main></body></html>`;
}

function read(request) {
  return new Promise((resolve) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
  });
}

/**
 * Starts the site.
 * @param {{faults?: string[], policy?: string | null, routes?: (request, response, helpers) => boolean | Promise<boolean>}} options
 */
export async function site({ faults = [], policy = POLICY, routes } = {}) {
  const files = new Set(readdirSync(DIST));
  const send = (response, status, type, body, headers = {}) => {
    if (policy) response.setHeader('Content-Security-Policy', policy);
    response.writeHead(status, { 'Content-Type': type, ...headers });
    response.end(body);
  };
  const page = (response, text, status = 200, headers = {}) => send(response, status, 'text/html; charset=utf-8', text, headers);
  const go = (response, address, headers = {}) => { response.writeHead(303, { Location: address, ...headers }); response.end(); };

  async function handle(request, response) {
    const url = new URL(request.url, 'http://x');
    const cookie = request.headers.cookie ?? '';
    const lang = /lang=en/.test(cookie) ? 'en' : 'zh-CN';
    const words = WORDS[lang];
    const name = url.pathname.slice('/assets/'.length);
    if (url.pathname === '/assets/fault.css') return send(response, 200, 'text/css', faults.map((fault) => FAULTS[fault].css ?? '').join(''));
    if (url.pathname.startsWith('/assets/') && files.has(name)) {
      return send(response, 200, TYPES[name.split('.').pop()] ?? 'application/octet-stream', readFileSync(join(DIST, `${name}.gz`)), { 'Content-Encoding': 'gzip' });
    }
    if (routes && (await routes(request, response, { url, html, page, send, read, lang }))) return undefined;
    const form = request.method === 'POST' ? new URLSearchParams((await read(request)).toString()) : null;
    if (url.pathname === '/lang') return go(response, request.headers.referer ?? '/me', { 'Set-Cookie': `lang=${form.get('lang')}; Path=/` });
    if (url.pathname === '/login') {
      if (form && form.get('login') === ACCOUNT.login && form.get('password') === ACCOUNT.password) {
        return page(response, html(lang, words.sign, `<form method="post" action="/login/code"><label for="c">TOTP</label><input id="c" name="code" class="inp" autocomplete="one-time-code"><button class="btn">${words.sign}</button></form>`));
      }
      return page(response, html(lang, words.sign, `${form ? '<p role="alert">no</p>' : ''}<form method="post"><label for="u">ID</label><input id="u" class="inp" name="login" autocomplete="username"><label for="p">PIN</label><input id="p" class="inp" type="password" name="password" autocomplete="current-password"><button class="btn">${words.sign}</button></form>`));
    }
    if (url.pathname === '/login/code') return form?.get('code') === totp(ACCOUNT.totp_secret) ? go(response, '/me', { 'Set-Cookie': 'in=1; Path=/' }) : go(response, '/login');
    if (!/in=1/.test(cookie)) return go(response, '/login');
    if (url.pathname === '/me') {
      const planted = faults.map((fault) => FAULTS[fault].body).join('');
      const said = form ? `<p class="muted">${form.get('note')}</p>` : '';
      return page(response, html(lang, words.title, `${said}<form method="post"><label class="lab" for="n">${words.title}</label><input id="n" class="inp" name="note"><button class="btn btn-p">${words.save}</button></form>${planted}`));
    }
    if (url.pathname === '/children') {
      const found = url.searchParams.get('q') ? `<ul><li><a class="btn" href="/children/c_1" translate="no">王小明</a></li></ul>` : '';
      return page(response, html(lang, words.search, `<form><label for="q">${words.search}</label><input id="q" class="inp" type="search" name="q"><button class="btn">${words.search}</button></form>${found}`));
    }
    if (url.pathname === '/children/c_1') return page(response, html(lang, words.child, '<p translate="no">王小明</p>'));
    return page(response, html(lang, '404', '<p>404</p>'), 404);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => { response.writeHead(500); response.end(String(error)); });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}
