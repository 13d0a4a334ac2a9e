// The dark rules of a style sheet, for the screen only, and once more for people who follow their system.
// `data-theme` on <html> is light, dark or auto; paper is always light.

const DARK = /\[data-theme=dark\][^{}]*\{[^{}]*\}/g;

/**
 * Puts every rule that starts with `[data-theme=dark]` into `@media screen` and repeats it for `auto`, in its place,
 * so that the order of the cascade stays.
 * @param {string} css a style sheet whose dark rules stand outside other blocks
 * @returns {string} the style sheet
 */
export function themes(css) {
  return css.replace(DARK, (rule) => {
    const auto = rule.replaceAll('[data-theme=dark]', '[data-theme=auto]');
    return `@media screen{${rule}}@media screen and (prefers-color-scheme:dark){${auto}}`;
  });
}
