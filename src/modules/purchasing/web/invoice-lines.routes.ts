import { z } from 'zod';
import { fen, plainMoney } from '../../../kernel';
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
import { pageOf, readListQuery } from '../../../platform/lists';
import type { Field } from '../../../platform/views';
import { type InvoiceView, invoiceView } from '../queries/invoice-page';
import { takeableList, uninvoicedRows, uninvoicedTotals } from '../queries/uninvoiced';
import {
  addOtherLine,
  changeInvoiceLines,
  OTHER_KINDS,
  removeInvoiceLine,
  takeReceived,
} from '../use-cases/invoice-lines';
import { EDIT_INVOICES } from '../use-cases/save-invoice';
import { confirmPage } from './confirm-page';
import { id, newOperationKey, operationKey, optionalMoney, optionalQuantity, text, version } from './fields';
import { invoiceCrumbs, invoiceHref } from './invoice-words';
import type { LinesPage } from './receipt-lines.page';
import { showInvoice } from './show-invoice';
import { noticeOf } from './show-receipt';
import { uninvoicedPage } from './uninvoiced.page';

const edit = { permission: EDIT_INVOICES };
const BASE = '/purchasing/invoices/:id';

export const invoiceLineRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/receipts`, access: edit, handler: showTakeable },
  { method: 'post', path: `${BASE}/receipts`, access: edit, handler: take },
  { method: 'get', path: `${BASE}/lines`, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: `${BASE}/lines`, access: edit, handler: addOther },
  { method: 'post', path: `${BASE}/lines/changes`, access: edit, handler: changeLines },
  { method: 'get', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: removeLine },
];

const crumbsOf = (ctx: Ctx, { id: invoiceId, number }: InvoiceView) => [
  ...invoiceCrumbs(ctx),
  { label: number, href: invoiceHref(invoiceId) },
];

/** What the supplier may bill, to be ticked. */
async function showTakeable(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft') return redirect(invoiceHref(document.id));
  const query = readListQuery(takeableList(document.id), ctx.query);
  const its = { invoiceId: document.id, supplierId: document.supplierId };
  const model = uninvoicedPage(ctx, {
    query,
    found: pageOf(query, await uninvoicedRows(ctx.read, ctx.actor, query, null, ctx.today, its)),
    totals: await uninvoicedTotals(ctx.read, ctx.actor, query, null, ctx.today, its),
    suppliers: null,
    batch: {
      sumLabel: t('purchasing:uninvoiced.amount'),
      actions: [
        {
          label: t('purchasing:invoice.takeTicked'),
          href: `${invoiceHref(document.id)}/receipts`,
          icon: 'check',
          look: 'plain',
        },
      ],
    },
    head: {
      title: t('purchasing:invoice.takeTitle'),
      say: t('purchasing:invoice.takeSay', { supplier: document.supplierName }),
      crumbs: crumbsOf(ctx, document),
    },
    empty: { title: t('purchasing:invoice.nothingToTake'), text: t('purchasing:invoice.nothingToTakeHint') },
  });
  return page('purchasing/list', t('purchasing:invoice.takeTitle'), model);
}

async function take(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  const picked = ctx.body['line'];
  const receiptLineIds = (Array.isArray(picked) ? picked : [picked])
    .map(Number)
    .filter((one) => Number.isSafeInteger(one) && one > 0)
    .slice(0, 500);
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      const { taken } = await takeReceived(ctx.uow, ctx.actor, { invoiceId, receiptLineIds }, { operationKey: key });
      const flash = { kind: 'ok' as const, text: ctx.t('purchasing:take.taken', { count: taken }) };
      return redirect(invoiceHref(invoiceId), flash);
    },
    (form, status) => showInvoice(ctx, invoiceId, { status, notices: noticeOf(form) }),
  );
}

function addOther(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    z.object({
      operationKey,
      kind: z.enum(OTHER_KINDS, 'errors:field.invalid'),
      text: text(200),
      amount: optionalMoney,
      taxRate: fields.percent,
    }),
    async ({ operationKey: key, amount, taxRate, ...line }) => {
      const command = { ...line, invoiceId, amountFen: amount, taxRateBp: taxRate };
      await addOtherLine(ctx.uow, ctx.actor, command, { operationKey: key });
      const flash = { kind: 'ok' as const, text: ctx.t('purchasing:line.added', { name: line.text }) };
      return redirect(`${invoiceHref(invoiceId)}#add-line`, flash);
    },
    (form, status) => {
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) }];
      return showInvoice(ctx, invoiceId, { status, notices, typed: { values: form.values, problems: form.problems } });
    },
  );
}

