import { z } from 'zod';
import { addDays, parseId } from '../../../kernel';
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
import { listChannels } from '../../organization';
import { MOST_CONSIGNED } from '../domain/consignment';
import { type ConsignmentView, consignmentView } from '../queries/consignment-page';
import { partnerDevices } from '../queries/partner-devices';
import { SETTLE, settleConsignment } from '../use-cases/settle-consignment';
import { consignmentHref, CONSIGNMENTS, tickedRows, tickFields } from './consignment-words';
import { settlementHref, SETTLEMENTS } from './settlement-words';

const settles = { permission: SETTLE };
const USUAL_DAYS = 30;

export const settlementFormRoutes: readonly Route[] = [
  { method: 'get', path: `${SETTLEMENTS}/new`, access: settles, handler: (ctx) => showForm(ctx) },
  { method: 'post', path: SETTLEMENTS, access: settles, handler: settle },
];

/** A settlement begins at a consignment, which names the partner and the store. */
async function showForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const asked = form?.values['consignmentId'] ?? ctx.query['consignment'];
  const id = typeof asked === 'string' ? parseId(asked) : null;
  if (id === null) return redirect(`${CONSIGNMENTS}?state=out`);
  const { t } = ctx;
  const row = await consignmentView(ctx.read, ctx.actor, ctx.services.keys, id);
  const href = consignmentHref(row.id);
  const title = t('sales:settlement.title', { partner: row.partner });
  const fresh = { consignmentId: row.id, dueOn: addDays(ctx.today, USUAL_DAYS) };
  const model = {
    head: {
      title,
      say: t('sales:settlement.say'),
      crumbs: [
        { label: t('sales:consignment.list'), href: CONSIGNMENTS },
        { label: row.number, href },
      ],
    },
    form: editForm(form ?? emptyForm(fresh), {
      action: SETTLEMENTS,
      cancelHref: href,
      submit: t('sales:settlement.settle'),
      hidden: ['consignmentId'],
      columns: true,
      fields: await fieldsOf(ctx, row),
    }),
  };
  return page('sales/edit', title, model, { status });
}

async function fieldsOf(ctx: Ctx, row: ConsignmentView): Promise<Field[]> {
  const { t } = ctx;
  const devices = await partnerDevices(ctx.read, row, MOST_CONSIGNED);
  const channels = (await listChannels(ctx.read)).filter(({ active }) => active);
  return [
    {
      name: 'numbers',
      label: t('sales:settlement.numbers'),
      type: 'textarea',
      rows: 5,
      optional: true,
      wide: true,
      countLines: true,
      hint: t('sales:settlement.numbersHint'),
    },
    ...tickFields(ctx, devices).map((field): Field => ({ ...field, wide: true })),
    { name: 'dueOn', label: t('sales:settlement.dueOn'), type: 'date', required: true },
    { name: 'reference', label: t('sales:settlement.reference'), optional: true, maxlength: 80 },
    {
      name: 'commission',
      label: t('sales:settlement.commission'),
      type: 'money',
      optional: true,
      hint: t('sales:settlement.commissionHint'),
    },
    {
      name: 'commissionTax',
      label: t('sales:settlement.commissionTax'),
      type: 'money',
      optional: true,
      hint: t('sales:settlement.commissionTaxHint'),
    },
    ...(channels.length > 0
      ? [
          {
            name: 'channelId',
            label: t('sales:sale.channel'),
            type: 'select' as const,
            choose: t('sales:sale.ownSale'),
            options: channels.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]
      : []),
    { name: 'note', label: t('sales:sale.note'), maxlength: 200, optional: true },
  ];
}

const schema = z.object({
  operationKey: fields.operationKey,
  consignmentId: fields.id,
  rows: z.record(z.string(), z.string()).optional().default({}),
  numbers: fields.text,
  dueOn: fields.text,
  commission: fields.optionalMoney,
  commissionTax: fields.optionalMoney,
  reference: fields.text,
  note: fields.text,
  channelId: fields.optionalId,
});

function settle(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, rows, commission, commissionTax, ...rest }) => {
      const command = { ...rest, rows: tickedRows(rows), commissionFen: commission, commissionTaxFen: commissionTax };
      const { id, devices, amountFen } = await settleConsignment(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('sales:settlement.done', { count: devices, amount: ctx.f.moneyYuan(amountFen) });
      return redirect(settlementHref(id), { kind: 'ok', text });
    },
    (form, status) => showForm(ctx, form, status),
  );
}
