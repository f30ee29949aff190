import { completeImei } from '../../../kernel';

/** Numbers of handsets that nobody sells: of a range that is used for tests only. */
export const imei = (n: number): string => completeImei(`86742106${String(900_000 + n)}`);
