import { expect } from 'chai';
import { forecast } from '../../../src/app/metrics';
import { createStatementWatch } from '../../../src/platform/database/statement-watch';
import { newHistogram, observe, quantile } from '../../../src/platform/metrics/histogram';
import { createRequestMeter, exposition } from '../../../src/platform/metrics';

const DAY = 86_400_000;

describe('metrics', () => {
  it('tell quantiles within their bucket, and never more than was seen', () => {
    const times = newHistogram();
    expect(quantile(times, 0.99)).to.equal(0);
    for (let ms = 1; ms <= 100; ms++) observe(times, ms);
    expect(quantile(times, 0.5)).to.be.within(45, 55);
    expect(quantile(times, 0.95)).to.be.within(90, 100);
    expect(quantile(times, 1)).to.equal(100);
    expect(times).to.include({ count: 100, sumMs: 5050, maxMs: 100 });
    observe(times, 90_000);
    expect(quantile(times, 1)).to.equal(90_000);
    expect([...times.buckets].reduce((sum, one) => sum + one, 0)).to.equal(101);
  });

  it('keep one entry for each route, whatever is asked', () => {
    const meter = createRequestMeter();
    for (let at = 0; at < 5000; at++) meter.note(`M${at}`, undefined, 404, 1);
    meter.note('GET', '/sales/:id', 200, 5);
    meter.note('GET', '/sales/:id', 500, 7);
    expect(meter.routes().map(({ method, path, count, failures }) => [method, path, count, failures])).to.eql([
      ['OTHER', '(none)', 5000, 0],
      ['GET', '/sales/:id', 2, 1],
    ]);
    expect(meter.byStatus).to.eql({ '2xx': 1, '3xx': 0, '4xx': 5000, '5xx': 1 });
  });

  it('keep of slow statements the text, never what they were asked with, and no more than fifty', async () => {
    const watch = createStatementWatch();
    watch.slowMs = 10;
    let planned = 0;
    watch.explain = () => {
      planned++;
      return ['SCAN customer'];
    };
    const ask = (text: string, ms: number) => watch.note(text, ['13812345678', 7, null, Buffer.alloc(3)], ms);
    ask('SELECT 1 FROM a WHERE b = ? AND c IN (?, ?, ?)', 9);
    ask('SELECT 1 FROM a WHERE b = ? AND c IN (?, ?, ?)', 20);
    ask('SELECT 1  FROM a WHERE b = ? AND c IN (?, ?)', 40);
    await Promise.resolve();
    const [one, ...others] = watch.slow();
    expect(others).to.eql([]);
    expect(one).to.include({ text: 'SELECT 1 FROM a WHERE b = ? AND c IN (?, …)', times: 2, sumMs: 60, maxMs: 40 });
    expect(one?.values).to.eql(['text(11)', 'number', 'null', 'bytes(3)']);
    expect(one?.plan).to.eql(['SCAN customer']);
    expect(planned, 'once an hour').to.equal(1);
    expect(JSON.stringify(watch.slow())).to.not.include('1381234');
    ask('INSERT INTO a VALUES (?), (?)', 1000);
    expect(watch.slow()[0]).to.include({ plan: null });
    for (let at = 0; at < 200; at++) ask(`SELECT ${at} FROM b`, 11);
    expect(watch.slow()).to.have.length(50);
    expect(watch.slow()[0]?.text).to.include('INSERT');
    expect(watch).to.include({ count: 204, slowCount: 203 });
  });

  it('foretell when the disk is full from a straight line, and nothing from too little', () => {
    const at = (day: number, freeBytes: number) => ({ takenAt: day * DAY, databaseBytes: null, freeBytes });
    expect(forecast([at(0, 100), at(1, 90), at(2, 80)], 2 * DAY)).to.equal(undefined);
    const falling = [at(0, 100), at(1, 90), at(2, 80), at(3, 70)];
    expect(forecast(falling, 3 * DAY)).to.eql({ perDay: 10, fullInDays: 7 });
    expect(forecast(falling, 5 * DAY)?.fullInDays).to.equal(5);
    expect(forecast([at(0, 70), at(1, 80), at(2, 90), at(3, 95)], 3 * DAY)?.fullInDays).to.equal(null);
  });

  it('are written as Prometheus reads them', () => {
    const text = exposition([
      { name: 'a_total', help: 'A.', type: 'counter', samples: [{ value: 3, labels: { path: 'x"\\\n' } }] },
      { name: 'b', help: 'B.', type: 'gauge', samples: [] },
    ]);
    expect(text).to.equal('# HELP a_total A.\n# TYPE a_total counter\na_total{path="x\\"\\\\\\n"} 3\n');
  });
});
