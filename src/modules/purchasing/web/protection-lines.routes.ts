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
import { protectionView, type ProtectionView } from '../queries/protection-page';
import { unlistProtected } from '../use-cases/list-protected';
import { addProtectionLine, changeProtectionLines, removeProtectionLine } from '../use-cases/protection-lines';
import { EDIT_PROTECTIONS } from '../use-cases/save-protection';
import { confirmPage } from './confirm-page';
import { checkbox, id, newOperationKey, operationKey, optionalMoney, text, version } from './fields';
import { priceFields } from './protection-parts';
import { protectionCrumbs, protectionHref } from './protection-words';
import type { ChooseSkuPage, LinesPage } from './receipt-lines.page';
import { suggest } from './receipt-lines.routes';
import { showProtection } from './show-protection';
import { noticeOf } from './show-receipt';
import { goodsFor, theOnlySku } from './sku-choice';

const edit = { permission: EDIT_PROTECTIONS };
const BASE = '/purchasing/protections/:id';

export const protectionLineRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/protections/skus', access: edit, handler: suggest },
  { method: 'get', path: `${BASE}/lines`, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: `${BASE}/lines`, access: edit, handler: addLine },
  { method: 'get', path: `${BASE}/lines/new`, access: edit, handler: (ctx) => choose(ctx, ctx.query['q'] ?? '') },
  { method: 'post', path: `${BASE}/lines/changes`, access: edit, handler: changeLines },
  { method: 'get', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/lines/:lineId/removal`, access: edit, handler: removeLine },
  { method: 'get', path: `${BASE}/devices/:rowId/removal`, access: edit, handler: askDeviceRemoval },
  { method: 'post', path: `${BASE}/devices/:rowId/removal`, access: edit, handler: removeDevice },
];

const prices = { oldPrice: optionalMoney, newPrice: optionalMoney, unit: optionalMoney };
const lineSchema = z.object({
  operationKey,
  sku: text(100),
  skuId: id.optional(),
  ...prices,
  wholeModel: checkbox,
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async ({ operationKey: key, sku, skuId: chosen, oldPrice, newPrice, unit, wholeModel }) => {
      const skuId = chosen ?? (await theOnlySku(ctx.read, sku));
      if (skuId === null) return choose(ctx, sku);
      const amounts = { oldPriceFen: oldPrice, newPriceFen: newPrice, unitFen: unit };
      const command = { claimId, skuId, wholeModel, ...amounts };
      const { lines } = await addProtectionLine(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(`${protectionHref(claimId)}#add-line`, {
        kind: 'ok',
        text: ctx.t('purchasing:protection.linesAdded', { count: ctx.f.number(lines) }),
      });
    },
    async (form, status) => {
      if (ctx.body['skuId'] !== undefined) return choose(ctx, form.values['sku'] ?? '', form, status);
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) }];
      const typed = { values: form.values, problems: form.problems };
      return showProtection(ctx, claimId, { status, notices, typed });
    },
  );
}

