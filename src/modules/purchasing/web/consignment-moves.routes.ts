import { z } from 'zod';
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
import { editForm } from '../../../platform/views';
import { EDIT_CONSIGNMENTS } from '../use-cases/consignment-receipt';
import { moveConsigned } from '../use-cases/move-consigned';
import { noteField, supplierField } from './consignment-receipt.routes';
import { storeField } from './consignment-settlement.routes';
import { consignmentCrumbs, consignmentHref, CONSIGNMENTS } from './consignment-words';

const edit = { permission: EDIT_CONSIGNMENTS };
type Move = 'return' | 'purchase';

/** Unsold devices go back to their supplier, or are bought from him. */
export const consignmentMoveRoutes: readonly Route[] = [
  { method: 'get', path: `${CONSIGNMENTS}/return/new`, access: edit, handler: (ctx) => showForm(ctx, 'return') },
  { method: 'get', path: `${CONSIGNMENTS}/purchase/new`, access: edit, handler: (ctx) => showForm(ctx, 'purchase') },
  { method: 'post', path: `${CONSIGNMENTS}/returns`, access: edit, handler: (ctx) => move(ctx, 'return') },
  { method: 'post', path: `${CONSIGNMENTS}/purchases`, access: edit, handler: (ctx) => move(ctx, 'purchase') },
];

const WORDS = { return: 'giveBack', purchase: 'buy' } as const;

async function showForm(ctx: Ctx, kind: Move, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t(`purchasing:consignment.kind.${kind}`);
  const asked = ctx.query['numbers'];
  const fresh = emptyForm({ numbers: typeof asked === 'string' ? asked.slice(0, 60) : '' });
  const model = {
    head: { title, say: t(`purchasing:consignment.${WORDS[kind]}Say`), crumbs: consignmentCrumbs(ctx) },
    form: editForm(form ?? fresh, {
      action: `${CONSIGNMENTS}/${kind}s`,
      cancelHref: CONSIGNMENTS,
      submit: t(`purchasing:consignment.${WORDS[kind]}`),
      fields: [
        await supplierField(ctx),
        storeField(ctx, EDIT_CONSIGNMENTS, t('purchasing:consignment.moveStore')),
        {
          name: 'numbers',
          label: t('purchasing:consigned.number'),
          type: 'textarea',
          rows: 8,
          required: true,
          wide: true,
          countLines: true,
          hint: t('purchasing:consignment.moveNumbersHint'),
        },
        noteField(ctx),
      ],
    }),
  };
  return page('purchasing/consignment-form', title, model, { status });
}

const schema = z.object({
  operationKey: fields.operationKey,
  supplierId: fields.id,
  storeId: fields.id,
  note: fields.text,
  numbers: fields.text,
});

function move(ctx: Ctx, kind: Move): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, ...command }) => {
      const { id, devices } = await moveConsigned(ctx.uow, ctx.actor, { ...command, kind }, { operationKey });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t(`purchasing:consignment.moved.${kind}`, { count: devices }),
      });
    },
    (form, status) => showForm(ctx, kind, form, status),
  );
}
