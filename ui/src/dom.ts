// Small helpers over the DOM.

/** Listens on the document for events that happen inside elements matching `selector`, now or later. */
export function on<E extends Event>(
  type: string,
  selector: string,
  handler: (target: HTMLElement, event: E) => void,
  capture = false,
): void {
  document.addEventListener(
    type,
    (event) => {
      const from = event.target;
      const target = from instanceof Element ? from.closest<HTMLElement>(selector) : null;
      if (target) handler(target, event as E);
    },
    capture,
  );
}

/** Makes an element; text is text, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The icon NAME out of the sprite that the page names in <meta name="icons">. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${meta('icons')}#${name}`);
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** The content of <meta name=NAME>, or nothing. */
export const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';

/** Sets the content of <meta name=NAME>, and makes the element where it is missing. */
export function setMeta(name: string, content: string): void {
  const found = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
  if (found) found.content = content;
  else document.head.append(make('meta', { name, content }));
}

/** Whether a person could press it now. */
export const usable = (element: HTMLElement): boolean =>
  !element.matches(':disabled,[aria-disabled=true]') && element.getClientRects().length > 0;

/** Whether keys that are pressed now are text. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('select,textarea')) return true;
  return target.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])');
}

/** A random key of 128 bits, in hex. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An address of our own host to go to, or nothing: an answer may not lead elsewhere. */
export function ownAddress(address: unknown): string | null {
  if (typeof address !== 'string' || address === '') return null;
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
