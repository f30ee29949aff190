import { z } from 'zod';
import { notFound } from '../../../kernel';
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
import { editForm, type Field } from '../../../platform/views';
import { transferView, type TransferView, unresolvedDevices } from '../queries/transfer-page';
import { resolveTransfer } from '../use-cases/end-transit';
import { refusedNotice, showTransfer } from './show-transfer';
import { idField, newOperationKey, piecesField, stepFields, textField, transferHref } from './transfer-fields';

const view = { permission: 'inventory.transfer.view' };
const ADDRESS = '/inventory/transfers/:id/resolutions/:kind';

/** What becomes of what did not arrive. The use case checks the right in the store that takes it back or bears the loss. */
export const transferResolutionRoutes: readonly Route[] = [
  { method: 'get', path: ADDRESS, access: view, handler: (ctx) => askResolution(ctx) },
  { method: 'post', path: ADDRESS, access: view, handler: resolve },
];

/** More than these are not ticked one by one: the form then means all of them. */
const MOST_TICKED = 200;

function kindOf(ctx: Ctx): 'return' | 'loss' {
  const kind = ctx.params['kind'];
  if (kind !== 'return' && kind !== 'loss') throw notFound('inventory.transfer', ctx.id());
  return kind;
}

/** What did not arrive, to be returned or written off: devices ticked, pieces by line, why, and who bears a loss. */
async function askResolution(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const kind = kindOf(ctx);
  const { t, f } = ctx;
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const href = transferHref(transfer.id);
  const goods = transfer.lines.filter(({ tracking, open, counted }) => tracking !== 'serial' && open > counted);
  const devices = await unresolvedDevices(ctx.read, transfer.id, MOST_TICKED + 1);
  if (transfer.state !== 'sent' || goods.length + devices.length === 0)
    return form ? showTransfer(ctx, transfer.id, { status, notices: refusedNotice(form) }) : redirect(href);
  const all = devices.length > MOST_TICKED;
  const fresh: Record<string, string | number> = {
    version: transfer.version,
    all: all ? '1' : '',
    operationKey: newOperationKey(),
  };
  for (const device of devices) fresh[`device.d${device.id}`] = '1';
  for (const line of goods) fresh[`goods.l${line.id}`] = line.open - line.counted;
  const fields: Field[] = [
    ...(all
      ? []
      : devices.map(({ id, mainNumber, skuName }): Field => ({
          name: `device.d${id}`,
          label: `${f.imei(mainNumber)} ${skuName}`,
          type: 'checkbox',
          value: '1',
        }))),
    ...goods.map((line): Field => ({
      name: `goods.l${line.id}`,
      label: `${line.lineNo}. ${line.skuName}`,
      inputmode: 'numeric',
      autocomplete: 'off',
      hint: t('inventory:transfer.resolution.most', { count: f.number(line.open - line.counted) }),
    })),
    ...(kind === 'loss' ? [bearerField(ctx, transfer)] : []),
    {
      name: 'reason',
      label: t('inventory:transfer.reason'),
      type: 'textarea',
      rows: 2,
      maxlength: 200,
      required: true,
      wide: true,
    },
  ];
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(transfer.version) } } : form;
  const title = t(`inventory:transfer.resolution.${kind}`, { number: transfer.number });
  const model = {
    head: {
      title,
      crumbs: [{ label: transfer.number, href }],
      say: t(`inventory:transfer.resolution.${kind}Say`, { all: all ? t('inventory:transfer.resolution.all') : '' }),
    },
    form: editForm(again ?? emptyForm(fresh), {
      action: `${href}/resolutions/${kind}`,
      cancelHref: href,
      submit: t(`inventory:transfer.${kind}`),
      hidden: ['version', 'all'],
      fields,
    }),
  };
  return page('inventory/transfer-form', title, model, { status });
}

const bearerField = ({ t, can }: Ctx, transfer: TransferView): Field => ({
  name: 'bearer',
  label: t('inventory:transfer.resolution.bearer'),
  type: 'select',
  choose: false,
  hint: t('inventory:transfer.resolution.bearerHint'),
  options: [
    { value: transfer.toStoreId, label: transfer.toStoreName },
    { value: transfer.fromStoreId, label: transfer.fromStoreName },
  ].filter(
    ({ value }, index, list) =>
      can('inventory.transfer.write-off', value) && list.findIndex((one) => one.value === value) === index,
  ),
});

const resolutionSchema = stepFields.extend({
  all: z.string().optional(),
  device: z
    .record(z.string().regex(/^d[1-9]\d{0,15}$/), z.string())
    .optional()
    .default({}),
  goods: z
    .record(z.string().regex(/^l[1-9]\d{0,15}$/), piecesField)
    .optional()
    .default({}),
  bearer: idField.optional(),
  reason: textField(200),
});

function resolve(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const kind = kindOf(ctx);
  return submit(
    ctx,
    resolutionSchema,
    async ({ operationKey, version, all, device, goods, bearer, reason }) => {
      const { quantity } = await resolveTransfer(
        ctx.uow,
        ctx.actor,
        {
          transferId,
          version,
          kind,
          deviceRows: all === '1' ? 'all' : Object.keys(device).map((name) => Number(name.slice(1))),
          goods: Object.entries(goods).map(([lineId, pieces]) => ({
            lineId: Number(lineId.slice(1)),
            quantity: pieces,
          })),
          reason,
          bearerStoreId: bearer,
        },
        { operationKey },
      );
      const text = ctx.t(`inventory:transfer.resolved.${kind}`, { count: ctx.f.number(quantity) });
      return redirect(transferHref(transferId), { kind: 'ok', text });
    },
    (form, status) => askResolution(ctx, form, status),
  );
}
