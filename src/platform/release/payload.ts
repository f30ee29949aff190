import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resourcePath } from '../resources';
import { type ChecksumFinding, parseChecksums } from './checksum-list';
import { type SignatureState, signatureOf } from './signature';

/** Written into the payload by the packaging, beside views, locales, … ; absent when the program runs from its source. */
const LIST = 'PAYLOAD.sha256';
const SIGNATURE = `${LIST}.sig`;

export interface PayloadState {
  /** `source`: not packaged, there is no list to compare with. */
  kind: 'packaged' | 'source';
  files: number;
  findings: ChecksumFinding[];
  signature: SignatureState;
}

/** Compares every file that the program carries with the list it was packaged with, and that list with its signature. */
export function verifyPayload(): PayloadState {
  const list = readPayload(LIST);
  if (!list) return { kind: 'source', files: 0, findings: [], signature: { state: 'unsigned' } };
  const entries = parseChecksums(list.toString('utf8'));
  const findings = entries.flatMap(({ file, sum }): ChecksumFinding[] => {
    const content = readPayload(file);
    if (!content) return [{ file, problem: 'missing' }];
    return createHash('sha256').update(content).digest('hex') === sum ? [] : [{ file, problem: 'changed' }];
  });
  const signature = signatureOf(list, readPayload(SIGNATURE)?.toString('utf8'));
  return { kind: 'packaged', files: entries.length, findings, signature };
}

/** Who signed the program that is running; undefined when it runs from its source. Quick: compares no files. */
export function payloadSignature(): SignatureState | undefined {
  const list = readPayload(LIST);
  return list && signatureOf(list, readPayload(SIGNATURE)?.toString('utf8'));
}

/** A file of the payload; undefined when it is not there. */
function readPayload(file: string): Buffer | undefined {
  const name = resourcePath(...file.split('/'));
  return existsSync(name) ? readFileSync(name) : undefined;
}
