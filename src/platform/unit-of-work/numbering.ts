import { type Database, sql } from '../database';

/** The configuration set with a record for each type of document, by the type's letters. */
export const NUMBERING_SET = 'administration.numbering';
/** How much of the business date stands in a number. */
export const DATE_PARTS = ['yyMMdd', 'yyyyMMdd', 'yyMM', 'none'] as const;

export interface NumberingRule {
  prefix: string;
  datePart: (typeof DATE_PARTS)[number];
  /** The store's code stands in the number: each store counts for itself. */
  storePart: boolean;
  /** At least so many digits; a number that needs more gets them. */
  digits: number;
}

/** What a type has for which no rule is stored: `XS261122-NJ01-0042`. */
const usual = (type: string): NumberingRule => ({ prefix: type, datePart: 'yyMMdd', storePart: true, digits: 4 });

/**
 * What stands before the running number. Counters are kept by this text, and the last hyphen parts it from the digits:
 * whatever rules there were and will be, a number is given once.
 */
export function seriesOf(
  { prefix, datePart, storePart }: NumberingRule,
  storeCode: string,
  businessDate: string,
): string {
  const [year = '', month = '', day = ''] = businessDate.split('-');
  const dates = {
    yyMMdd: year.slice(2) + month + day,
    yyyyMMdd: year + month + day,
    yyMM: year.slice(2) + month,
    none: '',
  };
  return `${prefix}${dates[datePart]}${storePart ? `-${storeCode}` : ''}`;
}

export interface Numbering {
  ruleOf: (type: string) => NumberingRule;
  /** A promise when the rules have to be read first. */
  fresh: () => Promise<void> | undefined;
  /** They are read again before the next unit of work: somebody changed one here. */
  forget: () => void;
}

/** A change of a rule on another server is followed after this time. */
const KEPT_MS = 3000;
const kept = new WeakMap<Database, Numbering>();

/** The rules of a database, kept for all units of work in this process. */
export function numberingOf(database: Database): Numbering {
  let numbering = kept.get(database);
  if (!numbering) kept.set(database, (numbering = openNumbering(database)));
  return numbering;
}

function openNumbering(database: Database): Numbering {
  let rules = new Map<string, NumberingRule>();
  let until = 0;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const from = Date.now();
    const rows = await database.read.all<{ name: string; content: string }>(
      sql`SELECT name, content FROM config_record WHERE set_name = ${NUMBERING_SET} ORDER BY id`,
    );
    rules = new Map(rows.map(({ name, content }) => [name, { ...usual(name), ...(JSON.parse(content) as object) }]));
    until = from + KEPT_MS;
  };
  return {
    ruleOf: (type) => rules.get(type) ?? usual(type),
    fresh: () => (Date.now() < until ? undefined : (reading ??= read().finally(() => (reading = undefined)))),
    forget: () => (until = 0),
  };
}
