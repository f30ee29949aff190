import { normaliseCode } from '../../../kernel';
import type { SearchProvider } from '../../../platform/modules';
import { findRebates } from '../queries/find-rebates';
import { VIEW_REBATES } from '../queries/rebate-list';
import { rebateHref, rebateState } from './rebate-words';

export const rebateSearch: SearchProvider = {
  permission: VIEW_REBATES,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    const found = await findRebates(ctx.read, ctx.actor, code);
    return found.map(({ id, number, name, state, supplierName, storeName }) => ({
      kind: ctx.t('purchasing:rebate.one'),
      title: number,
      detail: [rebateState(ctx, state).text, name, supplierName, storeName].join(' · '),
      href: rebateHref(id),
      exact: number === code,
    }));
  },
};
