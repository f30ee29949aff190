import { invalid } from '../../kernel';
import { type Reader, sql } from '../database';
import type { Unit } from '../unit-of-work';
import { verifyPassword } from './password';
import { passwordHistory } from './tables';

/**
 * Throws errors:form at `password` when it is the present one or one of the last `remembered`. Each comparison is an argon2
 * hash: done before the transaction.
 */
export async function refuseUsedPassword(
  read: Reader,
  user: { id: number; passwordHash: string | null },
  password: string,
  remembered: number,
): Promise<void> {
  const rows = await read.all<{ passwordHash: string }>(
    sql`SELECT password_hash FROM password_history WHERE user_id = ${user.id}
        ORDER BY set_at DESC, id DESC ${sql.limit(Math.max(1, remembered))}`,
  );
  const earlier = remembered === 0 ? [] : rows.map(({ passwordHash }) => passwordHash);
  const refuse = (code: string) => invalid('errors:form', {}, [{ path: 'password', code, details: { remembered } }]);
  if (user.passwordHash !== null && (await verifyPassword(password, user.passwordHash)))
    throw refuse('auth:password.same');
  for (const hash of earlier) if (await verifyPassword(password, hash)) throw refuse('auth:password.used_before');
}

/** Keeps the hash of the password that is replaced, and as many before it as the rules ask for. */
export async function rememberPassword(
  unit: Unit,
  user: { id: number; passwordHash: string | null },
  remembered: number,
): Promise<void> {
  if (user.passwordHash !== null && remembered > 0)
    await unit.insert(passwordHistory, [
      { id: unit.takeIds(passwordHistory), userId: user.id, passwordHash: user.passwordHash, setAt: unit.now },
    ]);
  const rows = await unit.all<{ id: number }>(
    sql`SELECT id FROM password_history WHERE user_id = ${user.id} ORDER BY set_at DESC, id DESC`,
  );
  const old = rows.slice(remembered).map(({ id }) => Number(id));
  if (old.length > 0) await unit.execute(sql`DELETE FROM password_history WHERE id IN (${sql.list(old)})`);
}
