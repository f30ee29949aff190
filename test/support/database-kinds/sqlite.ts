import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { migrations } from '../../../migrations';
import { migrate, openDatabase } from '../../../src/platform/database';
import { atEnd } from '../at-end';
import type { FreshDatabase } from './fresh-database';
import { makeScratch, memoryFolder } from '../scratch-folder';

let folder: string | undefined;
let template: Promise<string> | undefined;
let serial = 0;

function workFolder(): string {
  if (!folder) {
    const made = makeScratch('test', memoryFolder());
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
