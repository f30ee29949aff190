import { expect } from 'chai';
import { receiptDevice } from '../../../src/modules/purchasing/store/receipt.table';
import { type TestApp, testApps } from '../../support/http';
import { draftReceipt, imeiOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const csv = (...rows: string[][]): string => rows.map((cells) => cells.join(',')).join('\n');

describe('packing lists through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let sample: SamplePurchasing;
  let receipt: string;
  beforeEach(async () => {
    app = await start({ clock });
    sample = await samplePurchasing(app.uow);
    receipt = `/purchasing/receipts/${(await draftReceipt(app.uow, sample)).id}`;
  });

  const send = async (content: string, to = receipt, name = '装箱清单.csv'): Promise<string> => {
    const sent = await app.upload(`${to}/packing`, [{ field: 'file', name, content }]);
    expect(sent.status, sent.text.slice(0, 300)).to.equal(303);
    return String(sent.headers['location']);
  };
  const versionIn = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const take = async (list: string, keep: string) =>
    app.post(`${list}/taking`, { keep, version: versionIn((await app.get(list).expect(200)).text) });
  const devices = () => app.database.read.find(receiptDevice, {});

  it('asks once what a word means, takes all devices with their boxes, and remembers for the next list', async () => {
    expect((await app.get(receipt).expect(200)).text).to.include(`${receipt}/packing/new`);
    await app.get(`${receipt}/packing/new`).expect(200);
    const list = await send(
      csv(
        ['外箱', '名称', 'IMEI-A', 'IMEI-B', 'S/N'],
        ['B-001', '米17白', imeiOf(1), imeiOf(2), 'SN0001'],
        ['B-001', '米17白', imeiOf(3), imeiOf(4), 'SN0002'],
        ['B-002', '米17白', imeiOf(5), imeiOf(6), 'SN0003'],
      ),
    );
    const first = (await app.get(list).expect(200)).text;
    const mapped = await app.post(`${list}/columns`, {
      version: versionIn(first),
      'column.box': '0',
      'column.product': '1',
      'column.imei1': '2',
      'column.imei2': '3',
      'column.sn': '4',
    });
    expect(mapped.status).to.equal(303);
    const asked = (await app.get(list).expect(200)).text;
    expect(asked).to.include('“米17白”（3 行）').and.include('这些是什么商品');
    const vague = await app.post(`${list}/codes`, { version: versionIn(asked), 'text.0': '米17白', 'sku.0': '小米' });
    expect(vague.status).to.equal(422);
    expect(vague.text).to.include('value="小米"');
    const chosen = await app.post(`${list}/codes`, {
      version: versionIn(vague.text),
      'text.0': '米17白',
      'sku.0': 'MI17-01',
    });
    expect(chosen.status).to.equal(303);
    expect((await app.get(list)).text)
      .to.include('3 台全部核对无误')
      .and.include('收入 3 台')
      .and.include('B-002');
    expect((await take(list, 'all')).status).to.equal(303);
    expect((await devices()).map(({ boxNo, imei2, sn }) => [boxNo, imei2, sn])).to.deep.equal([
      ['B-001', imeiOf(2), 'SN0001'],
      ['B-001', imeiOf(4), 'SN0002'],
      ['B-002', imeiOf(6), 'SN0003'],
    ]);
    expect((await app.get(receipt)).text)
      .to.include('装箱清单收入 3 台')
      .and.include('装箱清单.csv');
    expect((await app.get(list)).status, 'it is done with').to.equal(303);
    const found = (await app.get('/search?q=b-001')).text;
    expect(found).to.include('B-001').and.include(`${receipt}/devices?q=B-001`);
    const boxed = (await app.get(`${receipt}/devices?q=B-001`).expect(200)).text;
    expect(boxed).to.include('箱 B-001').and.not.include('B-002');
    await app.get(`${receipt}/devices.xlsx`).expect(200);

    const other = `/purchasing/receipts/${(await draftReceipt(app.uow, sample)).id}`;
    const again = await send(
      csv(['外箱', '名称', 'IMEI-A', 'IMEI-B', 'S/N'], ['B-9', '米17白', imeiOf(11), imeiOf(12), 'SN9']),
      other,
    );
    expect((await app.get(again)).text, 'columns and word are known').to.include('1 台全部核对无误');
    const deletion = (await app.get(`${other}/deletion`).expect(200)).text;
    const deleted = await app.post(`${other}/deletion`, { version: versionIn(deletion) });
    expect(deleted.status, 'a draft goes with its lists').to.equal(303);
  });

  it('takes nothing while a row is wrong, gives the wrong rows as a file, or leaves them for correction', async () => {
    const broken = `${imeiOf(2).slice(0, 14)}${(Number(imeiOf(2)[14]) + 1) % 10}`;
    const list = await send(
      csv(
        ['箱号', '商品编码', 'IMEI1'],
        ['C1', 'MI17-01', imeiOf(1)],
        ['C1', 'MI17-01', broken],
        ['C1', 'NO-SUCH', imeiOf(3)],
        ['C1', 'CD67', imeiOf(4)],
        ['C2', 'MI17-01', imeiOf(1)],
        ['C2', 'MI17-01', imeiOf(7)],
      ),
    );
    const text = (await app.get(list).expect(200)).text;
    expect(text).to.include('3 行有问题').and.include('校验位不对').and.include('NO-SUCH').and.include('不按串号管理');
    const refused = await take(list, 'all');
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('一台也没有收入');
    expect(await devices()).to.have.length(0);
    const file = await app.get(`${list}/problems.xlsx`).expect(200);
    expect(String(file.headers['content-disposition'])).to.include('.xlsx');
    const twice = await app.post(`${list}/columns`, {
      version: versionIn(text),
      'column.imei1': '2',
      'column.sn': '2',
    });
    expect(twice.status).to.equal(422);
    const none = await app.post(`${list}/columns`, { version: versionIn(text), 'column.box': '0' });
    expect(none.text).to.include('至少要选一列号码');
    expect((await take(list, 'right')).status).to.equal(303);
    expect((await devices()).map(({ mainNumber, boxNo }) => [mainNumber, boxNo])).to.deep.equal([
      [imeiOf(1), 'C1'],
      [imeiOf(7), 'C2'],
    ]);
    expect((await app.get(receipt)).text).to.include(broken);
    const junk = await app.upload(`${receipt}/packing`, [{ field: 'file', name: 'a.csv', content: '' }]);
    expect(junk.status).to.equal(422);
    expect((await app.upload(`${receipt}/packing`, [])).status).to.equal(422);
  });

  it('is for who may fill the receipt of that store', async () => {
    const list = await send(csv(['IMEI1'], [imeiOf(1)]));
    const viewer = await app.as({ permissions: ['purchasing.receipt.view'], stores: [sample.storeId] });
    await viewer.get(list).expect(403);
    expect((await viewer.get(receipt).expect(200)).text).to.not.include('/packing/new');
    const other = await app.as({
      permissions: ['purchasing.receipt.view', 'purchasing.receipt.edit'],
      stores: [sample.otherStoreId],
    });
    const status = (await other.get(list)).status;
    expect(status).to.be.oneOf([403, 404]);
    expect((await other.post(`${list}/taking`, { keep: 'all', version: '1' })).status).to.be.oneOf([403, 404]);
  });
});
