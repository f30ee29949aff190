import { expect } from 'chai';
import { connectionChecks } from '../../src/app/checks/connection-checks';
import { createBudget, isGoodEnough, MOST_PIECE_BYTES } from '../../src/modules/administration/domain/connection';
import { hostFacts, runChecks } from '../../src/platform/checks';
import { auditLog } from '../../src/platform/unit-of-work';
import { type TestApp, testApps } from '../support/http';

const HERE = '/administration/connection';
const GOOD = { roundTripMs: 4.26, downloadMbit: 321.04, uploadMbit: 88 };

describe('measuring the line to a browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const notes = async (app: TestApp) =>
    app.database.read.find(auditLog, { action: 'administration.connection.measure' });

  it('sends pieces of random bytes that nothing presses smaller, of the size asked for', async () => {
    const app = await start();
    const piece = await app.agent
      .get(`${HERE}/pieces/300000`)
      .set('accept-encoding', 'gzip')
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(piece.status).to.equal(200);
    expect(piece.body as Buffer).to.have.length(300_000);
    expect(piece.headers).not.to.have.property('content-encoding');
    expect(piece.headers['cache-control']).to.contain('no-store');
    expect(new Set(piece.body as Buffer).size).to.equal(256);
    for (const bytes of ['0', '-1', '1e3', 'x', String(MOST_PIECE_BYTES + 1), '99999999999'])
      expect((await app.get(`${HERE}/pieces/${bytes}`)).status, bytes).to.equal(422);
  });

  it('takes pieces up to their size, with the token only', async () => {
    const app = await start();
    const upload = async (bytes: number, token: string) =>
      app.agent
        .post(`${HERE}/pieces`)
        .set('accept', 'application/json')
        .set('x-csrf-token', token)
        .attach('piece', Buffer.alloc(bytes), 'piece');
    const token = await app.token();
    const taken = await upload(100_000, token);
    expect([taken.status, taken.body]).to.deep.equal([200, { bytes: 100_000 }]);
    expect((await upload(MOST_PIECE_BYTES + 1, token)).status).to.equal(413);
    expect((await upload(10, 'wrong')).status).to.equal(403);
  });

  it('is for who has the right, signed in', async () => {
    const app = await start();
    const stranger = await app.as({ permissions: ['administration.about.view'] });
    for (const path of ['', '/echo', '/pieces/10']) {
      expect((await stranger.get(HERE + path)).status, path).to.equal(403);
      expect([303, 401], path).to.include((await app.signedOut().get(HERE + path)).status);
    }
    expect((await stranger.postJson(`${HERE}/results`, GOOD)).status).to.equal(403);
    expect(await notes(app)).to.have.length(0);
  });

  it('judges a result by the configuration, keeps it with who and where, and lists it', async () => {
    const app = await start();
    const answer = await app.postJson(`${HERE}/results`, GOOD);
    expect(answer.status).to.equal(200);
    expect(answer.body).to.deep.include({ good: true, text: '线路符合要求。', remedy: [] });
    const slow = await app.postJson(`${HERE}/results`, { ...GOOD, roundTripMs: 80, uploadMbit: 2 });
    expect(slow.body).to.have.property('good', false);
    expect((slow.body as { remedy: string[] }).remedy).to.have.length(2);
    const kept = (await notes(app)).map(({ detail, actorId }) => [detail?.['roundTripMs'], actorId]);
    expect(kept.map(([ms]) => ms)).to.have.members([4.3, 80]);
    expect(kept.every(([, actorId]) => actorId === app.actor.userId)).to.equal(true);
    const { text } = await app.get(HERE).expect(200);
    expect(text).to.contain('不达标').and.contain('321').and.contain('不超过 50 毫秒');
    for (const wrong of [
      {},
      { ...GOOD, uploadMbit: -1 },
      { ...GOOD, roundTripMs: 'x' },
      { ...GOOD, downloadMbit: 1e12 },
    ])
      expect((await app.postJson(`${HERE}/results`, wrong)).status).to.equal(422);
    expect(await notes(app)).to.have.length(2);
  });

  it('lets one person send so much in five minutes, and others none the less', () => {
    const budget = createBudget();
    let pieces = 0;
    while (budget.take(1, MOST_PIECE_BYTES, 1000) === 0) pieces += 1;
    expect(pieces).to.equal(128);
    expect(budget.take(1, MOST_PIECE_BYTES, 61_000)).to.equal(240);
    expect(budget.take(2, MOST_PIECE_BYTES, 61_000)).to.equal(0);
    expect(budget.take(1, MOST_PIECE_BYTES, 301_000)).to.equal(0);
  });

  it('refuses with the time to wait when that is used up', async () => {
    const app = await start();
    const statuses: number[] = [];
    for (let tries = 0; tries < 70 && statuses.at(-1) !== 429; tries += 1)
      statuses.push((await app.postJson(`${HERE}/results`, GOOD)).status);
    expect(statuses.filter((status) => status === 200)).to.have.length(64);
    const refused = await app.agent.get(`${HERE}/echo`).set('accept', 'application/json');
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers['retry-after'])).to.be.within(1, 300);
    const other = await app.as({});
    expect((await other.get(`${HERE}/echo`)).status).to.equal(200);
  });

  it('tells the doctor, who takes the newest of each address', async () => {
    const app = await start();
    const look = async () => {
      const context = {
        config: app.services.config,
        facts: hostFacts,
        database: app.database,
        now: Date.now(),
        schemaIsCurrent: true,
      };
      return (await runChecks(connectionChecks, context)).checks[0];
    };
    expect((await look())?.status).to.equal('skipped');
    await app.postJson(`${HERE}/results`, { ...GOOD, downloadMbit: 1 });
    const bad = await look();
    expect([bad?.status, bad?.remedy?.length]).to.deep.equal(['warn', 1]);
    expect(bad?.evidence).to.contain('↓ 1,');
    await app.postJson(`${HERE}/results`, GOOD);
    expect((await look())?.status).to.equal('ok');
    expect(isGoodEnough(GOOD, app.services.config.requirements)).to.equal(true);
  });
});
