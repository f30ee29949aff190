import type * as configurationDoor from '../app/configuration';
import type { modules as allModules } from '../app/modules';
import type { SaidChange } from '../app/configuration';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';
import { type ProductParts, withProduct } from './with-product';

interface ConfigCommand extends CommandOptions {
  config?: string;
  revision?: string;
  output?: string;
  reason?: string;
  limit?: string;
  dryRun?: boolean;
}

/** phone-erp config export|import|diff|history|rollback: the configuration in the database; the technical one is config.yaml. */
export const register: CommandModule['register'] = (program) => {
  const config = program
    .command('config')
    .description('parameters, module switches and configuration records, in versions');
  config
    .command('export')
    .description('write the configuration as YAML')
    .option('--revision <number>', 'an earlier version; without it the newest')
    .option('-o, --output <file>', 'file to write; without it standard output')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, revision, checksum, file or text}')
    .action((options: ConfigCommand) => runCommand(options, (out) => exportConfig(options, out)));
  config
    .command('import')
    .description('put a YAML file in force, all of it or nothing')
    .argument('<file>', 'as written by export')
    .option('--reason <text>', 'why; kept with the version; needed except with --dry-run')
    .option('--dry-run', 'show what would change and write nothing')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, revision, changes, kept, problems}')
    .action((file: string, options: ConfigCommand) => runCommand(options, (out) => importConfig(file, options, out)));
  config
    .command('diff')
    .description('what differs between two versions')
    .argument('<from>', 'number of a version')
    .argument('[to]', 'number of a version; without it the newest')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {from, to, changes}')
    .action((from: string, to: string | undefined, options: ConfigCommand) =>
      runCommand(options, (out) => diff(from, to, options, out)),
    );
  config
    .command('history')
    .description('the versions, newest first')
    .option('--limit <number>', 'how many', '20')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {revisions}')
    .action((options: ConfigCommand) => runCommand(options, (out) => history(options, out)));
  config
    .command('rollback')
    .description('go back to an earlier version, as a new one')
    .argument('<number>', 'the version to go back to')
    .option('--reason <text>', 'why; kept with the version; needed except with --dry-run')
    .option('--dry-run', 'show what would change and write nothing')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print {ok, revision, changes, kept}')
    .action((revision: string, options: ConfigCommand) =>
      runCommand(options, (out) => rollback(revision, options, out)),
    );
};

type Parts = ProductParts & {
  modules: typeof allModules;
  configuration: typeof configurationDoor;
};

function withConfiguration<T>({ config: file }: ConfigCommand, work: (parts: Parts) => Promise<T>): Promise<T> {
  return withProduct(file, async (parts) => {
    const { modules } = await import('../app/modules');
    return work({ ...parts, modules, configuration: await import('../app/configuration') });
  });
}

async function exportConfig(options: ConfigCommand, out: CommandOutput): Promise<object> {
  return withConfiguration(options, async ({ services, configuration }) => {
    const { writeFileSync } = await import('node:fs');
    const { writeFile } = await import('../platform/configuration');
    const { version } = await import('../platform/version');
    const { read } = services.database;
    const number = options.revision === undefined ? undefined : readRevision(options.revision);
    const revision = number ?? (await configuration.latestRevision(read))?.revision ?? 1;
    const { content, checksum, madeAt } = await configuration.revisionOf(read, revision);
    const text = writeFile(content, { program: version, revision, exportedAt: new Date(madeAt).toISOString() });
    if (options.output === undefined) {
      if (!options.json) process.stdout.write(text);
      return { ok: true, revision, checksum, text };
    }
    writeFileSync(options.output, text);
    out.say(`${options.output}: version ${revision}`);
    return { ok: true, revision, checksum, file: options.output };
  });
}

async function importConfig(file: string, options: ConfigCommand, out: CommandOutput): Promise<object> {
  requireReason(options);
  const { existsSync, readFileSync } = await import('node:fs');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  return withConfiguration(options, async ({ services, modules, configuration, t, actor }) => {
    const found = await configuration.previewImport(services.database.read, modules, text);
    const problems = found.problems.map(({ line, place, code, details }) => ({
      line,
      place,
      message: t(code, details),
    }));
    for (const { line, place, message } of problems) out.say(`${file}:${line ?? ''} ${place}: ${message}`);
    if (!found.file || !found.preview || problems.length > 0) {
      out.fail();
      return { ok: false, problems };
    }
    const said = say(configuration, t, found.preview.plan, out);
    if (options.dryRun || found.preview.plan.changes.length === 0) return { ok: true, ...said, problems };
    const command = {
      wanted: found.file.document,
      seenRevision: found.preview.seenRevision,
      reason: options.reason ?? '',
    };
    const { revision } = await configuration.importConfiguration(services.uow, modules, actor, command);
    out.say(`version ${revision}`);
    return { ok: true, revision, ...said, problems };
  });
}

