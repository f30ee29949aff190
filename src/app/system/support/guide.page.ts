import { type CheckOutcome, type CheckReport, describeReport } from '../../../platform/checks';
import type { Ctx } from '../../../platform/http';
import type { Action, Message, PageHead, StatusLabel, Tone } from '../../../platform/views';
import { version } from '../../../platform/version';
import { type Guide, placeOf } from './guides';
import { SUPPORT } from './support.page';

interface Finding {
  title: string;
  state: StatusLabel;
  found: string;
  required: string | null;
  evidence: string | null;
  means: string | null;
  remedy: string[];
  action: Action | null;
}

export interface GuidePage {
  head: PageHead;
  summary: Message;
  questions: string[];
  /** What is not well, the worst first. */
  findings: Finding[];
  /** What is well or cannot be told, behind a fold. */
  rest: { say: string; findings: Finding[] };
  links: Action[];
}

const TONES: Record<
  CheckOutcome['status'],
  { tone: Tone; icon: 'circle-check' | 'alert-triangle' | 'circle-x' | 'minus' }
> = {
  ok: { tone: 'ok', icon: 'circle-check' },
  warn: { tone: 'hold', icon: 'alert-triangle' },
  fail: { tone: 'bad', icon: 'circle-x' },
  skipped: { tone: 'gone', icon: 'minus' },
};

/** Found, what it means, what to do: in this order, the worst first. */
export function guidePage(ctx: Ctx, guide: Guide, report: CheckReport): GuidePage {
  const { t } = ctx;
  const count = (status: CheckOutcome['status']): number => report.checks.filter((one) => one.status === status).length;
  const bad = report.checks.filter(({ status }) => status === 'fail');
  const odd = report.checks.filter(({ status }) => status === 'warn');
  const rest = report.checks.filter(({ status }) => status === 'ok' || status === 'skipped');
  return {
    head: {
      title: t(`support:guide.${guide.id}.title`),
      say: t('support:guide.at', { at: ctx.f.dateTime(ctx.now) }),
      crumbs: [{ href: SUPPORT, label: t('support:title') }],
      actions: [
        { label: t('support:guide.again'), href: guide.href, icon: 'refresh', look: 'primary' },
        { label: t('support:guide.export'), href: `${guide.href}/export`, icon: 'download' },
      ],
    },
    summary: {
      tone: bad.length > 0 ? 'bad' : odd.length > 0 ? 'hold' : 'ok',
      title: t(bad.length > 0 ? 'support:guide.bad' : odd.length > 0 ? 'support:guide.odd' : 'support:guide.fine', {
        bad: bad.length,
        odd: odd.length,
      }),
      text: t(bad.length + odd.length > 0 ? 'support:guide.doFirst' : `support:guide.${guide.id}.fine`),
    },
    questions: Array.from({ length: guide.questions }, (_, at) => t(`support:guide.${guide.id}.ask.${at + 1}`)),
    findings: [...bad, ...odd].map((one) => findingOf(ctx, one)),
    rest: {
      say: t('support:guide.rest', { ok: count('ok'), skipped: count('skipped') }),
      findings: rest.map((one) => findingOf(ctx, one)),
    },
    links: guide.links
      .filter(({ permission }) => ctx.can(permission))
      .map(({ key, href }) => ({ label: t(`support:link.${key}`), href })),
  };
}

function findingOf(ctx: Ctx, outcome: CheckOutcome): Finding {
  const { t } = ctx;
  const { checks } = describeReport({ ok: true, checks: [outcome] }, (key, values) => t(key, values));
  const [described] = checks;
  const { tone, icon } = TONES[outcome.status];
  const troubled = outcome.status === 'fail' || outcome.status === 'warn';
  const place = placeOf(outcome.id);
  return {
    title: described?.title ?? outcome.id,
    state: { tone, icon, text: t(`checks:status.${outcome.status}`) },
    found: described?.found ?? '',
    required: troubled ? (described?.required ?? null) : null,
    evidence: troubled ? (described?.evidence ?? null) : null,
    means: troubled ? t(`support:means.${outcome.category}`) : null,
    remedy: troubled ? (described?.remedy ?? []) : [],
    action:
      troubled && place && ctx.can(place.permission)
        ? { label: t(`support:link.${place.key}`), href: place.href }
        : null,
  };
}

/** What was found as a text to send on. */
export function guideText(ctx: Ctx, guide: Guide, { checks }: CheckReport): string {
  const { t } = ctx;
  const { checks: described } = describeReport({ ok: true, checks }, (key, values) => t(key, values));
  const lines = described.flatMap(({ id, title, status, found, required, evidence, remedy }) => [
    `[${t(`checks:status.${status}`)}] ${title}: ${found}  (${id})`,
    ...(status === 'ok' || status === 'skipped'
      ? []
      : [
          ...(required ? [`    ${t('checks:required', { text: required })}`] : []),
          ...(evidence ? [`    ${evidence}`] : []),
          ...remedy.map((step) => `    → ${step}`),
        ]),
  ]);
  const head = `${t(`support:guide.${guide.id}.title`)} · Phone ERP ${version} · ${new Date(ctx.now).toISOString()}`;
  return `${[head, '', ...lines].join('\n')}\n`;
}
