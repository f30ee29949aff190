import { randomUUID } from 'node:crypto';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { changeLineViews, changeProducts, changeTimeline, changeView } from '../queries/change-page';
import { changeFilesCard } from './change-attachments.page';
import { changePage, type ChangePageInput, LINES_SHOWN } from './change.page';

/** The page of a change, also with what was just refused on it. */
export async function showChange(
  ctx: Ctx,
  more: Pick<ChangePageInput, 'notices' | 'pasted' | 'typed'> & { status?: number } = {},
): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const { status = 200, ...shown } = more;
  const corrects = change.effect === 'value' && change.state === 'draft';
  const model = changePage(ctx, {
    change,
    lines: await changeLineViews(ctx.read, change.id, LINES_SHOWN),
    products: corrects ? await changeProducts(ctx.read, change.id) : [],
    timeline: await changeTimeline(ctx.read, change.id),
    attachments: await changeFilesCard(ctx, change),
    operationKey: randomUUID(),
    ...shown,
  });
  return page('inventory/change', change.number, model, { status });
}
