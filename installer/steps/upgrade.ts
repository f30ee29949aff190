import path from 'node:path';
import { type CheckOutcome, type Text, text } from '../../src/platform/checks';
import { installationAt, versionOfLink } from '../../src/platform/release';
import { isDomainError } from '../../src/kernel';
import { StepFault } from '../engine';
import type { Context, SetupStep } from './environment';
import { configFileOf, wayOf } from './existing';

const BEGUN = 'upgrade.begun';

const isUpgrade = (context: Context): boolean => wayOf(context) === 'upgrade';

/** The version that is in force here; undefined where the link is missing that would tell. */
function installedVersion(context: Context): string | undefined {
  const installation = installationAt(configFileOf(context));
  return installation && versionOfLink(installation);
}

const command = (context: Context): string => `phone-erp upgrade FILE --config ${configFileOf(context)}`;

/**
 * There is one way to upgrade, with its rehearsal and its way back: the setup leads into it with the program that is running, and
 * changes nothing of its own.
 */
export const upgradeStep: SetupStep = {
  id: 'upgrade',
  title: text('setup:upgrade.title'),
  say: text('setup:upgrade.say'),
  when: isUpgrade,
  check: (context, onResult) => {
    const outcome = upgradeOutcome(context);
    onResult(outcome);
    return Promise.resolve([outcome]);
  },
  plan: (context) => [
    text('setup:upgrade.plan', { from: installedVersion(context) ?? '?', to: context.env.program.version }),
  ],
  apply: async (context, onProgress) => {
    const { env, options } = context;
    context.note(BEGUN, env.program.version);
    // A run before this one has brought it to its end, and was killed before it could say so.
    if (installedVersion(context) === env.program.version) return text('setup:upgrade.inForce', versionsOf(context));
    const state = await env
      .upgrade({
        configFile: configFileOf(context),
        file: env.program.file,
        unsignedAllowed: options.allowUnsigned,
        byName: 'setup',
        onState: ({ steps }) => {
          const now = steps.find((step) => step.state === 'running');
          const done = steps.filter((step) => step.state === 'done').length;
          if (now) onProgress({ done, total: steps.length, label: text(`upgrade:step.${now.id}`) });
        },
      })
      .catch((error: unknown) => {
        if (!isDomainError(error)) throw error;
        throw new StepFault([text(error.code, error.details as Text['values'] & object)]);
      });
    const { outcome, failure, from, to } = state;
    if (outcome === 'done') return text('upgrade:outcome.done', { from, to: to ?? '' });
    throw new StepFault([
      ...(failure ? [text(failure.code, failure.details)] : []),
      text(`upgrade:outcome.${outcome}`, { from, to: to ?? '' }),
    ]);
  },
};

const versionsOf = (context: Context): { version: string; inForce: string } => ({
  version: context.env.program.version,
  inForce: installedVersion(context) ?? '?',
});

const outcomeOf = (status: CheckOutcome['status'], found: Text, remedy?: Text): CheckOutcome => ({
  id: 'setup.version',
  category: 'host',
  title: text('setup:upgrade.title'),
  status,
  found,
  ...(remedy && { remedy: [remedy] }),
});

function upgradeOutcome(context: Context): CheckOutcome {
  const inForce = installedVersion(context);
  const file = configFileOf(context);
  if (inForce === undefined)
    return outcomeOf(
      'fail',
      text('upgrade:error.not_installed', { folder: path.dirname(file) }),
      text('setup:upgrade.repairFirst'),
    );
  // Begun by a run that was killed before it could say that all was done.
  const begun = context.facts[BEGUN] === context.env.program.version;
  if (inForce === context.env.program.version && !begun)
    return outcomeOf('fail', text('setup:upgrade.inForce', versionsOf(context)), text('setup:upgrade.repairInstead'));
  if (context.env.program.payload().kind === 'source')
    return outcomeOf(
      'fail',
      text('setup:upgrade.fromSource'),
      text('setup:upgrade.byCommand', { command: command(context) }),
    );
  return outcomeOf('ok', text('setup:upgrade.plan', { from: inForce, to: context.env.program.version }));
}

/** Another version than the one in force repairs and changes nothing: that would be an upgrade without its rehearsal. */
export function otherVersionOutcome(context: Context): CheckOutcome | undefined {
  if (wayOf(context) !== 'repair' && wayOf(context) !== 'reconfigure') return undefined;
  const inForce = installedVersion(context);
  if (inForce === undefined || inForce === context.env.program.version) return undefined;
  return outcomeOf(
    'fail',
    text('setup:upgrade.otherVersion', versionsOf(context)),
    text('setup:upgrade.otherRemedy', { version: inForce, command: command(context) }),
  );
}
