import { z } from 'zod';
import { fen, plainMoney } from '../../../kernel';
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
import { returnedDevices, returnView, type ReturnView } from '../queries/return-page';
import { addReturnLine, changeReturnLines, removeReturnDevice, removeReturnLine } from '../use-cases/return-lines';
import { EDIT_RETURNS } from '../use-cases/save-return';
import { confirmPage } from './confirm-page';
import { id, newOperationKey, operationKey, optionalMoney, optionalQuantity, text, version } from './fields';
import type { ChooseSkuPage, LinesPage } from './receipt-lines.page';
import { suggest } from './receipt-lines.routes';
import { returnCrumbs, returnHref } from './return-words';
import { goodsFields } from './return-parts';
import { showReturn } from './show-return';
import { noticeOf } from './show-receipt';
import { goodsFor, theOnlySku } from './sku-choice';

const edit = { permission: EDIT_RETURNS };
const BASE = '/purchasing/returns/:id';

export const returnLineRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/returns/skus', access: edit, handler: suggest },
  { method: 'get', path: `${BASE}/lines`, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: `${BASE}/lines`, access: edit, handler: addLine },
  { method: 'get', path: `${BASE}/lines/new`, access: edit, handler: (ctx) => choose(ctx, ctx.query['q'] ?? '') },
  { method: 'post', path: `${BASE}/lines/changes`, access: edit, handler: changeLines },
  { method: 'get', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: removeLine },
  { method: 'get', path: `${BASE}/devices/:rowId/removal`, access: edit, handler: askDeviceRemoval },
  { method: 'post', path: `${BASE}/devices/:rowId/removal`, access: edit, handler: removeDevice },
];

const lineSchema = z.object({
  operationKey,
  sku: text(100),
  skuId: id.optional(),
  quantity: optionalQuantity,
  unitPrice: optionalMoney,
  bucket: z.enum(['sellable', 'defective', 'demo'], 'errors:field.invalid').optional().default('sellable'),
  batchCode: text(40),
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async ({ operationKey: key, sku, skuId: chosen, unitPrice, ...line }) => {
      const skuId = chosen ?? (await theOnlySku(ctx.read, sku));
      if (skuId === null) return choose(ctx, sku);
      const command = { ...line, returnId, skuId, unitPriceFen: unitPrice };
      await addReturnLine(ctx.uow, ctx.actor, command, { operationKey: key });
      const name = (await skusByIds(ctx.read, [skuId])).get(skuId)?.name;
      return redirect(`${returnHref(returnId)}#add-line`, {
        kind: 'ok',
        text: ctx.t('purchasing:line.added', { name }),
      });
    },
    async (form, status) => {
      if (ctx.body['skuId'] !== undefined) return choose(ctx, form.values['sku'] ?? '', form, status);
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) }];
      return showReturn(ctx, returnId, { status, notices, typed: { values: form.values, problems: form.problems } });
    },
  );
}

async function choose(ctx: Ctx, typed: string, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  const found = await goodsFor(ctx.read, typed, 30);
  const given = (name: string): string => {
    const value = ctx.body[name] ?? ctx.query[name];
    return form.values[name] ?? (typeof value === 'string' ? value : '');
  };
  const [sku, ...fields] = goodsFields(ctx, document, given, (name) => form.problems[name]);
  const href = returnHref(document.id);
  const model: ChooseSkuPage = {
    head: { title: t('purchasing:line.choose'), crumbs: [...returnCrumbs(ctx), { label: document.number, href }] },
    message: form.message ? { tone: 'bad', title: form.message } : null,
    searchAction: `${href}/lines/new`,
    text: typed.slice(0, 100),
    keep: Object.fromEntries(fields.map(({ name }) => [name, given(name)])),
    action: `${href}/lines`,
    cancelHref: href,
    operationKey: newOperationKey(),
    options: found,
    field: {
      name: 'skuId',
      type: 'radio',
      label: t('purchasing:line.sku'),
      value: form.values['skuId'] ?? String(found[0]?.id ?? ''),
      options: found.map((card) => ({ value: card.id, label: `${card.name} · ${card.code}` })),
      ...(sku?.error ? { error: sku.error } : {}),
    },
    fields,
  };
  return page('purchasing/choose-sku', t('purchasing:line.choose'), model, { status, styles: ['purchasing'] });
}

