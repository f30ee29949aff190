import { invalid, isDomainError } from '../../../kernel';

/** Problems at `lines.<n>.…` of a part of a command, told at the place of those lines in the whole of it. */
export function problemsAt(error: unknown, places: readonly number[]): unknown {
  if (!isDomainError(error) || error.fields.length === 0) return error;
  const fields = error.fields.map(({ path, ...rest }) => ({
    ...rest,
    path: path.replace(/^lines\.(\d+)/, (_, at) => `lines.${places[Number(at)] ?? 0}`),
  }));
  return invalid(error.code, error.details, fields);
}
