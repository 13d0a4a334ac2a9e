// Contrast of the colour tokens, light and dark (WCAG 2.2, 1.4.3 and 1.4.11), from the sources of the style sheet.

const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => channel(Number.parseInt(full.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The ratio of two colours, 1 to 21. */
export function ratio(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function collect(css, selector) {
  const found = {};
  for (const [, body] of css.matchAll(new RegExp(`(?:^|[}\\n])\\s*${selector}\\{([^}]*)\\}`, 'g'))) {
    for (const [, name, value] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\s*(?=[;}]|$)/gi)) found[name] = value;
  }
  return found;
}

const STATUS = ['in', 'ex', 'sus', 'out', 'con', 'act', 'ret', 'unk'];
const GROUNDS = ['bx-bg', 'bx-surface', 'bx-surface-2'];

function pairs() {
  const text = [];
  for (const ground of [...GROUNDS, 'bx-surface-3']) for (const ink of ['bx-ink', 'bx-ink-2', 'bx-ink-3']) text.push([ink, ground, 4.5]);
  for (const ground of GROUNDS) text.push(['bx-ink-4', ground, 4.5], ['bx-pri', ground, 4.5], ['bx-focus', ground, 3]);
  for (const key of STATUS) text.push([key, `${key}-t`, 4.5], [key, 'bx-surface', 4.5], [key, 'bx-surface-2', 4.5], ['bx-ink', `${key}-t`, 4.5]);
  for (const nav of ['bx-nav', 'bx-nav-2']) text.push(['bx-on-nav', nav, 4.5], ['bx-on-nav-2', nav, 4.5]);
  text.push(['bx-on-pri', 'bx-pri', 4.5], ['bx-on-pri', 'bx-pri-h', 4.5], ['bx-pri-h', 'bx-pri-t', 4.5], ['bx-pri', 'bx-pri-t', 4.5], ['bx-ctl', 'bx-surface', 3]);
  text.push(['wf-for', 'bx-surface', 3], ['wf-against', 'bx-surface', 3]);
  return text;
}

/**
 * @param {string} css the sources of the style sheet, not minified
 * @returns {string[]} pairs below their limit, and tokens that are missing
 */
export function tokenContrast(css) {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const light = collect(text, ':root');
  const themes = { light, dark: { ...light, ...collect(text, '\\[data-theme=dark\\]') } };
  const findings = [];
  for (const [theme, tokens] of Object.entries(themes)) {
    for (const [front, back, least] of pairs()) {
      if (!tokens[front] || !tokens[back]) findings.push(`${theme}: --${tokens[front] ? back : front} is missing`);
      else if (ratio(tokens[front], tokens[back]) < least) {
        findings.push(`${theme}: --${front} on --${back} is ${ratio(tokens[front], tokens[back]).toFixed(2)}, at least ${least}`);
      }
    }
  }
  return [...new Set(findings)];
}