async function showLines(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  if (document.state !== 'draft')
    return status === 200
      ? redirect(returnHref(document.id))
      : showReturn(ctx, document.id, { status, notices: noticeOf(form) });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  const model = linesPage(ctx, document, { ...form, values });
  return page('purchasing/lines', document.number, model, { status, styles: ['purchasing'] });
}

function linesPage({ t, f }: Pick<Ctx, 't' | 'f'>, document: ReturnView, form: FormState): LinesPage {
  const href = returnHref(document.id);
  return {
    head: {
      title: t('purchasing:receipt.editLines'),
      crumbs: [...returnCrumbs({ t }), { label: document.number, href }],
    },
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
      const { money } = line;
      const bought = money?.boughtFen ?? null;
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: [
          line.skuCode,
          line.bucket === null ? t('purchasing:line.scanned', { count: line.quantity }) : '',
          bought === null ? '' : t('purchasing:return.boughtAt', { price: f.money(bought) }),
        ]
          .filter(Boolean)
          .join(' · '),
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          ...(line.bucket === null
            ? []
            : [
                field('quantity', t('purchasing:return.quantity'), String(line.quantity), {
                  inputmode: 'numeric',
                  autocomplete: 'off',
                  required: true,
                }),
              ]),
          ...(money
            ? [
                field(
                  'unitPrice',
                  t('purchasing:return.agreedPrice'),
                  money.unitPriceFen === null ? '' : plainMoney(fen(money.unitPriceFen)),
                  { type: 'money' },
                ),
              ]
            : []),
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
        unitPrice: optionalMoney.or(z.undefined()),
      }),
    )
    .max(1000, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      // What the form does not show stays as it is.
      const shown = (index: number, name: string): boolean => ctx.body[`lines.${index}.${name}`] !== undefined;
      const changes = lines.map(({ id: lineId, version: seen, quantity, unitPrice }, index) => ({
        id: lineId,
        version: seen,
        ...(shown(index, 'quantity') ? { quantity } : {}),
        ...(shown(index, 'unitPrice') ? { unitPriceFen: unitPrice ?? null } : {}),
      }));
      await changeReturnLines(ctx.uow, ctx.actor, { returnId, lines: changes }, { operationKey: key });
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  const line = document.lines.find((candidate) => candidate.id === ctx.id('lineId'));
  if (!line || document.state !== 'draft') return redirect(returnHref(document.id));
  return askToRemove(
    ctx,
    document,
    `lines/${line.id}`,
    ctx.t('purchasing:line.removeAsk', { line: line.lineNo, name: line.skuName }),
    line.bucket === null ? [ctx.t('purchasing:line.removeScans', { count: line.quantity })] : [],
  );
}

async function askDeviceRemoval(ctx: Ctx): Promise<Reply> {
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  const devices = await returnedDevices(ctx.read, document.id, 10_000);
  const found = devices.find((candidate) => candidate.id === ctx.id('rowId'));
  if (!found || document.state !== 'draft') return redirect(returnHref(document.id));
  const title = ctx.t('purchasing:return.removeDevice', { number: found.mainNumber });
  return askToRemove(ctx, document, `devices/${found.id}`, title, []);
}

const askToRemove = (ctx: Ctx, { id: returnId }: ReturnView, what: string, title: string, effects: string[]): Reply =>
  confirmPage(ctx, {
    title,
    effects,
    action: `${returnHref(returnId)}/${what}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: returnHref(returnId),
    fields: { operationKey: newOperationKey() },
  });

function removeLine(ctx: Ctx): Promise<Reply> {
  return remove(ctx, (returnId, key) =>
    removeReturnLine(ctx.uow, ctx.actor, { returnId, lineId: ctx.id('lineId') }, { operationKey: key }),
  );
}

function removeDevice(ctx: Ctx): Promise<Reply> {
  return remove(ctx, (returnId, key) =>
    removeReturnDevice(ctx.uow, ctx.actor, { returnId, rowId: ctx.id('rowId') }, { operationKey: key }),
  );
}

function remove(ctx: Ctx, work: (returnId: number, key: string | undefined) => Promise<unknown>): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      await work(returnId, key);
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:line.removed') });
    },
    (form, status) => showReturn(ctx, returnId, { status, notices: noticeOf(form) }),
  );
}
