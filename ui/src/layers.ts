// Dialogs, the drawer and menus: <dialog> and <details>, opened by data-* and closed by Esc, with the focus given back.
import htmx from 'htmx.org';
import { make, on } from './dom.ts';
import { say } from './words.ts';

const openers = new WeakMap<HTMLDialogElement, Element | null>();

function show(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  document.documentElement.classList.add('locked');
}

function closed(dialog: HTMLDialogElement): void {
  if (!document.querySelector('dialog[open]')) document.documentElement.classList.remove('locked');
  const opener = openers.get(dialog);
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}

function drawer(): HTMLDialogElement {
  const found = document.getElementById('drawer');
  if (found instanceof HTMLDialogElement) return found;
  const close = make('button', { type: 'button', class: 'btn btn-t drawer-c', 'data-close': '', 'aria-label': say('close') }, '×');
  const made = make('dialog', { id: 'drawer', class: 'drawer', 'aria-label': say('details') }, close, make('div', { id: 'drawer-body' }));
  document.body.append(made);
  return made;
}

/** Opens the drawer with what stands at `address`; the server sees `HX-Target: drawer-body`. */
export function openDrawer(address: string): void {
  const panel = drawer();
  const body = panel.querySelector<HTMLElement>('#drawer-body');
  if (!body) return;
  body.replaceChildren();
  // Nothing for the first 400 ms, then lines of the right shape.
  const waiting = setTimeout(() => {
    body.replaceChildren(make('p', { class: 'sr', role: 'status' }, say('loading')), ...[1, 2, 3, 4].map(() => make('div', { class: 'skel' })));
  }, 400);
  show(panel);
  void htmx.ajax('get', address, { target: body, swap: 'innerHTML' }).finally(() => {
    clearTimeout(waiting);
    for (const line of body.querySelectorAll('.skel')) line.remove();
    const heading = body.querySelector('h1,h2');
    if (!heading) return;
    heading.id = heading.id || 'drawer-h';
    panel.setAttribute('aria-labelledby', heading.id);
  });
}

/** Closes every menu that is open. */
export function closeMenus(except?: Element): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    if (menu === except) continue;
    const focused = menu.contains(document.activeElement);
    menu.open = false;
    if (focused) menu.querySelector('summary')?.focus();
  }
}

/** Starts to listen. */
export function startLayers(): void {
  on('click', '[data-dialog]', (opener, event) => {
    const dialog = document.getElementById(opener.dataset.dialog ?? '');
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    show(dialog);
  });
  on<MouseEvent>('click', '[data-drawer]', (opener, event) => {
    const address = opener.dataset.drawer || opener.getAttribute('href');
    // With these keys people ask for a page of its own; the link goes there.
    if (!address || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDrawer(address);
  });
  on('click', '[data-close]', (button) => button.closest('dialog')?.close());
  on('click', 'dialog', (target, event) => {
    // A click on the dialog itself, not on what it holds, is a click beside it.
    if (event.target === target && target instanceof HTMLDialogElement) target.close();
  });
  document.addEventListener('close', (event) => {
    if (event.target instanceof HTMLDialogElement) closed(event.target);
  }, true);
  document.addEventListener('click', (event) => {
    const inside = event.target instanceof Element ? event.target.closest('details[data-menu]') : null;
    closeMenus(inside ?? undefined);
  });
}
