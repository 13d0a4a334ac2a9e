// [data-progress=URL]: how far a run is, by server-sent events; by asking every five seconds where events do not come
// through; not at all while nobody looks at the tab.
import { ownAddress } from './dom.ts';
import { ended } from './session.ts';

const POLL_MS = 5_000;
/** Failures of the stream after which we ask instead. */
const GIVE_UP = 2;

/** What the server tells of a run. */
interface State { stage?: string; done?: number; total?: number; what?: string; finished?: boolean; location?: string }

const watched = new WeakSet<Element>();

function write(root: HTMLElement, name: string, text: string): void {
  for (const place of root.querySelectorAll(`[data-show=${name}]`)) if (place.textContent !== text) place.textContent = text;
}

function draw(root: HTMLElement, state: State): void {
  const number = new Intl.NumberFormat(document.documentElement.lang || 'zh-CN');
  if (state.stage !== undefined) {
    const steps = [...root.querySelectorAll<HTMLElement>('[data-stage]')];
    const now = steps.findIndex((step) => step.dataset.stage === state.stage);
    steps.forEach((step, i) => {
      step.classList.toggle('dn', i < now || state.finished === true);
      step.classList.toggle('nw', i === now && state.finished !== true);
      if (i === now) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
    });
  }
  const { done, total } = state;
  if (typeof done === 'number') write(root, 'done', number.format(done));
  if (typeof total === 'number') write(root, 'total', number.format(total));
  if (state.what !== undefined) write(root, 'what', state.what);
  for (const bar of root.querySelectorAll('progress')) {
    if (typeof total === 'number' && total > 0) { bar.max = total; bar.value = Math.min(done ?? 0, total); }
    else if (state.finished) { bar.max = 1; bar.value = 1; }
  }
}

class Watch {
  private stream: EventSource | null = null;
  private timer = 0;
  private failures = 0;
  private over = false;

  constructor(private readonly root: HTMLElement, private readonly url: string) {
    document.addEventListener('visibilitychange', this.look);
    this.look();
  }

  private readonly look = (): void => {
    this.stop();
    if (!this.root.isConnected || this.over) document.removeEventListener('visibilitychange', this.look);
    else if (!document.hidden) this.start();
  };

  private stop(): void {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.timer);
  }

  private start(): void {
    if (typeof EventSource !== 'function' || this.failures >= GIVE_UP) { void this.poll(); return; }
    const stream = new EventSource(this.url);
    this.stream = stream;
    stream.addEventListener('message', (event) => { this.failures = 0; this.take(event.data as string); });
    stream.addEventListener('error', () => {
      this.failures += 1;
      if (stream.readyState === EventSource.CLOSED) this.failures = GIVE_UP;
      if (this.failures >= GIVE_UP && this.stream === stream) { this.stop(); void this.poll(); }
    });
  }

  private async poll(): Promise<void> {
    try {
      const url = `${this.url}${this.url.includes('?') ? '&' : '?'}poll=1`;
      const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', cache: 'no-store' });
      if (answer.status === 401) { this.over = true; ended(); }
      if (answer.ok) this.take(await answer.text());
    } catch { /* The network is away; the next look may find it. */ }
    if (!this.over && !document.hidden && this.root.isConnected) this.timer = window.setTimeout(() => void this.poll(), POLL_MS);
  }

  private take(text: string): void {
    let state: State;
    try { state = JSON.parse(text) as State; } catch { return; }
    if (!this.root.isConnected) { this.over = true; this.stop(); return; }
    draw(this.root, state);
    if (!state.finished) return;
    this.over = true;
    this.stop();
    const address = ownAddress(state.location);
    if (address) location.assign(address);
  }
}

/** Watches every run that `root` shows. */
export function startProgress(root: ParentNode): void {
  const found = [...root.querySelectorAll<HTMLElement>('[data-progress]')];
  if (root instanceof HTMLElement && root.dataset.progress) found.push(root);
  for (const element of found) {
    const url = ownAddress(element.dataset.progress);
    if (!url || watched.has(element)) continue;
    watched.add(element);
    new Watch(element, url);
  }
}
