import { existsSync } from 'node:fs';
import type { Ctx, FormState } from '../../../platform/http';
import { type Installation } from '../../../platform/release';
import { version } from '../../../platform/version';
import { type EditForm, editForm, type Facts, type Message, type Progress } from '../../../platform/views';
import {
  isAtWork,
  mayWrite,
  readUpgrade,
  type UpgradeProgress,
  upgradeProgress,
  type UpgradeState,
} from '../../upgrade/look';

export const UPGRADE = '/settings/upgrade';
export const UPGRADE_PERMISSION = 'system.upgrade.manage';

export interface UpgradePage {
  head: { title: string; say: string; actions: object[] };
  messages: Message[];
  progress: Progress | null;
  steps: UpgradeProgress['steps'];
  report: Facts | null;
  upload: boolean;
  form: EditForm | null;
  rehearse: string;
}

export function upgradePage(ctx: Ctx, installation: Installation | undefined, form: FormState): UpgradePage {
  const { t } = ctx;
  const state = readUpgrade(ctx.services.config);
  const running = isAtWork(ctx.services.config);
  const { steps, done, total } = upgradeProgress(state, t);
  const now = state?.steps.find(({ state: is }) => is === 'running');
  const ready = installation !== undefined && !running;
  return {
    head: {
      title: t('upgrade:title'),
      say: t('upgrade:page.inForce', { version }),
      actions:
        ready && mayGoBack(state)
          ? [{ label: t('upgrade:page.back'), href: `${UPGRADE}/rollback/new`, confirm: true }]
          : [],
    },
    messages: messagesOf(ctx, installation, state, running),
    progress: running
      ? { label: now ? t(`upgrade:step.${now.id}`) : '', done, total, pollHref: `${UPGRADE}/progress?done=${done}` }
      : null,
    steps,
    report: state?.rehearsal ? reportOf(ctx, state.rehearsal) : null,
    upload: ready,
    form: ready
      ? editForm(form, {
          action: `${UPGRADE}/runs`,
          submit: t('upgrade:page.upgradeNow'),
          cancelHref: '/',
          fields: [
            {
              name: 'file',
              label: t('upgrade:page.file'),
              hint: t('upgrade:page.fileHint'),
              maxlength: 400,
              wide: true,
            },
            { name: 'rehearseOnly', type: 'checkbox', label: t('upgrade:page.rehearseOnly') },
          ],
        })
      : null,
    rehearse: t('upgrade:page.rehearseOnly'),
  };
}

export const mayGoBack = (state: UpgradeState | undefined): state is UpgradeState =>
  state?.direction === 'up' && state.outcome === 'done' && state.kept !== null && existsSync(state.kept.file);

function messagesOf(
  { t }: Ctx,
  installation: Installation | undefined,
  state: UpgradeState | undefined,
  running: boolean,
): Message[] {
  const messages: Message[] = [];
  if (!installation)
    messages.push({ tone: 'hold', title: t('upgrade:page.notInstalled'), text: t('upgrade:page.notInstalledHint') });
  else if (!mayWrite(installation.folder) || !mayWrite(installation.versions))
    messages.push({
      tone: 'hold',
      title: t('upgrade:check.place.missing', { folder: installation.folder }),
      text: t('upgrade:check.place.remedy', { config: state?.configFile ?? `${installation.folder}/config.yaml` }),
    });
  if (!state || running) return messages;
  const { outcome, from, to, failure, direction, checks } = state;
  const back = direction === 'back' && outcome === 'rolled-back';
  const good = outcome === 'done' || outcome === 'rehearsed' || back;
  messages.push({
    tone: good ? 'ok' : 'bad',
    title: t(`upgrade:outcome.${back ? 'back' : outcome}`, { from, to: to ?? '' }),
    ...(failure && !back && { text: t(failure.code, failure.details) }),
  });
  const told = checks.filter(({ status }) => status === 'warn' || status === 'fail');
  if (told.length > 0)
    messages.push({
      tone: 'hold',
      title: t('upgrade:page.checks'),
      items: told.map(({ title, found, remedy = [] }) =>
        [
          `${t(title.key, title.values)}: ${t(found.key, found.values)}`,
          ...remedy.map(({ key, values }) => t(key, values)),
        ].join(' '),
      ),
    });
  return messages;
}

/** Totals of the copy before and after it was brought to the new version; money as money. */
function reportOf(
  { t, f }: Ctx,
  { rows, migratedSteps, before, after, selfTest, ms }: NonNullable<UpgradeState['rehearsal']>,
): Facts {
  const amount = (id: string, value: number): string => (id.endsWith('Fen') ? f.money(value) : f.number(value));
  return {
    facts: [
      { label: t('upgrade:page.rows'), value: f.number(rows) },
      { label: t('upgrade:page.migrated'), value: f.number(migratedSteps) },
      { label: t('upgrade:page.books'), value: f.number(before.books.length) },
      ...Object.entries(before.totals).map(([id, value]) => ({
        label: t(`upgrade:total.${id}`),
        value: amount(id, value),
        sub: t(after.totals[id] === value ? 'upgrade:page.same' : 'upgrade:page.other', {
          value: amount(id, after.totals[id] ?? 0),
        }),
      })),
      { label: t('upgrade:page.selfTest'), value: f.number(selfTest.steps) },
      { label: t('upgrade:page.took'), value: t('upgrade:page.seconds', { count: Math.ceil(ms / 1000) }) },
    ],
  };
}
