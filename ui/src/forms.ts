// Small help for forms: filters that submit themselves, a tree with a filter, select-all, passwords that can be read,
// names that can be blurred, printing.
import { meta, on } from './dom.ts';
import { announce } from './toast.ts';
import { say } from './words.ts';

const TYPING_MS = 350;

function startFilters(): void {
  let timer = 0;
  const submit = (form: HTMLFormElement) => { clearTimeout(timer); form.requestSubmit(); };
  on('change', 'form[data-filter]', (form, event) => {
    if (!(event.target instanceof HTMLInputElement && event.target.type === 'search')) submit(form as HTMLFormElement);
  });
  // While somebody types, only htmx may ask: a page that loads anew takes the field away.
  on<InputEvent>('input', 'form[data-filter][hx-get] input[type=search]', (input, event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => { const form = (input as HTMLInputElement).form; if (form) submit(form); }, TYPING_MS);
  });
  // The Chinese input method ends a word without an `input` that is not composing.
  on('compositionend', 'form[data-filter][hx-get] input[type=search]', (input) => {
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
}

/** Shows the leaves whose text or data-find holds the words, and opens what stands above them. */
export function filterTree(tree: HTMLElement, query: string): number {
  const words = query.trim().toLowerCase();
  const leaves = [...tree.querySelectorAll<HTMLElement>('[data-leaf]')];
  let found = 0;
  for (const leaf of leaves) {
    const text = `${leaf.textContent ?? ''} ${leaf.dataset.find ?? ''}`.toLowerCase();
    leaf.hidden = words !== '' && !text.includes(words);
    if (!leaf.hidden) found += 1;
  }
  for (const branch of [...tree.querySelectorAll('details')].reverse()) {
    const named = words !== '' && (branch.querySelector('summary')?.textContent ?? '').toLowerCase().includes(words);
    if (named) for (const leaf of branch.querySelectorAll<HTMLElement>('[data-leaf]')) leaf.hidden = false;
    const any = branch.querySelector('[data-leaf]:not([hidden])') !== null;
    branch.hidden = words !== '' && !any && !named;
    if (words !== '') branch.open = any && !named;
  }
  return found;
}

function startTrees(): void {
  on('input', '[data-tree] [data-tree-filter]', (input) => {
    const tree = input.closest<HTMLElement>('[data-tree]');
    if (tree) announce(`${filterTree(tree, (input as HTMLInputElement).value)} ${say('found')}`);
  });
}

function startChecks(): void {
  const tell = (name: string) => {
    const boxes = [...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
    const marked = boxes.filter((box) => box.checked).length;
    for (const place of document.querySelectorAll<HTMLElement>('[data-marked]')) {
      if (place.dataset.marked === name) place.textContent = String(marked);
    }
    for (const all of document.querySelectorAll<HTMLInputElement>('input[data-all]')) {
      if (all.dataset.all !== name) continue;
      all.checked = marked > 0 && marked === boxes.length;
      all.indeterminate = marked > 0 && marked < boxes.length;
    }
  };
  on('change', 'input[type=checkbox]', (box) => {
    const input = box as HTMLInputElement;
    const name = input.dataset.all ?? input.name;
    if (input.dataset.all) {
      for (const one of document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)) one.checked = input.checked;
    }
    if (name) tell(name);
  });
}

function startPasswords(): void {
  on('click', 'button[data-reveal]', (button) => {
    const field = document.getElementById(button.dataset.reveal ?? '');
    if (!(field instanceof HTMLInputElement)) return;
    const shown = field.type === 'password';
    field.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
    button.querySelector('use')?.setAttribute('href', `${meta('icons')}#${shown ? 'eye-off' : 'eye'}`);
  });
}

const VEIL = 'bx-veil';

function startVeil(): void {
  const root = document.documentElement;
  root.classList.toggle('veil', sessionStorage.getItem(VEIL) === '1');
  const turn = () => {
    const on_ = root.classList.toggle('veil');
    sessionStorage.setItem(VEIL, on_ ? '1' : '0');
    announce(say(on_ ? 'veiled' : 'unveiled'));
  };
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'F8' || event.repeat) return;
    event.preventDefault();
    turn();
  });
  on('click', '[data-veil]', turn);
}

/** Starts to listen. */
export function startForms(): void {
  startFilters();
  startTrees();
  startChecks();
  startPasswords();
  startVeil();
  on('click', '[data-print]', () => window.print());
}
