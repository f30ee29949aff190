import type { UpgradeState } from '../app/upgrade';
import type { Translate } from '../platform/i18n';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';
import type { CommandModule } from './program';

interface UpgradeCommand extends CommandOptions {
  config?: string;
  rehearseOnly?: boolean;
  yes?: boolean;
  allowUnsigned?: boolean;
  by?: string;
}

const CONFIG = 'configuration file of the installation; without it config.yaml in this folder';

export const register: CommandModule['register'] = (program) => {
  const upgrade = program
    .command('upgrade')
    .description(
      'put a new version in place: checked, backed up, rehearsed on a copy, then with all servers standing still; a failure puts the old version and the old data back',
    )
    .argument('[package]', 'program of a release folder; without it this program itself')
    .option('--rehearse-only', 'check, back up and rehearse on a copy; nothing is changed')
    .option('--yes', 'do not ask after the rehearsal')
    .option('--allow-unsigned', 'take a package that nobody we know has signed; the audit log keeps it')
    .option('--by <name>', 'who wants it, for the audit log')
    .option('--config <file>', CONFIG)
    .option('--json', 'one JSON object per line: steps, then the result')
    .action((file: string | undefined, options: UpgradeCommand) =>
      runCommand(options, (out) => run(file, options, out), { lines: true }),
    );
  upgrade
    .command('rollback')
    .description('go back to the version and the data before the last upgrade; says what would be lost')
    .option('--yes', 'also when something was done since: it is lost')
    .option('--by <name>', 'who wants it, for the audit log')
    .option('--config <file>', CONFIG)
    .option('--json', 'one JSON object per line: steps, then the result')
    .action((_options: UpgradeCommand, command: { optsWithGlobals: () => UpgradeCommand }) => {
      const options = command.optsWithGlobals();
      return runCommand(options, (out) => rollback(options, out), { lines: true });
    });
  upgrade
    .command('resume')
    .description('bring an interrupted upgrade to its end: the old version with the old data, or the new with the new')
    .option('--config <file>', CONFIG)
    .option('--json', 'one JSON object per line: steps, then the result')
    .action((_options: UpgradeCommand, command: { optsWithGlobals: () => UpgradeCommand }) => {
      const options = command.optsWithGlobals();
      return runCommand(options, (out) => resume(options, out), { lines: true });
    });
  upgrade
    .command('status')
    .description('the last upgrade, step by step')
    .option('--config <file>', CONFIG)
    .option('--json', 'print {ok, upgrade}')
    .action((_options: UpgradeCommand, command: { optsWithGlobals: () => UpgradeCommand }) => {
      const options = command.optsWithGlobals();
      return runCommand(options, (out) => status(options, out));
    });
};

async function load({ config }: UpgradeCommand) {
  const [app, { terminalTexts }, { existsSync }] = await Promise.all([
    import('../app/upgrade'),
    import('./words'),
    import('node:fs'),
  ]);
  const configFile = config ?? 'config.yaml';
  const t = terminalTexts();
  if (!existsSync(configFile)) throw new UsageError(t('upgrade:noConfig', { file: configFile }));
  return { app, t, configFile };
}

async function run(file: string | undefined, options: UpgradeCommand, out: CommandOutput): Promise<object> {
  const { app, t, configFile } = await load(options);
  const { existsSync } = await import('node:fs');
  if (file !== undefined && !existsSync(file)) throw new UsageError(t('release:noFile', { file }));
  let asked = false;
  const state = await app.runUpgrade({
    configFile,
    file: file ?? (await ownProgram(t)),
    rehearseOnly: options.rehearseOnly === true,
    unsignedAllowed: options.allowUnsigned === true,
    byName: options.by ?? (await accountName()),
    ...watch(t, options, out),
    confirm: options.yes
      ? undefined
      : async () => {
          asked = true;
          return process.stdin.isTTY && options.json !== true && (await ask(t('upgrade:confirm')));
        },
  });
  tell(state, t, out);
  if (state.outcome === 'failed' || state.outcome === 'rolled-back' || state.outcome === 'stuck') out.fail();
  if (state.outcome === 'rehearsed' && asked && !process.stdin.isTTY) throw new RefusedError(t('upgrade:sayYes'));
  return resultOf(state);
}

