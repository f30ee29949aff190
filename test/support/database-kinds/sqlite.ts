import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations } from '../../../migrations';
import { migrate, openDatabase } from '../../../src/platform/database';
import { atEnd } from '../at-end';
import type { FreshDatabase } from './fresh-database';

let folder: string | undefined;
let template: Promise<string> | undefined;
let serial = 0;

function workFolder(): string {
  if (!folder) {
    const made = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'erp-test-'));
    atEnd(() => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Migrates once per process; each test gets a copy of the file. */
export async function freshSqlite(): Promise<FreshDatabase & { release(): void }> {
  template ??= (async () => {
    const file = path.join(workFolder(), 'template.sqlite');
    const database = await openDatabase(`sqlite:${file}`);
    await migrate(database, migrations);
    await database.dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
    await database.close();
    return file;
  })();
  const file = path.join(workFolder(), `test-${++serial}.sqlite`);
  copyFileSync(await template, file);
  return {
    url: `sqlite:${file}`,
    release: () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    },
  };
}
