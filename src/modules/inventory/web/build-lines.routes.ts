import { z } from 'zod';
import { fen, notFound, plainMoney } from '../../../kernel';
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
import { type BuildLineView, buildView, type BuildView } from '../queries/build-page';
import { addBuildLine, changeBuildLine, removeBuildLine } from '../use-cases/build-lines';
import { EDIT_BUILDS } from '../use-cases/create-build';
import { BUILDS, buildHref } from './build-words';
import { showBuild } from './build.routes';

const edits = { permission: EDIT_BUILDS };
const LINES = `${BUILDS}/:id/lines`;

export const buildLineRoutes: readonly Route[] = [
  { method: 'get', path: `${LINES}/new`, access: edits, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: LINES, access: edits, handler: add },
  { method: 'get', path: `${LINES}/:lineId`, access: edits, handler: (ctx) => showLine(ctx) },
  { method: 'post', path: `${LINES}/:lineId`, access: edits, handler: change },
  { method: 'post', path: `${LINES}/:lineId/removal`, access: edits, handler: remove },
];

const crumbs = ({ t }: Ctx, { id, number }: BuildView) => [
  { label: t('inventory:build.list'), href: BUILDS },
  { label: number, href: buildHref(id) },
];

/** Who saves again after a conflict has been told of it: the form then stands on the newest version. */
const onNewest = (form: FormState, status: number, { version }: BuildView): FormState =>
  status === 409 ? { ...form, values: { ...form.values, version: String(version) } } : form;

/** A document that was posted meanwhile has no form any more. */
const overNow = (ctx: Ctx, form: FormState, status: number): Promise<Reply> =>
  showBuild(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] });

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const build = await buildView(ctx.read, ctx.actor, ctx.id());
  const href = buildHref(build.id);
  if (build.state !== 'draft') return form ? overNow(ctx, form, status) : redirect(href);
  const title = t('inventory:build.addPart');
  const model = {
    head: { title, say: build.productName, crumbs: crumbs(ctx, build) },
    form: editForm(form ? onNewest(form, status, build) : emptyForm({ version: build.version, quantity: 1 }), {
      action: `${href}/lines`,
      cancelHref: href,
      submit: title,
      hidden: ['version'],
      fields: [
        { name: 'code', label: t('inventory:build.code'), required: true, maxlength: 60 },
        { name: 'quantity', label: t('inventory:build.quantity'), required: true },
      ],
    }),
  };
  return page('inventory/number-form', title, model, { status });
}

function add(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({
      operationKey: fields.operationKey,
      version: fields.version,
      code: fields.required,
      quantity: fields.wholeNumber,
    }),
    async ({ operationKey, ...command }) => {
      const { name } = await addBuildLine(ctx.uow, ctx.actor, { ...command, id }, { operationKey });
      return redirect(buildHref(id), { kind: 'ok', text: ctx.t('inventory:build.added', { name }) });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

const storedOf = ({ version }: BuildView, line: BuildLineView): FormState =>
  emptyForm({
    version,
    quantity: line.quantity,
    numbers: line.devices
      .map(({ identifiers }) =>
        identifiers
          .split(' ')
          .map((one) => one.slice(one.indexOf(':') + 1))
          .join(' '),
      )
      .join('\n'),
    batch: line.batchCode,
    expiresOn: line.expiresOn,
    weightFen: line.weightFen === null ? '' : plainMoney(fen(line.weightFen)),
  });

function fieldsOf({ t }: Ctx, build: BuildView, { card, direction, skuId }: BuildLineView): Field[] {
  const list: Field[] = [
    {
      name: 'quantity',
      label: t('inventory:build.quantity'),
      required: true,
      ...(skuId === build.skuId ? { hint: t('inventory:build.quantityHint') } : {}),
    },
  ];
  if (card.tracking === 'serial')
    list.push({
      name: 'numbers',
      label: t('inventory:build.numbers'),
      type: 'textarea',
      rows: 8,
      wide: true,
      optional: true,
      countLines: true,
      hint: t(`inventory:build.lineNumbersHint.${direction}`),
    });
  if (card.tracking === 'batch' && direction === 'in')
    list.push(
      { name: 'batch', label: t('inventory:build.batch'), maxlength: 40 },
      { name: 'expiresOn', label: t('inventory:build.expiresOn'), type: 'date', optional: true },
    );
  if (build.kind === 'take_apart' && direction === 'in')
    list.push({
      name: 'weightFen',
      label: t('inventory:build.weight'),
      optional: true,
      hint: t('inventory:build.weightHint'),
    });
  return list;
}

async function showLine(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const build = await buildView(ctx.read, ctx.actor, ctx.id());
  const href = buildHref(build.id);
  if (build.state !== 'draft') return form ? overNow(ctx, form, status) : redirect(href);
  const line = build.lines.find(({ id }) => id === ctx.id('lineId'));
  if (!line) throw notFound('inventory.build', ctx.id('lineId'));
  const action = `${href}/lines/${line.id}`;
  const isProduct = line.skuId === build.skuId;
  const model = {
    head: {
      title: line.card.name,
      say: t(`inventory:build.side.${line.direction}`),
      crumbs: crumbs(ctx, build),
      actions: isProduct
        ? []
        : [
            {
              label: t('inventory:build.removePart'),
              href: `${action}/removal`,
              method: 'post' as const,
              look: 'danger' as const,
              icon: 'x' as const,
              fields: { version: build.version },
            },
          ],
    },
    form: editForm(form ? onNewest(form, status, build) : storedOf(build, line), {
      action,
      cancelHref: href,
      submit: t('common:action.save'),
      hidden: ['version'],
      fields: fieldsOf(ctx, build, line),
    }),
  };
  return page('inventory/number-form', line.card.name, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  const lineId = ctx.id('lineId');
  return submit(
    ctx,
    z.object({
      operationKey: fields.operationKey,
      version: fields.version,
      quantity: fields.wholeNumber,
      numbers: fields.text,
      batch: fields.text,
      expiresOn: fields.text,
      weightFen: fields.optionalMoney,
    }),
    async ({ operationKey, ...command }) => {
      await changeBuildLine(ctx.uow, ctx.actor, { ...command, id, lineId }, { operationKey });
      return redirect(buildHref(id), { kind: 'ok', text: ctx.t('inventory:build.saved') });
    },
    (form, status) => showLine(ctx, form, status),
  );
}

function remove(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      await removeBuildLine(ctx.uow, ctx.actor, { id, version, lineId: ctx.id('lineId') }, { operationKey });
      return redirect(buildHref(id), { kind: 'ok', text: ctx.t('inventory:build.saved') });
    },
    (form, status) => overNow(ctx, form, status),
  );
}
