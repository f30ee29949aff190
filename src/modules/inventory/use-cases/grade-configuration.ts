import { invalid } from '../../../kernel';
import { recordSet } from '../../../platform/configuration';
import { ORDERED_WORDS } from '../queries/device-grades';

/** What a device can carry of it. */
export const LONGEST_GRADE = 10;

/** One that is switched off is not offered any more; devices keep the grade they were given. */
export const gradeConfiguration = recordSet({
  module: 'inventory',
  id: 'deviceGrades',
  values: ORDERED_WORDS,
  check: (records) => {
    const long = records.find(({ name }) => [...name].length > LONGEST_GRADE);
    if (long) throw invalid('inventory:error.grade_long', { name: long.name, max: LONGEST_GRADE });
  },
});

/** Tests keep the words of the checks as they were. */
export const checkConfiguration = recordSet({ module: 'inventory', id: 'deviceChecks', values: ORDERED_WORDS });
