import type { Request } from 'express';
import type { BusinessDate } from '../../kernel';
import type { Config } from '../config';
import type { Reader } from '../database';
import type { Actor } from '../permissions';
import type { Services } from '../services';
import type { UnitOfWork } from '../unit-of-work';
import type { Formatters } from '../views';
import type { Reply } from './reply';

export interface UploadedFile {
  /** Field name in the form. */
  field: string;
  /** Name the browser sent, cleaned of paths; for display only. */
  name: string;
  type: string;
  content: Buffer;
  /** Where it lies, when the route keeps files in a folder; `content` is empty then. */
  file?: string;
}

export interface StoreChoice {
  id: number;
  code: string;
  name: string;
}

/** One request as a handler sees it. Handlers never touch express's response. */
export interface Ctx {
  readonly request: Request;
  readonly services: Services;
  readonly uow: UnitOfWork;
  /** Reads for pages; writes go through a use case. */
  readonly read: Reader;
  readonly actor: Actor;
  readonly locale: 'zh-CN' | 'en';
  /** `ctx.t('purchasing:receipt.title', { number })`. */
  t(key: string, values?: Record<string, unknown>): string;
  /** The texts of one language: to understand a file that was written in another than the reader's. */
  wordsIn(locale: 'zh-CN' | 'en'): Ctx['t'];
  /** Money, dates and numbers as the reader writes them, as plain text. */
  readonly f: Formatters;
  /** Path parameters, query and form fields as text; a field sent several times is an array in `fields`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
  /** The store chosen in the top bar; null: all stores the reader may see. */
  readonly store: StoreChoice | null;
  readonly stores: readonly StoreChoice[];
  readonly today: BusinessDate;
  readonly now: number;
  /** A path parameter as an id; throws 404 when it is not a positive integer. */
  id(name?: string): number;
  can(permission: string, storeId?: number): boolean;
}

/** Who may call a route. Everything but 'public' needs a session; the scope by store is the use case's and query's part. */
export type Access = 'public' | 'signed-in' | { permission: string };

export interface Route {
  method: 'get' | 'post';
  /** Express 5 path below the root: `/purchasing/receipts/:id/posting`. */
  path: string;
  access: Access;
  handler: (ctx: Ctx) => Promise<Reply>;
  /** Also open to who must do something else first (SignedIn.detourHref): the way to do it, and out. */
  onDetour?: boolean;
  /** Accepts multipart files up to this size each. */
  upload?: {
    maxBytes: number;
    maxFiles: number;
    /** Endings of file names that are taken, without the dot; the reader of the file still checks what is inside. */
    extensions?: readonly string[];
    /** Large files go to this folder instead of memory; the handler moves them from there. */
    folder?: (config: Pick<Config, 'dataDir'>) => string;
  };
  /** The CSRF token is checked on every POST; JSON posts send it as header x-csrf-token. */
  json?: boolean;
}
