import { randomUUID } from 'node:crypto';
import { type Ctx, file, type FormState, page, redirect, type Reply, type Route, submit } from '../../platform/http';
import type { Message } from '../../platform/views';
import { copyFile } from './copy-file';
import { emptyErasure, eraseFields, erasure } from './erase-form';
import { collectStaff, eraseStaff, isErased, mustGetStaff, openWithStaff, STAFF_PRIVACY } from './staff';

const PATH = '/privacy/staff';
const STAFF_PAGE = '/organization/staff';
const access = { permission: STAFF_PRIVACY };

/** A copy of what is kept about a member of staff, and erasing one who left. */
export const staffPrivacyRoutes: readonly Route[] = [
  { method: 'get', path: `${PATH}/:id`, access, handler: (ctx) => show(ctx) },
  { method: 'post', path: `${PATH}/:id/copy`, access, handler: copy },
  { method: 'post', path: `${PATH}/:id/erasure`, access, handler: erase },
];

async function copy(ctx: Ctx): Promise<Reply> {
  const { t, f, now, actor, services } = ctx;
  const found = await collectStaff(services, actor, ctx.id(), t);
  const body = await copyFile(found, { t, f, locale: actor.locale, now });
  return file(`${found.code}-${ctx.today}.zip`, 'application/zip', body);
}

function erase(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    erasure,
    async ({ reason, typedCode, operationKey }) => {
      await eraseStaff(ctx.services, ctx.actor, { staffId: ctx.id(), reason, typedCode }, { operationKey });
      return redirect(`${STAFF_PAGE}/${ctx.id()}`, { kind: 'ok', text: ctx.t('privacy:staff.erased') });
    },
    (form, status) => show(ctx, form, status),
  );
}

async function show(ctx: Ctx, form: FormState = emptyErasure(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = await mustGetStaff(ctx.read, ctx.id());
  const { code } = row;
  const gone = isErased(row);
  const open = gone ? [] : await openWithStaff(ctx.read, ctx.actor, row.id, ctx.now);
  const messages: Message[] = [
    ...(form.message ? [{ tone: 'bad' as const, title: form.message }] : []),
    ...(gone ? [{ tone: 'way' as const, title: t('privacy:staff.already') }] : []),
    ...(open.length > 0
      ? [
          {
            tone: 'hold' as const,
            title: t('privacy:notYet'),
            text: t('privacy:notYetDo'),
            items: open.map((matter) => t(matter.code, matter.details)),
          },
        ]
      : []),
  ];
  const title = t('privacy:staff.title', { name: row.name });
  const model = {
    head: {
      title,
      say: t('privacy:staff.say'),
      crumbs: [
        { href: STAFF_PAGE, label: t('organization:staff.title') },
        { href: `${STAFF_PAGE}/${row.id}`, label: code },
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
    copyHeading: t('privacy:staff.copyHeading'),
    copySay: t('privacy:staff.copyExplain'),
    erase:
      gone || open.length > 0
        ? null
        : {
            heading: t('privacy:staff.heading'),
            verb: t('privacy:staff.verb'),
            action: `${PATH}/${row.id}/erasure`,
            operationKey: randomUUID(),
            effects: ['account', 'gone', 'stays', 'log'].map((key) => t(`privacy:staff.effect.${key}`, { code })),
            fields: eraseFields(t, form, t('privacy:staff.typeCode', { code })),
          },
  };
  return page('privacy/person', title, model, { status });
}