async function rollback(text: string, options: ConfigCommand, out: CommandOutput): Promise<object> {
  requireReason(options);
  const revision = readRevision(text);
  return withConfiguration(options, async ({ services, modules, configuration, t, actor }) => {
    const preview = await configuration.previewRollback(services.database.read, modules, revision);
    const said = say(configuration, t, preview.plan, out);
    if (preview.plan.problems.length > 0) {
      const problems = preview.plan.problems.map(
        ({ place, code, details }) => `${place.join('.')}: ${t(code, details)}`,
      );
      throw new RefusedError(problems.join('\n'));
    }
    if (options.dryRun || preview.plan.changes.length === 0) return { ok: true, ...said };
    const command = { revision, seenRevision: preview.seenRevision, reason: options.reason ?? '' };
    const done = await configuration.rollbackConfiguration(services.uow, modules, actor, command);
    out.say(`version ${done.revision}`);
    return { ok: true, revision: done.revision, ...said };
  });
}

function requireReason({ reason, dryRun }: ConfigCommand): void {
  if (!dryRun && !reason?.trim()) throw new UsageError('--reason says why; it is kept with the version');
}

type Plan = Awaited<ReturnType<Parts['configuration']['previewRollback']>>['plan'];

function say(
  { sayChange, sayInOneLine }: Parts['configuration'],
  t: Parts['t'],
  plan: Plan,
  out: CommandOutput,
): { changes: SaidChange[]; kept: Plan['kept'] } {
  for (const change of plan.changes) out.say(sayInOneLine(t, change));
  for (const { set, name, count } of plan.kept) {
    const [module = '', id = ''] = set.split('.');
    out.say(t('configuration:kept', { what: t(`${module}:configuration.${id}.title`), name, count }));
  }
  if (plan.changes.length === 0) out.say(t('configuration:error.nothing'));
  return { changes: plan.changes.map((change) => sayChange(t, change)), kept: plan.kept };
}

async function diff(
  fromText: string,
  toText: string | undefined,
  options: ConfigCommand,
  out: CommandOutput,
): Promise<object> {
  const from = readRevision(fromText);
  const asked = toText === undefined ? undefined : readRevision(toText);
  return withConfiguration(options, async ({ services, configuration, t }) => {
    const { read } = services.database;
    const to = asked ?? (await configuration.latestRevision(read))?.revision ?? from;
    const changes = await configuration.compareRevisions(read, from, to);
    for (const change of changes) out.say(configuration.sayInOneLine(t, change));
    if (changes.length === 0) out.say(t('configuration:same'));
    return { from, to, changes: changes.map((change) => configuration.sayChange(t, change)) };
  });
}

async function history({ limit = '20', ...options }: ConfigCommand, out: CommandOutput): Promise<object> {
  const size = Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw new UsageError('--limit is a number from 1 to 1000');
  return withConfiguration(options, async ({ services, configuration, t }) => {
    const { readListQuery } = await import('../platform/lists');
    const query = { ...readListQuery(configuration.REVISIONS, {}), size };
    const rows = (await configuration.listRevisions(services.database.read, query)).slice(0, size);
    const revisions = rows.map(({ revision, kind, backTo, reason, madeAt, madeByName, changeCount, changes }) => ({
      revision,
      kind,
      ...(backTo === null ? {} : { backTo }),
      reason,
      madeAt: new Date(madeAt).toISOString(),
      madeBy: madeByName,
      changes: changeCount,
      first: changes[0] ? configuration.sayInOneLine(t, changes[0]) : null,
    }));
    for (const { revision, madeAt, madeBy, reason, first, changes } of revisions) {
      const more = first !== null && changes > 1 ? t('configuration:andMore', { count: changes - 1 }) : null;
      out.say(`#${revision}  ${madeAt}  ${madeBy}  ${[reason, first, more].filter(Boolean).join('  ')}`);
    }
    return { revisions };
  });
}

function readRevision(text: string): number {
  const match = /^#?([1-9]\d{0,8})$/.exec(text);
  if (!match) throw new UsageError(`${text} is not the number of a version`);
  return Number(match[1]);
}
