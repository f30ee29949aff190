import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { type PartInput, parts } from '../../src/app/upgrade';
import { openDatabase } from '../../src/platform/database';
import { install, type Installed, runFile } from '../support/upgrade/installation';
import { buildVersions, OLD, type Versions } from '../support/upgrade/versions';

interface Result {
  ok: boolean;
  error?: { code: string };
  name?: string;
  program?: string;
  rows?: number;
  migratedSteps?: number;
  books?: { findings: number };
}
const resultOf = ({ stdout }: { stdout: string }): Result =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Result;

// With programs of two versions: what one knows of its tables, the other does not.
describe('a backup of another version', function () {
  this.timeout(300_000);
  let versions: Versions;
  let one: Installed;

  before(async () => {
    versions = await buildVersions(['good']);
    one = await install(versions);
    const config = parse(readFileSync(one.configFile, 'utf8')) as object;
    writeFileSync(one.configFile, stringify({ ...config, backup: { allowUnencrypted: true } }));
  });
  after(() => {
    one?.remove();
    versions?.release();
  });

  const made = async (program: string, folder: string): Promise<string> => {
    const outcome = await runFile(program, ['backup', 'run', '--folder', folder, '--config', one.configFile, '--json']);
    expect(outcome.code, outcome.stdout + outcome.stderr).to.equal(0);
    return path.join(folder, resultOf(outcome).name ?? '');
  };
  const restore = async (program: string, file: string, to: string) => {
    const at = path.join(path.dirname(one.folder), to);
    mkdirSync(at, { recursive: true });
    const url = `sqlite:${path.join(at, 'shop.sqlite')}`;
    const args = ['restore', file, '--to', url, '--data-dir', at, '--config', one.configFile, '--json'];
    return { url, ...(await runFile(program, args)) };
  };

  it('an older one is loaded into its own schema, compared, and brought to the new version; a newer one is refused', async () => {
    const whole = path.dirname(one.folder);
    const old = await made(versions.old, path.join(whole, 'old'));
    const restored = await restore(versions.next.good, old, 'new');
    expect(restored.code, restored.stdout + restored.stderr).to.equal(0);
    const { ok, program, rows, migratedSteps, books } = resultOf(restored);
    expect({ ok, program, migratedSteps }).to.deep.equal({ ok: true, program: OLD, migratedSteps: 3 });
    expect(rows).to.be.greaterThan(100);
    expect(books?.findings).to.equal(0);
    const database = await openDatabase(restored.url, { poolSize: 1 });
    try {
      expect(await database.dataSource.query('SELECT note FROM next_note')).to.deep.equal([{ note: 'made by 99.1.0' }]);
      expect(await database.dataSource.query("SELECT COUNT(*) AS other FROM store WHERE name <> 'next'")).to.deep.equal(
        [{ other: 0 }],
      );
    } finally {
      await database.close();
    }
    // The newer program makes one of what it has restored; the older one does not touch it.
    const config = parse(readFileSync(one.configFile, 'utf8')) as { database: object };
    writeFileSync(one.configFile, stringify({ ...config, database: { url: restored.url } }));
    const newer = await made(versions.next.good, path.join(whole, 'next')).finally(() =>
      writeFileSync(one.configFile, stringify(config)),
    );
    const refused = await restore(versions.old, newer, 'refused');
    expect(refused.code).to.equal(3);
    expect(resultOf(refused).error?.code).to.equal('backup:error.newer');
    expect(readdirSync(path.join(whole, 'refused'))).to.deep.equal([]);
  });

  it('a rehearsal opens a copy that nothing leaves', async () => {
    const input: PartInput = { configFile: one.configFile, url: one.url, say: () => undefined };
    expect(await parts['accept']?.(input)).to.include({ neutralised: true });
    expect(await parts['accept']?.({ ...input, url: undefined } as never)).to.include({ neutralised: false });
  });
});
