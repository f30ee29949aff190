import type { KeyRing } from '../crypto';
import type { SealedColumn } from '../sealing';
import { type ChannelRow, notificationChannel } from './tables';

/** The parts of a channel that nobody is shown again. */
export interface ChannelSecret {
  /** Of the mail account. */
  password?: string;
  /** Whole address of a webhook or robot. */
  url?: string;
  /** Signs what a webhook is sent; the 加签 secret of a 钉钉 robot. */
  signingKey?: string;
}

const PURPOSE = 'notification-channel';

export const channelSecretColumn: SealedColumn = { table: notificationChannel, cipher: 'secret', purpose: PURPOSE };

export const sealSecret = (keys: KeyRing, secret: ChannelSecret): string | null =>
  Object.keys(secret).length === 0 ? null : keys.encrypt(JSON.stringify(secret), PURPOSE);

export const openSecret = (keys: KeyRing, { secret }: Pick<ChannelRow, 'secret'>): ChannelSecret =>
  secret === null ? {} : (JSON.parse(keys.decrypt(secret, PURPOSE)) as ChannelSecret);
