import type { z } from 'zod';
import type { ConfigurationRecord } from '../configuration';
import type { KeyRing } from '../crypto';
import type { AnyTable, Reader } from '../database';
import type { Ctx, Route } from '../http';
import type { Actor } from '../permissions';
import type { SealedColumn } from '../sealing';
import type { PersonalFile } from './personal-file';
import type { Services } from '../services';
import type { Unit } from '../unit-of-work';
import type { Table } from '../views';

/** The ready-made roles; each permission names those that have it from the start. */
export const READY_ROLES = [
  'administrator',
  'owner',
  'manager',
  'cashier',
  'clerk',
  'warehouse',
  'buyer',
  'technician',
  'accountant',
  'auditor',
] as const;
export type ReadyRole = (typeof READY_ROLES)[number];

/** `module.resource.action`; its words are `<module>:permission.<resource>.<action>`. Administrators have all. */
export interface Permission {
  id: string;
  roles: readonly ReadyRole[];
}

export interface MenuEntry {
  /** Words: `<module>:menu.<key>`. */
  key: string;
  href: string;
  icon: string;
  /** Shown to who has it. */
  permission: string;
  /** Sidebar order over all modules: home 0, till 5, sales 10, purchasing 20, inventory 30, …, settings 90. */
  order: number;
  /** Key of the parent entry. */
  under?: string;
  /** Also in the phone's bottom bar. */
  tabbar?: boolean;
}

export interface Job {
  /** `module.verb-object`. */
  id: string;
  /** node-cron expression in the company's time zone. */
  schedule: string;
  /** Works out figures from what is in the books: where they were just filled it runs as soon as the server starts. */
  figures?: true;
  run: (services: Services, actor: Actor) => Promise<void>;
}

/** Must be idempotent: events are delivered at least once. */
export type EventHandler = (unit: Unit, payload: Record<string, unknown>) => Promise<void>;

/** What the search box can find in a module. */
export interface SearchHit {
  kind: string;
  title: string;
  detail: string;
  href: string;
  /** An exact match of a number goes straight to its page. */
  exact: boolean;
}
export interface SearchProvider {
  permission: string;
  find: (ctx: Pick<Ctx, 'read' | 'actor' | 't' | 'services'>, text: string) => Promise<SearchHit[]>;
}

/** An alert or to-do for the bell and the home page. */
export interface AlertSource {
  permission: string;
  /** Full name of a yes-or-no parameter, yes by default, of this or another module: who sets it to no is not told. */
  switch?: string;
  find: (ctx: Pick<Ctx, 'read' | 'actor' | 't' | 'f' | 'today' | 'store' | 'now'>) => Promise<Alert[]>;
}
export interface Alert {
  icon: string;
  tone: 'bad' | 'hold' | 'way' | 'ok';
  title: string;
  detail: string;
  count: string;
  href: string;
}

/** Money and counts that must agree: shown by `ledger verify` and doctor beside the ledger's own. */
export interface ModuleCheck {
  id: string;
  run: (read: Reader) => Promise<{ count: number; findings: string[] }>;
}

/** Who may read the files of one kind of record: whoever has this right in the record's store. */
export interface AttachmentRule {
  permission: string;
  /** The files may show cost prices: they open only with that right, too, and for who brought them. */
  showCost?: true;
  /** The store of the record; several: who may in one of them; null: it belongs to none; undefined: there is no such record. */
  storeOf: (read: Reader, subjectId: number) => Promise<number | readonly number[] | null | undefined>;
}

export interface Choice {
  names: readonly string[];
  /** The set whose records these are, `<module>.<id>`; left out: none, as of brands. */
  set?: string;
}

/** Who asks, and in which words they are answered. */
export type EffectContext = Pick<Ctx, 'read' | 'actor' | 't' | 'f' | 'now' | 'today'>;

export interface Effect {
  /** In full sentences, the most important first. */
  says: string[];
  table?: Table;
}