/** The file of this very program, when it is a packaged one. */
async function ownProgram(t: Translate): Promise<string> {
  const { verifyPayload } = await import('../platform/release');
  if (verifyPayload().kind === 'source') throw new UsageError(t('upgrade:noPackage'));
  return process.execPath;
}

async function accountName(): Promise<string> {
  const { userInfo } = await import('node:os');
  try {
    return userInfo().username;
  } catch {
    return 'command line';
  }
}

async function ask(question: string): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return confirm({ message: question, default: false });
}

/** Each change of a step is told once; nothing of it may be left out. */
function watch(t: Translate, { json }: UpgradeCommand, out: CommandOutput) {
  const told = new Map<string, string>();
  return {
    onState: (state: UpgradeState): void => {
      for (const { id, state: is, found } of state.steps) {
        if (is === 'waiting' || told.get(id) === is) continue;
        told.set(id, is);
        const detail = found ? t(found.key, found.values) : undefined;
        if (json) process.stdout.write(`${JSON.stringify({ type: 'step', step: id, state: is, detail })}\n`);
        else if (is === 'running') out.progress(`… ${t(`upgrade:step.${id}`)}`);
        else out.say(`${is === 'done' ? 'ok  ' : 'FAIL'}  ${t(`upgrade:step.${id}`)}${detail ? `  ${detail}` : ''}`);
      }
    },
    onSay: (what: string): void => out.step({ what }, () => `    ${what}`),
  };
}

function tell(state: UpgradeState, t: Translate, out: CommandOutput): void {
  const { outcome, from, to, failure, checks } = state;
  for (const check of checks.filter(({ status: is }) => is === 'warn' || is === 'fail')) {
    out.say(`  ${check.status}  ${t(check.title.key, check.title.values)}: ${t(check.found.key, check.found.values)}`);
    for (const remedy of check.remedy ?? []) out.say(`        ${t(remedy.key, remedy.values)}`);
  }
  if (failure) out.say(t(failure.code, failure.details));
  out.say(
    t(`upgrade:outcome.${state.direction === 'back' && outcome === 'rolled-back' ? 'back' : outcome}`, {
      from,
      to: to ?? '',
    }),
  );
}

function resultOf(state: UpgradeState): object {
  const { outcome, from, to, failure, steps, rehearsal, checks, notes } = state;
  const ok = outcome === 'done' || outcome === 'rehearsed' || (outcome === 'rolled-back' && state.direction === 'back');
  return { ok, outcome, from, to, failure, steps, rehearsal, checks, notes };
}

async function rollback(options: UpgradeCommand, out: CommandOutput): Promise<object> {
  const { app, t, configFile } = await load(options);
  const state = await app.rollBack({
    configFile,
    byName: options.by ?? (await accountName()),
    ...watch(t, options, out),
    agree: (lost) => {
      out.say(t('upgrade:lost'));
      for (const { action, count } of lost) out.say(`  ${count} × ${t(action.replace('.', ':audit.'))}`);
      out.say(t('upgrade:filesStay'));
      return Promise.resolve(options.yes === true);
    },
  });
  tell({ ...state, checks: [] }, t, out);
  if (state.outcome === 'rolled-back') out.say(t('upgrade:filesStay'));
  else out.fail();
  return resultOf(state);
}

async function resume(options: UpgradeCommand, out: CommandOutput): Promise<object> {
  const { app, t, configFile } = await load(options);
  const state = await app.settleNow(configFile, watch(t, options, out));
  if (!state) {
    out.say(t('upgrade:nothingToResume'));
    return { ok: true, outcome: null };
  }
  tell({ ...state, checks: [] }, t, out);
  if (state.outcome === 'stuck') out.fail();
  return { ...resultOf(state), ok: state.outcome !== 'stuck' };
}

async function status(options: UpgradeCommand, out: CommandOutput): Promise<object> {
  const { app, t, configFile } = await load(options);
  const { loadConfig } = await import('../platform/config');
  const state = app.readUpgrade(loadConfig({ file: configFile }));
  if (!state) {
    out.say(t('upgrade:none'));
    return { ok: true, upgrade: null };
  }
  watch(t, {}, { ...out, progress: out.say }).onState(state);
  tell(state, t, out);
  return { ok: true, upgrade: resultOf(state) };
}
