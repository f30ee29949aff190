import { z } from 'zod';
import { fields } from '../../../platform/http';
import { TENDER_KINDS, type TenderKind } from '../domain/sale';

/** An amount per tender; none has to be there. */
const amounts = Object.fromEntries(TENDER_KINDS.map((kind) => [kind, fields.optionalMoney])) as Record<
  TenderKind,
  typeof fields.optionalMoney
>;

export const tenderFields = z.preprocess((value) => value ?? {}, z.object(amounts));

/** The amounts that were typed, as tenders. */
export const typedTenders = (
  typed: Readonly<Record<TenderKind, number | null>>,
): { kind: TenderKind; amountFen: number }[] =>
  TENDER_KINDS.flatMap((kind) => {
    const amountFen = typed[kind];
    return amountFen ? [{ kind, amountFen }] : [];
  });