/** Records of a module that are configuration: kept in revisions, compared, exported, imported and rolled back. */
export interface ConfigurationSet {
  /** Words: `<module>:configuration.<id>.title`, and `.<field>` for each value. */
  id: string;
  /** Audit actions that begin so have changed a record of the set. */
  changedBy: string;
  /** The values of a record beside name and active; an unknown key is refused. */
  values: z.ZodObject;
  /** Where people edit the records; without one they have the pages that are made from `values`. */
  page?: string;
  /** The records follow from the program: none is added, renamed or switched off. */
  fixed?: boolean;
  /** Sets that its values name records of: theirs are written before. */
  refersTo?: readonly string[];
  /** Values that name something there is already (a channel, a brand): field → the names, in their order. */
  choices?: (read: Reader) => Promise<Readonly<Record<string, Choice>>>;
  /** What saving a record so would do to the business, in words; shown before it is saved. */
  effect?: (ctx: EffectContext, record: ConfigurationRecord) => Promise<Effect>;
  /** All of them, parents before children. */
  read: (read: Reader) => Promise<ConfigurationRecord[]>;
  /** Of these records, those that cannot be switched off now → by how many others they are used. */
  inUse: (read: Reader, ids: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  /** Creates records (no id) or brings them to these values, in this order, and audits. The caller has checked the right. */
  save: (unit: Unit, records: readonly ConfigurationRecord[], reason?: string) => Promise<void>;
}

export interface ModuleManifest {
  name: string;
  /** Modules that must be on for this one. */
  needs: readonly string[];
  /** Always on: cannot be switched off. */
  core?: boolean;
  tables: readonly AnyTable[];
  /** Columns of these tables that are encrypted: the rotation of keys goes over them. */
  sealed?: readonly SealedColumn[];
  permissions: readonly Permission[];
  menu: readonly MenuEntry[];
  routes: readonly Route[];
  jobs?: readonly Job[];
  /** Event name → handler. */
  events?: Readonly<Record<string, EventHandler>>;
  /** Settings of the module; defaults in the schema. */
  parameters?: z.ZodObject;
  configuration?: readonly ConfigurationSet[];
  imports?: readonly Importer[];
  search?: readonly SearchProvider[];
  alerts?: readonly AlertSource[];
  checks?: readonly ModuleCheck[];
  /** What the module keeps about customers. */
  people?: PersonalFile;
  /** Subject type of attachments (`purchasing.receipt`) → who may read them. */
  attachments?: Readonly<Record<string, AttachmentRule>>;
}

/** One column a file may bring; `aliases` are header words in both languages, compared without spaces and case. */
export interface ImportColumn {
  key: string;
  required: boolean;
  aliases: readonly string[];
}

export interface ImportRow {
  /** Line in the file, from 1, header included. */
  line: number;
  values: Readonly<Record<string, string>>;
}

export interface ImportProblem {
  line: number;
  column: string | null;
  /** i18n key with details. */
  code: string;
  details?: Record<string, unknown>;
}

export interface ImportPlan {
  problems: ImportProblem[];
  /** Word key → count, shown after the dry run (`catalog:import.new_products` → 12). */
  summary: Record<string, number>;
  /** Writes everything in one unit of work. Called only when there are no problems. */
  apply: (unit: Unit, onProgress: ImportProgress) => Promise<void>;
}

/**
 * To be awaited after every row or batch: notes how far the work is, lets waiting requests have their turn, and throws
 * when somebody cancelled the import.
 */
export type ImportProgress = (done: number, total: number) => Promise<void>;

/** An import of a module. `plan` reads and checks the whole file against the books (set-wise) and writes nothing. */
export interface Importer {
  /** `catalog.products`; words `<module>:import.<id's last part>.*`. */
  id: string;
  permission: string;
  columns: readonly ImportColumn[];
  /** The columns that a file with one column a store (a cross table) is turned into; absent where that makes no sense. */
  storesAcross?: { store: string; quantity: string };
  plan: (
    read: Reader,
    actor: Actor,
    rows: readonly ImportRow[],
    options: { storeId: number | null; today: string; onProgress: ImportProgress; keys: KeyRing },
  ) => Promise<ImportPlan>;
}
