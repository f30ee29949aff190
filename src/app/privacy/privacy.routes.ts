import { randomUUID } from 'node:crypto';
import { notFound } from '../../kernel';
import { type Ctx, file, type FormState, page, redirect, type Reply, type Route, submit } from '../../platform/http';
import { customer, openName } from '../../modules/crm';
import type { Message } from '../../platform/views';
import { copyFile } from './copy-file';
import { emptyErasure, eraseFields, erasure } from './erase-form';
import { collectPerson, erasePerson, openWith, PRIVACY } from './person';

const PATH = '/privacy/customers';
const access = { permission: PRIVACY };

/** A customer's rights over their data: a copy, and erasing. */
export const privacyRoutes: readonly Route[] = [
  { method: 'get', path: `${PATH}/:id`, access, handler: (ctx) => show(ctx) },
  { method: 'post', path: `${PATH}/:id/copy`, access, handler: copy },
  { method: 'post', path: `${PATH}/:id/erasure`, access, handler: erase },
];

async function copy(ctx: Ctx): Promise<Reply> {
  const { t, f, now, actor, services } = ctx;
  const found = await collectPerson(services, actor, ctx.id());
  const body = await copyFile(found, { t, f, locale: actor.locale, now });
  return file(`${found.code}-${ctx.today}.zip`, 'application/zip', body);
}

function erase(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    erasure,
    async ({ reason, typedCode, operationKey }) => {
      await erasePerson(ctx.services, ctx.actor, { customerId: ctx.id(), reason, typedCode }, { operationKey });
      return redirect(`/crm/customers/${ctx.id()}`, { kind: 'ok', text: ctx.t('privacy:erased') });
    },
    (form, status) => show(ctx, form, status),
  );
}

async function show(ctx: Ctx, form: FormState = emptyErasure(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const row = await ctx.read.get(customer, ctx.id());
  if (!row) throw notFound('crm.customer', ctx.id());
  const open = row.erasedAt === null ? await openWith(ctx.read, row.id, ctx.today) : [];
  const matters = open.map(({ code, details }) =>
    t(code, {
      ...details,
      amount: f.money(Number(details['amountFen'] ?? 0)),
      until: f.date(String(details['until'] ?? '')),
    }),
  );
  const title = t('privacy:title', { name: openName(ctx.services.keys, row).name ?? row.code });
  const messages: Message[] = [
    ...(form.message ? [{ tone: 'bad' as const, title: form.message }] : []),
    ...(row.erasedAt === null
      ? []
      : [{ tone: 'way' as const, title: t('privacy:erasedAt', { at: f.dateTime(row.erasedAt) }) }]),
    ...(matters.length > 0
      ? [{ tone: 'hold' as const, title: t('privacy:notYet'), text: t('privacy:notYetDo'), items: matters }]
      : []),
  ];
  const model = {
    head: {
      title,
      say: t('privacy:say'),
      crumbs: [
        { href: '/crm/customers', label: t('crm:customer.title') },
        { href: `/crm/customers/${row.id}`, label: row.code },
      ],
      actions: [
        {
          label: t('privacy:copy.verb'),
          href: `${PATH}/${row.id}/copy`,
          method: 'post' as const,
          icon: 'download' as const,
        },
      ],
    },
    messages,
    copyHeading: t('privacy:copy.heading'),
    copySay: t('privacy:copy.explain'),
    erase:
      row.erasedAt !== null || matters.length > 0
        ? null
        : {
            heading: t('privacy:eraseHeading'),
            verb: t('privacy:eraseVerb'),
            action: `${PATH}/${row.id}/erasure`,
            operationKey: randomUUID(),
            effects: ['gone', 'stays', 'log', 'backups'].map((key) => t(`privacy:effect.${key}`)),
            fields: eraseFields(t, form, t('privacy:typeCode', { code: row.code })),
          },
  };
  return page('privacy/person', title, model, { status });
}
