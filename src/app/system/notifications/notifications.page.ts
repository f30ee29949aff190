import { alarm, type AlarmRow } from '../../alarms';
import { lastNotifications, listChannels, NOTIFICATION_MANAGE } from '../../notifications';
import type { Ctx } from '../../../platform/http';
import {
  type ChannelKind,
  type ChannelRow,
  type Content,
  type HookSettings,
  type MailSettings,
  NOTIFY_EVENTS,
  type NotificationRow,
} from '../../../platform/notify';
import type { Action, List, Message, PageHead, StatusLabel } from '../../../platform/views';

export const NOTIFICATIONS = '/settings/notifications';
export const KINDS: readonly ChannelKind[] = ['mail', 'webhook', 'wecom', 'dingtalk'];

export interface NotificationsPage {
  head: PageHead;
  messages: Message[];
  channels: List;
  alarms: List;
  history: List;
}

export async function notificationsPage(ctx: Ctx): Promise<NotificationsPage> {
  const { t } = ctx;
  const [channels, sent, alarms] = await Promise.all([
    listChannels(ctx.read, ctx.actor),
    lastNotifications(ctx.read, ctx.actor),
    ctx.read.find(alarm, {}),
  ]);
  const mayManage = ctx.can(NOTIFICATION_MANAGE);
  const add = (kind: ChannelKind): Action => ({
    label: t(`notifications:add.${kind}`),
    href: `${NOTIFICATIONS}/channels/new?kind=${kind}`,
    icon: kind === 'mail' ? 'mail' : 'webhook',
    look: kind === 'mail' ? 'primary' : 'plain',
  });
  return {
    head: {
      title: t('notifications:title'),
      say: t('notifications:say'),
      actions: mayManage ? KINDS.map(add) : [],
    },
    messages: messagesOf(ctx, channels, alarms),
    channels: {
      table: channelTable(ctx, channels, sent, mayManage),
      empty: { title: t('notifications:none'), text: t('notifications:noneHint') },
    },
    alarms: { table: alarmTable(ctx, alarms), empty: { title: t('notifications:quiet') } },
    history: { table: historyTable(ctx, sent, channels), empty: { title: t('notifications:nothingSent') } },
  };
}

/** What an administrator would find out too late otherwise. */
function messagesOf({ t, services }: Ctx, channels: readonly ChannelRow[], alarms: readonly AlarmRow[]): Message[] {
  const messages: Message[] = [];
  if (services.neutralised) messages.push({ tone: 'hold', title: t('notifications:neutralised') });
  const heard = new Set(channels.filter(({ active }) => active).flatMap(({ subscriptions }) => subscriptions));
  const unheard = alarms.filter(({ event }) => !heard.has(event));
  if (unheard.length > 0)
    messages.push({
      tone: 'bad',
      title: t('notifications:unheard', { count: unheard.length }),
      text: t('notifications:unheardHint'),
    });
  return messages;
}

const placeOf = ({ kind, settings }: ChannelRow): string =>
  kind === 'mail' ? (settings as MailSettings).to.join(', ') : (settings as HookSettings).origin;

function channelTable(
  ctx: Ctx,
  channels: readonly ChannelRow[],
  sent: readonly NotificationRow[],
  mayManage: boolean,
): List['table'] {
  const { t, f } = ctx;
  return {
    id: 'channels',
    caption: t('notifications:channels'),
    columns: [
      { key: 'name', label: t('notifications:channel'), card: 'title' },
      { key: 'state', label: t('notifications:last'), card: 'state' },
      { key: 'place', label: t('notifications:place'), card: 'full' },
      { key: 'events', label: t('notifications:told'), card: 'number' },
      { key: 'at', label: t('notifications:lastAt'), card: 'number' },
      { key: 'actions', label: t('notifications:actions'), quiet: true, card: 'full' },
    ],
    rows: channels.map((row) => {
      const last = sent.find(({ channelId }) => channelId === row.id);
      const href = `${NOTIFICATIONS}/channels/${row.id}`;
      return {
        id: row.id,
        cells: [
          { text: row.name, sub: t(`notifications:kind.${row.kind}`), strong: true, ...(mayManage ? { href } : {}) },
          row.active
            ? last
              ? { state: stateOf(ctx, last) }
              : { text: '–', muted: true }
            : { state: { tone: 'gone' as const, text: t('notifications:off') } },
          placeOf(row),
          t('notifications:toldCount', { count: row.subscriptions.length, of: NOTIFY_EVENTS.length }),
          last ? f.dateTime(last.sentAt ?? last.createdAt) : '',
          {
            actions: mayManage
              ? [{ label: t('notifications:test'), href: `${href}/test`, method: 'post' as const }]
              : [],
          },
        ],
      };
    }),
  };
}

function stateOf({ t }: Ctx, { state }: NotificationRow): StatusLabel {
  const tones = { waiting: 'hold', sent: 'ok', failed: 'bad', tryfailed: 'bad' } as const;
  return { tone: tones[state], text: t(`notifications:state.${state}`) };
}

function titleOf({ t }: Ctx, { event, values, names }: Omit<Content, 'stage' | 'href'>): string {
  const said = Object.fromEntries(Object.entries(names).map(([name, key]) => [name, t(key)]));
  return t(`notifications:event.${event}.title`, { ...values, ...said });
}

function alarmTable(ctx: Ctx, alarms: readonly AlarmRow[]): List['table'] {
  const { t, f } = ctx;
  return {
    id: 'alarms',
    caption: t('notifications:alarms'),
    columns: [
      { key: 'what', label: t('notifications:what'), card: 'full' },
      { key: 'since', label: t('notifications:since'), card: 'number' },
      { key: 'said', label: t('notifications:saidAt'), card: 'number' },
    ],
    rows: alarms.map(({ alarmId, event, details, raisedAt, saidAt }) => ({
      id: alarmId,
      cells: [
        { text: titleOf(ctx, { event, ...details }), href: details.href, strong: true },
        f.dateTime(raisedAt),
        f.dateTime(saidAt),
      ],
    })),
  };
}

function historyTable(ctx: Ctx, sent: readonly NotificationRow[], channels: readonly ChannelRow[]): List['table'] {
  const { t, f } = ctx;
  return {
    id: 'notifications',
    caption: t('notifications:history'),
    columns: [
      { key: 'what', label: t('notifications:what'), card: 'title' },
      { key: 'state', label: t('notifications:outcome'), card: 'state' },
      { key: 'channel', label: t('notifications:channel'), card: 'number' },
      { key: 'at', label: t('notifications:createdAt'), card: 'number' },
      { key: 'attempts', label: t('notifications:attempts'), num: true, card: 'number' },
      { key: 'why', label: t('notifications:why'), card: 'full' },
    ],
    rows: sent.map((row) => ({
      id: row.id,
      cells: [
        t(`notifications:shortStage.${row.content.stage}`, { title: titleOf(ctx, row.content) }),
        { state: stateOf(ctx, row) },
        channels.find(({ id }) => id === row.channelId)?.name ?? '',
        f.dateTime(row.createdAt),
        f.number(row.attempts),
        row.failure ? t(row.failure.code, row.failure.details) : '',
      ],
    })),
  };
}
