import { z } from 'zod';
import { DomainError } from '../../../kernel';
import { type Ctx, json, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { protectionView } from '../queries/protection-page';
import {
  listAllProtected,
  type ProtectionAnswer,
  recheckProtection,
  scanIntoProtection,
  unlistProtected,
} from '../use-cases/list-protected';
import { EDIT_PROTECTIONS } from '../use-cases/save-protection';
import { readReturnPaste, readReturnScan } from '../use-cases/scan-into-return';
import { messageOf } from './confirm-page';
import { codesOfFile } from './device-file';
import { operationKey } from './fields';
import { protectionHref } from './protection-words';
import { showProtection } from './show-protection';

const edit = { permission: EDIT_PROTECTIONS };
const BASE = '/purchasing/protections/:id';

export const protectionScanRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/scans`, access: edit, handler: scan, json: true },
  { method: 'post', path: `${BASE}/pasted`, access: edit, handler: paste },
  {
    method: 'post',
    path: `${BASE}/file`,
    access: edit,
    handler: readFile,
    upload: { maxBytes: 10 * 1024 * 1024, maxFiles: 1, extensions: ['csv', 'tsv', 'txt', 'xlsx'] },
  },
  { method: 'post', path: `${BASE}/all`, access: edit, handler: listAll },
  { method: 'post', path: `${BASE}/recheck`, access: edit, handler: recheck },
  { method: 'post', path: `${BASE}/uncovered/removal`, access: edit, handler: dropUncovered },
];

const scansSchema = z.object({
  scans: z.array(z.object({ key: z.string().regex(/^[\w.:-]{1,60}$/), code: z.string().max(2000) })).max(200),
});

const answerText = ({ t }: Pick<Ctx, 't'>, { reason, number, outcome }: ProtectionAnswer): string =>
  outcome === 'right'
    ? t(`purchasing:protection.coverage.${reason}`)
    : t('purchasing:protection.scan.answer', { number, reason: t(`purchasing:protection.reason.${reason}`) });

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('purchasing:error.scan_format');
  const scans = parsed.data.scans.map(({ key, code }) => readReturnScan(key, code));
  const { answers } = await scanIntoProtection(ctx.uow, ctx.actor, { claimId, scans });
  const { covered, deviceCount } = await protectionView(ctx.read, ctx.actor, claimId);
  return json({
    results: answers.map((answer) => ({
      outcome: answer.outcome,
      code: answer.number,
      text: answerText(ctx, answer),
    })),
    tally: { right: covered, wrong: deviceCount - covered },
  });
}

const MOST_NAMED = 100;

function paste(ctx: Ctx): Promise<Reply> {
  const { codes } = ctx.body;
  return takeList(ctx, () => Promise.resolve(typeof codes === 'string' ? codes : ''));
}

function readFile(ctx: Ctx): Promise<Reply> {
  return takeList(ctx, () => {
    const [upload] = ctx.files;
    if (!upload) throw new DomainError('purchasing:error.no_file');
    return codesOfFile(upload.content);
  });
}

/** Every number that can be read is listed and judged; the others stay in the field with their reasons above. */
async function takeList(ctx: Ctx, codesOf: () => Promise<string>): Promise<Reply> {
  const claimId = ctx.id();
  let codes = '';
  try {
    codes = await codesOf();
    const scans = readReturnPaste(codes);
    if (scans.length === 0) throw new DomainError('purchasing:error.return_nothing_pasted');
    const { answers } = await scanIntoProtection(ctx.uow, ctx.actor, { claimId, scans });
    const count = (test: (one: ProtectionAnswer) => boolean): string => ctx.f.number(answers.filter(test).length);
    const title = ctx.t('purchasing:protection.pasted', {
      right: count(({ outcome }) => outcome === 'right'),
      wrong: count(({ outcome, listed }) => outcome === 'wrong' && listed),
      double: count(({ outcome }) => outcome === 'double'),
      left: count(({ outcome, listed }) => outcome === 'wrong' && !listed),
    });
    const left = answers.filter(({ outcome, listed }) => outcome === 'wrong' && !listed);
    if (left.length === 0) return redirect(`${protectionHref(claimId)}#devices`, { kind: 'ok', text: title });
    const texts = new Map(scans.map(({ key, text }) => [key, text]));
    return await showProtection(ctx, claimId, {
      status: 422,
      notices: [{ tone: 'hold', title, items: left.slice(0, MOST_NAMED).map((one) => answerText(ctx, one)) }],
      pasted: [...new Set(left.map(({ key }) => texts.get(key) ?? ''))].join('\n'),
    });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showProtection(ctx, claimId, { status, notices: [{ tone: 'bad', title, items }], pasted: codes });
  }
}

function step(ctx: Ctx, work: (claimId: number, key: string | undefined) => Promise<string>): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) =>
      redirect(`${protectionHref(claimId)}#devices`, { kind: 'ok', text: await work(claimId, key) }),
    (form, status) => showProtection(ctx, claimId, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

function listAll(ctx: Ctx): Promise<Reply> {
  return step(ctx, async (claimId, key) => {
    const { added } = await listAllProtected(ctx.uow, ctx.actor, { claimId }, { operationKey: key });
    return ctx.t('purchasing:protection.done.all', { count: ctx.f.number(added) });
  });
}

function recheck(ctx: Ctx): Promise<Reply> {
  return step(ctx, async (claimId, key) => {
    const { changed } = await recheckProtection(ctx.uow, ctx.actor, { claimId }, { operationKey: key });
    return ctx.t('purchasing:protection.done.recheck', { count: ctx.f.number(changed) });
  });
}

function dropUncovered(ctx: Ctx): Promise<Reply> {
  return step(ctx, async (claimId, key) => {
    const { removed } = await unlistProtected(ctx.uow, ctx.actor, { claimId, uncovered: true }, { operationKey: key });
    return ctx.t('purchasing:protection.done.dropped', { count: ctx.f.number(removed) });
  });
}
