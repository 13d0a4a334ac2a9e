// Signs in through the real form: fields login, password, and code where one is asked for, on the same page or the next.
import { totp } from './totp.mjs';

async function submit(page, field) {
  const form = page.locator('form', { has: page.locator(`[name=${field}]`) }).first();
  const button = form.locator('button:not([type]),button[type=submit],input[type=submit]').first();
  await Promise.all([page.waitForLoadState('load'), button.click()]);
  await page.waitForLoadState('load');
}

async function code(page, account) {
  const field = page.locator('[name=code]:visible').first();
  if ((await field.count()) === 0) return false;
  if (!account.totp_secret) throw new Error(`${account.login}: the page asks for a code and the account has no totp_secret`);
  await field.fill(totp(account.totp_secret));
  return true;
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} base address of the server
 * @param {{login: string, password: string, totp_secret?: string}} account
 * @throws when the form is still there afterwards
 */
export async function signIn(page, base, account) {
  try {
    await once(page, base, account);
  } catch (error) {
    if (!account.totp_secret) throw error;
    // A code is good for one sign-in: whoever has just signed in waits for the next one.
    await page.waitForTimeout(STEP - (Date.now() % STEP) + 500);
    await once(page, base, account);
  }
}

/** Milliseconds for which a code stands. */
const STEP = 30_000;

async function once(page, base, account) {
  await page.goto(new URL('/login', base).href, { waitUntil: 'load' });
  await page.locator('[name=login]').first().fill(account.login);
  await page.locator('[name=password]').first().fill(account.password);
  await code(page, account);
  await submit(page, 'password');
  if ((await page.locator('[name=password]').count()) === 0 && (await code(page, account))) await submit(page, 'code');
  if ((await page.locator('[name=password],[name=code]').count()) > 0) {
    const said = await page.locator('[role=alert]').first().textContent({ timeout: 500 }).catch(() => null);
    throw new Error(`${account.login}: not signed in at ${page.url()}${said ? `: ${said.trim()}` : ''}`);
  }
}
