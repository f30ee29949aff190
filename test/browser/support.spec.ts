import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { sayWhatChanged } from '../../src/app/alarms';
import { sql } from '../../src/platform/database';
import { jobRun } from '../../src/platform/jobs';
import type { Minute } from '../../src/platform/metrics';
import { notificationChannel } from '../../src/platform/notify';
import { chromiumFor } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { type Listening, listen } from '../support/listen';

const PAGES = [
  '/settings/notifications',
  '/settings/notifications/channels/new?kind=mail',
  '/settings/notifications/channels/new?kind=dingtalk',
  '/administration/metrics',
  '/support',
  '/administration/contacts/new',
  '/administration/guides/slow',
  '/administration/guides/imports',
  '/administration/guides/everything',
  '/help/notifications',
  '/help/troubleshooting',
];

describe('support and notifications in the browser', function () {
  this.timeout(240_000);
  let browser: Browser;
  let server: Listening;
  let app: TestApp;
  let close: () => Promise<void>;

  before(async function () {
    browser = await chromiumFor(this);
    const fresh = await freshSqlite();
    const started = await startTestApp(fresh.url);
    app = started.app;
    close = async () => {
      await started.close();
      await fresh.release();
    };
    server = await listen(app.app.web);
    await fill();
  });

  after(async () => {
    await server?.close();
    await close?.();
  });

  /** A channel that works and one that does not, a problem, contacts, a slow statement, an hour of minutes. */
  async function fill(): Promise<void> {
    const mail = {
      kind: 'mail',
      name: '店长邮箱',
      locale: 'zh-CN',
      host: '127.0.0.1',
      port: '9',
      security: 'none',
      from: 'erp@example.com',
      to: 'boss@example.com',
      'events.disk-low': '1',
      active: '1',
    };
    await app.post('/settings/notifications/channels', mail);
    const [{ id } = { id: 0 }] = await app.database.read.find(notificationChannel, {});
    await app.post(`/settings/notifications/channels/${id}/test`);
    const disk = { event: 'disk-low' as const, values: { freeGb: '1.2', folder: '/srv/erp' }, names: {}, href: '/' };
    const job = {
      event: 'job-failed' as const,
      subject: 'x',
      values: { error: 'no room' },
      names: { job: 'system:job.back-up' },
      href: '/administration/jobs',
    };
    await sayWhatChanged(app.services, app.actor, [disk, job]);
    const run = { id: 9000, jobId: 'administration.tidy-up', node: 'a:1', dueAt: 1, startedAt: 5, finishedAt: 6 };
    await app.uow.run(app.actor, (unit) =>
      unit.insert(jobRun, [{ ...run, outcome: 'failed', error: 'disk I/O error' }]),
    );
    const contact = { name: '小李', duty: '收银机和打印机', phone: '025-83601234', hours: '每天 9:00–21:00' };
    await app.post('/administration/contacts', {
      ...contact,
      kind: 'internal',
      mail: 'it@example.com',
      onlineService: '',
    });
    await app.post('/administration/contacts', {
      ...contact,
      kind: 'vendor',
      name: '供应商热线',
      mail: '',
      onlineService: 'https://example.com/help',
    });
    const { watch } = app.database;
    watch.slowMs = 0;
    await app.database.read.all(
      sql`SELECT id, name FROM customer WHERE name = ${'某某'} AND active = ${true} ORDER BY id`,
    );
    watch.slowMs = 60_000;
    const minutes = app.app.metrics.minutes as Minute[];
    for (let at = 0; at < 60; at++)
      minutes.push({
        at: app.services.clock() - (60 - at) * 60_000,
        delayP50Ms: 1,
        delayP99Ms: 4 + (at % 7) * 3,
        delayMaxMs: 40,
        busyShare: 0.2,
        requests: 30,
        failures: 0,
        memoryBytes: 1e8,
      });
  }

  for (const { width, height, locale } of [
    { width: 1280, height: 900, locale: 'zh-CN' as const },
    { width: 360, height: 780, locale: 'en' as const },
  ])
    it(`fit, are accessible and quiet, ${width} px wide in ${locale}`, async () => {
      const context = await browser.newContext({ viewport: { width, height } });
      const tab = await context.newPage();
      const wrong: string[] = [];
      tab.on('console', (message) => {
        if (message.type() === 'error') wrong.push(`${tab.url()}: ${message.text()}`);
      });
      tab.on('pageerror', (error) => wrong.push(`${tab.url()}: ${error.message}`));
      const { actor } = await app.as({ locale });
      await tab.goto(`${server.url}/test/sign-in/${actor.userId}`);
      const statement = /statements\/([0-9a-f]{12})/.exec((await app.get('/administration/metrics')).text)?.[1];
      for (const page of [...PAGES, `/administration/metrics/statements/${statement}`]) {
        const answer = await tab.goto(`${server.url}${page}`);
        expect(answer?.status(), page).to.equal(200);
        const overflow = await tab.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        if (Number(overflow) > 0) wrong.push(`${page}: ${String(overflow)} px too wide`);
        await tab.evaluate(axe.source);
        const { violations } = (await tab.evaluate('axe.run()')) as axe.AxeResults;
        wrong.push(...violations.map(({ id, nodes }) => `${page}: ${id} ${nodes[0]?.html ?? ''}`));
        if (process.env['ERP_TEST_SHOTS'])
          await tab.screenshot({
            path: `${process.env['ERP_TEST_SHOTS']}/${page.replace(/\W+/g, '-')}.${width}.png`,
            fullPage: true,
          });
      }
      await context.close();
      expect(wrong).to.eql([]);
    });
});
