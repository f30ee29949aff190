import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { addStaff, staff } from '../../../src/modules/organization';
import { openProduct } from '../../../src/app/product';
import { loadConfig } from '../../../src/platform/config';
import { keyIdOf } from '../../../src/platform/crypto';
import { chunked } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { createCustomer } from '../../../src/modules/crm';
import { programFromSource, runProgram } from '../../support/setup-command';

const actor = systemActor('test');
// So many that a rotation is still under way when its first rows are seen.
const PEOPLE = 8000;

interface Status {
  ok: boolean;
  keys: { id: string; used: number; current: boolean }[];
  waiting: number;
}

describe('phone-erp key and person', function () {
  this.timeout(240_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-key-command-'));
    writeFileSync(path.join(folder, 'config.yaml'), `dataDir: ${folder}\n`, { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = () => path.join(folder, 'config.yaml');
  const run = (...args: string[]) => runProgram(folder, [...args, '--config', file(), '--json']);
  const open = () => openProduct(loadConfig({ file: file() }), silentLogger());

  it('a rotation that is killed in the middle goes on when it is begun again', async () => {
    const product = await open();
    const { uow, keys } = product.services;
    const codes = Array.from({ length: PEOPLE }, (_, n) => `E${n}`);
    for (const part of chunked(codes))
      await uow.run(actor, async (unit) => {
        for (const code of part) await addStaff(unit, keys, { code: `${code}X`, name: '周敏', phone: '13700000000' });
      });
    await product.close();

    const [program, ...before] = programFromSource;
    const child = spawn(program, [...before, 'key', 'rotate', '--config', file(), '--json'], { cwd: folder });
    // What it prints, twice a second, is too late on a quick machine: all is done by then.
    const look = new DatabaseSync(path.join(folder, 'phone-erp.sqlite'), { readOnly: true });
    const first = look.prepare('SELECT phone_cipher AS cipher FROM staff ORDER BY id LIMIT 1');
    const watch = setInterval(() => {
      if (keyIdOf(String(first.get()?.['cipher'])) === 'k2') child.kill('SIGKILL');
    }, 2);
    await new Promise((resolve) => child.once('close', resolve));
    clearInterval(watch);
    look.close();
    const status = JSON.parse((await run('key', 'status')).stdout) as Status;
    expect(status.keys.map(({ id, current }) => [id, current])).to.deep.equal([
      ['k1', false],
      ['k2', true],
    ]);
    expect(
      status.keys.reduce((sum, { used }) => sum + used, 0),
      'nothing is lost',
    ).to.equal(PEOPLE);
    const early = await run('key', 'retire');
    expect(early.code, early.stderr).to.equal(3);

    // The killed run counts as running until it has said nothing for a minute.
    const { services, close } = await open();
    await agePastRun(services);
    await close();
    const again = await run('key', 'rotate');
    expect(again.code, again.stderr).to.equal(0);
    const last = JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '{}') as { key: string; unreadable: number };
    expect([last.key, last.unreadable]).to.deep.equal(['k2', 0]);
    const keyFile = path.join(folder, 'secret.key');
    utimesSync(keyFile, new Date(), new Date(Date.now() - 120_000));
    const retired = await run('key', 'retire');
    expect(JSON.parse(retired.stdout)).to.deep.equal({ ok: true, retired: ['k1'] });
    const after = await open();
    const rows = await after.services.database.read.find(staff, {});
    expect(new Set(rows.map(({ phoneCipher }) => keyIdOf(phoneCipher ?? '')))).to.deep.equal(new Set(['k2']));
    await after.close();
  });

  it('a person is written to a file and erased with a second confirmation', async () => {
    const { services, close } = await open();
    const words = { name: '王芳', phone: '13812345678' };
    const { id } = await createCustomer(services.uow, actor, services.keys, words);
    const code = `KH${String(id).padStart(8, '0')}`;
    await close();
    const zip = path.join(folder, 'person.zip');
    const copied = await run('person', 'export', code, '-o', zip);
    expect(copied.code, copied.stdout + copied.stderr).to.equal(0);
    expect([existsSync(zip), statSync(zip).mode & 0o777]).to.deep.equal([true, 0o600]);
    expect((await run('person', 'export', code, '-o', zip)).code).to.equal(3);
    expect((await run('person', 'erase', code, '--confirm', 'KH2')).code).to.equal(3);
    expect((await run('person', 'erase', 'KH99999999', '--confirm', 'KH99999999')).code).to.equal(3);
    const erased = await run('person', 'erase', code.toLowerCase(), '--confirm', code);
    expect(JSON.parse(erased.stdout)).to.deep.equal({ ok: true, customer: code });
  });
});

/** As if a minute had passed since the killed run was last heard of. */
async function agePastRun({ uow, clock }: Awaited<ReturnType<typeof openProduct>>['services']): Promise<void> {
  const { upkeepRun } = await import('../../../src/platform/upkeep');
  await uow.run(actor, async (unit) => {
    for (const { id } of await unit.find(upkeepRun, { state: 'running' }))
      await unit.update(upkeepRun, id, { seenAt: clock() - 61_000 });
  });
}
