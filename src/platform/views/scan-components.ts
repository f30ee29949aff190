/** Models of the scan panel; see ./components for the rest. */
import type { Field, Link } from './components';
/** components/scan-panel; the protocol of `endpoint` is in docs/style-page.md. */
export interface ScanPanel {
  title: string;
  say?: string;
  /** POST JSON { scans: [{ key, code }] }. */
  endpoint: string;
  /** Sent with each scan as it stood when the scan happened; an answer with `with` changes it for what follows. */
  with?: Record<string, string | number | null>;
  /** POST form with `codes`, the way without script and for pasted columns. */
  pasteAction: string;
  /** POST multipart with `file`. */
  fileAction?: string;
  /** Further fields of the paste and file forms. */
  fields?: Field[];
  pasted?: string;
  label?: string;
  placeholder?: string;
  last?: { outcome: ScanOutcome; text: string };
  tally: { right: number; double: number; wrong: number };
  /** Where the three outcomes mean something of their own. */
  words?: Partial<Record<ScanOutcome, string>>;
  progress?: { label: string; done: number; total: number };
  log: ScanLine[];
  camera?: boolean;
  /** Selectors of parts that are fetched again after scans, e.g. '#lines, #money'. */
  refresh?: string;
}

export type ScanOutcome = 'right' | 'double' | 'wrong';

export interface ScanLine {
  outcome: ScanOutcome;
  code: string;
  text: string;
  link?: Link;
  at: string;
}
