export { channelSecretColumn, type ChannelSecret, openSecret, sealSecret } from './channel-secret';
export { NOTIFY_EVENTS, type NotifyEvent, type Stage } from './events';
export { deliverDue, GIVE_UP_AFTER, notify, notifyByStore, type Sender, sendTest, startNotifier } from './queue';
export { isForbidden } from './guard-address';
export {
  type ChannelKind,
  type ChannelRow,
  type Content,
  type Failure,
  type HookSettings,
  type MailSettings,
  notification,
  notificationChannel,
  type NotificationRow,
} from './tables';
