import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { chromium, type Browser } from 'playwright-core';
import { chromiumFlags, chromiumPath } from '../support/browser';
import { filmOfBarcode } from '../support/camera-picture';
import { startStyleGuide, type StyleGuideServer } from '../support/style-guide-server';

const IMEI = '867421063138408';

describe('scanning with the camera', () => {
  let browser: Browser;
  let server: StyleGuideServer;
  const folder = mkdtempSync(path.join(tmpdir(), 'camera-'));

  before(async function () {
    const executablePath = chromiumPath(this);
    const film = path.join(folder, 'label.y4m');
    filmOfBarcode(film, IMEI);
    server = await startStyleGuide();
    browser = await chromium.launch({
      executablePath,
      args: [
        ...chromiumFlags,
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads the label before the camera once and sends its number', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 }, permissions: ['camera'] });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await tab.goto(`${server.url}/style-guide/document`, { waitUntil: 'load' });
    const button = tab.locator('[data-camera]');
    await button.click();
    await tab.locator('.scan.scan-ok .imei').waitFor();
    expect(await tab.locator('.finder').isVisible()).to.equal(true);
    await button.click();
    await tab.locator('camera-scan').waitFor({ state: 'hidden' });
    expect(server.scanRequests.flatMap(({ scans }) => scans.map(({ code }) => code))).to.deep.equal([IMEI]);
    expect(complaints).to.deep.equal([]);
    await context.close();
  });
});
