import type { Unit } from '../platform/unit-of-work';
import type { PostedDocument, Posting, PostResult } from './posting';

/** Writes a document to the books. */
export async function post(unit: Unit, posting: Posting): Promise<PostResult> {
  throw new Error(`${unit.dialect}: ${posting.document.type} cannot be posted before the writer is there`);
}

/** Writes the mirror of a document's posting (红冲). */
export async function reverse(
  unit: Unit,
  original: { type: string; id: number },
  reversal: PostedDocument,
): Promise<PostResult> {
  throw new Error(`${unit.dialect}: ${original.type} ${reversal.id} cannot be reversed before the writer is there`);
}
