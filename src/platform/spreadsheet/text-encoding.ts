import { isUtf8 } from 'node:buffer';
import { refuse } from './read-error';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/**
 * The encoding of a text file: its byte order mark, else zero bytes on even or odd places (UTF-16), else UTF-8 if it is
 * valid, else GB18030 (what Excel writes as "CSV" on a Chinese Windows) if that is valid. Throws for none of these.
 */
export function detectEncoding(bytes: Buffer): TextEncoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return expectValid(bytes, 'utf-8');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return expectValid(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return expectValid(bytes, 'utf-16be');
  const wide = guessUtf16(bytes.subarray(0, 4096));
  if (wide) return expectValid(bytes, wide);
  if (isUtf8(bytes)) return 'utf-8';
  return expectValid(bytes, 'gb18030');
}

/** Text piece by piece, without the byte order mark. */
export function* decodeText(bytes: Buffer, encoding: TextEncoding): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const step = 64 * 1024;
  try {
    for (let at = 0; at < bytes.length; at += step) {
      yield decoder.decode(bytes.subarray(at, at + step), { stream: at + step < bytes.length });
    }
  } catch {
    throw refuse('encoding');
  }
}

function expectValid(bytes: Buffer, encoding: TextEncoding): TextEncoding {
  for (const _ of decodeText(bytes, encoding)) void _;
  return encoding;
}

/** Without a mark: text in Latin letters or digits has zero in every other byte. */
function guessUtf16(start: Buffer): TextEncoding | null {
  const pairs = Math.floor(start.length / 2);
  if (pairs < 2) return null;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < pairs; index += 1) {
    if (start[index * 2] === 0) even += 1;
    if (start[index * 2 + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.3 && even === 0) return 'utf-16le';
  return even > pairs * 0.3 && odd === 0 ? 'utf-16be' : null;
}
