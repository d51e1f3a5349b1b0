import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const named = process.env['CHROMIUM_PATH'];

/** A browser of this machine; tests that need one are skipped where there is none. */
export const chromiumPath = (named === undefined ? usualPlaces : [named]).find((path) => existsSync(path));

/** For the name of what is skipped without it. */
export const chromiumNote = chromiumPath === undefined ? ' (not run: no Chromium here, see CHROMIUM_PATH)' : '';

/** In a profile of its own, and as silent on the network as a browser can be. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
