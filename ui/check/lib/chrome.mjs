// The browser of the checks.
import { chromium } from 'playwright-core';

/** Starts Chromium ($CHROMIUM, else the system's). */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'],
  });
}

export const DESK = { name: '1366', viewport: { width: 1366, height: 768 } };
export const PHONE = { name: '390', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