async function showLines(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft')
    return status === 200
      ? redirect(invoiceHref(document.id))
      : showInvoice(ctx, document.id, { status, notices: noticeOf(form) });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  const model = linesPage(ctx, document, { ...form, values });
  return page('purchasing/lines', document.number, model, { status, styles: ['purchasing'] });
}

function linesPage(ctx: Ctx, document: InvoiceView, form: FormState): LinesPage {
  const { t, f } = ctx;
  const href = invoiceHref(document.id);
  return {
    head: { title: t('purchasing:invoice.editLines'), crumbs: crumbsOf(ctx, document) },
    action: `${href}/lines/changes`,
    cancelHref: href,
    operationKey: form.values['operationKey'] ?? newOperationKey(),
    message: form.message,
    rows: document.lines.map((line, index) => {
      const field = (name: string, label: string, value: string, more: Partial<Field>): Field => {
        const path = `lines.${index}.${name}`;
        const error = form.problems[path] ? { error: form.problems[path] } : {};
        return { name: path, label, value: form.values[path] ?? value, ...error, ...more };
      };
      const { received, match } = line;
      return {
        title: `${line.lineNo}. ${line.title}`,
        sub: received
          ? [
              line.skuCode,
              received.receiptNumber,
              t('purchasing:invoice.lineLeft', {
                count: f.number(match?.leftPieces ?? 0),
                price: f.money(received.receivedPriceFen),
              }),
            ].join(' · ')
          : t(`purchasing:invoice.kind.${line.kind}`),
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          ...(line.kind === 'goods' && line.quantity > 0
            ? [
                field('quantity', t('purchasing:invoice.quantity'), String(line.quantity), {
                  inputmode: 'numeric',
                  autocomplete: 'off',
                  required: true,
                }),
              ]
            : []),
          field('amount', t('purchasing:invoice.amount'), plainMoney(fen(line.amountFen)), {
            type: 'money',
            required: true,
          }),
          field('tax', t('purchasing:invoice.taxField'), plainMoney(fen(line.taxFen)), {
            type: 'money',
            hint: t('purchasing:invoice.taxHint'),
          }),
        ],
      };
    }),
  };
}

const changesSchema = z.object({
  operationKey,
  lines: z
    .array(
      z.object({
        id,
        version,
        quantity: optionalQuantity.or(z.undefined()),
        amount: optionalMoney.or(z.undefined()),
        tax: optionalMoney.or(z.undefined()),
      }),
    )
    .max(1000, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      // What the form does not show stays as it is.
      const shown = (index: number, name: string): boolean => ctx.body[`lines.${index}.${name}`] !== undefined;
      const changes = lines.map(({ id: lineId, version: seen, quantity, amount, tax }, index) => ({
        id: lineId,
        version: seen,
        ...(shown(index, 'quantity') ? { quantity } : {}),
        ...(shown(index, 'amount') ? { amountFen: amount ?? null } : {}),
        ...(shown(index, 'tax') ? { taxFen: tax ?? null } : {}),
      }));
      await changeInvoiceLines(ctx.uow, ctx.actor, { invoiceId, lines: changes }, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  const line = document.lines.find((candidate) => candidate.id === ctx.id('lineId'));
  const href = invoiceHref(document.id);
  if (!line || document.state !== 'draft') return redirect(href);
  return confirmPage(ctx, {
    title: ctx.t('purchasing:line.removeAsk', { line: line.lineNo, name: line.title }),
    effects: [],
    action: `${href}/lines/${line.id}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: newOperationKey() },
  });
}

function removeLine(ctx: Ctx): Promise<Reply> {
  const invoiceId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      const command = { invoiceId, lineId: ctx.id('lineId') };
      await removeInvoiceLine(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(invoiceHref(invoiceId), { kind: 'ok', text: ctx.t('purchasing:line.removed') });
    },
    (form, status) => showInvoice(ctx, invoiceId, { status, notices: noticeOf(form) }),
  );
}
