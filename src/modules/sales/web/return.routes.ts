import { z } from 'zod';
import { parseQuantity } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { editForm, type Field } from '../../../platform/views';
import { RETURN_ELSEWHERE, TENDER_KINDS } from '../domain/sale';
import { findSale, saleToReturn, type SaleView } from '../queries/sale-page';
import { registersFor } from '../queries/till-page';
import { returnSale } from '../use-cases/return-sale';
import { tenderFields, typedTenders } from './tender-fields';

const RETURN = { permission: 'sales.sale.return' };

const form = z.object({
  registerId: fields.optionalId,
  lines: z.record(z.string().regex(/^n\d{1,15}$/), fields.text).default({}),
  bucket: z.enum(['sellable', 'defective']),
  refundKind: z.enum(TENDER_KINDS),
  refund: tenderFields,
  reason: fields.text,
  operationKey: fields.operationKey,
});

async function showForm(ctx: Ctx, state: FormState | null, status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const view = await saleToReturn(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const { sale, store, lines, tenders } = view;
  const here = ctx.can('sales.sale.return', sale.storeId);
  const registers = await registersThatReturn(ctx, sale.storeId, here);
  const left = lines.filter((line) => line.quantity > line.returnedQuantity);
  const shown = state ?? emptyForm(startValues(ctx, view, registers[0]?.id));
  const kinds = TENDER_KINDS.filter((kind) => kind === 'cash' || tenders.some((tender) => tender.kind === kind));
  const list: Field[] = [
    ...left.map((line): Field => ({
      name: `lines.n${line.id}`,
      label: `${line.lineNo}. ${line.sku?.name ?? ''}`,
      inputmode: 'numeric',
      hint: [
        line.number ? f.imei(line.number) : '',
        t('sales:return.left', { count: line.quantity - line.returnedQuantity, amount: f.money(line.amountFen) }),
      ]
        .filter(Boolean)
        .join(' · '),
    })),
    {
      name: 'bucket',
      label: t('sales:return.bucket'),
      type: 'radio',
      wide: true,
      options: (['sellable', 'defective'] as const).map((value) => ({ value, label: t(`sales:return.${value}`) })),
    },
    {
      name: 'refundKind',
      label: t('sales:return.refundKind'),
      type: 'select',
      choose: false,
      options: kinds.map((value) => ({ value, label: t(`sales:tender.${value}`) })),
      hint: t('sales:return.refundHint'),
    },
    ...(kinds.length > 1
      ? kinds.map((kind): Field => ({
          name: `refund.${kind}`,
          label: t('sales:return.refundPart', { tender: t(`sales:tender.${kind}`) }),
          type: 'money',
          optional: true,
        }))
      : []),
    {
      name: 'registerId',
      label: t('sales:return.register'),
      type: 'select',
      options: registers.map((one) => ({ value: one.id, label: `${one.storeName} · ${one.name}` })),
      // Without a till it goes back to the store that sold it.
      choose: here ? t('sales:return.noRegister') : false,
    },
    { name: 'reason', label: t('sales:return.reason'), optional: true, maxlength: 200, wide: true },
  ];
  const mayOpen = ctx.can('sales.sale.view', sale.storeId);
  const model = {
    head: {
      title: t('sales:return.title', { number: sale.saleNumber }),
      crumbs: [
        { href: '/sales/sales', label: t('sales:sale.list') },
        ...(mayOpen ? [{ href: `/sales/sales/${sale.id}`, label: sale.saleNumber }] : []),
      ],
      say: t(ctx.can(RETURN_ELSEWHERE) ? 'sales:return.sayStore' : 'sales:return.say', {
        amount: f.moneyYuan(sale.grossFen),
        date: f.dateTime(sale.soldAt),
        store: store.name,
      }),
    },
    nothingLeft: left.length === 0 || sale.kind !== 'sale' || sale.state !== 'posted',
    form: editForm(shown, {
      action: `/sales/sales/${sale.id}/return`,
      submit: t('sales:return.submit'),
      cancelHref: mayOpen ? `/sales/sales/${sale.id}` : '/sales/sales',
      fields: list,
    }),
  };
  return page('sales/return-form', model.head.title, model, { status });
}

/** Tills with an open shift that may take it back: of the store that sold it first, then of the reader's other stores. */
async function registersThatReturn(ctx: Ctx, soldIn: number, here: boolean) {
  const tills = (await registersFor(ctx.read, ctx.actor, null)).filter((one) => one.shiftId !== null);
  const own = here ? tills.filter((one) => one.storeId === soldIn) : [];
  const others = tills.filter(
    (one) =>
      one.storeId !== soldIn && ctx.can('sales.sale.return', one.storeId) && ctx.can(RETURN_ELSEWHERE, one.storeId),
  );
  return [...own, ...others];
}

/** Everything that is left, back the way it was mostly paid. */
function startValues(
  ctx: Ctx,
  { lines, tenders }: SaleView,
  registerId: number | undefined,
): Record<string, string | number> {
  const most = tenders.toSorted((a, b) => b.amountFen - a.amountFen)[0];
  return {
    ...Object.fromEntries(lines.map((line) => [`lines.n${line.id}`, line.quantity - line.returnedQuantity])),
    bucket: 'sellable',
    refundKind: most?.kind ?? 'cash',
    registerId: ctx.query['register'] ?? registerId ?? '',
  };
}

function postForm(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    form,
    async ({ registerId, lines, bucket, refundKind, refund, reason, operationKey }) => {
      const parts = typedTenders(refund);
      const posted = await returnSale(
        ctx.uow,
        ctx.actor,
        {
          originalSaleId: ctx.id(),
          registerId,
          lines: Object.entries(lines)
            .map(([id, typed]) => ({
              lineId: Number(id.slice(1)),
              quantity: typed.trim() === '' ? 0 : parseQuantity(typed),
            }))
            .filter((line) => line.quantity !== 0),
          bucket,
          refunds: parts.length > 0 ? parts : [{ kind: refundKind, amountFen: null }],
          reason: reason.trim() || null,
        },
        { operationKey },
      );
      return redirect(`/sales/sales/${posted.saleId}`, {
        kind: 'ok',
        text: ctx.t('sales:return.done', { number: posted.saleNumber, amount: ctx.f.moneyYuan(posted.refundFen) }),
      });
    },
    (state, status) => showForm(ctx, state, status),
  );
}

/** From the till: a sale number, or a device's number, leads to the return of that sale. */
async function find(ctx: Ctx): Promise<Reply> {
  const text = ctx.query['text'] ?? '';
  const id = await findSale(ctx.read, ctx.actor, text);
  if (id === null)
    return redirect(`/sales/sales?text=${encodeURIComponent(text.slice(0, 60))}`, {
      kind: 'bad',
      text: ctx.t('sales:return.notFound', { text: text.slice(0, 40) }),
    });
  const register = /^\d{1,15}$/.test(ctx.query['register'] ?? '') ? `?register=${ctx.query['register']}` : '';
  return redirect(`/sales/sales/${id}/return${register}`);
}

export const returnRoutes: readonly Route[] = [
  { method: 'get', path: '/sales/returns/find', access: RETURN, handler: find },
  {
    method: 'get',
    path: '/sales/returns/:id',
    access: { permission: 'sales.sale.view' },
    handler: (ctx) => Promise.resolve(redirect(`/sales/sales/${ctx.id()}`)),
  },
  { method: 'get', path: '/sales/sales/:id/return', access: RETURN, handler: (ctx) => showForm(ctx, null) },
  { method: 'post', path: '/sales/sales/:id/return', access: RETURN, handler: postForm },
];
