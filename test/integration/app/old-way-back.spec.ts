import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endOldWayBack } from '../../../src/app/upgrade/old-way-back';
import { loadConfig } from '../../../src/platform/config';
import { takeLock } from '../../../src/platform/files';

const DAY_MS = 86_400_000;

describe('the way back from an upgrade', () => {
  let dataDir: string;
  const now = Date.UTC(2026, 10, 23);
  const at = (...names: string[]): string => path.join(dataDir, 'upgrade', ...names);
  const finished = (outcome: string, daysAgo: number): void =>
    writeFileSync(at('state.json'), JSON.stringify({ format: 1, outcome, finishedAt: now - daysAgo * DAY_MS }));
  const end = () => endOldWayBack(loadConfig({ env: { ERP_DATA_DIR: dataDir } }), now);

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'erp-way-back-'));
    for (const name of ['before', 'given-up']) mkdirSync(at(name), { recursive: true });
    writeFileSync(at('before', 'phone-erp.sqlite'), 'the data before');
    writeFileSync(at('way-back.key'), 'AGE-SECRET-KEY-1');
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('stands for thirty days; then key and copies are destroyed, unless something is at work or stuck', async () => {
    finished('done', 29);
    await end();
    expect(existsSync(at('before', 'phone-erp.sqlite'))).to.equal(true);
    for (const outcome of ['running', 'stuck']) {
      finished(outcome, 40);
      await end();
      expect(existsSync(at('way-back.key')), outcome).to.equal(true);
    }
    finished('done', 31);
    const lock = takeLock(at('lock'));
    await end();
    lock.release();
    expect(existsSync(at('way-back.key')), 'another upgrade has begun').to.equal(true);
    await end();
    for (const name of ['way-back.key', 'before', 'given-up']) expect(existsSync(at(name)), name).to.equal(false);
    expect(existsSync(at('state.json')), 'what was done is still told').to.equal(true);
    await end();
  });
});
