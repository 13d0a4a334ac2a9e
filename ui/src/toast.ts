// Short messages at the bottom left: six seconds, longer while somebody points at them or reads them with the keyboard.
import { make, on } from './dom.ts';
import { say } from './words.ts';

const SHOWN_MS = 6000;

function region(): HTMLElement {
  const found = document.getElementById('toasts');
  if (found) return found;
  const made = make('div', { id: 'toasts', class: 'toasts no-print', role: 'status' });
  document.body.append(made);
  return made;
}

/** Says it to people who see and to people who listen. */
export function toast(text: string, ...more: Node[]): void {
  const note = make('div', { class: 'toast-x' }, make('span', { class: 'grow' }, text), ...more);
  region().append(note);
}

/** Says it to people who listen only. */
export function announce(text: string): void {
  let live = document.getElementById('announcer');
  if (!live) {
    live = make('div', { id: 'announcer', class: 'sr', role: 'status' });
    document.body.append(live);
  }
  live.textContent = text;
}

function fade(note: HTMLElement): void {
  const held = note.matches(':hover') || note.contains(document.activeElement);
  if (held) setTimeout(() => fade(note), SHOWN_MS);
  else note.remove();
}

function adopt(note: Element): void {
  if (!(note instanceof HTMLElement) || note.dataset.seen) return;
  note.dataset.seen = '1';
  if (!note.querySelector('[data-close-toast]')) {
    note.append(make('button', { type: 'button', class: 'toast-c', 'data-close-toast': '', 'aria-label': say('close') }, '×'));
  }
  setTimeout(() => fade(note), SHOWN_MS);
}

/** Watches the region, so that messages that the server puts into it fade as well. */
export function startToasts(): void {
  const watched = region();
  for (const note of watched.children) adopt(note);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element) adopt(node);
  }).observe(watched, { childList: true });
  on('click', '[data-close-toast]', (button) => button.closest('.toast-x')?.remove());
}
