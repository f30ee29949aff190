import { isIP } from 'node:net';
import { z } from 'zod';
import { type Ctx, emptyForm, fields, type FormState } from '../../../platform/http';
import { type ChannelKind, type ChannelRow, type MailSettings, NOTIFY_EVENTS } from '../../../platform/notify';
import type { Field } from '../../../platform/views';
import type { ChannelCommand } from '../../notifications';

const ADDRESS = /^[^\s@<>(),;:"\\]{1,64}@[^\s@<>(),;:"\\]{1,250}$/;
const HOST = /^(?=.{1,250}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i;
const MOST_ADDRESSES = 20;

const trimmed = fields.text.transform((typed) => typed.trim());
const shared = {
  name: fields.required.transform((typed) => typed.trim().slice(0, 60)),
  locale: z.enum(['zh-CN', 'en']),
  events: z.record(z.string(), z.string()).default({}),
  active: fields.checkbox,
  storeId: fields.text.transform((typed) => (/^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : null)),
  version: fields.version,
  operationKey: fields.operationKey,
};
const mailSchema = z.object({
  ...shared,
  host: trimmed.refine((host) => HOST.test(host) || isIP(host) > 0, { message: 'notifications:error.host' }),
  port: z.coerce.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: trimmed,
  password: fields.text,
  from: trimmed.refine((address) => ADDRESS.test(address), { message: 'notifications:error.address' }),
  to: trimmed
    .transform((typed) => typed.split(/[\s,;，；]+/).filter(Boolean))
    .refine((all) => all.length > 0 && all.length <= MOST_ADDRESSES && all.every((one) => ADDRESS.test(one)), {
      message: 'notifications:error.addresses',
    }),
  authority: trimmed.refine(
    (pem) => pem === '' || /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/.test(pem),
    { message: 'notifications:error.authority' },
  ),
});
const hookSchema = z.object({
  ...shared,
  url: trimmed.refine((url) => url === '' || isHookAddress(url), { message: 'notifications:error.url' }),
  signingKey: trimmed,
});

function isHookAddress(text: string): boolean {
  if (!URL.canParse(text) || text.length > 1000) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password && !hash;
}

export type ChannelInput = ChannelCommand & { version: number; operationKey: string | undefined };

type Shared = Pick<
  z.output<typeof mailSchema>,
  'name' | 'locale' | 'events' | 'active' | 'storeId' | 'version' | 'operationKey'
>;

const sharedOf = ({ name, locale, events, active, storeId, version, operationKey }: Shared) => ({
  name,
  locale,
  subscriptions: NOTIFY_EVENTS.filter((event) => events[event]),
  active,
  storeId,
  version,
  operationKey,
});

const forMail = mailSchema.transform(
  ({ host, port, security, user, password, from, to, authority, ...rest }): ChannelInput => ({
    ...sharedOf(rest),
    mail: { host, port, security, user: user || null, from, to, authority: authority || null },
    secret: password === '' ? {} : { password },
  }),
);
const forHook = hookSchema.transform(({ url, signingKey, ...rest }): ChannelInput => ({
  ...sharedOf(rest),
  secret: { ...(url === '' ? {} : { url }), ...(signingKey === '' ? {} : { signingKey }) },
}));

export const channelSchema = (kind: ChannelKind): z.ZodType<ChannelInput> => (kind === 'mail' ? forMail : forHook);

/** A channel as its form shows it: no part of what is secret. */
export function formOf(row: ChannelRow): FormState {
  const mail = row.kind === 'mail' ? (row.settings as MailSettings) : undefined;
  return emptyForm({
    name: row.name,
    locale: row.locale,
    active: row.active ? '1' : '',
    storeId: row.storeId === null ? '' : String(row.storeId),
    version: row.version,
    ...Object.fromEntries(row.subscriptions.map((event) => [`events.${event}`, '1'])),
    ...(mail ? { ...mail, to: mail.to.join(', ') } : {}),
  });
}

/** A new channel begins with everything that can be told. */
export const newForm = (ctx: Pick<Ctx, 't'>, kind: ChannelKind): FormState =>
  emptyForm({
    name: ctx.t(`notifications:kind.${kind}`),
    locale: 'zh-CN',
    active: '1',
    port: '465',
    security: 'tls',
    ...Object.fromEntries(NOTIFY_EVENTS.map((event) => [`events.${event}`, '1'])),
  });

export function channelFields(
  { t, stores }: Pick<Ctx, 't' | 'stores'>,
  kind: ChannelKind,
  before: ChannelRow | null,
): Field[] {
  const kept = before?.secret ? { hint: t('notifications:form.kept') } : {};
  const label = (name: string): string => t(`notifications:form.${name}`);
  const origin =
    before && kind !== 'mail' ? { placeholder: `${(before.settings as { origin: string }).origin}/…` } : {};
  const place: Field[] =
    kind === 'mail'
      ? [
          { name: 'host', label: label('host'), required: true, maxlength: 250, placeholder: 'smtp.example.com' },
          { name: 'port', label: label('port'), type: 'number', required: true, min: 1, max: 65_535 },
          {
            name: 'security',
            label: label('security'),
            type: 'select',
            choose: false,
            options: (['tls', 'starttls', 'none'] as const).map((value) => ({
              value,
              label: label(`security_${value}`),
            })),
          },
          { name: 'user', label: label('user'), optional: true, maxlength: 120, autocomplete: 'off' },
          { name: 'password', label: label('password'), type: 'password', autocomplete: 'new-password', ...kept },
          { name: 'from', label: label('from'), type: 'email', required: true, maxlength: 120 },
          { name: 'to', label: label('to'), required: true, maxlength: 1000, wide: true, hint: label('toHint') },
          {
            name: 'authority',
            label: label('authority'),
            type: 'textarea',
            rows: 2,
            optional: true,
            wide: true,
            hint: label('authorityHint'),
          },
        ]
      : [
          {
            name: 'url',
            label: label(kind === 'webhook' ? 'url' : 'robotUrl'),
            type: 'password',
            autocomplete: 'off',
            wide: true,
            required: before === null,
            ...origin,
            hint: [t(`notifications:form.${kind}Hint`), before ? t('notifications:form.kept') : ''].join(' ').trim(),
          },
          ...(kind === 'wecom'
            ? []
            : [
                {
                  name: 'signingKey',
                  label: label(kind === 'webhook' ? 'signingKey' : 'robotKey'),
                  type: 'password' as const,
                  autocomplete: 'off',
                  optional: true,
                  wide: true,
                  hint: [
                    label(kind === 'webhook' ? 'signingKeyHint' : 'robotKeyHint'),
                    before ? t('notifications:form.keyWithUrl') : '',
                  ]
                    .join(' ')
                    .trim(),
                },
              ]),
        ];
  return [
    { name: 'name', label: label('name'), required: true, maxlength: 60 },
    {
      name: 'locale',
      label: label('locale'),
      type: 'select',
      choose: false,
      options: [
        { value: 'zh-CN', label: '中文' },
        { value: 'en', label: 'English' },
      ],
    },
    ...place,
    ...NOTIFY_EVENTS.map((event): Field => ({
      name: `events.${event}`,
      label: t(`notifications:event.${event}.name`),
      type: 'checkbox',
    })),
    {
      name: 'storeId',
      label: label('store'),
      type: 'select',
      choose: label('allStores'),
      hint: label('storeHint'),
      options: stores.map(({ id, name }) => ({ value: id, label: name })),
    },
    { name: 'active', label: label('active'), type: 'checkbox', wide: true },
  ];
}
