import { createHash } from 'node:crypto';
import type { CipherAlgorithm, SFTPWrapper } from 'ssh2';
import type { BackupTargetConfig } from '../config';
import { rememberedTarget } from './memory';
import { networkFault } from './network-faults';
import { targetError, type TargetIdentity, type TargetContext } from './target';

type SftpConfig = Readonly<Extract<BackupTargetConfig, { kind: 'sftp' }>>;

export interface SftpConnection {
  sftp: SFTPWrapper;
  /** True once the other side is gone. */
  readonly ended: boolean;
  end: () => void;
}

/** Node's own ciphers first: the library prefers one that it computes itself, several times slower. */
const CIPHERS: CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
];

/** As ssh-keygen -l prints it. */
const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/**
 * Connects, once the host has shown the key that the configuration names or a person agreed to. The password is sent after
 * that only.
 */
export async function connectSftp(
  config: SftpConfig,
  identity: TargetIdentity,
  { dataDir, stallMs }: Pick<TargetContext, 'dataDir' | 'stallMs'>,
): Promise<SftpConnection> {
  const expected = config.hostKey ?? (await rememberedTarget(dataDir, config.id)).hostKey;
  // Loaded when it is needed: most processes never speak SSH.
  const { Client } = await import('ssh2');
  const client = new Client();
  let shown: string | undefined;
  let ended = false;
  client.on('close', () => (ended = true));
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.on('error', reject);
      client.on('close', () => reject(new Error('the connection was closed')));
      client.on('ready', () => client.sftp((error, opened) => (error ? reject(error) : resolve(opened))));
      // Some servers take a password as the answer to a question only.
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
        finish(prompts.map(() => config.password ?? '')),
      );
      client.connect({
        host: config.host,
        port: config.port ?? 22,
        username: config.user,
        ...(config.password === undefined ? {} : { password: config.password, tryKeyboard: true }),
        ...(config.privateKey === undefined ? {} : { privateKey: config.privateKey }),
        ...(config.keyPassphrase === undefined ? {} : { passphrase: config.keyPassphrase }),
        readyTimeout: Math.min(stallMs, 20_000),
        keepaliveInterval: Math.ceil(stallMs / 4),
        keepaliveCountMax: 3,
        algorithms: { cipher: CIPHERS },
        hostVerifier: (key: Buffer): boolean => (shown = fingerprintOf(key)) === expected,
      });
    });
    return {
      sftp,
      get ended() {
        return ended;
      },
      end: () => void client.end(),
    };
  } catch (error) {
    client.destroy();
    if (shown !== undefined && shown !== expected)
      throw expected === undefined
        ? targetError(identity, 'hostKeyUnknown', { fingerprint: shown })
        : targetError(identity, 'hostKeyChanged', { fingerprint: shown, expected });
    throw connectFault(identity, error);
  }
}

function connectFault(identity: TargetIdentity, error: unknown): unknown {
  const { level, message } = error as { level?: string; message: string };
  if (level === 'client-authentication') return targetError(identity, 'password', {}, error);
  // A locked or damaged key is refused before anything is sent.
  if (/privateKey|passphrase|bad decrypt/i.test(message))
    return targetError(identity, 'password', { detail: message }, error);
  if (level === 'client-timeout') return targetError(identity, 'unreachable', { detail: message }, error);
  return networkFault(identity, error, 'unreachable');
}
