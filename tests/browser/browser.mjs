// Chromium as the tests drive it: no network but this machine, and every page watched for faults.
import { chromium } from 'playwright-core';

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox', // CI runs as root, where Chromium refuses its sandbox
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// A page whose console errors, policy violations and requests to elsewhere are gathered in `faults`.
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ baseURL: address, locale: 'it-IT', viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  page.faults = [];
  page.on('console', (message) => message.type() === 'error' && !/status of (404|410|400)/.test(message.text()) && page.faults.push(message.text()));
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) page.faults.push(`asked ${request.url()}`);
  });
  return page;
}
