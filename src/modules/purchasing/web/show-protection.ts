import { type Ctx, page, type Reply } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import { documentTimeline } from '../queries/document-timeline';
import { COVERAGES, protectedDeviceList, protectedDevices, protectionView } from '../queries/protection-page';
import { newOperationKey } from './fields';
import { protectionPage, type ProtectionPageInput } from './protection.page';

const MOST_DEVICES = 200;

/** The page of a claim, also with what was just refused on it. */
export async function showProtection(
  ctx: Ctx,
  id: number,
  { status = 200, ...more }: Pick<ProtectionPageInput, 'notices' | 'typed' | 'pasted'> & { status?: number } = {},
): Promise<Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, id);
  const coverage = COVERAGES.find((one) => one === ctx.query['coverage']) ?? null;
  const query = {
    ...readListQuery(protectedDeviceList(id), coverage ? { coverage } : {}),
    size: MOST_DEVICES,
  };
  const model = protectionPage(ctx, {
    claim,
    devices: (await protectedDevices(ctx.read, id, query)).slice(0, MOST_DEVICES),
    coverage,
    timeline: await documentTimeline(ctx.read, 'purchasing.protection', id),
    operationKey: newOperationKey(),
    ...more,
  });
  return page('purchasing/document', claim.number, model, {
    status,
    styles: ['purchasing'],
    scripts: ['sku-suggest'],
  });
}
