import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { findBoxes, findReceipts, findSuppliers, waitingDrafts } from '../queries/find-in-purchasing';
import { receiptState } from './receipt-words';

export const receiptSearch: SearchProvider = {
  permission: 'purchasing.receipt.view',
  async find(ctx, text) {
    const found = await findReceipts(ctx.read, ctx.actor, text);
    return found.map(({ id, number, state, supplierName, storeName, businessDate }) => ({
      kind: ctx.t('purchasing:receipt.one'),
      title: number,
      detail: [receiptState(ctx, state).text, supplierName, storeName, businessDate].join(' · '),
      href: documentHref('purchasing.receipt', id),
      exact: number === normaliseCode(text).replace(/\s/g, ''),
    }));
  },
};

export const boxSearch: SearchProvider = {
  permission: 'purchasing.receipt.view',
  async find(ctx, text) {
    const found = await findBoxes(ctx.read, ctx.actor, text);
    return found.map(({ boxNo, receiptId, number, devices, skuName }) => ({
      kind: ctx.t('purchasing:packing.column.box'),
      title: boxNo,
      detail: [number, skuName, ctx.t('purchasing:packing.deviceCount', { count: devices })].join(' · '),
      href: `${documentHref('purchasing.receipt', receiptId)}/devices?q=${encodeURIComponent(boxNo)}`,
      exact: false,
    }));
  },
};

export const supplierSearch: SearchProvider = {
  permission: 'purchasing.supplier.view',
  async find(ctx, text) {
    const found = await findSuppliers(ctx.read, ctx.services.keys, text);
    return found.map(({ id, code, name, category, contact }) => ({
      kind: ctx.t('purchasing:supplier.one'),
      title: name,
      detail: [ctx.t('purchasing:supplier.one'), code, category, contact].filter(Boolean).join(' · '),
      href: documentHref('purchasing.supplier', id),
      exact: false,
    }));
  },
};

export const draftAlerts: AlertSource = {
  permission: 'purchasing.receipt.post',
  async find(ctx) {
    const { drafts, received, since } = await waitingDrafts(ctx.read, ctx.actor, ctx.store?.id ?? null);
    if (drafts === 0) return [];
    return [
      {
        icon: 'truck-loading',
        tone: 'hold',
        title: ctx.t('purchasing:alert.drafts', { count: drafts }),
        detail: ctx.t('purchasing:alert.draftsDetail', { count: received, date: ctx.f.date(since) }),
        count: String(drafts),
        href: '/purchasing/receipts?state=draft',
      },
    ];
  },
};
