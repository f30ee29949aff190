import type { Reader } from '../database';
import type { Actor } from '../permissions';
import type { Fault, IconName, MenuItem } from '../views';
import type { Ctx, Route, StoreChoice } from './route';

/** A signed-in user as the frame shows them. */
export interface SignedIn {
  actor: Actor;
  roleNames: string;
  /** Something must be done first, on this page: until then nothing else opens. */
  detourHref?: string;
  /** The store a user starts in; null: all they may see. */
  homeStoreId?: number | null;
}

/** Where a request comes from: kept in the actor for the audit log. */
export interface RequestOrigin {
  address: string;
  requestId: string;
}

/** How a session's user becomes an actor; the accounts part of the platform brings the real one. */
export interface Identity {
  /** Null when the user may no longer work here (locked, left): the session ends. `session` is that of the request. */
  load: (userId: number, origin: RequestOrigin, session: object) => Promise<SignedIn | null>;
  /** Keeps the language that a user chose. */
  saveLocale?: (userId: number, locale: 'zh-CN' | 'en') => Promise<void>;
}

export interface MountedRoute {
  module: string;
  route: Route;
}

/** What stands round the page; made for each request by the composition root, which knows every module. */
export interface Frame {
  menu: MenuItem[];
  tabbar: { label: string; icon: IconName; href: string; current: boolean }[];
  alerts: { count: number; href: string };
  helpHref: string;
  /** The version whose news the reader has not put away; null: nothing new. */
  news: string | null;
  edition: string;
}

export type FrameReader = Pick<Ctx, 'read' | 'actor' | 't' | 'f' | 'today' | 'store' | 'now'> & { path: string };

/** The system is closed for maintenance by hand. */
export interface Closed {
  /** What whoever closed it wants people to know. */
  note: string | null;
  /** Epoch milliseconds. */
  since: number;
}

export interface Site {
  routes: readonly MountedRoute[];
  /** Whether a module is switched on now. */
  isOn: (module: string) => Promise<boolean>;
  /** The stores in which the actor may do anything at all. */
  storesOf: (read: Reader, actor: Actor) => Promise<StoreChoice[]>;
  frame: (reader: FrameReader) => Promise<Frame>;
  /** Where the page about a switched-off module sends those who may switch it on; null for all others. */
  switchHref: (actor: Actor) => string | null;
  /** Why nothing is open to this reader but the way in and out; null: the system is open. */
  closedTo: (actor: Actor) => Promise<Closed | null>;
  /** Who can help when something fails. */
  contacts?: () => Promise<NonNullable<Fault['contacts']>>;
  /** What keeps this server from answering, in English for the operator; empty when ready. */
  notReady: () => Promise<string[]>;
}
