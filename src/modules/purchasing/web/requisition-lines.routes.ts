import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import type { Field } from '../../../platform/views';
import { skusByIds } from '../../catalog';
import { requisitionView, type RequisitionView } from '../queries/requisition-page';
import { addWishes, changeWishes } from '../use-cases/requisition-lines';
import { id, newOperationKey, operationKey, optionalQuantity, text, version } from './fields';
import type { ChooseSkuPage, LinesPage } from './receipt-lines.page';
import { wishFields } from './requisition.page';
import { requisitionCrumbs, requisitionHref } from './requisition-words';
import { noticeOf } from './show-receipt';
import { showRequisition } from './show-requisition';
import { goodsFor, theOnlySku } from './sku-choice';

const edit = { permission: 'purchasing.requisition.edit' };
const BASE = '/purchasing/requisitions/:id/lines';

export const requisitionLineRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: BASE, access: edit, handler: addLine },
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => choose(ctx, ctx.query['q'] ?? '') },
  { method: 'post', path: `${BASE}/changes`, access: edit, handler: changeLines },
];

const lineSchema = z.object({
  operationKey,
  sku: text(100),
  skuId: id.optional(),
  quantity: optionalQuantity,
  reason: text(200),
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const requisitionId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async ({ operationKey: key, sku, skuId: chosen, ...line }) => {
      const skuId = chosen ?? (await theOnlySku(ctx.read, sku));
      if (skuId === null) return choose(ctx, sku);
      await addWishes(ctx.uow, ctx.actor, { requisitionId, lines: [{ ...line, skuId }] }, { operationKey: key });
      const name = (await skusByIds(ctx.read, [skuId])).get(skuId)?.name;
      const flash = { kind: 'ok' as const, text: ctx.t('purchasing:line.added', { name }) };
      return redirect(`${requisitionHref(requisitionId)}#add-line`, flash);
    },
    async (form, status) => {
      const problems = Object.fromEntries(
        Object.entries(form.problems).map(([path, problem]) => [path.replace(/^lines\.0\./, ''), problem]),
      );
      if (ctx.body['skuId'] !== undefined) return choose(ctx, form.values['sku'] ?? '', { ...form, problems }, status);
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(problems) }];
      return showRequisition(ctx, requisitionId, { status, notices, typed: { values: form.values, problems } });
    },
  );
}

async function choose(ctx: Ctx, typed: string, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = await requisitionView(ctx.read, ctx.actor, ctx.id());
  const found = await goodsFor(ctx.read, typed, 30);
  const given = (name: string): string => {
    const value = ctx.body[name] ?? ctx.query[name];
    return form?.values[name] ?? (typeof value === 'string' ? value : '');
  };
  const kept = { quantity: given('quantity'), reason: given('reason') };
  const href = requisitionHref(row.id);
  const model: ChooseSkuPage = {
    head: {
      title: t('purchasing:line.choose'),
      crumbs: [...requisitionCrumbs(ctx), { label: row.number, href }],
    },
    message: form?.message ? { tone: 'bad', title: form.message } : null,
    searchAction: `${href}/lines/new`,
    text: typed.slice(0, 100),
    keep: kept,
    action: `${href}/lines`,
    cancelHref: href,
    operationKey: newOperationKey(),
    options: found,
    field: {
      name: 'skuId',
      type: 'radio',
      label: t('purchasing:line.sku'),
      value: form?.values['skuId'] ?? String(found[0]?.id ?? ''),
      options: found.map((card) => ({ value: card.id, label: `${card.name} · ${card.code}` })),
      ...(form?.problems['sku'] ? { error: form.problems['sku'] } : {}),
    },
    fields: wishFields(ctx, kept, form?.problems ?? {}).filter(({ name }) => name !== 'sku'),
  };
  return page('purchasing/choose-sku', t('purchasing:line.choose'), model, { status, styles: ['purchasing'] });
}

async function showLines(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const row = await requisitionView(ctx.read, ctx.actor, ctx.id());
  if (row.state !== 'draft')
    return status === 200
      ? redirect(requisitionHref(row.id))
      : showRequisition(ctx, row.id, { status, notices: noticeOf(form) });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  const model = linesPage(ctx, row, { ...form, values });
  return page('purchasing/lines', row.number, model, { status, styles: ['purchasing'] });
}

function linesPage({ t }: Pick<Ctx, 't'>, row: RequisitionView, form: FormState): LinesPage {
  const href = requisitionHref(row.id);
  return {
    head: {
      title: t('purchasing:requisition.editLines'),
      say: t('purchasing:requisition.editLinesSay'),
      crumbs: [...requisitionCrumbs({ t }), { label: row.number, href }],
    },
    action: `${href}/lines/changes`,
    cancelHref: href,
    operationKey: form.values['operationKey'] ?? newOperationKey(),
    message: form.message,
    rows: row.lines.map((line, index) => {
      const field = (name: string, value: string, more: Partial<Field>): Field => {
        const path = `lines.${index}.${name}`;
        const error = form.problems[path] ? { error: form.problems[path] } : {};
        const label = t(`purchasing:requisition.line.${name}`);
        return { name: path, label, value: form.values[path] ?? value, ...error, ...more };
      };
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: line.skuCode,
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          field('quantity', String(line.quantity), { inputmode: 'numeric', autocomplete: 'off', required: true }),
          field('reason', line.reason ?? '', { maxlength: 200, optional: true }),
        ],
      };
    }),
  };
}

const changesSchema = z.object({
  operationKey,
  lines: z
    .array(z.object({ id, version, quantity: optionalQuantity, reason: text(200) }))
    .max(1000, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const requisitionId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      await changeWishes(ctx.uow, ctx.actor, { requisitionId, lines }, { operationKey: key });
      return redirect(requisitionHref(requisitionId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}