async function choose(ctx: Ctx, typed: string, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  const found = (await goodsFor(ctx.read, typed, 30)).filter(({ tracking }) => tracking === 'serial');
  const given = (name: string): string => {
    const value = ctx.body[name] ?? ctx.query[name];
    return form.values[name] ?? (typeof value === 'string' ? value : '');
  };
  const [sku, ...fields] = priceFields(ctx, given, (name) => form.problems[name]);
  const href = protectionHref(claim.id);
  const model: ChooseSkuPage = {
    head: { title: t('purchasing:line.choose'), crumbs: [...protectionCrumbs(ctx), { label: claim.number, href }] },
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
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  if (claim.state !== 'draft' || !claim.money)
    return status === 200
      ? redirect(protectionHref(claim.id))
      : showProtection(ctx, claim.id, { status, notices: noticeOf(form) });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  const model = pricesPage(ctx, claim, { ...form, values });
  return page('purchasing/lines', claim.number, model, { status, styles: ['purchasing'] });
}

function pricesPage({ t }: Pick<Ctx, 't'>, claim: ProtectionView, form: FormState): LinesPage {
  const href = protectionHref(claim.id);
  return {
    head: {
      title: t('purchasing:protection.editPrices'),
      crumbs: [...protectionCrumbs({ t }), { label: claim.number, href }],
    },
    action: `${href}/lines/changes`,
    cancelHref: href,
    operationKey: newOperationKey(),
    message: form.message,
    rows: claim.lines.map((line, index) => {
      const field = (name: string, value: number | null | undefined): Field => {
        const path = `lines.${index}.${name}`;
        const error = form.problems[path] ? { error: form.problems[path] } : {};
        const shown = form.values[path] ?? (value === null || value === undefined ? '' : plainMoney(fen(value)));
        return { name: path, label: t(`purchasing:protection.${name}`), type: 'money', value: shown, ...error };
      };
      return {
        title: `${line.lineNo}. ${line.skuName}`,
        sub: line.skuCode,
        hidden: {
          [`lines.${index}.id`]: String(line.id),
          [`lines.${index}.version`]: form.values[`lines.${index}.version`] ?? String(line.version),
        },
        fields: [
          { ...field('oldPrice', line.money?.oldPriceFen), optional: true },
          { ...field('newPrice', line.money?.newPriceFen), optional: true },
          field('unit', line.money?.unitFen),
        ],
      };
    }),
  };
}

const changesSchema = z.object({
  operationKey,
  lines: z
    .array(z.object({ id, version, ...prices }))
    .max(200, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      const changes = lines.map(({ oldPrice, newPrice, unit, ...line }) => ({
        ...line,
        oldPriceFen: oldPrice,
        newPriceFen: newPrice,
        unitFen: unit,
      }));
      await changeProtectionLines(ctx.uow, ctx.actor, { claimId, lines: changes }, { operationKey: key });
      return redirect(protectionHref(claimId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  const line = claim.lines.find((candidate) => candidate.id === ctx.id('lineId'));
  if (!line || claim.state !== 'draft') return redirect(protectionHref(claim.id));
  const title = ctx.t('purchasing:line.removeAsk', { line: line.lineNo, name: line.skuName });
  const effects = [ctx.t('purchasing:protection.removeLine', { count: ctx.f.number(line.covered) })];
  return askToRemove(ctx, claim.id, `lines/${line.id}`, title, effects);
}

async function askDeviceRemoval(ctx: Ctx): Promise<Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  if (claim.state !== 'draft') return redirect(protectionHref(claim.id));
  return askToRemove(ctx, claim.id, `devices/${ctx.id('rowId')}`, ctx.t('purchasing:protection.removeDevice'), []);
}

const askToRemove = (ctx: Ctx, claimId: number, what: string, title: string, effects: string[]): Reply =>
  confirmPage(ctx, {
    title,
    effects,
    action: `${protectionHref(claimId)}/${what}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: protectionHref(claimId),
    fields: { operationKey: newOperationKey() },
  });

function removeLine(ctx: Ctx): Promise<Reply> {
  return remove(ctx, (claimId, key) =>
    removeProtectionLine(ctx.uow, ctx.actor, { claimId, lineId: ctx.id('lineId') }, { operationKey: key }),
  );
}

function removeDevice(ctx: Ctx): Promise<Reply> {
  return remove(ctx, (claimId, key) =>
    unlistProtected(ctx.uow, ctx.actor, { claimId, rowId: ctx.id('rowId') }, { operationKey: key }),
  );
}

function remove(ctx: Ctx, work: (claimId: number, key: string | undefined) => Promise<unknown>): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      await work(claimId, key);
      return redirect(protectionHref(claimId), { kind: 'ok', text: ctx.t('purchasing:line.removed') });
    },
    (form, status) => showProtection(ctx, claimId, { status, notices: noticeOf(form) }),
  );
}
