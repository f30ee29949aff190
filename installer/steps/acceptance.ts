import { acceptProduct, recordSetup } from '../../src/app/founding';
import { selfTest } from '../../src/app/selftest';
import { text } from '../../src/platform/checks';
import { StepFault } from '../engine';
import { withProduct } from './company';
import { type Context, isYes, type SetupStep } from './environment';
import { installedConfig, wayOf } from './existing';
import { serviceOutcome } from './service';

export const acceptanceStep: SetupStep = {
  id: 'acceptance',
  title: text('setup:acceptance.title'),
  say: text('setup:acceptance.say'),
  when: (context) => wayOf(context) !== 'upgrade',
  questions: () => [
    { id: 'acceptance', kind: 'confirm', label: text('setup:acceptance.question'), default: () => true },
  ],
  plan: (context) => [text(isYes(context, 'acceptance') ? 'setup:acceptance.plan' : 'setup:acceptance.skipped')],
  apply: async (context) => {
    const accepted = context.facts['accepted'];
    await withProduct(context, (services) =>
      recordSetup(services, {
        version: context.env.program.version,
        edition: services.config.edition,
        way: wayOf(context),
        unsignedAllowed: context.facts['package.unsignedAllowed'] === true,
        accepted: typeof accepted === 'object' && accepted !== null ? (accepted as Record<string, string[]>) : {},
      }),
    );
    if (!isYes(context, 'acceptance')) return text('setup:acceptance.skipped');
    const running = serviceOutcome(context).state === 'running';
    const findings = [...(await acceptProduct(installedConfig(context), { running })), ...(await triedOut(context))];
    const bad = findings.filter(({ ok }) => !ok);
    if (bad.length > 0)
      throw new StepFault(bad.map(({ id, evidence }) => text('setup:acceptance.bad', { id, evidence })));
    return text('setup:acceptance.done', { count: findings.length });
  },
};

/** Buys, sells and takes back on a scratch database; what was installed is not touched. */
async function triedOut(context: Context): Promise<{ id: string; ok: boolean; evidence: string }[]> {
  const { flows } = await selfTest({ url: installedConfig(context).database.url });
  return flows.flatMap(({ id, steps }) =>
    steps.map((step) => ({ id, ok: step.ok, evidence: `${step.id}: ${step.found} ≠ ${step.expected}` })),
  );
}
