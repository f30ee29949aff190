import { type Ctx, page, type Reply } from '../../../platform/http';
import { documentTimeline } from '../queries/document-timeline';
import { deviceCountOf, returnedDevices, returnView } from '../queries/return-page';
import { newOperationKey } from './fields';
import { returnPage, type ReturnPageInput } from './return.page';

const MOST_DEVICES = 200;

/** The page of a return, also with what was just refused on it. */
export async function showReturn(
  ctx: Ctx,
  id: number,
  { status = 200, ...more }: Pick<ReturnPageInput, 'notices' | 'typed' | 'pasted'> & { status?: number } = {},
): Promise<Reply> {
  const document = await returnView(ctx.read, ctx.actor, id);
  const model = returnPage(ctx, {
    document,
    devices: await returnedDevices(ctx.read, id, MOST_DEVICES),
    deviceCount: await deviceCountOf(ctx.read, id),
    timeline: await documentTimeline(ctx.read, 'purchasing.return', id),
    operationKey: newOperationKey(),
    ...more,
  });
  return page('purchasing/document', document.number, model, {
    status,
    styles: ['purchasing'],
    scripts: ['sku-suggest'],
  });
}
