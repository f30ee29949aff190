import { SaxParser } from '@cj-tech-master/excelts/xml';
import { damaged } from './read-error';

export type XmlAttributes = Record<string, string>;

/** What to do at each element; names without their prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: XmlAttributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

const LONGEST_WITHOUT_TAG = 4 * 1024 * 1024;

/**
 * Feeds a part of a workbook to handlers, yielding after each piece so that the caller can pass on what it gathered.
 * Anything that is not well-formed XML in UTF-8 or UTF-16 ends as a "damaged" DomainError.
 */
export async function* readXml(
  part: string,
  bytes: AsyncIterable<Buffer>,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  // The number of &amp; in a sheet is unlimited; entities that a document defines itself are not expanded at all.
  const parser = new SaxParser({ position: false, maxEntityExpansions: 0, invalidCharHandling: 'skip' });
  let failure: Error | null = null;
  let sinceTag = 0;
  const raise = (): void => {
    if (failure) throw failure;
  };
  parser.on('error', (error) => (failure ??= error));
  parser.on('opentag', ({ name, attributes }) => {
    sinceTag = 0;
    handlers.open?.(local(name), attributes);
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('closetag', ({ name }) => {
    sinceTag = 0;
    handlers.close?.(local(name));
  });
  try {
    let decoder: InstanceType<typeof TextDecoder> | null = null;
    for await (const piece of bytes) {
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      const text = decoder.decode(piece, { stream: true });
      sinceTag += text.length;
      parser.write(text);
      raise();
      if (sinceTag > LONGEST_WITHOUT_TAG) throw new Error('no tag for too long');
      yield;
    }
    parser.write(decoder?.decode() ?? '');
    parser.close();
    raise();
    yield;
  } catch (error) {
    throw damaged(part, error);
  }
}

/** Runs through a part that is needed whole. */
export async function scanXml(part: string, bytes: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of readXml(part, bytes, handlers));
}

function encodingOf(first: Buffer): string {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
