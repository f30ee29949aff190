import { type Ctx, file, page, permissionWords, type Reply, type Route } from '../../../platform/http';
import { writeXlsx } from '../../../platform/spreadsheet';
import type { Action, List } from '../../../platform/views';
import type { Finding } from '../domain/rights-findings';
import { rightsReport } from '../queries/rights-report';
import { refusalCounts } from '../queries/refusals';
import { USER_VIEW } from '../queries/user-list';
import { rightWords } from './audit-words';
import { rightsWords } from './rights-words';
import { RIGHTS, XLSX } from './rights.routes';

export const REPORT = `${RIGHTS}/report`;
/** More rows than these help nobody. */
const MOST_SHOWN = 200;
const access = { permission: USER_VIEW };

export const rightsReportRoutes: readonly Route[] = [
  { method: 'get', path: REPORT, access, handler: showReport },
  { method: 'get', path: `${REPORT}/export`, access, handler: exportReport },
];

/** A finding in words, with the page where it is settled. */
interface Said {
  id: string;
  tone: Finding['tone'];
  kind: string;
  who: string;
  what: string;
  why: string;
  remedy: string;
  href: string;
}

async function sayFindings(ctx: Ctx): Promise<Said[]> {
  const { t, f } = ctx;
  const { findings, accounts } = await rightsReport(ctx.read, ctx.actor, ctx.now);
  const words = await rightsWords(ctx);
  return findings.map(({ kind, tone, subject, conflict, count, endsAt }) => {
    const account = subject.type === 'account' ? accounts.get(subject.id) : undefined;
    const who = account
      ? t('administration:user.roleIn', { role: account.name, store: account.login })
      : words.role(subject.id);
    const [first, second] = (conflict?.pair ?? []).map((id) => permissionWords(id, t));
    const say = (part: string): string =>
      t(`administration:rights.finding.${kind}.${part}`, {
        name: who,
        first,
        second,
        count,
        days: count,
        at: f.dateTime(endsAt),
      });
    return {
      id: `${kind}-${subject.id}-${conflict?.id ?? ''}`,
      tone,
      kind: say('kind'),
      who,
      what: say('what'),
      why: conflict ? t(`administration:rights.conflict.${conflict.id}`) : say('why'),
      remedy: say('do'),
      href: account ? `/administration/users/${account.id}` : `/administration/roles/${subject.id}`,
    };
  });
}

async function showReport(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const said = await sayFindings(ctx);
  const title = t('administration:rights.report');
  const toExcel: Action = {
    label: t('common:action.exportExcel'),
    href: `${REPORT}/export`,
    icon: 'file-spreadsheet',
  };
  const model = {
    head: {
      title,
      crumbs: [{ href: RIGHTS, label: t('administration:rights.title') }],
      say: t('administration:rights.reportSay'),
      actions: [toExcel],
    },
    findings: findingList(ctx, said),
    refusals: await refusalList(ctx),
  };
  return page('administration/rights-report', title, model);
}

function findingList({ t }: Ctx, said: readonly Said[]): List {
  return {
    table: {
      id: 'findings',
      caption: t('administration:rights.report'),
      columns: [
        { key: 'subject', label: t('administration:rights.subject'), card: 'title' },
        { key: 'kind', label: t('administration:rights.kind'), keep: true, card: 'full' },
        { key: 'what', label: t('administration:rights.what'), card: 'full' },
        { key: 'do', label: t('administration:rights.do'), card: 'full' },
      ],
      rows: said.map((one) => ({
        id: one.id,
        cells: [
          { text: one.who, href: one.href, strong: true },
          { state: { tone: one.tone, text: one.kind } },
          { text: one.what, sub: one.why },
          one.remedy,
        ],
      })),
    },
    empty: { title: t('administration:rights.clean') },
  };
}

async function refusalList(ctx: Ctx): Promise<List> {
  const { t, f } = ctx;
  const counts = await refusalCounts(ctx.read, ctx.actor, ctx.now);
  return {
    table: {
      id: 'refusals',
      caption: t('administration:rights.refusals'),
      columns: [
        { key: 'who', label: t('administration:rights.subject'), card: 'title' },
        { key: 'permission', label: t('administration:rights.permission'), card: 'full' },
        { key: 'times', label: t('administration:rights.times'), num: true, card: 'number' },
        { key: 'last', label: t('administration:rights.last'), keep: true, card: 'number' },
        { key: 'route', label: t('administration:rights.route'), card: 'full' },
      ],
      rows: counts.slice(0, MOST_SHOWN).map(({ userId, name, permission, times, lastAt, lastRoute }) => ({
        id: `${userId}-${permission}`,
        cells: [
          { text: name, href: `/administration/users/${userId}/rights`, strong: true },
          rightWords(ctx, permission),
          f.number(times),
          f.dateTime(lastAt),
          { text: lastRoute, muted: true },
        ],
      })),
    },
    empty: { title: t('administration:rights.noRefusals') },
  };
}

async function exportReport(ctx: Ctx): Promise<Reply> {
  const { t, services } = ctx;
  const said = await sayFindings(ctx);
  const text = (key: string, width: number) => ({
    header: t(`administration:rights.${key}`),
    type: 'text' as const,
    width,
  });
  const sheet = {
    name: t('administration:rights.report'),
    columns: [text('subject', 24), text('kind', 16), text('what', 48), text('why', 48), text('do', 60)],
    rows: said.map(({ who, kind, what, why, remedy }) => [who, kind, what, why, remedy]),
  };
  const body = writeXlsx([sheet], { timeZone: services.timeZone });
  return file(`rights-report-${ctx.today}.xlsx`, XLSX, body);
}
