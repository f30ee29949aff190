export {
  type ChannelCommand,
  createChannel,
  getChannel,
  lastNotifications,
  listChannels,
  NOTIFICATION_MANAGE,
  NOTIFICATION_VIEW,
  updateChannel,
} from './channels';
export { senderOf } from './sender';
