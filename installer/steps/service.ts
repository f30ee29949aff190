import path from 'node:path';
import { z } from 'zod';
import { answersAsPhoneErp } from '../../src/app/ask-server';
import { type CheckOutcome, type CheckStatus, type Text, text } from '../../src/platform/checks';
import { type Config, loadConfig } from '../../src/platform/config';
import { logTail } from '../../src/platform/logging';
import { StepFault } from '../engine';
import {
  carryOut,
  closedFolder,
  isOfAnother,
  mayInstall,
  printPlan,
  type ServiceKind,
  serviceKind,
  serviceSettings,
  type ServiceSettings,
  type ServiceState,
  serviceState,
  systemd,
} from '../service';
import { type Context, isYes, said, type SetupStep } from './environment';
import { configFileOf, installedConfig, wayOf } from './existing';
import { dataFolder, installedProgram, installFolder } from './paths';

const START_MS = 60_000;
const LOOK_EACH_MS = 400;

/** The kind of this machine; where nothing looks after services, the plan for systemd is shown to be carried out elsewhere. */
const plannedKind = ({ env }: Context): ServiceKind => serviceKind(env.machine) ?? systemd;
const isWanted = (context: Context): boolean => isYes(context, 'service.install');

/** How the setup left the service, for its last page. */
export interface ServiceOutcome {
  state: 'running' | 'by-hand' | 'none';
  name: string | null;
  /** What somebody with the rights has to run; empty unless `by-hand`. */
  commands: readonly string[];
}

export function serviceOutcome(context: Context): ServiceOutcome {
  const { facts } = context;
  const byHand = facts['service.byHand'];
  if (facts['service.running'] === true) return { state: 'running', name: plannedKind(context).name, commands: [] };
  if (Array.isArray(byHand)) return { state: 'by-hand', name: plannedKind(context).name, commands: byHand.map(String) };
  return { state: 'none', name: null, commands: [] };
}

/** Settings out of a configuration; before it is written, out of what the answers say about folders. */
function settingsFor(context: Context, config: Config, configFile: string | undefined): ServiceSettings {
  const { program } = context.env;
  const account = said(context, 'service.account');
  return serviceSettings({
    config,
    configFile,
    program:
      program.payload().kind === 'packaged'
        ? [installedProgram(context)]
        : [program.file, ...process.execArgv, path.resolve(process.argv[1] ?? '')],
    ...(account && { account }),
  });
}

const installedSettings = (context: Context): ServiceSettings =>
  settingsFor(context, installedConfig(context), configFileOf(context));

/** Enough of the settings to look at folders and at the service that is there. */
function foreseenSettings(context: Context): ServiceSettings {
  const config = loadConfig({ env: { ERP_DATA_DIR: dataFolder(context) } });
  return { ...settingsFor(context, config, undefined), configFile: configFileOf(context) };
}

export const serviceStep: SetupStep = {
  id: 'service',
  title: text('setup:service.title'),
  say: text('setup:service.say'),
  // An upgrade takes the running servers along.
  when: (context) => ['linux', 'win32'].includes(context.env.machine.platform) && wayOf(context) !== 'upgrade',
  questions: () => [
    {
      id: 'service.install',
      kind: 'confirm',
      label: text('setup:service.question'),
      help: text('setup:service.help'),
      // From the source tree somebody tries or develops.
      default: ({ env }) => serviceKind(env.machine) !== undefined && env.program.payload().kind === 'packaged',
    },
    {
      id: 'service.account',
      kind: 'text',
      label: text('setup:service.account'),
      help: text('setup:service.accountHelp'),
      when: (context) => isWanted(context) && context.env.machine.platform === 'linux',
      schema: z.string().regex(/^[a-z_][a-z0-9_-]{0,30}$/, 'setup:error.account'),
      default: () => 'phone-erp',
    },
  ],
  check: async (context, onResult) => {
    if (!isWanted(context)) return [];
    const outcomes = [await rightsOutcome(context), await anotherOutcome(context), reachOutcome(context)].filter(
      (outcome) => outcome !== undefined,
    );
    outcomes.forEach(onResult);
    return outcomes;
  },
  fact: (context) => text(isWanted(context) ? 'setup:service.yes' : 'setup:service.no'),
  plan: (context) => {
    if (!isWanted(context)) return [];
    const kind = plannedKind(context);
    return [
      text('setup:service.plan', { name: kind.name }),
      ...(said(context, 'service.account')
        ? [
            text('setup:service.planAccount', {
              account: said(context, 'service.account'),
              data: dataFolder(context),
              config: configFileOf(context),
            }),
          ]
        : []),
    ];
  },
  apply: async (context, onProgress) => {
    const { machine } = context.env;
    context.note('service.byHand', null);
    if (!isWanted(context)) return startAgain(context);
    const settings = installedSettings(context);
    const kind = plannedKind(context);
    const plan = kind.install(settings);
    if (!(await mayBeInstalled(context))) {
      context.note('service.byHand', printPlan(plan, machine.platform));
      return text(serviceKind(machine) ? 'setup:service.noRights' : 'setup:service.noSystem');
    }
    // What was there before this setup stays when the setup is taken back.
    if (context.facts['service.before'] === undefined)
      context.note('service.before', (await serviceState(kind, machine.run))?.installed === true);
    context.note('service.begun', true);
    let done = 0;
    const total = plan.length + 1;
    await carryOut(
      plan,
      (line) => onProgress({ done: done++, total, label: text('setup:verbatim', { text: line }) }),
      machine,
    );
    onProgress({ done: plan.length, total, label: text('setup:service.waiting') });
    await answers(context, kind);
    context.note('service.running', true);
    return text('setup:service.done', { name: kind.name });
  },
  undo: async (context) => {
    const { machine } = context.env;
    context.note('service.running', false);
    if (context.facts['service.begun'] !== true || context.facts['service.before'] === true) return;
    await carryOut(plannedKind(context).remove(foreseenSettings(context)), () => undefined, machine);
    context.note('service.begun', false);
  },
};

