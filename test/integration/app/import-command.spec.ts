import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openProduct } from '../../../src/app/product';
import { createUser, role } from '../../../src/platform/auth';
import { loadConfig } from '../../../src/platform/config';
import { type Database, openDatabase, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { openSpreadsheet } from '../../../src/platform/spreadsheet';
import { auditLog } from '../../../src/platform/unit-of-work';
import { databaseContext } from '../../support/databases';

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

const HEADER = '名称,品牌,分类,管理方式,零售价';

describe('phone-erp import', function () {
  this.timeout(180_000);
  const context = databaseContext('sqlite');
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-import-'));
    const url = await context.freshUrl();
    env = { ...process.env, ERP_DATABASE_URL: url, ERP_DATA_DIR: path.join(folder, 'data'), ERP_LOCALE: 'zh-CN' };
    const { services, close } = await openProduct(loadConfig({ env }), silentLogger());
    const people = { BUYER: 'buyer', CASHIER: 'cashier' };
    for (const [login, code] of Object.entries(people)) {
      const [found] = await services.database.read.find(role, { code });
      const grants = [{ roleId: found?.id ?? 0, storeId: null }];
      await createUser(services.uow, systemActor('test'), { login, name: `用户${login}`, locale: 'zh-CN', grants });
    }
    await close();
    database = await openDatabase(url);
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(...args: string[]): Promise<Outcome> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'import', ...args], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  }

  function file(name: string, ...lines: string[]): string {
    const target = path.join(folder, name);
    writeFileSync(target, `${lines.join('\n')}\n`);
    return target;
  }

  const products = async (): Promise<string[]> =>
    (await database.read.all<{ name: string }>(sql`SELECT name FROM product ORDER BY name`)).map(({ name }) => name);
  const json = ({ stdout }: Outcome) => JSON.parse(stdout) as Record<string, unknown>;

  it('checks first, then writes all of a file, in the name of a person', async () => {
    const good = file('good.csv', HEADER, '测试充电器 A,绿联,配件,数量,99', '测试充电器 B,绿联,配件,数量,129');
    const dry = await run('products', good, '--as', 'buyer', '--dry-run', '--json');
    expect(dry.code, dry.stdout + dry.stderr).to.equal(0);
    expect(json(dry)).to.deep.include({ ok: true, state: 'checked', rows: 2, written: false, problemCount: 0 });
    expect(await products()).to.eql([]);
    const done = await run('products', good, '--as', 'buyer', '--json');
    expect(done.code, done.stdout + done.stderr).to.equal(0);
    expect(json(done)).to.deep.include({ ok: true, state: 'done', written: true });
    expect(await products()).to.eql(['测试充电器 A', '测试充电器 B']);
    const entries = await database.read.find(auditLog, { action: 'imports.run.apply' });
    expect(entries.map(({ actorName }) => actorName)).to.eql(['用户BUYER']);
  });

  it('writes nothing of a file with a wrong row, and puts those rows with their reasons beside it', async () => {
    const bad = file('bad.csv', HEADER, '测试充电器 A,绿联,配件,数量,99', '测试充电器 B,绿联,配件,数量,很多');
    const done = await run('products', bad, '--as', 'BUYER', '--json');
    expect(done.code).to.equal(1);
    const result = json(done);
    expect(result).to.deep.include({ ok: false, written: false, problemCount: 1, problemFile: `${bad}.problems.xlsx` });
    expect((result['problems'] as { line: number }[])[0]?.line).to.equal(3);
    expect(await products()).to.eql([]);
    const rows = [];
    for await (const { cells } of (await openSpreadsheet(`${bad}.problems.xlsx`)).rows(0))
      rows.push(cells.map((cell) => cell?.text ?? ''));
    expect(rows[1]?.slice(0, 2)).to.eql(['3', '测试充电器 B']);
    expect(existsSync(`${bad}.problems.xlsx.part`)).to.equal(false);
  });

  it('takes columns by name or number, and tells usage from refusal', async () => {
    const odd = file('odd.csv', '甲,乙,丙,丁,戊', '测试充电器 A,绿联,配件,数量,99');
    const mapping = ['name=甲', 'brand=2', 'category=丙', 'tracking=丁'].flatMap((text) => ['--mapping', text]);
    const [mapped, unknownColumn, unknownKind, unknownUser, noRight] = await Promise.all([
      run('products', odd, '--as', 'BUYER', ...mapping, '--header-row', '1', '--dry-run', '--json'),
      run('products', odd, '--as', 'BUYER', '--mapping', 'name=己'),
      run('nonsense', odd, '--as', 'BUYER'),
      run('products', odd, '--as', 'NOBODY'),
      run('products', odd, '--as', 'CASHIER'),
    ]);
    expect(json(mapped), mapped.stderr).to.deep.include({ ok: true, rows: 1 });
    expect([unknownColumn.code, unknownKind.code, unknownUser.code, noRight.code]).to.eql([2, 2, 3, 3]);
    expect(unknownColumn.stderr).to.include('甲, 乙, 丙');
    expect(unknownKind.stderr).to.include('products').and.include('opening');
  });
});
