import { randomUUID } from 'node:crypto';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { changeLineViews, changeTimeline, changeView } from '../queries/change-page';
import { changePage, type ChangePageInput, LINES_SHOWN } from './change.page';

/** The page of a change, also with what was just refused on it. */
export async function showChange(
  ctx: Ctx,
  more: Pick<ChangePageInput, 'notices' | 'pasted' | 'typed'> & { status?: number } = {},
): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id());
  const { status = 200, ...shown } = more;
  const model = changePage(ctx, {
    change,
    lines: await changeLineViews(ctx.read, change.id, LINES_SHOWN),
    timeline: await changeTimeline(ctx.read, change.id),
    operationKey: randomUUID(),
    ...shown,
  });
  return page('inventory/change', change.number, model, { status });
}
