// The end of the session is announced two minutes before; one click extends it. When it has ended, nothing that was
// typed is lost: people sign in in a new window and come back.
import { icon, make, meta, setMeta } from './dom.ts';
import { toast } from './toast.ts';
import { say } from './words.ts';

const WARN_MS = 120_000;
const LOOK_MS = 5_000;
const EXTEND = '/me/extend';

let ends = 0;
let length = 0;
/** Tells the other windows of the same person, whose session goes on with this one. */
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('bx-session') : null;

function bar(kind: 'ending' | 'ended', ...more: Node[]): void {
  const shown = document.getElementById('sessionbar');
  if (shown?.dataset.kind === kind) return;
  shown?.remove();
  const made = make('div', { id: 'sessionbar', class: 'net no-print', role: 'alert', 'data-kind': kind }, icon('clock'), say(kind), ...more);
  document.body.prepend(made);
}

function renew(seconds: number): void {
  ends = Date.now() + seconds * 1000;
  document.getElementById('sessionbar')?.remove();
}

/** Takes what `/me/extend` answers: `{"left": seconds, "csrf": token}`, both optional. */
function take(answer: { left?: unknown; csrf?: unknown }): void {
  if (typeof answer.csrf === 'string' && answer.csrf) {
    setMeta('csrf', answer.csrf);
    for (const field of document.querySelectorAll<HTMLInputElement>('input[type=hidden][name=csrf]')) field.value = answer.csrf;
  }
  renew(typeof answer.left === 'number' ? answer.left : length);
}

async function extend(): Promise<boolean> {
  try {
    const answer = await fetch(EXTEND, { headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'error', cache: 'no-store' });
    if (!answer.ok) return false;
    const body: { left?: unknown; csrf?: unknown } = await answer.json().catch(() => ({}));
    take(body);
    channel?.postMessage(body);
    return true;
  } catch {
    return false;
  }
}

/** Says that the session has ended, with the way back in. */
export function ended(): void {
  ends = Math.min(ends, Date.now());
  const link = make('a', { href: '/login', target: '_blank', rel: 'noopener' }, say('signIn'));
  bar('ended', link);
}

function look(): void {
  const left = ends - Date.now();
  if (left <= 0) ended();
  else if (left <= WARN_MS) {
    const stay = make('button', { type: 'button', class: 'btn btn-s', 'data-stay': '' }, say('stay'));
    stay.addEventListener('click', () => {
      void extend().then((done) => (done ? toast(say('stayed')) : ended()));
    });
    bar('ending', stay);
  }
}

/** Starts the clock where the page says when the session ends: <meta name=session-ends content=SECONDS-FROM-NOW>. */
export function startSession(): void {
  const seconds = Number(meta('session-ends'));
  if (!(seconds > 0)) return;
  length = seconds;
  renew(seconds);
  channel?.postMessage({ left: seconds });
  setInterval(look, LOOK_MS);
  look();
  channel?.addEventListener('message', (event) => {
    // After an end another window has a session with a token of its own: ours must be asked for.
    if (document.querySelector('#sessionbar[data-kind=ended]')) void extend();
    else take(event.data as { left?: unknown; csrf?: unknown });
  });
  addEventListener('focus', () => {
    // Back from signing in elsewhere: the page goes on with the new token.
    if (document.querySelector('#sessionbar[data-kind=ended]')) void extend();
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    const detail = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    const header = Number(detail.xhr.getResponseHeader('X-Session-Ends'));
    if (!(header > 0)) return;
    renew(header);
    channel?.postMessage({ left: header });
  });
}
