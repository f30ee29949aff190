import { randomUUID } from 'node:crypto';
import { attachmentsModel, attachmentsOf, mayReadContent } from '../../../platform/attachments';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { numberLineViews, numberTimeline, numberView } from '../queries/number-page';
import { NUMBER_FILES, numberFilesRule } from '../use-cases/number-files';
import { numberPage, type NumberPageInput } from './number.page';
import { numbersHref } from './number-words';

/** The page of a correction, also with what was just refused on it. */
export async function showNumbers(
  ctx: Ctx,
  more: Pick<NumberPageInput, 'notices' | 'pasted' | 'typed'> & { status?: number } = {},
): Promise<Reply> {
  const change = await numberView(ctx.read, ctx.actor, ctx.id());
  const { status = 200, ...shown } = more;
  const files = await attachmentsOf(ctx.read, NUMBER_FILES, change.id);
  const upload = change.works
    ? { action: `${numbersHref(change.id)}/attachments`, hint: ctx.t('inventory:number.filesHint') }
    : null;
  const model = numberPage(ctx, {
    change,
    lines: await numberLineViews(ctx.read, change),
    timeline: await numberTimeline(ctx.read, change.id),
    attachments: attachmentsModel(ctx, files, upload, (file) =>
      mayReadContent(ctx.actor, numberFilesRule, file, change.storeId),
    ),
    operationKey: randomUUID(),
    ...shown,
  });
  return page('inventory/number', change.number, model, { status });
}
