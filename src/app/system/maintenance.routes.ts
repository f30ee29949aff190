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
} from '../../platform/http';
import type { AlertSource } from '../../platform/modules';
import { editForm } from '../../platform/views';
import { MAINTENANCE_PERMISSION, readMaintenance, switchMaintenanceOff, switchMaintenanceOn } from '../maintenance';
import type { SystemPages } from './system-pages';

export const MAINTENANCE = '/settings/maintenance';
const access = { permission: MAINTENANCE_PERMISSION };

const switchOn = z.object({ operationKey: fields.operationKey, note: fields.text });

/** 设置 › 维护模式: closes the system for everybody but administrators, and opens it again. */
export function maintenanceRoutes({ maintenance }: SystemPages): Route[] {
  const done = ({ t }: Ctx, words: string): Reply => {
    maintenance.refresh();
    return redirect(MAINTENANCE, { kind: 'ok', text: t(words) });
  };
  return [
    { method: 'get', path: MAINTENANCE, access, handler: (ctx) => show(ctx) },
    {
      method: 'post',
      path: MAINTENANCE,
      access,
      handler: (ctx) =>
        submit(
          ctx,
          switchOn,
          async ({ operationKey, note }) => {
            await switchMaintenanceOn(ctx.uow, ctx.actor, { kind: 'hand', note }, { operationKey });
            return done(ctx, 'maintenance:switchedOn');
          },
          (form, status) => show(ctx, form, status),
        ),
    },
    {
      method: 'post',
      path: `${MAINTENANCE}/end`,
      access,
      handler: async (ctx) => {
        await switchMaintenanceOff(ctx.uow, ctx.actor);
        return done(ctx, 'maintenance:switchedOff');
      },
    },
  ];
}

async function show(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const state = await readMaintenance(ctx.read);
  const message = !state
    ? { tone: 'ok', title: t('maintenance:off'), text: t('maintenance:offHint') }
    : state.kind === 'upgrade'
      ? { tone: 'way', title: t('maintenance:upgrading') }
      : {
          tone: 'hold',
          title: t('maintenance:on', { name: state.byName ?? '', at: f.dateTime(state.since) }),
          text: t('maintenance:onHint'),
        };
  const model = {
    head: {
      title: t('maintenance:title'),
      say: t('maintenance:say'),
      actions:
        state?.kind === 'hand'
          ? [{ label: t('maintenance:switchOff'), href: `${MAINTENANCE}/end`, method: 'post', look: 'primary' }]
          : [],
    },
    message,
    form:
      state?.kind === 'upgrade'
        ? null
        : editForm(Object.keys(form.values).length > 0 ? form : emptyForm({ note: state?.note }), {
            action: MAINTENANCE,
            cancelHref: '/',
            submit: t(state ? 'maintenance:change' : 'maintenance:switchOn'),
            plain: state !== null,
            fields: [
              {
                name: 'note',
                label: t('maintenance:note'),
                hint: t('maintenance:noteHint'),
                maxlength: 200,
                wide: true,
              },
            ],
          }),
  };
  return page('maintenance/index', t('maintenance:title'), model, { status });
}

/** Whoever may work meanwhile must not forget that nobody else can. */
export const maintenanceAlerts: AlertSource = {
  permission: MAINTENANCE_PERMISSION,
  find: async ({ read, t }) => {
    const state = await readMaintenance(read);
    if (state?.kind !== 'hand') return [];
    return [
      {
        icon: 'tool',
        tone: 'hold',
        title: t('maintenance:alert'),
        detail: t('maintenance:alertDetail'),
        count: '!',
        href: MAINTENANCE,
      },
    ];
  },
};
