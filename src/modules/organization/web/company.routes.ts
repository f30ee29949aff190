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
import { getCompany } from '../queries/stores';
import { saveCompany } from '../use-cases/save-company';

const PATH = '/organization/company';

const schema = z.object({
  name: fields.required,
  taxNumber: fields.text,
  phone: fields.text,
  address: fields.text,
  version: fields.version,
  operationKey: fields.operationKey,
});

export const companyRoutes: readonly Route[] = [
  {
    method: 'get',
    path: PATH,
    access: { permission: 'organization.company.edit' },
    handler: async (ctx) => show(ctx, await stored(ctx)),
  },
  {
    method: 'post',
    path: PATH,
    access: { permission: 'organization.company.edit' },
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, version, ...command }) => {
          await saveCompany(ctx.uow, ctx.actor, { ...command, version: version || undefined }, { operationKey });
          return redirect(PATH, { kind: 'ok', text: ctx.t('organization:saved') });
        },
        (form, status) => show(ctx, form, status),
      ),
  },
];

async function stored(ctx: Ctx): Promise<FormState> {
  const row = await getCompany(ctx.read);
  return emptyForm({
    name: row?.name,
    taxNumber: row?.taxNumber,
    phone: row?.phone,
    address: row?.address,
    version: row?.version ?? 0,
  });
}

function show(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('organization:company.title');
  const model = {
    head: { title, say: t('organization:company.say') },
    form: editForm(form, {
      action: PATH,
      hidden: ['version'],
      submit: t('organization:company.save'),
      cancelHref: '/',
      fields: [
        { name: 'name', label: t('organization:company.name'), required: true, maxlength: 100 },
        {
          name: 'taxNumber',
          label: t('organization:company.taxNumber'),
          optional: true,
          hint: t('organization:company.taxNumberHint'),
        },
        { name: 'phone', label: t('organization:phone'), type: 'tel', optional: true },
        { name: 'address', label: t('organization:address'), optional: true, maxlength: 200, wide: true },
      ],
    }),
  };
  return Promise.resolve(page('organization/edit', title, model, { status }));
}
