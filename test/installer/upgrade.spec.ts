import { expect } from 'chai';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canPackage, run, scratchFolder, sharedRelease, startServing } from '../support/packaged';
import { skipUnless } from '../support/skip';
import { install } from '../support/upgrade/installation';
import { NEW, OLD } from '../support/upgrade/versions';

const root = path.resolve(import.meta.dirname, '..', '..');
const TAKEN = ['src', 'installer', 'migrations', 'scripts', 'views', 'public', 'locales', 'config', 'docs'];

/** The tree of this version as that of the next one: its number, a migration that changes data and makes a table, a page. */
function nextTree(folder: string): void {
  for (const name of TAKEN) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', 'CHANGELOG.md'])
    copyFileSync(path.join(root, name), path.join(folder, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const edit = (file: string, change: (text: string) => string): void => {
    const place = path.join(folder, file);
    writeFileSync(place, change(readFileSync(place, 'utf8')));
  };
  edit('package.json', (text) => text.replace(/"version": "[^"]+"/, `"version": "${NEW}"`));
  edit('views/auth/sign-in.ejs', (text) => `${text}<p class="muted">next version</p>\n`);
  edit(
    'migrations/index.ts',
    (text) => `import next from './9001-next';\n${text.replace(/\n\];\s*$/, '\n  next,\n];\n')}`,
  );
  writeFileSync(
    path.join(folder, 'migrations', '9001-next.ts'),
    `import { change, col, createTable, migration } from '../src/platform/database/portable';
export default migration('9001-next', [
  ...createTable('next_note', { id: col.id().primary(), note: col.text(40) }),
  change('stores', async (runner) => void (await runner.query("UPDATE store SET name = 'next'"))),
  change('a note', async (runner) => void (await runner.query("INSERT INTO next_note (id, note) VALUES (1, 'made by ${NEW}')"))),
]);
`,
  );
  mkdirSync(path.join(folder, 'docs', 'releases', 'en'), { recursive: true });
  writeFileSync(path.join(folder, 'docs', 'releases', 'en', `${NEW}.md`), `# Version ${NEW}\n\nTills in colour.\n`);
}

describe('an upgrade of the packaged program', function () {
  this.timeout(600_000);

  it('puts the next release in place and goes back', async function () {
    skipUnless(this, canPackage, 'binaries are made on Linux on x64');
    const release = await sharedRelease();
    const tree = scratchFolder('next');
    nextTree(tree);
    const out = path.join(tree, 'out', 'bin');
    const args = ['--import', 'tsx', path.join(tree, 'scripts', 'package.ts'), '--target', 'linux-x64', '--out', out];
    const packaged = await run(process.execPath, args, { cwd: tree });
    expect(packaged.code, packaged.stdout + packaged.stderr).to.equal(0);
    const next = path.join(out, `phone-erp-${NEW}-linux-x64`);
    // The installation starts the release's own binary.
    const one = await install({
      folder: '',
      old: release.binary,
      next: { good: next } as never,
      release: () => undefined,
    });
    try {
      const before = await one.look();
      const served = await startServing(
        path.join(one.folder, 'current', 'phone-erp'),
        ['serve', '--config', one.configFile],
        {
          cwd: one.folder,
        },
      );
      const upgraded = await one.run('upgrade', next, '--config', one.configFile, '--yes', '--json');
      expect(upgraded.code, upgraded.stdout + upgraded.stderr).to.equal(0);
      const result = JSON.parse(upgraded.stdout.trim().split('\n').at(-1) ?? '{}') as { notes: Record<string, string> };
      expect(result.notes['en']).to.include('Tills in colour');
      expect(one.version()).to.equal(NEW);
      expect(await one.look())
        .to.include({ debitFen: before.debitFen })
        .and.deep.include({ stores: ['next', 'next'] });
      await until(async () => (await textOf(`${served.url}/sign-in`)).includes('next version'));
      const back = await one.run('upgrade', 'rollback', '--config', one.configFile);
      expect(back.code, back.stdout + back.stderr).to.equal(0);
      expect(one.version()).to.equal(OLD);
      await until(async () => /name="password"/.test(await textOf(`${served.url}/sign-in`)));
      const { maintenance: _, ...rows } = await one.look();
      const { maintenance: __, ...wanted } = before;
      expect(rows).to.deep.equal(wanted);
      await served.stop();

      // The setup of the next release leads into the same.
      const answers = path.join(one.dataDir, 'answers.json');
      writeFileSync(answers, JSON.stringify({ language: 'en', existing: { action: 'upgrade' } }));
      const setup = ['setup', '--config', one.configFile, '--answers', answers, '--yes', '--json'];
      const led = await run(next, setup, { cwd: one.dataDir });
      expect(led.code, led.stdout + led.stderr).to.equal(0);
      expect(led.stdout).to.include(`Version ${NEW} is in force`);
      expect(one.version()).to.equal(NEW);
      expect(await one.look()).to.deep.include({ stores: ['next', 'next'] });
      expect((await one.run('upgrade', 'rollback', '--config', one.configFile)).code).to.equal(0);
    } finally {
      one.remove();
    }
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 60_000; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 100)))
    if (Date.now() > late) throw new Error('it does not come true');
}

const textOf = (url: string): Promise<string> =>
  fetch(url, { headers: { accept: 'text/html' } }).then(
    (answer) => answer.text(),
    () => '',
  );
