// Keys for people who work here all day. Single keys act only while no field has the focus (WCAG 2.1.4) and not at all
// under <html data-hotkeys=off>.
import { typing, usable } from './dom.ts';
import { closeMenus } from './layers.ts';

/** What a Chinese input method makes of a key. */
const WIDE: Record<string, string> = { '？': '?', '、': '/', '／': '/' };

function pressed(event: KeyboardEvent): string {
  // With an input method on, the letter stands only in the code of the key.
  if (event.key === 'Process') return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : '';
  return WIDE[event.key] ?? event.key.toLowerCase();
}

function act(element: HTMLElement): void {
  if (element instanceof HTMLInputElement && /^(text|search)$/.test(element.type)) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

function find(key: string): HTMLElement | undefined {
  const open = [...document.querySelectorAll<HTMLElement>('dialog[open]')].pop();
  const within: ParentNode = open ?? document;
  return [...within.querySelectorAll<HTMLElement>('[data-key]')].find(
    (element) => element.dataset.key?.toLowerCase() === key && usable(element),
  );
}

function handle(event: KeyboardEvent): void {
  if (event.key === 'Escape') {
    closeMenus();
    if (typing(event.target) && !document.querySelector('dialog[open]')) (event.target as HTMLElement).blur();
    return;
  }
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
  // A key that is held down must not decide pair after pair.
  if (!plain || event.repeat || event.defaultPrevented || typing(event.target)) return;
  if (document.documentElement.dataset.hotkeys === 'off') return;
  const key = pressed(event);
  const element = key.length === 1 ? find(key) : undefined;
  if (element) {
    event.preventDefault();
    act(element);
  }
}

/** Starts to listen. */
export function startKeys(): void {
  document.addEventListener('keydown', handle);
}
