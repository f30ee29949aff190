/** 1.10.0 > 1.9.3 > 1.9.3-beta.2. */
export function compareVersions(a: string, b: string): number {
  const [left = '', leftTail = ''] = split(a);
  const [right = '', rightTail = ''] = split(b);
  const numbers = (version: string): number[] => version.split('.').map(Number);
  const [one, other] = [numbers(left), numbers(right)];
  for (const [at, number] of one.entries()) if (number !== (other[at] ?? 0)) return number - (other[at] ?? 0);
  if (leftTail === rightTail) return 0;
  if (leftTail === '') return 1;
  if (rightTail === '') return -1;
  return leftTail.localeCompare(rightTail, 'en', { numeric: true });
}

const split = (version: string): string[] => {
  const at = version.indexOf('-');
  return at < 0 ? [version] : [version.slice(0, at), version.slice(at + 1)];
};
