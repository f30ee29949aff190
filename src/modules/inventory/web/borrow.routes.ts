import { addDays } from '../../../kernel';
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
import { borrowDevices } from '../use-cases/borrow-devices';
import { LEND } from '../use-cases/lend-devices';
import { aboutFields, crumbs, lendSchema, placeField, USUAL_DAYS } from './loan-actions.routes';
import { loanHref } from './loan-words';

const lends = { permission: LEND };
const LOANS = '/inventory/loans';

/** What others lend us; giving back, print and reversal are those of every loan. */
export const borrowRoutes: readonly Route[] = [
  { method: 'get', path: `${LOANS}/borrow/new`, access: lends, handler: (ctx) => showForm(ctx) },
  { method: 'post', path: `${LOANS}/borrow`, access: lends, handler: borrow },
];

async function showForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('inventory:loan.in.new');
  const model = {
    head: { title, say: t('inventory:loan.in.newSay'), crumbs: crumbs(ctx) },
    form: editForm(form ?? emptyForm({ dueOn: addDays(ctx.today, USUAL_DAYS) }), {
      action: `${LOANS}/borrow`,
      cancelHref: LOANS,
      submit: t('inventory:loan.in.lend'),
      columns: true,
      fields: [
        await placeField(ctx, 'in'),
        ...aboutFields(ctx, 'in'),
        {
          name: 'sku',
          label: t('inventory:device.product'),
          required: true,
          maxlength: 100,
          wide: true,
          hint: t('inventory:loan.in.skuHint'),
        },
        {
          name: 'numbers',
          label: t('inventory:loan.numbers'),
          type: 'textarea',
          rows: 6,
          required: true,
          wide: true,
          countLines: true,
          hint: t('inventory:loan.in.numbersHint'),
        },
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return page('inventory/number-form', title, model, { status });
}

function borrow(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    lendSchema.extend({ sku: fields.text }),
    async ({ operationKey, ...command }) => {
      const { id, devices } = await borrowDevices(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(loanHref(id), { kind: 'ok', text: ctx.t('inventory:loan.in.lent', { count: devices }) });
    },
    (form, status) => showForm(ctx, form, status),
  );
}