const mayBeInstalled = async ({ env: { machine } }: Context): Promise<boolean> =>
  serviceKind(machine) !== undefined && mayInstall(machine);

/** Waits until the service answers; it opens the database first. */
async function answers(context: Context, kind: ServiceKind): Promise<void> {
  const { server, logging } = installedConfig(context);
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (await answersAsPhoneErp(server)) return;
    const state = await serviceState(kind, context.env.machine.run);
    if (Date.now() > deadline || (state && hasGivenUp(state))) {
      const last = logTail(logging.dir, 3).map(({ msg, text: line }) => msg ?? line);
      const detail = { name: kind.name, detail: state?.detail ?? '?', log: last.join(' · ') || '–' };
      throw new StepFault([text('setup:service.silent', detail)]);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
  }
}

/** The words of systemd and of Windows for a service that is not tried again. */
const hasGivenUp = ({ running, detail }: ServiceState): boolean => !running && /^(failed|STOPPED$)/.test(detail);

const common = { category: 'host', title: text('setup:service.title') } as const;
const outcomeOf = (id: string, status: CheckStatus, found: Text, remedy?: Text): CheckOutcome => ({
  ...common,
  id: `service.${id}`,
  status,
  found,
  ...(remedy && { remedy: [remedy] }),
});

async function rightsOutcome(context: Context): Promise<CheckOutcome> {
  const { name } = plannedKind(context);
  if (!serviceKind(context.env.machine))
    return outcomeOf('system', 'warn', text('setup:service.noSystemFound'), text('setup:service.byHandRemedy'));
  if (!(await mayInstall(context.env.machine)))
    return outcomeOf('rights', 'warn', text('setup:service.noRightsFound'), text('setup:service.byHandRemedy'));
  return outcomeOf('rights', 'ok', text('setup:service.rights', { name }));
}

async function anotherOutcome(context: Context): Promise<CheckOutcome | undefined> {
  const kind = serviceKind(context.env.machine);
  if (!kind || !(await isOfAnother(kind, foreseenSettings(context), context.env.machine.run))) return undefined;
  return outcomeOf(
    'another',
    'fail',
    text('setup:service.another', { name: kind.name }),
    text('setup:service.anotherRemedy'),
  );
}

/** The account of the service must come to the program, its configuration and its data. */
function reachOutcome(context: Context): CheckOutcome | undefined {
  if (context.env.machine.platform !== 'linux') return undefined;
  const { program, configFile, dataDir } = foreseenSettings(context);
  const opened = [installFolder(context), dataDir];
  const closed = [...program, configFile ?? '', dataDir]
    .filter((file) => path.isAbsolute(file))
    .map((file) => closedFolder(file, opened))
    .find((folder) => folder !== undefined);
  if (closed === undefined) return undefined;
  return outcomeOf(
    'reach',
    'fail',
    text('setup:service.closed', { folder: closed, account: said(context, 'service.account') }),
    text('setup:service.closedRemedy'),
  );
}

/** A service that runs on an installation whose program and schema are going to be changed stands still meanwhile. */
export const haltStep: SetupStep = {
  id: 'halt',
  title: text('setup:halt.title'),
  when: (context) => wayOf(context) === 'repair',
  plan: () => [text('setup:halt.plan')],
  apply: async (context) => {
    const { machine } = context.env;
    const kind = serviceKind(machine);
    const state = await serviceState(kind, machine.run);
    if (!kind || !state?.running || (await isOfAnother(kind, installedSettings(context), machine.run)))
      return text('setup:halt.none');
    if (!(await carryOut(kind.stop(), () => undefined, machine)))
      throw new StepFault([text('setup:halt.noRights', { name: kind.name })]);
    context.note('service.stopped', true);
    return text('setup:halt.done', { name: kind.name });
  },
  undo: async (context) => void (await startAgain(context)),
};

/** A service that this setup has stopped, and that it does not install anew. */
async function startAgain(context: Context): Promise<Text> {
  const { machine } = context.env;
  const kind = serviceKind(machine);
  if (!kind || context.facts['service.stopped'] !== true) return text('setup:service.skipped');
  await carryOut(kind.start(), () => undefined, machine);
  context.note('service.stopped', false);
  return text('setup:service.started', { name: kind.name });
}
