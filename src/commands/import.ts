import type { Importer } from '../platform/modules';
import type { Services } from '../platform/services';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';
import { withProduct } from './with-product';

interface ImportCommand extends CommandOptions {
  as: string;
  store?: string;
  sheet?: string;
  headerRow?: string;
  mapping: string[];
  dryRun?: boolean;
  config?: string;
}

export const register: CommandModule['register'] = (program) => {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  program
    .command('import')
    .description('import a file, all of it or nothing; rows that cannot be taken are written to FILE.problems.xlsx')
    .argument('<kind>', 'what the file holds, such as products; an unknown word lists the kinds')
    .argument('<file>', '.xlsx or .csv')
    .requiredOption('--as <login>', 'who imports: their rights count and the audit log names them')
    .option('--store <code>', 'the store, for kinds that belong to one')
    .option('--sheet <number>', 'sheet of the workbook, from 1; without it the one that fits best')
    .option('--header-row <number>', 'row of the column names, from 1; without it it is found out')
    .option(
      '--mapping <column=name>',
      'column of the kind = name or number of the column in the file; may be given again',
      collect,
      [],
    )
    .option('--dry-run', 'check the whole file and write nothing')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, state, rows, written, summary, problemCount, problems, problemFile, failure}')
    .action((kind: string, file: string, options: ImportCommand) =>
      runCommand(options, (out) => run(kind, file, options, out)),
    );
};

async function run(kind: string, file: string, options: ImportCommand, out: CommandOutput): Promise<object> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const places = {
    sheet: readNumber(options.sheet, '--sheet'),
    headerRow: readNumber(options.headerRow, '--header-row'),
  };
  return withProduct(options.config, ({ services }) =>
    importInto(services, kind, file, { ...options, ...places }, out),
  );
}

type Asked = Omit<ImportCommand, 'sheet' | 'headerRow'> & {
  sheet: number | undefined;
  headerRow: number | undefined;
};

async function importInto(
  services: Services,
  kind: string,
  file: string,
  asked: Asked,
  out: CommandOutput,
): Promise<object> {
  const { importersOf, importFile, UnknownColumn } = await import('../app/import-file');
  const { terminalTexts } = await import('./words');
  const importer = findImporter(await importersOf(services), kind);
  const t = terminalTexts();
  const command = {
    importer,
    file,
    login: asked.as,
    store: asked.store,
    // People count sheets from 1.
    sheet: asked.sheet === undefined ? undefined : asked.sheet - 1,
    headerRow: asked.headerRow,
    mapping: readMapping(importer, asked.mapping),
    dryRun: asked.dryRun === true,
  };
  const onProgress = (done: number, total: number): void => out.progress(`${done} / ${total}`);
  const result = await importFile(services, command, { t, onProgress }).catch((error: unknown) => {
    if (error instanceof UnknownColumn) throw new UsageError(error.message);
    throw notThere(error) ?? error;
  });
  out.say(`${result.rows} rows, ${result.problemCount} problems${result.written ? ', written' : ', nothing written'}`);
  for (const { text, count } of result.summary) out.say(`  ${text}: ${count}`);
  for (const { line, column, message } of result.problems.slice(0, 20))
    out.say(`  line ${line}${column === null ? '' : `, ${column}`}: ${message}`);
  if (result.problemFile) out.say(`All of them with their rows: ${result.problemFile}`);
  if (result.failure) out.say(result.failure);
  if (!result.ok) out.fail();
  return result;
}

function findImporter(importers: readonly Importer[], kind: string): Importer {
  const found = importers.find(({ id }) => id === kind || id.split('.')[1] === kind);
  if (found) return found;
  throw new UsageError(`There is no kind "${kind}". Kinds: ${importers.map(({ id }) => id.split('.')[1]).join(', ')}`);
}

function readMapping(importer: Importer, texts: readonly string[]): Record<string, string> {
  const mapping: Record<string, string> = {};
  for (const text of texts) {
    const [, key = '', column = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (!importer.columns.some((one) => one.key === key))
      throw new UsageError(
        `--mapping is COLUMN=NAME with one of the columns ${importer.columns.map((one) => one.key).join(', ')}, not ${text}`,
      );
    mapping[key] = column;
  }
  return mapping;
}

function readNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`${option} is a whole number from 1`);
  return Number(text);
}

function notThere(error: unknown): RefusedError | null {
  const { status, details } = error as { status?: number; details?: Record<string, unknown> };
  if (status !== 404 || !details) return null;
  return new RefusedError(`There is no ${String(details['what'])} ${String(details['id'])}.`);
}
