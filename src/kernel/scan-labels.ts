import { isValidImei } from './imei';

export type ScanLabel = 'imei' | 'meid' | 'sn' | 'other';

export interface LabelledText {
  label: ScanLabel | null;
  /** 1 or 2 when the label says which of a phone's numbers follows (IMEI1, IMEI 2). */
  slot: 1 | 2 | null;
  body: string;
}

// What stands on boxes, in "about this phone" and in lists. Those of kind "other" are named so that their value is not
// taken for a device's number.
const KINDS = ['imei', 'meid', 'sn', 'other'] as const;
const NOT_INSIDE_A_WORD = '(?<![A-Z0-9])';
const ENDS = '(?![A-Z0-9/-])';
const LABEL = new RegExp(
  [
    `(?<imei>(?<![A-Z])IMEI(?:[\\s/]*(?:SV|MEID|CODE|NO\\.?|号|码))?|串号|串码)` +
      '[\\s(-]*(?:(?<slot>[12])(?!\\d))?[\\s)]*(?:号|码)?',
    `${NOT_INSIDE_A_WORD}(?<meid>MEID|ESN)(?![A-Z])`,
    `${NOT_INSIDE_A_WORD}(?<sn>S/N|SN|SERIAL(?:\\s*(?:NUMBER|NO\\.?))?)${ENDS}|(?<sncn>序列号|机身号)`,
    `${NOT_INSIDE_A_WORD}(?<other>E?ICCID|EID|UPC|EAN|P/N|MODEL|MAC)${ENDS}|(?<othercn>型号|货号|条码|手机号|电话)`,
  ]
    .map((label) => `(?:${label})\\s*[:=]?`)
    .join('|'),
  'g',
);

/** Cuts an upper-case line at its labels; what stands before the first has none. */
export function cutAtLabels(line: string): LabelledText[] {
  const pieces: LabelledText[] = [];
  let current: Omit<LabelledText, 'body'> = { label: null, slot: null };
  let bodyFrom = 0;
  for (const match of line.matchAll(LABEL)) {
    pieces.push({ ...current, body: line.slice(bodyFrom, match.index) });
    const groups = match.groups ?? {};
    const label = KINDS.find((kind) => (groups[kind] ?? groups[`${kind}cn`]) !== undefined) ?? 'other';
    current = { label, slot: groups['slot'] === '1' ? 1 : groups['slot'] === '2' ? 2 : null };
    bodyFrom = match.index + match[0].length;
    // "IMEI1352099001761481": the first digit belongs to the label if the other fifteen are a right IMEI.
    const glued = /^([12])(\d{15})(?!\d)/.exec(line.slice(bodyFrom));
    if (label === 'imei' && match[0].endsWith('IMEI') && glued?.[2] && isValidImei(glued[2])) {
      current.slot = glued[1] === '1' ? 1 : 2;
      bodyFrom += 1;
    }
  }
  pieces.push({ ...current, body: line.slice(bodyFrom) });
  return pieces;
}
