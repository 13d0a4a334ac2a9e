// The oldest engine in county offices is Chromium 86 (Windows 7 machines, the 360 and UOS browsers). What it does not
// know would be dropped without a word, so it may not stand in what we ship.

/** Text of a style sheet → the first Chromium that understands it. */
const CSS = {
  'color-mix(': 111, 'oklch(': 111, 'oklab(': 111, 'light-dark(': 123, '@layer': 99, '@container': 105, ':has(': 105, ':is(': 88,
  ':where(': 88, '@starting-style': 117, '@scope': 118, subgrid: 117, 'from var(': 119, '@media (width': 104, '@media(width': 104,
};
/** Properties and units, which are words and need their surroundings. */
const CSS_WORDS = {
  'inset:': 87, 'aspect-ratio:': 88, 'scale:': 104, 'rotate:': 104, 'translate:': 104, 'overflow:clip': 90, 'inset-block:': 87, 'inset-inline:': 87,
};
const CSS_UNITS = { dvh: 108, svh: 108, lvh: 108, cqw: 105 };
/** Calls of scripts → the first Chromium that has them. The syntax itself is lowered by the build. */
const JS = {
  'structuredClone(': 98, 'randomUUID(': 92, '.findLast(': 97, '.toSorted(': 110, '.hasOwn(': 93, 'AbortSignal.timeout': 103, '.groupBy(': 117,
  '.showPopover(': 114, '.at(-': 92, '.withResolvers(': 119,
};

/**
 * @param {string} css a built style sheet
 * @returns {string[]} what needs a newer engine
 */
export function cssFloor(css) {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const findings = [];
  const say = (what, times, needs) => { if (times > 0) findings.push(`${what} ×${times} needs Chromium ${needs}`); };
  for (const [what, needs] of Object.entries(CSS)) say(what, text.split(what).length - 1, needs);
  for (const [what, needs] of Object.entries(CSS_WORDS)) say(what, (text.match(new RegExp(`[;{\\s]${what}`, 'g')) ?? []).length, needs);
  for (const [what, needs] of Object.entries(CSS_UNITS)) say(what, (text.match(new RegExp(`\\d${what}\\b`, 'g')) ?? []).length, needs);
  if (/[{;]\s*&/.test(text)) findings.push('nested rules need Chromium 112');
  return findings;
}

/**
 * @param {string} script a built script of ours
 * @returns {string[]} what needs a newer engine
 */
export function jsFloor(script) {
  return Object.entries(JS).filter(([what]) => script.includes(what)).map(([what, needs]) => `${what} needs Chromium ${needs}`);
}
