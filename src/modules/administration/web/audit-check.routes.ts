import { setTimeout as pause } from 'node:timers/promises';
import { isDomainError, notFound } from '../../../kernel';
import { type ChainReport, verifyAuditChain } from '../../../platform/audit';
import { type Ctx, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import { isRunning, lastRun, startUpkeep, upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Message } from '../../../platform/views';
import { AUDIT_VIEW, auditListSpec } from '../queries/audit-list';

const AUDIT = auditListSpec.path;
const CHECK = `${AUDIT}/verification`;
const access = { permission: AUDIT_VIEW };
/** A short log is checked by then; a longer check is followed on the page. */
const WAIT_MS = 1500;

/** The check of the whole audit log: it goes on in the background, and its result stays to be looked at. */
export const auditCheckRoutes: readonly Route[] = [
  { method: 'get', path: CHECK, access, handler: show },
  { method: 'post', path: CHECK, access, handler: start },
  { method: 'get', path: `${CHECK}/:id/progress`, access, handler: progress },
];

async function start(ctx: Ctx): Promise<Reply> {
  const { services, actor } = ctx;
  const { read } = services.database;
  try {
    const { over } = await startUpkeep(services, actor, 'chain', async (note) => {
      const report = await verifyAuditChain(read, services.keys, { onProgress: note });
      await services.uow.run(actor, (unit) =>
        unit.audit({
          action: 'administration.audit.verify',
          detail: { sealed: report.sealed, found: report.count },
        }),
      );
      return { ...report, done: report.sealed };
    });
    await Promise.race([over, pause(WAIT_MS, undefined, { ref: false })]);
  } catch (error) {
    // Somebody else's check is running: its result is as good.
    if (!isDomainError(error)) throw error;
  }
  return redirect(CHECK);
}

async function progress(ctx: Ctx): Promise<Reply> {
  const row = await ctx.read.get(upkeepRun, ctx.id());
  if (row?.kind !== 'chain') throw notFound('administration.audit', ctx.id());
  const state = isRunning(row, ctx.now) ? 'running' : row.state === 'ok' ? 'finished' : 'failed';
  return json({ ...progressWords(ctx, row), state, href: CHECK });
}

const progressWords = ({ t }: Ctx, { done, total }: UpkeepRunRow) => ({
  label: t('administration:audit.checking'),
  done,
  total,
});

async function show(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await lastRun(ctx.read, 'chain');
  const running = row !== undefined && isRunning(row, ctx.now);
  const report = row?.state === 'ok' ? (row.result as unknown as ChainReport) : null;
  const title = t('administration:audit.verifyTitle');
  const again = {
    label: t('administration:audit.verify'),
    href: CHECK,
    icon: 'shield-check' as const,
    method: 'post' as const,
    look: 'primary' as const,
  };
  const model = {
    head: {
      title,
      crumbs: [{ href: AUDIT, label: t('administration:audit.title') }],
      ...(row
        ? {
            say: t(`administration:audit.${row.startedById === null ? 'checkedItself' : 'checkedBy'}`, {
              name: row.startedByName,
              at: f.dateTime(row.startedAt),
            }),
          }
        : {}),
      actions: running ? [] : [again],
    },
    progress: running ? { ...progressWords(ctx, row), pollHref: `${CHECK}/${row.id}/progress` } : null,
    message: running ? null : messageOf(ctx, row, report),
    last: running ? null : (report?.head ?? null),
  };
  return page('administration/audit-report', title, model);
}

function messageOf({ t }: Ctx, row: UpkeepRunRow | undefined, report: ChainReport | null): Message {
  if (!row) return { tone: 'way', title: t('administration:audit.neverChecked') };
  if (!report) return { tone: 'hold', title: t('administration:audit.notFinished'), text: row.failure ?? '' };
  return {
    tone: report.ok ? 'ok' : 'bad',
    title: t(report.ok ? 'administration:audit.intact' : 'administration:audit.tampered', { count: report.count }),
    text: t('administration:audit.sealedCount', { sealed: report.sealed, unsealed: report.unsealed }),
    items: report.findings.map(({ kind, seq, auditId }) => t(`administration:audit.finding.${kind}`, { seq, auditId })),
  };
}
