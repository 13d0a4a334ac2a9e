// What goes over the wire through htmx: headers of writes, one retry of reads, errors shown in place, a banner when the
// network is down, buttons that say they are busy, and where the focus goes after a swap.
import htmx from 'htmx.org';
import { HTMX_CONFIG } from './htmx-config.mjs';
import { icon, make, meta, randomKey } from './dom.ts';
import { ended } from './session.ts';
import { announce, toast } from './toast.ts';
import { say } from './words.ts';

const RETRY_AFTER_MS = 800;
const BUSY_AFTER_MS = 400;
const DOWN_AFTER = 3;
const PASSING = new Set([0, 502, 503, 504]);

interface Config { verb: string; path: string; headers: Record<string, string>; formData: FormData; elt: Element; target: Element; triggeringEvent?: Event }
interface Detail { xhr: XMLHttpRequest; elt: Element; target: Element; requestConfig: Config; successful?: boolean }

const keys = new WeakMap<Element, string>();
const retried = new WeakSet<Element>();
let failures = 0;

/** One key for one intention: the same while a submit is repeated unchanged, a new one after success or an edit. */
function intention(element: Element): string {
  const known = keys.get(element) ?? randomKey();
  keys.set(element, known);
  return known;
}

function configure(config: Config): void {
  if (config.verb !== 'get') {
    config.headers['X-CSRF-Token'] = meta('csrf');
    config.headers['Idempotency-Key'] = intention(config.elt);
  } else if (config.elt.matches('form[data-filter]')) {
    // Addresses are sent in chats: only the filters that are set stand in them.
    for (const name of new Set(config.formData.keys())) {
      const values = config.formData.getAll(name).filter((value) => value !== '');
      config.formData.delete(name);
      for (const value of values) config.formData.append(name, value);
    }
  }
}

/** Shows or hides the banner of the network. */
function banner(down: boolean): void {
  const shown = document.getElementById('netbar');
  if (!down) shown?.remove();
  else if (!shown) document.body.prepend(make('div', { id: 'netbar', class: 'net no-print', role: 'alert' }, icon('wifi-off'), say('offline')));
}

function count(failed: boolean): void {
  failures = failed ? failures + 1 : 0;
  banner(failures >= DOWN_AFTER);
}

function send(detail: Detail): void {
  const source = detail.elt.isConnected ? detail.elt : undefined;
  void htmx.ajax('get', detail.requestConfig.path, { source, target: detail.target });
}

/** The error component of the answer, or our own words. */
function component(detail: Detail): Element {
  const answer = detail.xhr.responseText ? new DOMParser().parseFromString(detail.xhr.responseText, 'text/html') : null;
  const theirs = answer?.querySelector('[data-error]');
  if (theirs) return document.importNode(theirs, true);
  const reading = detail.requestConfig.verb === 'get';
  const text = make('span', {}, make('b', {}, say(reading ? 'unread' : 'unsaved')));
  const id = detail.xhr.getResponseHeader('X-Request-Id');
  if (id) text.append(` ${say('number')} ${id}`);
  return make('div', { class: 'al al-e', role: 'alert' }, icon('alert-triangle'), text);
}

function place(detail: Detail): Element {
  const reading = detail.requestConfig.verb === 'get';
  const wanted = detail.elt.closest('[data-errors]') ?? (reading ? detail.target : detail.elt.closest('form'));
  const where = wanted ?? document.querySelector('main') ?? document.body;
  return where.closest('table')?.parentElement ?? where;
}

function clear(where: Element): void {
  for (const old of where.querySelectorAll(':scope > [data-failure]')) old.remove();
}

function show(detail: Detail): void {
  const where = place(detail);
  clear(where);
  const alert = component(detail);
  alert.setAttribute('data-failure', '');
  if (detail.requestConfig.verb === 'get') {
    const again = make('button', { type: 'button', class: 'btn btn-s' }, icon('refresh'), say('again'));
    again.addEventListener('click', () => { alert.remove(); send(detail); });
    alert.append(again);
  }
  where.prepend(alert);
}

