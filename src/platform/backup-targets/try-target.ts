import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type BackupTarget, checkName, targetError } from './target';

/** All that a backup will ask of a target, with a few bytes: write, list, read back, compare, remove. */
export async function tryTarget(target: BackupTarget): Promise<void> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const name = checkName(stamp, randomBytes(4).toString('hex'));
  const content = randomBytes(4096);
  await target.put(name, Readable.from([content]), { bytes: content.length });
  try {
    await target.list();
    const read = await buffer(await target.get(name));
    if (!read.equals(content)) throw targetError(target, 'differs');
  } catch (error) {
    await target.remove(name).catch(() => undefined);
    throw error;
  }
  await target.remove(name);
}
