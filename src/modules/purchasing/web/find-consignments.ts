import { normaliseCode } from '../../../kernel';
import type { SearchProvider } from '../../../platform/modules';
import { consignmentsByNumber, VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { consignmentHref, consignmentState } from './consignment-words';

export const consignmentSearch: SearchProvider = {
  permission: VIEW_CONSIGNMENTS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    if (!/^DX[\dA-Z-]{2,}$/.test(code)) return [];
    return (await consignmentsByNumber(ctx.read, ctx.actor, code)).map(({ id, number, kind, state, supplierName }) => ({
      kind: ctx.t(`purchasing:consignment.kind.${kind}`),
      title: number,
      detail: [consignmentState(ctx, state).text, supplierName].join(' · '),
      href: consignmentHref(id),
      exact: number === code,
    }));
  },
};
