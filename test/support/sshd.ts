import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './skip';
import { freePort } from './tcp-proxy';
import { makeScratch } from './scratch-folder';

const run = promisify(execFile);

export interface SshServer {
  port: number;
  user: string;
  /** Folder for the backups, and whatever else. */
  folder: string;
  /** Allowed to sign in. */
  privateKey: string;
  /** The same, locked with "locked key". */
  lockedKey: string;
  /** Not allowed. */
  strangerKey: string;
  fingerprint: string;
  /** Starts again with another host key. */
  changeHostKey: () => Promise<void>;
  stop: () => Promise<void>;
}

/** OpenSSH's own server on 127.0.0.1, with its own configuration, host key and list of keys. */
export async function startSshd(): Promise<SshServer> {
  const home = makeScratch('sshd');
  const at = (name: string): string => path.join(home, name);
  const folder = at('files');
  mkdirSync(folder);
  // Where it locks up its unprivileged part when root starts it; Debian makes it when the service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const keygen = (name: string, passphrase = ''): Promise<unknown> =>
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', at(name)]);
  await Promise.all([keygen('host'), keygen('user'), keygen('locked', 'locked key'), keygen('stranger')]);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  writeFileSync(at('authorized'), read('user.pub') + read('locked.pub'), { mode: 0o600 });
  const port = await freePort();
  const config = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication yes',
    'Subsystem sftp internal-sftp',
    'MaxStartups 100',
  ];
  writeFileSync(at('config'), `${config.join('\n')}\n`);
  let server = await launch(at('config'), port);
  const halt = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  };
  return {
    port,
    user: userInfo().username,
    folder,
    privateKey: read('user'),
    lockedKey: read('locked'),
    strangerKey: read('stranger'),
    fingerprint: (await run('ssh-keygen', ['-l', '-f', at('host.pub')])).stdout.split(' ')[1] ?? '',
    changeHostKey: async () => {
      await halt();
      rmSync(at('host'));
      await keygen('host');
      server = await launch(at('config'), port);
    },
    stop: async () => {
      await halt();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function launch(config: string, port: number): Promise<ChildProcess> {
  const server = spawn(findProgram('sshd') ?? '/usr/sbin/sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  for (const until = Date.now() + 20_000; ;) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return server;
    if (server.exitCode !== null || Date.now() > until) throw new Error(`sshd did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