function failed(detail: Detail): void {
  const status = detail.xhr.status;
  const passing = PASSING.has(status);
  count(passing || status >= 500);
  if (status === 401) return ended();
  if (detail.requestConfig.verb === 'get' && passing && !retried.has(detail.elt)) {
    retried.add(detail.elt);
    setTimeout(() => send(detail), RETRY_AFTER_MS);
    return;
  }
  retried.delete(detail.elt);
  show(detail);
}

/** Marks the pressed button as busy once it takes long, and gives back what undoes it. */
function busy(button: HTMLElement): () => void {
  const words = button.dataset.busy;
  const before = [...button.childNodes];
  const timer = setTimeout(() => {
    button.setAttribute('aria-busy', 'true');
    if (words) button.replaceChildren(icon('loader'), words);
  }, BUSY_AFTER_MS);
  return () => {
    clearTimeout(timer);
    if (button.getAttribute('aria-busy') && words) button.replaceChildren(...before);
    button.removeAttribute('aria-busy');
  };
}

const waiting = new WeakMap<XMLHttpRequest, () => void>();

function pressedButton(config: Config): HTMLElement | null {
  const submitter = (config.triggeringEvent as SubmitEvent | undefined)?.submitter;
  return submitter ?? config.elt.closest<HTMLElement>('button,a.btn');
}

/** After a swap the focus goes to [data-focus], else it stays; [data-say] is read out. */
function settled(target: Element): void {
  const focus = target.matches('[data-focus]') ? target : target.querySelector('[data-focus]');
  if (focus instanceof HTMLElement) {
    if (!focus.matches('a[href],button,input,select,textarea,[tabindex]')) focus.tabIndex = -1;
    focus.focus();
  }
  const said = target.matches('[data-say]') ? target : target.querySelector('[data-say]');
  if (said instanceof HTMLElement && said.dataset.say) announce(said.dataset.say);
}

/** Two presses of one plain form are one submit. */
function once(form: HTMLFormElement, event: SubmitEvent): void {
  if (event.defaultPrevented || form.method !== 'post' || form.dataset.upload !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    toast(say('busy'));
    return;
  }
  form.dataset.sent = '1';
  const release = event.submitter ? busy(event.submitter as HTMLElement) : () => undefined;
  const free = () => { delete form.dataset.sent; release(); };
  setTimeout(free, HTMX_CONFIG.timeout);
  addEventListener('pageshow', free, { once: true });
}

/** Starts to listen. */
export function startNet(): void {
  Object.assign(htmx.config, HTMX_CONFIG);
  const hear = (name: string, handler: (detail: Detail) => void) =>
    document.addEventListener(`htmx:${name}`, (event) => handler((event as CustomEvent<Detail>).detail));
  document.addEventListener('htmx:configRequest', (event) => configure((event as CustomEvent<Config>).detail));
  hear('beforeSend', (detail) => {
    clear(place(detail));
    const button = pressedButton(detail.requestConfig);
    if (button) waiting.set(detail.xhr, busy(button));
  });
  hear('afterRequest', (detail) => {
    waiting.get(detail.xhr)?.();
    if (detail.successful) {
      keys.delete(detail.elt);
      retried.delete(detail.elt);
      count(false);
    }
  });
  for (const name of ['sendError', 'timeout', 'responseError']) hear(name, failed);
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.target instanceof Element) settled(event.target);
  });
  for (const type of ['input', 'change']) {
    document.addEventListener(type, (event) => {
      const form = event.target instanceof Element ? event.target.closest('form') : null;
      if (form) keys.delete(form);
    });
  }
  document.addEventListener('submit', (event) => {
    if (event.target instanceof HTMLFormElement) once(event.target, event as SubmitEvent);
  });
  addEventListener('offline', () => banner(true));
  addEventListener('online', () => count(false));
}
