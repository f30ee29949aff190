import { readdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import {
  attachmentsOf,
  getAttachment,
  MAX_ATTACHMENT_BYTES,
  openAttachment,
  removeAttachment,
  saveAttachment,
} from '../../../src/platform/attachments';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { servicesBench, type ServicesBench } from '../../support/services';

const actor = systemActor('test');
const subject = { subjectType: 'test.record', subjectId: 4 };
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);

describe('attachments', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench;
    beforeEach(async () => (bench = await servicesBench(context)));
    afterEach(() => bench.release());
    const save = (name: string, content: Buffer | string) =>
      saveAttachment(bench.services, actor, { ...subject, name, content: Buffer.from(content) });

    it('keep the content once, under its hash, and give it back', async () => {
      const first = await save('清单.csv', '品名,数量\r\n小米 17,3\r\n');
      const second = await save('copy.csv', '品名,数量\r\n小米 17,3\r\n');
      const row = await getAttachment(bench.services.database.read, second.attachmentId);
      expect(row).to.include({ name: 'copy.csv', contentType: 'text/csv' });
      expect(await text(await openAttachment(bench.services, row))).to.equal('品名,数量\r\n小米 17,3\r\n');
      const folder = path.join(bench.services.config.dataDir, 'attachments');
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(files.map(({ name }) => name)).to.deep.equal([row.sha256]);
      await bench.services.uow.run(actor, (unit) => removeAttachment(unit, first.attachmentId));
      const left = await attachmentsOf(bench.services.database.read, 'test.record', 4);
      expect(left.map(({ id }) => id)).to.deep.equal([second.attachmentId]);
      expect((await refusal(getAttachment(bench.services.database.read, first.attachmentId))).status).to.equal(404);
    });

    it('never let a name reach the file system, and clean it for display', async () => {
      for (const [name, shown] of [
        ['../../etc/passwd.txt', 'passwd.txt'],
        ['..\\..\\windows\\system32\\x.txt', 'x.txt'],
        ['C:\\a\\b\u0000c.txt', 'bc.txt'],
        ['évil\u202Egnp.txt', 'évilgnp.txt'],
        ['a"b<c>\r\nSet-Cookie: x=1.txt', 'abcSet-Cookie x=1.txt'],
        [`${'长'.repeat(300)}.txt`, `${'长'.repeat(116)}.txt`],
      ] as const) {
        const { attachmentId } = await save(name, 'hello');
        expect((await getAttachment(bench.services.database.read, attachmentId)).name).to.equal(shown);
      }
      const folder = path.join(bench.services.config.dataDir, 'attachments');
      const names = readdirSync(folder, { recursive: true }).map(String);
      expect(names.filter((name) => !/^[0-9a-f]{2}(\/[0-9a-f]{64})?$/.test(name))).to.deep.equal([]);
    });

    it('are told by their content and not by their name', async () => {
      const picture = await save('holiday.txt', PNG);
      expect((await getAttachment(bench.services.database.read, picture.attachmentId)).contentType).to.equal(
        'image/png',
      );
      for (const [name, content] of [
        ['page.html', '<script>alert(1)</script>'],
        ['picture.png', 'MZ\u0090\u0000this program'],
        ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
        ['archive.xlsx', Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from('just a zip')])],
        ['macro.xlsx', Buffer.from('PK\u0003\u0004[Content_Types].xml xl/workbook.xml xl/vbaProject.bin', 'latin1')],
        ['data.csv', Buffer.from([0x41, 0x00, 0x42])],
      ] as const) {
        const refused = await refusal(save(name, content));
        expect(refused.fields[0]?.code, name).to.equal('attachments:error.kind');
      }
      expect((await refusal(save('empty.txt', ''))).fields[0]?.code).to.equal('attachments:error.empty');
      const large = await refusal(save('large.txt', Buffer.alloc(MAX_ATTACHMENT_BYTES + 1, 0x41)));
      expect(large.fields[0]?.code).to.equal('attachments:error.too_large');
    });
  });
});
