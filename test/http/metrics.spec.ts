import { expect } from 'chai';
import { measureGrowth } from '../../src/app/metrics';
import { growthSample } from '../../src/app/support/growth-sample.table';
import { hostFacts } from '../../src/platform/checks';
import { sql } from '../../src/platform/database';
import { testApps } from '../support/http';

const PAGE = '/administration/metrics';
const TOKEN = 'a-token-of-16-or-more';

describe('the page of metrics', () => {
  const start = testApps();

  it('tells request times by route, slow statements with their plan, and what waits', async () => {
    const app = await start({ env: { ERP_METRICS_SLOW_STATEMENT_MS: '1' } });
    await app.get('/catalog/products').expect(200);
    await app.get('/no-such-page/13812345678').expect(404);
    app.database.watch.slowMs = 0;
    const phone = '13812345678';
    await app.database.read.all(sql`SELECT id FROM user_account WHERE name = ${phone} ORDER BY id`);
    app.database.watch.slowMs = 60_000;
    const { text } = await app.get(PAGE).expect(200);
    expect(text).to.include('/catalog/products').and.include('(none)').and.include('满几天后才能预测');
    expect(text).to.include('FROM user_account WHERE name').and.not.include('1381234');
    const [, id] = /statements\/([0-9a-f]{12})"[^>]*>SELECT id FROM user_account WHERE name/.exec(text) ?? [];
    const statement = await app.get(`${PAGE}/statements/${id}`).expect(200);
    expect(statement.text)
      .to.include('text(11)')
      .and.match(/S(CAN|EARCH) user_account/);
    await app.get(`${PAGE}/statements/nothing`).expect(404);
    await app.get(`${PAGE}/charts/delay`).expect(200);
    await app.get(`${PAGE}/charts/other`).expect(404);
    const reader = await app.as({ permissions: ['administration.job.view'] });
    await reader.get(PAGE).expect(403);
  });

  it('foretells the disk from what a job noted each day', async () => {
    let now = Date.UTC(2026, 10, 1);
    const app = await start({ clock: () => now });
    for (let day = 0; day < 6; day++) {
      const disk = () => Promise.resolve({ freeBytes: (100 - day) * 1e9, totalBytes: 2e11 });
      await measureGrowth(app.services, app.actor, { ...hostFacts, disk });
      now += 86_400_000;
    }
    const [first] = await app.database.read.find(growthSample, {});
    expect(first?.databaseBytes).to.be.greaterThan(10_000);
    expect((await app.get(PAGE)).text).to.include('大约 94 天后用完');
  });

  it('gives /metrics to who knows the token, without a series for each address', async () => {
    const app = await start({ env: { ERP_METRICS_TOKEN: TOKEN } });
    for (let at = 0; at < 20; at++) await app.get(`/sales/sales/${at + 900}`);
    const ask = (token?: string) => {
      const request = app.signedOut().agent.get('/metrics');
      return token === undefined ? request : request.set('authorization', `Bearer ${token}`);
    };
    expect((await ask()).status).to.equal(401);
    expect((await ask('another-token-of-16')).status).to.equal(401);
    const answer = await ask(TOKEN);
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.match(/^text\/plain; version=0\.0\.4/);
    const lines = answer.text.trim().split('\n');
    expect(lines.filter((line) => !/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[^}]*\})? -?[\d.e+-]+)$/.test(line))).to.eql(
      [],
    );
    expect(answer.text).to.include('phone_erp_database_up 1').and.include('phone_erp_jobs{state="failed"} 0');
    const routes = lines.filter((line) => line.includes('route="/sales/sales/:id"'));
    expect(routes).to.have.length(5);
    expect(routes.at(-1)).to.match(/_count\{[^}]*\} 20$/);
    expect(answer.text).to.not.include('/900');
    expect(answer.text).to.match(/http_request_duration_seconds_bucket\{le="\+Inf"\} \d+/);
    const names = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has no /metrics without a token', async () => {
    const app = await start();
    expect((await app.signedOut().agent.get('/metrics')).status).to.equal(404);
  });
});
