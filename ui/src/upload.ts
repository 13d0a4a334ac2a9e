// form[data-upload]: the file goes up in chunks and survives a bad line and a reload; without scripts the form is posted
// as it is.
import { make, meta, on, ownAddress } from './dom.ts';
import { ended } from './session.ts';
import { chinese, say } from './words.ts';
import { Paused, Refused, sendFile, type Answer, type Send } from './upload-core.ts';

const CHUNK_TIMEOUT_MS = 120_000;

const send: Send = (method, url, body, type, progress) =>
  new Promise<Answer>((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    xhr.timeout = CHUNK_TIMEOUT_MS;
    xhr.setRequestHeader('Content-Type', type);
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('X-CSRF-Token', meta('csrf'));
    if (progress) xhr.upload.addEventListener('progress', (event) => progress(event.loaded));
    xhr.addEventListener('loadend', () => {
      let parsed: unknown = null;
      try { parsed = JSON.parse(xhr.responseText); } catch { /* A page or nothing: the status says it. */ }
      resolve({ status: xhr.status, body: parsed && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {} });
    });
    xhr.send(body);
  });

/** Waits, but no longer than until the network is back. */
const sleep = (ms: number) =>
  new Promise<void>((resolve) => {
    const go = () => { clearTimeout(timer); removeEventListener('online', go); resolve(); };
    const timer = setTimeout(go, ms);
    addEventListener('online', go);
  });

interface Panel { bar: HTMLProgressElement; text: HTMLElement; note: HTMLElement }

function panel(form: HTMLFormElement): Panel {
  const box = form.querySelector<HTMLElement>('[data-upload-state]') ?? form.appendChild(make('div', { 'data-upload-state': '', class: 'up' }));
  const bar = make('progress', { class: 'up-bar', max: '1', value: '0', 'aria-label': say('uploading') });
  const text = make('div', { class: 'num sm' });
  const note = make('div', { class: 'sm', role: 'status' });
  box.replaceChildren(bar, text, note);
  return { bar, text, note };
}

function size(bytes: number): string {
  return new Intl.NumberFormat(chinese() ? 'zh-CN' : 'en').format(bytes);
}

/** The other fields of the form, without the file and the token. */
function fields(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrf');
  return new URLSearchParams(pairs as [string, string][]).toString();
}

function trouble(form: HTMLFormElement, at: Panel, error: unknown): void {
  if (error instanceof Refused) {
    if (error.status === 401) ended();
    at.note.replaceChildren(make('div', { class: 'al al-e', role: 'alert' }, make('b', {}, say('refused')), ` ${error.message}`));
    return;
  }
  if (!(error instanceof Paused)) throw error;
  const again = make('button', { type: 'button', class: 'btn btn-s' }, say('resume'));
  again.addEventListener('click', () => void run(form));
  at.note.replaceChildren(make('div', { class: 'al al-w', role: 'alert' }, say('paused'), again));
}

async function run(form: HTMLFormElement): Promise<void> {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const files = [...(input?.files ?? [])];
  if (form.dataset.sending) return;
  const at = panel(form);
  if (files.length === 0) {
    at.note.replaceChildren(make('div', { class: 'err', role: 'alert' }, say('choose')));
    input?.focus();
    return;
  }
  form.dataset.sending = '1';
  const rest = fields(form);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let before = 0;
  let location: unknown = null;
  const progress = (done: number) => {
    at.bar.max = Math.max(total, 1);
    at.bar.value = before + done;
    const sent = size(Math.min(before + done, total));
    at.text.textContent = chinese() ? `${say('uploading')} ${sent}${say('of')} ${size(total)} B` : `${say('uploading')} ${sent} ${say('of')} ${size(total)} bytes`;
    at.note.replaceChildren(...(before + done >= total ? [say('checking')] : []));
  };
  try {
    for (const file of files) {
      location = await sendFile(file, { send, sleep, progress, memory: sessionStorage, waiting: () => { at.note.textContent = say('waiting'); }, root: form.dataset.upload || undefined }, rest);
      before += file.size;
    }
    const address = ownAddress(location);
    if (address) window.location.assign(address);
  } catch (error) {
    trouble(form, at, error);
  } finally {
    delete form.dataset.sending;
  }
}

function drop(zone: HTMLElement, event: DragEvent): void {
  event.preventDefault();
  zone.classList.remove('over');
  const form = zone.closest<HTMLFormElement>('form[data-upload]');
  const input = form?.querySelector<HTMLInputElement>('input[type=file]');
  if (!form || !input || !event.dataTransfer?.files.length || form.dataset.sending) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Starts to listen. */
export function startUpload(): void {
  on<SubmitEvent>('submit', 'form[data-upload]', (form, event) => {
    event.preventDefault();
    void run(form as HTMLFormElement);
  });
  on('change', 'form[data-upload][data-auto] input[type=file]', (input) => {
    (input as HTMLInputElement).form?.requestSubmit();
  });
  on<DragEvent>('dragover', '[data-drop]', (zone, event) => { event.preventDefault(); zone.classList.add('over'); });
  on('dragleave', '[data-drop]', (zone) => zone.classList.remove('over'));
  on<DragEvent>('drop', '[data-drop]', drop);
}
