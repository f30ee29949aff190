/** What a list page is made of; see ./components for the rest. */
import type { Action, Field, Link, StatusLabel, Tone } from './components';
import type { IconName } from './icon-names';

/** components/tabs */
export interface Tabs {
  label: string;
  tabs: { label: string; href: string; count?: number; current: boolean }[];
  /** At the right edge, wide screens only. */
  action?: Link & { icon?: IconName };
}

/** components/filter-bar: a GET form above a list. `keep` are hidden parameters that stay (view, sort). */
export interface FilterBar {
  action: string;
  text?: { name: string; value: string; label: string };
  keep?: Record<string, string>;
  chips: { label: string; removeHref: string }[];
  /** Behind 加条件. */
  fields?: Field[];
  columns?: ColumnChooser;
}

/** Columns of one table that a reader may hide; the choice stays in this browser under `key`. */
export interface ColumnChooser {
  key: string;
  tableId: string;
  columns: { key: string; label: string; shown: boolean }[];
}

/** One cell. Text alone, or text with what belongs to it. An `imei` is printed grouped, with its copy button. */
export interface CellParts {
  text?: string;
  href?: string;
  /** Second voice on the same line. */
  aside?: string;
  /** Second line. */
  sub?: string;
  strong?: boolean;
  muted?: boolean;
  tone?: Tone;
  state?: StatusLabel;
  imei?: string;
  /** The same on a line of its own below the text; a link of the cell is then its. */
  number?: string;
  icon?: IconName;
  picture?: string;
  actions?: Action[];
}

export type Cell = string | null | CellParts;

export interface TableColumn {
  key: string;
  label: string;
  num?: boolean;
  /** Never broken across lines: numbers of documents, dates. */
  keep?: boolean;
  sort?: { href: string; direction?: 'ascending' | 'descending' };
  /** What becomes of it on a phone: title and state share the first line, full has its own, number is labelled. */
  card?: 'title' | 'state' | 'full' | 'number' | 'hide';
  /** May be hidden by the reader; `shown: false` starts hidden. */
  optional?: boolean;
  shown?: boolean;
  /** The head is read out but not shown, e.g. of a column of buttons. */
  quiet?: boolean;
}

/** components/table. `pick` puts a checkbox before each row; the table then stands inside a form. */
export interface Table {
  id: string;
  caption: string;
  columns: TableColumn[];
  rows: { id: string | number; label?: string; selected?: boolean; picked?: boolean; sumFen?: number; cells: Cell[] }[];
  totals?: Cell[];
  pick?: { name: string };
  sticky?: boolean;
  /** More columns than a page is wide: it scrolls sideways and its first column stays. Then the head cannot stick. */
  wide?: boolean;
  tight?: boolean;
  cards?: boolean;
}

/** components/batch-bar: shown while rows are picked. */
export interface BatchBar {
  actions: Action[];
  /** With `sumFen` on the rows: what the sum of the picked rows is called. */
  sumLabel?: string;
}

/** components/pager: keyset paging, no page numbers. */
export interface Pager {
  /** What is shown and how it is sorted, one sentence. */
  say?: string;
  /** The totals in short, for phones, where the totals row is not shown. */
  phoneSay?: string;
  previousHref?: string;
  nextHref?: string;
  sizes?: { label: string; href: string; current: boolean }[];
}

/** components/empty-state: what would be here, what to do first, one button. */
export interface EmptyState {
  title: string;
  text?: string;
  action?: Action;
}

/** components/list: a whole list page's card. `empty` is shown in the place of the rows. */
export interface List {
  tabs?: Tabs;
  filters?: FilterBar;
  batch?: BatchBar;
  table: Table;
  pager?: Pager;
  empty: EmptyState;
  /** True when filters are set: then 清除条件 is offered instead of `empty`. */
  filtered?: boolean;
  clearHref?: string;
}
