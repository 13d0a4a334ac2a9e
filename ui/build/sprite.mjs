// One SVG file with a <symbol> for each icon, from the outline icons of Tabler.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string[]} names icon names, in the order of the sprite
 * @param {string} folder where NAME.svg stand
 * @returns {string} the sprite
 * @throws when a name has no file, or stands twice
 */
export function sprite(names, folder) {
  if (new Set(names).size !== names.length) throw new Error('icons.txt: a name stands twice');
  const symbols = names.map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), 'utf8').replace(/<!--[\s\S]*?-->/g, '');
    const inner = svg
      .replace(/^[\s\S]*?<svg[^>]*>/, '')
      .replace(/<\/svg>\s*$/, '')
      .replace(/<path stroke="none"[^>]*\/>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
