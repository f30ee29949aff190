import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { findProgram } from './skip';
import { freePort } from './tcp-proxy';
import { makeScratch } from './scratch-folder';

/** rclone's WebDAV server on 127.0.0.1 over a folder of its own. */
export async function startRcloneWebdav(): Promise<{
  url: string;
  user: string;
  password: string;
  stop: () => Promise<void>;
}> {
  const folder = makeScratch('rclone');
  const port = await freePort();
  const login = { user: 'shop', password: 'a password' };
  const address = `127.0.0.1:${port}`;
  const server = spawn(
    findProgram('rclone') ?? 'rclone',
    [
      'serve',
      'webdav',
      folder,
      '--addr',
      address,
      '--user',
      login.user,
      '--pass',
      login.password,
      '--config',
      '/dev/null',
    ],
    { stdio: 'ignore' },
  );
  for (const until = Date.now() + 30_000; ;) {
    const answer = await fetch(`http://${address}/`).catch(() => undefined);
    if (answer) break;
    if (server.exitCode !== null || Date.now() > until) throw new Error('rclone did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...login,
    url: `http://${address}`,
    stop: async () => {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
