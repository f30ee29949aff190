import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DomainError } from '../../kernel';
import { type Owner, startTick } from '../../platform/files';

export interface PartOptions {
  configFile: string;
  /** Further options of the command line, such as `['--url', …]`. */
  args?: readonly string[];
  /** Whose files it works on: the account that it runs as. */
  owner?: Owner | undefined;
  /** Told before the work begins: whoever finds the state file after a kill must be able to wait for this process to end. */
  onChild: (child: { pid: number; startedAtTick: string | null } | null) => void;
  onProgress?: ((text: string) => void) | undefined;
}

const SAID_LAST = 2000;

/**
 * Lets a version of the program do a part of the upgrade: each version alone knows its own tables. The contract, which released
 * versions keep: `PROGRAM upgrade-part NAME --config FILE …` waits for the line "go" on its input, ends at once when that input
 * ends, prints lines `{type: 'progress', text}` and at last `{type: 'result', ok, …}`.
 */
export async function runPart<T extends object>(
  program: string,
  name: string,
  { configFile, args = [], owner, onChild, onProgress }: PartOptions,
): Promise<T> {
  const child = spawn(program, ['upgrade-part', name, '--config', configFile, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...owner,
    env: { ...process.env, ERP_LOGGING_STDOUT: 'false' },
  });
  let result: (T & { ok: boolean; error?: { code: string; message: string } }) | undefined;
  let said = '';
  const failed = (reason: string): DomainError =>
    new DomainError('upgrade:error.part', { details: { part: name, reason } });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', resolve);
    });
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  const pid = child.pid ?? 0;
  onChild({ pid, startedAtTick: startTick(pid) });
  child.stdin.on('error', () => undefined);
  child.stdin.write('go\n');
  child.stderr.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-SAID_LAST)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      const value = JSON.parse(line) as { type?: string; text?: string };
      if (value.type === 'result') result = value as typeof result;
      else if (value.type === 'progress' && typeof value.text === 'string') onProgress?.(value.text);
    } catch {
      said = `${said}${line}\n`.slice(-SAID_LAST);
    }
  });
  const code = await new Promise<number | string>((resolve) =>
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'unknown')),
  );
  onChild(null);
  if (result?.ok) return result;
  throw failed(result?.error?.message ?? (said.trim() || `it ended with ${code}`));
}
