import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { openSigner } from '../../../scripts/package/signing-key';
import { formatChecksums, sumsOf } from '../../../src/platform/release';
import { version } from '../../../src/platform/version';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
export const OLD = version;
export const NEW = '99.1.0';
const FOLDERS = ['public', 'locales', 'config', 'docs'];

/** What the next version does to the data: `broken` fails half-way, `spiteful` only where it counts, `losing` forgets money. */
export type NextKind = 'good' | 'broken' | 'spiteful' | 'losing';

export interface Versions {
  folder: string;
  /** Program of the version in force, one file that can be started. */
  old: string;
  /** Release folders' programs, with list and signature beside them. */
  next: Record<NextKind, string>;
  release: () => void;
}

const migrationOf = (kind: NextKind): string => `
import { change, col, createTable, migration } from '../src/platform/database/portable';
const data = (describe, statement) => change(describe, (runner) => runner.query(statement));
export default migration('9001-next', [
  ...createTable('next_note', { id: col.id().primary(), note: col.text(40) }),
  data('staff say where they work', "UPDATE store SET name = 'next' WHERE name <> 'next'"),
  data('a first note', "INSERT INTO next_note (id, note) VALUES (1, 'made by 99.1.0')"),
  ${kind === 'broken' ? `data('a step that fails', 'UPDATE no_such_table SET a = 1'),` : ''}
  ${
    kind === 'spiteful'
      ? `change('a step that fails in production alone', async (runner) => {
    const [row] = await runner.query("SELECT COUNT(*) AS n FROM maintenance_state WHERE kind = 'upgrade'");
    if (Number(row.n) > 0) throw new Error('not here');
  }),`
      : ''
  }
  ${kind === 'losing' ? `data('a step that loses money', 'UPDATE journal_line SET debit_fen = debit_fen - 1 WHERE debit_fen > 0'),` : ''}
]);
`;

/** The same sources as a later version: another number, a migration that changes data, a table more, a changed page. */
const later = (kind: NextKind): Plugin => ({
  name: 'later',
  setup({ onLoad, onResolve }) {
    const edit = (file: RegExp, change: (text: string) => string, loader: 'ts' | 'json' = 'ts'): void =>
      onLoad({ filter: file }, ({ path: name }) => ({
        contents: change(readFileSync(name, 'utf8')),
        loader,
        resolveDir: path.dirname(name),
      }));
    onResolve({ filter: /9001-next$/ }, () => ({ path: 'next', namespace: 'later' }));
    onLoad({ filter: /.*/, namespace: 'later' }, () => ({
      contents: migrationOf(kind),
      loader: 'ts',
      resolveDir: path.join(root, 'migrations'),
    }));
    const own = root.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    edit(
      new RegExp(`^${own}/package\\.json$`),
      (text) => text.replace(/"version": "[^"]+"/, `"version": "${NEW}"`),
      'json',
    );
    edit(
      new RegExp(`^${own}/migrations/index\\.ts$`),
      (text) => `import next from './9001-next';\n${text.replace(/\n\];\s*$/, '\n  next,\n];\n')}`,
    );
    edit(new RegExp(`^${own}/src/app/all-tables\\.ts$`), (text) =>
      text
        .replace(
          '...ledgerTables',
          `defineTable('next_note', { id: col.id().primary(), note: col.text(40) }), ...ledgerTables`,
        )
        .replace(/^/, `import { col, defineTable } from '../platform/database';\n`),
    );
  },
});

async function bundle(folder: string, plugins: Plugin[]): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    keepNames: true,
    logLevel: 'error',
    plugins,
  });
}

function program(file: string, folder: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${path.join(folder, 'main.mjs')}' "$@"\n`, {
    mode: 0o755,
  });
}

/** A version in force and later ones to upgrade to, as programs that start in a second. */
export async function buildVersions(kinds: readonly NextKind[] = ['good']): Promise<Versions> {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'out', 'versions-'));
  const make = async (name: string, plugins: Plugin[], views: (to: string) => void): Promise<string> => {
    const place = path.join(folder, name);
    mkdirSync(place);
    for (const one of FOLDERS) symlinkSync(path.join(root, one), path.join(place, one));
    views(path.join(place, 'views'));
    await bundle(place, plugins);
    return place;
  };
  const old = path.join(folder, 'old', 'phone-erp');
  program(old, await make('old', [], (to) => symlinkSync(path.join(root, 'views'), to)));
  const next = {} as Versions['next'];
  for (const kind of kinds) {
    const place = await make(`next-${kind}`, [later(kind)], (to) => {
      cpSync(path.join(root, 'views'), to, { recursive: true });
      const page = path.join(to, 'auth', 'sign-in.ejs');
      writeFileSync(page, `${readFileSync(page, 'utf8')}<p class="muted">next version</p>\n`);
    });
    const release = path.join(folder, `release-${kind}`);
    next[kind] = path.join(release, `phone-erp-${NEW}`);
    program(next[kind], place);
    await sign(release);
  }
  return { folder, old, next, release: () => rmSync(folder, { recursive: true, force: true }) };
}

/** List and signature beside a package, as scripts/package.ts leaves them. */
export async function sign(release: string): Promise<void> {
  const { readdirSync } = await import('node:fs');
  const files = readdirSync(release).filter((name) => !name.startsWith('CHECKSUMS'));
  const list = formatChecksums(await sumsOf(release, files, 'sha256'));
  writeFileSync(path.join(release, 'CHECKSUMS.sha256'), list);
  writeFileSync(path.join(release, 'CHECKSUMS.sha256.sig'), openSigner().sign(Buffer.from(list)));
}
