// Switches the language as a person does: by the control marked data-lang=xx, a link or a button of a form.

/**
 * @param {import('playwright-core').Page} page
 * @param {string} base address of the server
 * @param {string} lang zh-CN or en
 * @param {string} path a page that has the switch
 */
export async function speak(page, base, lang, path) {
  await page.goto(new URL(path, base).href, { waitUntil: 'load' });
  const now = await page.evaluate(() => document.documentElement.lang);
  if (now.slice(0, 2) === lang.slice(0, 2)) return;
  const control = page.locator(`[data-lang="${lang}"]`).first();
  if ((await control.count()) === 0) return;
  // It may stand in a closed menu: pressed without a pointer.
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), control.evaluate((element) => element.click())]);
}
