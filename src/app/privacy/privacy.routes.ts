import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isDomainError, notFound } from '../../kernel';
import { type Ctx, fields, file, page, redirect, type Reply, type Route } from '../../platform/http';
import { customer, openName } from '../../modules/crm';
import type { Message } from '../../platform/views';
import { copyFile } from './copy-file';
import { collectPerson, ERASE_REASONS, erasePerson, openWith, PRIVACY } from './person';

const PATH = '/privacy/customers';
const access = { permission: PRIVACY };

const erasure = z.object({
  reason: z.enum(ERASE_REASONS).catch('request'),
  typedCode: fields.text,
  sure: fields.checkbox,
  operationKey: fields.operationKey,
});

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

async function erase(ctx: Ctx): Promise<Reply> {
  const { reason, typedCode, sure, operationKey } = erasure.parse(ctx.body);
  const typed = { reason, typedCode };
  if (!sure) return show(ctx, { ...typed, message: ctx.t('privacy:error.sure') }, 422);
  try {
    await erasePerson(ctx.services, ctx.actor, { customerId: ctx.id(), reason, typedCode }, { operationKey });
    return redirect(`/crm/customers/${ctx.id()}`, { kind: 'ok', text: ctx.t('privacy:erased') });
  } catch (error) {
    if (!isDomainError(error) || error.status !== 422) throw error;
    const [problem] = error.fields;
    const message = problem ? ctx.t(problem.code, problem.details ?? {}) : ctx.t(error.code, error.details);
    return show(ctx, { ...typed, message }, 422);
  }
}

interface Typed {
  reason: string;
  typedCode: string;
  message: string;
}

async function show(ctx: Ctx, typed?: Typed, status = 200): Promise<Reply> {
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
    ...(typed ? [{ tone: 'bad' as const, title: typed.message }] : []),
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
            fields: [
              {
                name: 'reason',
                label: t('privacy:reason.label'),
                type: 'select' as const,
                choose: false as const,
                value: typed?.reason ?? 'request',
                options: ERASE_REASONS.map((value) => ({ value, label: t(`privacy:reason.${value}`) })),
              },
              {
                name: 'typedCode',
                label: t('privacy:typeCode', { code: row.code }),
                value: typed?.typedCode ?? '',
                required: true,
                autocomplete: 'off',
                maxlength: 24,
              },
              { name: 'sure', label: t('privacy:sure'), type: 'checkbox' as const, wide: true, required: true },
            ],
          },
  };
  return page('privacy/person', title, model, { status });
}
