// Functions that run inside the page and look for faults. Each stands alone: it is sent over as text.

/** What sticks out at the side, and by how much. */
export function overflow() {
  const root = document.documentElement;
  const wide = window.innerWidth;
  if (root.scrollWidth <= root.clientWidth && root.scrollWidth <= screen.width) return [];
  const limit = Math.min(wide, screen.width);
  const scrolls = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll('*')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > limit + 1 && !scrolls(element);
  });
  const names = out.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}${element.className && typeof element.className === 'string' ? `.${element.className.trim().replace(/\s+/g, '.')}` : ''}`);
  return [`wider than the screen: ${root.scrollWidth} px of ${limit} (${names.join(', ')})`];
}

/** Words that are not in the language of the page, outside what its author marked as data. */
export function foreign(lang) {
  const english = /^en/.test(lang);
  const findings = [];
  if (english !== /^en/.test(document.documentElement.lang)) return [`<html lang=${document.documentElement.lang}> on a page asked for in ${lang}`];
  const data = english ? '[translate=no],[lang^=zh],.person,.data,script,style' : '[translate=no],[lang^=en],.person,.data,script,style,code,pre';
  // English: a Han character. Chinese: four English words in a row, or a message that has no text.
  const wrong = english ? /\p{Script=Han}/u : /(?:\b[A-Za-z]{2,}\b[ ,.]+){3}\b[A-Za-z]{2,}\b/;
  const missing = /Unknown localization|\bNone\(|\{\s*\$\w+\s*\}/;
  const look = (text, where) => {
    if (text && (wrong.test(text) || missing.test(text))) findings.push(`not in ${lang}: ${where} “${text.trim().replace(/\s+/g, ' ').slice(0, 40)}”`);
  };
  look(document.title, 'title');
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.parentElement.closest(data)) look(node.textContent, node.parentElement.tagName.toLowerCase());
  }
  for (const element of document.body.querySelectorAll('[title],[aria-label],[placeholder],[alt],input[type=submit],input[type=button]')) {
    if (element.closest(data)) continue;
    for (const name of ['title', 'aria-label', 'placeholder', 'alt']) look(element.getAttribute(name), name);
    if (element.matches('input')) look(element.value, 'value');
  }
  return [...new Set(findings)];
}

/** Text that is too pale on the ground that shows through, as axe does not see it on every ground. */
export function contrast() {
  const parse = (text) => { const parts = text.match(/[\d.]+/g).map(Number); return [parts[0], parts[1], parts[2], parts.length > 3 ? parts[3] : 1]; };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (from) => {
    const layers = [];
    for (let at = from; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none' && /url\(/.test(style.backgroundImage)) return null;
      const color = parse(style.backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, color) => below.map((value, i) => color[i] * color[3] + value * (1 - color[3])), [255, 255, 255]);
  };
  const found = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    // What a closed layer holds is not drawn, and has the colours of before.
    if (!element.checkVisibility()) continue;
    if (!node.textContent.trim() || element.closest('svg,script,style,[disabled],[aria-disabled=true],.skip')) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.visibility === 'hidden' || style.display === 'none' || box.width < 2) continue;
    const back = ground(element);
    if (!back) continue;
    const front = parse(style.color);
    const seen = front.slice(0, 3).map((value, i) => value * front[3] + back[i] * (1 - front[3]));
    const [high, low] = [light(seen), light(back)].sort((a, b) => b - a);
    const value = (high + 0.05) / (low + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const big = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (value < (big ? 3 : 4.5)) found.set(`${style.color} on rgb(${back.map(Math.round)})`, `${value.toFixed(2)} “${node.textContent.trim().slice(0, 12)}”`);
  }
  return [...found].map(([colors, text]) => `contrast ${text}: ${colors}`);
}

/** What must not stand in a page whose policy forbids it; a browser is silent about some of it. */
export function inline() {
  const findings = [];
  const handlers = [...document.querySelectorAll('*')].filter((element) => [...element.attributes].some((attribute) => /^(on|hx-on|data-hx-on)/.test(attribute.name)));
  if (handlers.length) findings.push(`inline handler on ${handlers[0].tagName.toLowerCase()}`);
  if (document.querySelector('script:not([src]):not([type="application/json"])')) findings.push('inline script');
  return findings;
}

/** Elements of the page. */
export function nodes() {
  return document.querySelectorAll('*').length;
}
