import { addColumn, change, col, migration } from '../src/platform/database/portable';

/** A shift keeps what was sold in it: adding up its sales again for each sale made a long shift slower with every one. */
export default migration('0072-running-shift-total', [
  addColumn('shift', 'saleCount', col.int().default(0)),
  addColumn('shift', 'saleGrossFen', col.money().default(0)),
  change('shifts know what was sold in them', async (runner) => {
    await runner.query(
      `UPDATE shift SET
        sale_count = (SELECT COUNT(*) FROM sale s WHERE s.shift_id = shift.id AND s.state = 'posted'),
        sale_gross_fen = (SELECT COALESCE(SUM(s.gross_fen), 0) FROM sale s WHERE s.shift_id = shift.id AND s.state = 'posted')`,
    );
  }),
]);
