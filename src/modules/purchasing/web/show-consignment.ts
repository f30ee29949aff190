import { type Ctx, page, type Reply } from '../../../platform/http';
import { CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { documentTimeline } from '../queries/document-timeline';
import { consignmentPage, type ConsignmentPageInput } from './consignment.page';

/** The page of a document of consigned goods, also with what was just refused on it. */
export async function showConsignment(
  ctx: Ctx,
  { status = 200, ...more }: Pick<ConsignmentPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const devices = await consignmentDevices(ctx.read, document);
  const timeline = await documentTimeline(ctx.read, CONSIGNMENT_DOCUMENT, document.id);
  const model = consignmentPage(ctx, { document, devices, timeline, ...more });
  return page('purchasing/document', document.number, model, { status });
}
