import { z } from 'zod';
import { configSchema, secretPaths } from './schema';
import { ConfigError, type ConfigProblem } from './problems';

type Values = Record<string, unknown>;

/** 'database.poolSize' → 'ERP_DATABASE_POOL_SIZE' */
export function environmentName(path: string): string {
  return `ERP_${path
    .replace(/\./g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}

/** Dotted paths of every single value of the configuration, with its schema; secrets also as their `…File` twin. */
function leaves(schema: z.ZodType = configSchema, prefix = ''): Map<string, z.ZodType> {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  if (!(inner instanceof z.ZodObject)) return new Map([[prefix, inner]]);
  const shape = inner.shape as Record<string, z.ZodType>;
  return new Map(
    Object.entries(shape).flatMap(([key, value]) => [...leaves(value, prefix ? `${prefix}.${key}` : key)]),
  );
}

const byName = new Map<string, { path: string; schema: z.ZodType }>();
for (const [path, schema] of leaves()) byName.set(environmentName(path), { path, schema });
for (const secret of secretPaths)
  byName.set(environmentName(`${secret}File`), { path: `${secret}File`, schema: z.string() });
const sections = Object.entries(configSchema.shape)
  .filter(([, value]) => value instanceof z.ZodObject)
  .map(([key]) => `${environmentName(key)}_`);

/** Secrets of one entry of a list: which entries there are, the whole configuration tells. */
const TARGET_SECRET = /^ERP_BACKUP_TARGETS_[A-Z0-9_]+_(PASSWORD|PRIVATE_KEY|KEY_PASSPHRASE|SECRET_ACCESS_KEY)$/;

/**
 * The values given by ERP_… variables. A variable that begins like a section but names no key is refused; other ERP_…
 * variables belong to scripts and tests. `targetSecrets` holds secrets of backup targets by the name of their variable.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Values {
  const values: Values = {};
  const problems: ConfigProblem[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || text === '') continue;
    const known = byName.get(name);
    if (known) assign(values, known.path.split('.'), convert(text, known.schema));
    else if (TARGET_SECRET.test(name)) assign(values, ['targetSecrets', name], text);
    else if (sections.some((section) => name.startsWith(section))) {
      problems.push({ source: 'environment', key: name, message: 'names no configuration key' });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

/** Turns the text into what the schema takes; text that does not fit stays text and is refused by the schema. */
function convert(text: string, schema: z.ZodType): unknown {
  const candidates: unknown[] = [text];
  if (/^-?\d+$/.test(text)) candidates.unshift(Number(text));
  if (schema instanceof z.ZodArray) candidates.unshift(listOf(text));
  if (text === 'true' || text === 'false') candidates.unshift(text === 'true');
  const fitting = candidates.find((candidate) => schema.safeParse(candidate).success);
  return fitting ?? candidates[0];
}

/** A list is written as JSON, or as words with commas between them. */
function listOf(text: string): unknown {
  if (!text.trimStart().startsWith('[')) return text.split(/[,\s]+/).filter(Boolean);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assign(target: Values, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) target[key] = value;
  else assign((target[key] ??= {}) as Values, rest, value);
}
