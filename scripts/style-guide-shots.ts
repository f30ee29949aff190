/**
 * Pictures of the style guide for looking at: `tsx scripts/style-guide-shots.ts [FOLDER] [PAGE …]` (default out/style-guide,
 * every page). Light and dark, 1440 and 360 wide, both languages for the pages that have frames.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { STYLE_PAGES } from '../src/platform/views/style-guide-model';
import { startStyleGuide } from '../test/support/style-guide-server';
import { buildAssets } from './build-assets';

const [folder = 'out/style-guide', ...wanted] = process.argv.slice(2);
const WAYS = [
  { name: 'light', width: 1440, query: 'theme=light' },
  { name: 'dark', width: 1440, query: 'theme=dark' },
  { name: 'en', width: 1440, query: 'locale=en' },
  { name: 'phone', width: 360, query: 'theme=light' },
  { name: 'phone-dark', width: 360, query: 'theme=dark' },
];

await buildAssets();
mkdirSync(folder, { recursive: true });
const server = await startStyleGuide();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  for (const page of STYLE_PAGES.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    for (const way of WAYS) {
      const tab = await browser.newPage({ viewport: { width: way.width, height: way.width === 360 ? 780 : 900 } });
      await tab.goto(`${server.url}/style-guide/${page}?${way.query}`, { waitUntil: 'load' });
      await tab.screenshot({ path: path.join(folder, `${page}-${way.name}.png`), fullPage: true });
      await tab.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(folder);
