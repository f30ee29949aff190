import { col, defineTable, type Row } from '../database';
import type { NotifyEvent, Stage } from './events';

export type ChannelKind = 'mail' | 'webhook' | 'wecom' | 'dingtalk';

export interface MailSettings {
  host: string;
  port: number;
  /** `tls`: encrypted from the first byte (465); `starttls`: encrypted before anything is said (587). */
  security: 'tls' | 'starttls' | 'none';
  user: string | null;
  from: string;
  /** Addresses. */
  to: string[];
  /** PEM: an authority of one's own that vouches for the mail server, beside those that every computer knows. */
  authority: string | null;
}

/** Of the address only its origin is kept readable: the path of a robot's address is its password. */
export interface HookSettings {
  origin: string;
}

/** Where messages go. What must not be read by others stands encrypted in `secret`, see channel-secret. */
export const notificationChannel = defineTable('notification_channel', {
  id: col.id().primary(),
  name: col.text(60),
  kind: col.code<ChannelKind>(10),
  locale: col.code<'zh-CN' | 'en'>(5),
  settings: col.json<MailSettings | HookSettings>(),
  secret: col.longText().nullable(),
  /** What it is told of. */
  subscriptions: col.json<NotifyEvent[]>(),
  /** Of what concerns stores it is told this store's; null: of all. */
  storeId: col.id().nullable(),
  active: col.bool(),
  createdAt: col.instant(),
  version: col.int(),
});

export type ChannelRow = Row<typeof notificationChannel>;

export interface Content {
  event: NotifyEvent | 'test';
  stage: Stage;
  values: Record<string, string | number>;
  /** Values that are keys of texts: said in the language of the channel. */
  names: Record<string, string>;
  /** Page of this server that says more. */
  href: string | null;
}

export interface Failure {
  code: string;
  details: Record<string, string | number>;
}

/** `tryfailed`: a test that did not arrive; nobody misses it. */
export type NotificationState = 'waiting' | 'sent' | 'failed' | 'tryfailed';

/** One message for one channel, with what became of it. */
export const notification = defineTable(
  'notification',
  {
    id: col.id().primary(),
    channelId: col.id().references('notification_channel'),
    content: col.json<Content>(),
    state: col.code<NotificationState>(10),
    attempts: col.int(),
    createdAt: col.instant(),
    dueAt: col.instant(),
    sentAt: col.instant().nullable(),
    failure: col.json<Failure>().nullable(),
  },
  {
    indexes: [
      { name: 'ix_notification_due', columns: ['state', 'dueAt'] },
      { name: 'ix_notification_channel', columns: ['channelId', 'createdAt'] },
      { name: 'ix_notification_created', columns: ['createdAt'] },
    ],
  },
);

export type NotificationRow = Row<typeof notification>;
