import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { HostFacts } from '../host/facts';

export interface PortHolder {
  pid: number;
  program: string;
}

/** Who listens on the port, as far as this account may see; undefined when it cannot be told. */
export async function portHolder(port: number, facts: HostFacts): Promise<PortHolder | undefined> {
  if (facts.platform === 'win32') return windowsHolder(port, facts);
  if (facts.platform === 'linux') return linuxHolder(port, facts);
  return undefined;
}

const LISTEN = '0A';

/** /proc/net/tcp: "sl local_address rem_address st … inode"; the address is hexadecimal "0100007F:1F90". */
export function listeningInodes(table: string, port: number): string[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const hex = local.split(':')[1];
    return hex && parseInt(hex, 16) === port && state === LISTEN ? [inode] : [];
  });
}

function linuxHolder(port: number, facts: HostFacts): PortHolder | undefined {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => facts.readText(file) ?? '');
  const wanted = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  if (wanted.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!holdsOneOf(pid, wanted)) continue;
    return { pid: Number(pid), program: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
  }
  return undefined;
}

function holdsOneOf(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    // A process of another account, or one that has just ended.
    return false;
  }
}

/** "  TCP    0.0.0.0:8480   0.0.0.0:0   LISTENING   4711" */
export function windowsPid(netstat: string, port: number): number | undefined {
  for (const line of netstat.split(/\r?\n/)) {
    const found = /^\s*TCP\s+\S+:(\d+)\s+\S+\s+LISTENING\s+(\d+)/.exec(line);
    if (found && Number(found[1]) === port) return Number(found[2]);
  }
  return undefined;
}

async function windowsHolder(port: number, facts: HostFacts): Promise<PortHolder | undefined> {
  const pid = windowsPid((await facts.output('netstat', ['-ano', '-p', 'TCP'])) ?? '', port);
  if (pid === undefined) return undefined;
  const list = (await facts.output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])) ?? '';
  return { pid, program: /^"([^"]+)"/.exec(list.trim())?.[1] ?? '?' };
}
