import { z } from 'zod';
import { DomainError } from '../../../kernel';
import { type Ctx, json, redirect, type Reply, type Route } from '../../../platform/http';
import { deviceCountOf } from '../queries/return-page';
import { EDIT_RETURNS } from '../use-cases/save-return';
import { readReturnPaste, readReturnScan, scanIntoReturn } from '../use-cases/scan-into-return';
import { messageOf } from './confirm-page';
import { answerText, returnHref } from './return-words';
import { showReturn } from './show-return';

const edit = { permission: EDIT_RETURNS };

export const returnScanRoutes: readonly Route[] = [
  { method: 'post', path: '/purchasing/returns/:id/scans', access: edit, handler: scan, json: true },
  { method: 'post', path: '/purchasing/returns/:id/pasted', access: edit, handler: paste },
];

const scansSchema = z.object({
  scans: z.array(z.object({ key: z.string().regex(/^[\w.:-]{1,60}$/), code: z.string().max(2000) })).max(200),
});

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('purchasing:error.scan_format');
  const scans = parsed.data.scans.map(({ key, code }) => readReturnScan(key, code));
  const { answers } = await scanIntoReturn(ctx.uow, ctx.actor, { returnId, scans });
  return json({
    results: answers.map((answer) => ({
      outcome: answer.outcome,
      code: answer.number,
      text: answerText(ctx, answer),
    })),
    tally: { right: await deviceCountOf(ctx.read, returnId) },
  });
}

const MOST_NAMED = 100;

/** What is right of a list is taken; what is wrong stays in the field with its reasons above. */
async function paste(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  const codes = typeof ctx.body['codes'] === 'string' ? ctx.body['codes'] : '';
  try {
    const scans = readReturnPaste(codes);
    if (scans.length === 0) throw new DomainError('purchasing:error.return_nothing_pasted');
    const { answers } = await scanIntoReturn(ctx.uow, ctx.actor, { returnId, scans });
    const of = (outcome: string): number => answers.filter((one) => one.outcome === outcome).length;
    const title = ctx.t('purchasing:return.pasted', {
      right: ctx.f.number(of('right')),
      double: ctx.f.number(of('double')),
      wrong: ctx.f.number(of('wrong')),
    });
    if (of('wrong') === 0) return redirect(returnHref(returnId), { kind: 'ok', text: title });
    const wrong = answers.filter(({ outcome }) => outcome === 'wrong');
    const texts = new Map(scans.map(({ key, text: typed }) => [key, typed]));
    return await showReturn(ctx, returnId, {
      status: 422,
      notices: [{ tone: 'hold', title, items: wrong.slice(0, MOST_NAMED).map((one) => answerText(ctx, one)) }],
      pasted: [...new Set(wrong.map(({ key }) => texts.get(key) ?? ''))].join('\n'),
    });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showReturn(ctx, returnId, { status, notices: [{ tone: 'bad', title, items }], pasted: codes });
  }
}
