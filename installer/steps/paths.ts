import { constants, existsSync, realpathSync } from 'node:fs';
import { chmod, copyFile, mkdir, readlink, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type CheckOutcome, text } from '../../src/platform/checks';
import { pointLink } from '../../src/platform/release';
import { type Context, said, type SetupStep } from './environment';
import { defaultFolders, findExisting, isNew, wayOf } from './existing';
import { checkFolders } from './simple-steps';
import { otherVersionOutcome } from './upgrade';

const folder = z.string().refine((value) => path.isAbsolute(value), 'setup:error.absolute');
const MODE = 0o750;

export const installFolder = (context: Context): string =>
  isNew(context)
    ? path.resolve(said(context, 'paths.install'))
    : path.dirname(findExisting(context)?.file ?? context.env.cwd);

export const dataFolder = (context: Context): string =>
  isNew(context)
    ? path.resolve(said(context, 'paths.data'))
    : (findExisting(context)?.config?.dataDir ?? context.env.cwd);

export const secretsFolder = (context: Context): string => path.join(dataFolder(context), 'secrets');

/** Copies of databases from before a setup changed or gave up something. */
export const keptFolder = (context: Context): string => path.join(dataFolder(context), 'before-setup');

/** Where this version of the program lies after the installation; the service starts it through the link `current`. */
const programFile = (context: Context): string =>
  path.join(
    installFolder(context),
    'versions',
    context.env.program.version,
    context.env.facts.platform === 'win32' ? 'phone-erp.exe' : 'phone-erp',
  );
const currentLink = (context: Context): string => path.join(installFolder(context), 'current');

/** The program as the service and the administrator call it. */
export function installedProgram(context: Context): string {
  const { program } = context.env;
  return program.payload().kind === 'packaged'
    ? path.join(currentLink(context), path.basename(programFile(context)))
    : program.file;
}

export const pathsStep: SetupStep = {
  id: 'paths',
  title: text('setup:paths.title'),
  say: text('setup:paths.say'),
  when: (context) => wayOf(context) !== 'upgrade',
  questions: ({ env }) => [
    {
      id: 'paths.install',
      kind: 'path',
      label: text('setup:paths.install'),
      help: text('setup:paths.installHelp'),
      when: isNew,
      schema: folder,
      default: () => defaultFolders(env).install,
    },
    {
      id: 'paths.data',
      kind: 'path',
      label: text('setup:paths.data'),
      help: text('setup:paths.dataHelp'),
      when: isNew,
      schema: folder,
      default: (context) => {
        const install = said(context, 'paths.install');
        const usual = defaultFolders(env);
        return install && install !== usual.install ? path.join(install, 'data') : usual.data;
      },
    },
  ],
  check: async (context, onResult) => {
    const other = otherVersionOutcome(context);
    if (other) onResult(other);
    const outcomes = [...(other ? [other] : []), ...(await checkFolders(context, dataFolder(context), onResult))];
    const file = path.join(installFolder(context), 'config.yaml');
    if (isNew(context) && existsSync(file) && context.facts['configuration.file'] !== file) {
      // Found only now: the step before offers to repair it.
      context.note('existing.file', file);
      const taken: CheckOutcome = {
        id: 'setup.taken',
        category: 'storage',
        title: text('setup:existing.title'),
        status: 'fail',
        found: text('setup:paths.taken', { file }),
        remedy: [text('setup:paths.takenRemedy')],
      };
      outcomes.push(taken);
      onResult(taken);
    }
    return outcomes;
  },
  fact: (context) => text('setup:verbatim', { text: dataFolder(context) }),
  plan: (context) => [
    ...(isNew(context)
      ? [
          text('setup:paths.planFolder', { folder: installFolder(context) }),
          text('setup:paths.planFolder', { folder: dataFolder(context) }),
        ]
      : []),
    ...(copies(context) ? [text('setup:paths.planProgram', { file: programFile(context) })] : []),
  ],
  apply: async (context) => {
    if (isNew(context))
      for (const one of [installFolder(context), dataFolder(context), secretsFolder(context)])
        await makeFolder(context, one);
    if (copies(context)) await installProgram(context);
    return text('setup:paths.done', { folder: installFolder(context) });
  },
  undo: async (context) => {
    if (context.facts['paths.program'] === programFile(context)) await removeProgram(context);
    const made = context.facts['paths.made'];
    // Only what this setup made, and only while nothing else lies in it.
    if (Array.isArray(made)) for (const one of [...made].reverse()) await rmdir(String(one)).catch(() => undefined);
  },
};

/** Whether the program has to be put into its place: packaged, and not running from there already. */
function copies(context: Context): boolean {
  const { program } = context.env;
  if (program.payload().kind !== 'packaged' || wayOf(context) === 'reconfigure') return false;
  const target = programFile(context);
  return !existsSync(target) || realpathSync(target) !== realpathSync(program.file);
}

async function makeFolder(context: Context, wanted: string): Promise<void> {
  const missing: string[] = [];
  for (let at = wanted; !existsSync(at); at = path.dirname(at)) missing.unshift(at);
  if (missing.length > 0) {
    const before = context.facts['paths.made'];
    context.note('paths.made', [...(Array.isArray(before) ? before : []), ...missing]);
  }
  // Folders above are for everybody to pass: the account of the service has to.
  await mkdir(path.dirname(wanted), { recursive: true, mode: 0o755 });
  // Secrets are for the owner alone.
  await mkdir(wanted, { recursive: true, mode: wanted === secretsFolder(context) ? 0o700 : MODE });
}

async function installProgram(context: Context): Promise<void> {
  const target = programFile(context);
  const link = currentLink(context);
  if (!existsSync(target)) context.note('paths.program', target);
  context.note('paths.linkBefore', await readlink(link).catch(() => null));
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
  const temporary = `${target}.new`;
  await copyFile(context.env.program.file, temporary, constants.COPYFILE_FICLONE);
  await chmod(temporary, 0o755);
  await rename(temporary, target);
  await pointLink(link, path.dirname(target));
}

async function removeProgram(context: Context): Promise<void> {
  const target = programFile(context);
  const link = currentLink(context);
  const before = context.facts['paths.linkBefore'];
  if (typeof before === 'string') await pointLink(link, path.resolve(path.dirname(link), before));
  else await rm(link, { force: true });
  await rm(path.dirname(target), { recursive: true, force: true });
  await rmdir(path.dirname(path.dirname(target))).catch(() => undefined);
}
