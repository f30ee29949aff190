import { expect } from 'chai';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { acceptDisk, openTarget } from '../../../src/platform/backup-targets';
import { mountSmallDisk } from '../../support/small-disk';
import { skipUnlessOutside } from '../../support/skip';
import { bodyOf, nameAt, targetContract } from '../../support/target-contract';
import { faultOf } from '../../support/target-faults';

describe('backups in a folder', () => {
  let home: string;
  const at = (name: string) => path.join(home, name);
  const open = (folder: string) =>
    openTarget({ id: 'disk', kind: 'local', path: folder }, { dataDir: at('data'), databaseFile: at('db/erp.sqlite') });
  before(() => {
    home = mkdtempSync(path.join(tmpdir(), 'erp-target-'));
    mkdirSync(at('data'));
    mkdirSync(at('db'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));
  beforeEach(() => rmSync(at('data/backup-targets.json'), { force: true }));
  const put = (folder: string, bytes = 1000) => open(folder).put(nameAt(1), bodyOf(Buffer.alloc(bytes)));

  describe('as every target', () => targetContract(() => Promise.resolve(open(at('contract')))));

  it('are never beside the database, by no way round', async () => {
    symlinkSync(at('data'), at('link'));
    for (const folder of [at('data'), at('data/backup'), at('link/deep/backup'), at('db'), at('db/b')])
      expect(await faultOf(put(folder)), folder).to.equal('databaseFolder');
    expect(readdirSync(at('db'))).to.deep.equal([]);
    await put(at('data-of-others'));
  });

  it('tell the empty mount point from the disk', async () => {
    const folder = at('mount');
    await put(folder);
    renameSync(folder, at('the disk'));
    mkdirSync(folder);
    for (const work of [() => put(folder), () => open(folder).list(), () => open(folder).get(nameAt(1))])
      expect(await faultOf(work())).to.equal('notMounted');
    expect(readdirSync(folder)).to.deep.equal([]);
    rmSync(folder, { recursive: true });
    expect(await faultOf(put(folder))).to.equal('notMounted');
    renameSync(at('the disk'), folder);
    expect(await open(folder).list()).to.have.length(1);
    rmSync(folder, { recursive: true });
    await acceptDisk(at('data'), 'disk');
    await put(folder);
  });

  it('do not grow on a full disk, and nothing of them stays there', async function () {
    const unmount = mountSmallDisk(this, at('small'));
    try {
      expect(await faultOf(put(at('small'), 4_000_000))).to.equal('full');
      expect(await open(at('small')).list()).to.deep.equal([]);
      expect(await open(at('small')).leftovers()).to.deep.equal([]);
      await put(at('small'), 1_000_000);
    } finally {
      unmount();
    }
  });

  it('need the right to write', async function () {
    skipUnlessOutside(this, process.getuid?.() !== 0, 'root may write everywhere');
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o500);
    expect(await faultOf(put(at('locked')))).to.equal('denied');
  });

  it('need a folder, not a file', async () => {
    writeFileSync(at('file'), '');
    expect(await faultOf(put(at('file')))).to.equal('noFolder');
  });

  it('leave what others keep in the same folder alone', async () => {
    const folder = at('shared');
    mkdirSync(folder);
    for (const name of ['photo.zip', '.hidden.part', `.${nameAt(2)}.0123456789ab.part`])
      writeFileSync(path.join(folder, name), '');
    const target = open(folder);
    expect(await target.list()).to.deep.equal([]);
    expect(await target.leftovers()).to.deep.equal([`.${nameAt(2)}.0123456789ab.part`]);
    expect(await target.removeLeftovers(Date.now() - 60_000)).to.deep.equal([]);
    expect(await target.removeLeftovers(Date.now() + 60_000)).to.have.length(1);
    expect(readdirSync(folder)).to.have.members(['photo.zip', '.hidden.part']);
  });
});
