import { invalid } from '../../../kernel';
import { factsOf } from './probe-check';
import { isPlainName, type ServerTarget } from './target';

export interface WantedDatabase {
  database: string;
  /** The product's own account, with the least rights it can work with. */
  user: string;
  password: string;
  /** From where that account may sign in (MySQL, MariaDB); default: anywhere. */
  clientHost?: string;
}

export interface CreationPlan {
  /** As it will run, the password left out: to be shown before. */
  shown: string[];
  run: () => Promise<void>;
}

const MASK = '********';

/**
 * Plans the creation of a database and an account of least privilege on a server whose administrator gave their account.
 * Safe to repeat: what is there already stays (on Oracle an existing account is an error of the server's). Throws DomainError
 * 'checks:database.create.name' for a name that cannot be written into a statement.
 */
export function planCreation(administrator: ServerTarget, wanted: WantedDatabase): CreationPlan {
  for (const name of [wanted.database, wanted.user])
    if (!isPlainName(name)) throw invalid('checks:database.create.name', { name });
  if (/[\0-\x1f"]/.test(wanted.password)) throw invalid('checks:database.create.password');
  const facts = factsOf[administrator.dialect];
  const statements = (password: string): string[] => [
    ...facts.createStatements({ ...wanted, password }),
    ...(facts.afterCreate?.(wanted) ?? []),
  ];
  const run = async (): Promise<void> => {
    const server = await facts.openServer(administrator);
    try {
      for (const statement of facts.createStatements(wanted)) await server.query(statement);
    } finally {
      await server.close();
    }
    const inside = facts.afterCreate?.(wanted) ?? [];
    if (inside.length === 0) return;
    const database = await facts.open({ ...administrator, database: wanted.database });
    try {
      for (const statement of inside) await database.query(statement);
    } finally {
      await database.close();
    }
  };
  return { shown: statements(MASK), run };
}
