import { z } from 'zod';
import { code128Svg } from '../../../platform/barcode';
import {
  type Ctx,
  emptyForm,
  fields,
  file,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { exportReply, type ListQuery, readListQuery } from '../../../platform/lists';
import { getCompany, listChannels } from '../../organization';
import { saleView } from '../queries/sale-page';
import { SALES_LIST, type SaleListRow, salesPage, salesRows } from '../queries/sales-list';
import { reverseSale } from '../use-cases/reverse-sale';
import { receiptPage } from './receipt.page';
import { seesCost } from './rights';
import { salePage } from './sale.page';
import { exportColumns, exportRow, salesListPage } from './sales-list.page';

const VIEW = { permission: 'sales.sale.view' };
const REVERSE = { permission: 'sales.sale.reverse' };

async function showList(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(SALES_LIST, ctx.query);
  const withCost = seesCost(ctx, 'sales.sale.view');
  const { keys } = ctx.services;
  const found = await salesPage(ctx.read, ctx.actor, query, { keys, storeId: ctx.store?.id ?? null, withCost });
  return page(
    'sales/list',
    ctx.t('sales:sale.list'),
    salesListPage(ctx, query, found, withCost, await listChannels(ctx.read)),
  );
}

function exportList(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(SALES_LIST, ctx.query);
  const withCost = seesCost(ctx, 'sales.sale.view');
  const storeId = ctx.store?.id ?? null;
  return Promise.resolve(
    exportReply<SaleListRow>(ctx, {
      name: `${ctx.t('sales:sale.list')}-${ctx.today}`,
      sheet: ctx.t('sales:sale.list'),
      columns: exportColumns(ctx, withCost),
      query,
      load: (at: ListQuery) => salesRows(ctx.read, ctx.actor, at, { keys: ctx.services.keys, storeId, withCost }),
      toRow: (row) => exportRow(ctx, row, withCost),
    }),
  );
}

async function showSale(ctx: Ctx): Promise<Reply> {
  const view = await saleView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  return page('sales/sale', view.sale.saleNumber, salePage(ctx, view));
}

async function showReceipt(ctx: Ctx): Promise<Reply> {
  const view = await saleView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const company = (await getCompany(ctx.read))?.name ?? view.store.name;
  return page('sales/receipt', view.sale.saleNumber, receiptPage(ctx, view, company), {
    layout: 'print',
    styles: ['till-work'],
  });
}

async function showBarcode(ctx: Ctx): Promise<Reply> {
  const { sale } = await saleView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  return file(`${sale.saleNumber}.svg`, 'image/svg+xml', Buffer.from(code128Svg(sale.saleNumber)), { inline: true });
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const { sale, lines } = await saleView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const devices = lines.filter((line) => line.deviceId !== null).length;
  const error = form.problems['reason'] ?? form.message ?? undefined;
  return page(
    'sales/confirm',
    t('sales:reversal.title', { number: sale.saleNumber }),
    {
      title: t('sales:reversal.title', { number: sale.saleNumber }),
      effects: [
        t(`sales:reversal.money_${sale.kind}`, { amount: ctx.f.moneyYuan(Math.abs(sale.grossFen)) }),
        ...(devices > 0 ? [t(`sales:reversal.devices_${sale.kind}`, { count: devices })] : []),
        t('sales:reversal.books'),
      ],
      action: `/sales/sales/${sale.id}/reversal`,
      verb: t('common:action.reverse'),
      danger: true,
      cancelHref: `/sales/sales/${sale.id}`,
      fields: { operationKey: form.values['operationKey'] ?? crypto.randomUUID() },
      reason: {
        name: 'reason',
        label: t('sales:reversal.reason'),
        required: true,
        maxlength: 200,
        value: form.values['reason'] ?? '',
        ...(error ? { error } : {}),
      },
    },
    { status },
  );
}

const reversal = z.object({ reason: fields.required, operationKey: fields.operationKey });

function reverse(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    reversal,
    async ({ reason, operationKey }) => {
      const { saleId } = await reverseSale(ctx.uow, ctx.actor, { saleId: ctx.id(), reason }, { operationKey });
      return redirect(`/sales/sales/${saleId}`, { kind: 'ok', text: ctx.t('sales:reversal.done') });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}

export const saleRoutes: readonly Route[] = [
  { method: 'get', path: '/sales', access: VIEW, handler: () => Promise.resolve(redirect('/sales/sales')) },
  { method: 'get', path: '/sales/sales', access: VIEW, handler: showList },
  { method: 'get', path: '/sales/sales.xlsx', access: VIEW, handler: exportList },
  { method: 'get', path: '/sales/sales/:id', access: VIEW, handler: showSale },
  { method: 'get', path: '/sales/sales/:id/receipt', access: VIEW, handler: showReceipt },
  { method: 'get', path: '/sales/sales/:id/barcode.svg', access: VIEW, handler: showBarcode },
  { method: 'get', path: '/sales/sales/:id/reversal', access: REVERSE, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: '/sales/sales/:id/reversal', access: REVERSE, handler: reverse },
];
