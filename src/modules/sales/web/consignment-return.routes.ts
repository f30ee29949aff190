import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  submit,
} from '../../../platform/http';
import { editForm, type Field } from '../../../platform/views';
import { BACK_BUCKETS } from '../domain/consignment';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { takeBackConsigned } from '../use-cases/take-back-consigned';
import { consignmentHref, CONSIGNMENTS, tickedRows, tickFields } from './consignment-words';
import { showConsignment } from './consignment.routes';

/** What is still with the partner, to tick or to paste. */
export async function giveBackForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = await consignmentView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const href = consignmentHref(row.id);
  if (row.state !== 'out')
    return form
      ? showConsignment(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] })
      : redirect(href);
  const out = (await consignmentDevices(ctx.read, row.id)).filter(
    ({ returnId, settlementId }) => returnId === null && settlementId === null,
  );
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(row.version) } } : form;
  const title = t('sales:consignment.takeBackTitle', { number: row.number });
  const list: Field[] = [
    {
      name: 'numbers',
      label: t('sales:consignment.numbers'),
      type: 'textarea',
      rows: 4,
      optional: true,
      wide: true,
      countLines: true,
      hint: t('sales:consignment.takeBackHint'),
    },
    ...tickFields(ctx, out),
    {
      name: 'bucket',
      label: t('sales:consignment.backAs'),
      type: 'select',
      choose: t('sales:consignment.asBefore'),
      options: BACK_BUCKETS.map((value) => ({ value, label: t(`common:state.${value}`) })),
    },
    { name: 'note', label: t('sales:sale.note'), maxlength: 400, optional: true },
  ];
  const model = {
    head: {
      title,
      say: t('sales:consignment.takeBackSay'),
      crumbs: [
        { label: t('sales:consignment.list'), href: CONSIGNMENTS },
        { label: row.number, href },
      ],
    },
    form: editForm(again ?? emptyForm({ version: row.version }), {
      action: `${href}/returns`,
      cancelHref: href,
      submit: t('sales:consignment.takeBack'),
      hidden: ['version'],
      fields: list,
    }),
  };
  return page('sales/edit', title, model, { status });
}

const schema = z.object({
  operationKey: fields.operationKey,
  version: fields.version,
  rows: z.record(z.string(), z.string()).optional().default({}),
  numbers: fields.text,
  bucket: fields.text,
  note: fields.text,
});

export function takeBack(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    schema,
    async ({ operationKey, rows, ...rest }) => {
      const command = { ...rest, id, rows: tickedRows(rows) };
      const { devices, open } = await takeBackConsigned(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('sales:consignment.tookBack', { count: devices, open: ctx.f.number(open) });
      return redirect(consignmentHref(id), { kind: 'ok', text });
    },
    (form, status) => giveBackForm(ctx, form, status),
  );
}
