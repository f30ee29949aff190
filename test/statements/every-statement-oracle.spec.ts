import { understoodBy } from '../support/statement-checks';

// A file of its own: reading the statements takes minutes, and SQL Server's are read beside it.
describe('every statement of the program', () => understoodBy('oracle'));
