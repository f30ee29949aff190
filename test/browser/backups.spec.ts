import axe from 'axe-core';
import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { backupRun } from '../../src/app/backup';
import { isBackupName } from '../../src/platform/backup-targets';
import { sql } from '../../src/platform/database';
import { upkeepRun } from '../../src/platform/upkeep';
import { chromiumFor } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { type Listening, listen } from '../support/listen';

describe('backups in the browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let server: Listening;
  let app: TestApp;
  let base: string;
  let disk: string;
  let close: () => Promise<void>;

  before(async function () {
    browser = await chromiumFor(this);
    disk = mkdtempSync(path.join(tmpdir(), 'erp-backups-'));
    const fresh = await freshSqlite();
    const targets = JSON.stringify([{ id: 'usb', kind: 'local', path: disk }]);
    const env = { ERP_BACKUP_TARGETS: targets, ERP_BACKUP_PASSPHRASE: 'twelve characters' };
    const started = await startTestApp(fresh.url, { env });
    app = started.app;
    close = async () => {
      await started.close();
      await fresh.release();
    };
    server = await listen(app.app.web);
    base = server.url;
  });

  after(async () => {
    await server?.close();
    await close?.();
    if (disk) rmSync(disk, { recursive: true, force: true });
  });

  for (const { width, height, locale, test, run, good } of [
    { width: 1280, height: 800, locale: 'zh-CN' as const, test: '测试', run: '立即备份', good: '完好' },
    { width: 360, height: 780, locale: 'en' as const, test: 'Test this target', run: 'Back up now', good: 'good' },
  ])
    it(`a target is tested and a backup made, ${width} px wide`, async () => {
      const tab = await (await browser.newContext({ viewport: { width, height } })).newPage();
      const before = (await app.database.read.find(backupRun, {})).length;
      const { actor } = await app.as({ locale });
      await tab.goto(`${base}/test/sign-in/${actor.userId}`);
      await tab.goto(`${base}/settings/backups`);
      await tab.getByRole('button', { name: test }).click();
      await tab.getByRole('status').filter({ hasText: 'usb' }).first().waitFor();
      await tab.getByRole('button', { name: run }).click();
      // With or without the bar of progress on the way: in the end the history has it.
      const rows = tab.locator('#backup-runs tbody tr, tbody#backup-runs tr').filter({ hasText: good });
      await rows.nth(before).waitFor({ timeout: 60_000 });
      // The retention keeps the last one of a day.
      const made = (await app.database.read.find(backupRun, {})).map(({ name }) => name);
      expect(readdirSync(disk).filter(isBackupName)).to.deep.equal(made.slice(-1));
      const wide = await tab.evaluate('document.documentElement.scrollWidth');
      expect(wide).to.be.at.most(width);
      await tab.evaluate(axe.source);
      const found = (await tab.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect(found.violations.map(({ id }) => id)).to.deep.equal([]);
      await tab.goto(`${base}/settings/backups/retention`);
      expect(await tab.locator('table').first().locator('tbody tr').count()).to.equal(1);
      await tab.context().close();
    });

  it('a page that waits for work which nobody knows of any more is loaded again', async () => {
    const tab = await (await browser.newContext()).newPage();
    await tab.goto(`${base}/test/sign-in/${app.actor.userId}`);
    const id = await app.uow.run(app.actor, async (unit) => {
      const run = unit.takeIds(upkeepRun);
      const times = { startedAt: unit.now, seenAt: unit.now, done: 0, total: 0 };
      const by = { startedById: null, startedByName: '周敏' };
      await unit.insert(upkeepRun, [{ id: run, kind: 'switch', state: 'running', ...by, ...times }]);
      return run;
    });
    await tab.goto(`${base}/settings/backups/databases`);
    const bar = tab.locator('progress-poll');
    await bar.waitFor();
    expect(await bar.innerText()).to.not.include('0 / 0');
    // As in another database: the run is not there.
    await app.uow.run(app.actor, (unit) => unit.execute(sql`DELETE FROM upkeep_run WHERE id = ${id}`));
    await bar.waitFor({ state: 'detached' });
    await tab.context().close();
  });
});
